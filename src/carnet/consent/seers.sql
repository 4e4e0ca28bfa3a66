-- name: candidates
-- Whom the record's links name now, each with the facts that the decision looks at.
with direct (actor_id) as (
    select t.professional_id from record.consent_attending t where t.record_id = %(record_id)s
    union
    select c.professional_id from record.consent_authorisation c
     where c.record_id = %(record_id)s and c.professional_id is not null
    union
    select m.professional_id
      from record.consent_authorisation c
      join app.people_team_member m on m.team_id = c.team_id and (m.until is null or m.until > now())
     where c.record_id = %(record_id)s
    union
    select l.representative_id from record.people_representation l where l.record_id = %(record_id)s
), linked (actor_id) as (
    select e.actor_id from direct e
    union
    select d.deputy_id
      from app.people_deputy d
      join direct e on e.actor_id = d.principal_id
     where d.until is null or d.until > now()
)
select a.id as seer_id, a.kind, a.name, p.profession_system, p.profession_code, p.speciality, o.name as organisation, f.*
  from linked k
  join app.kernel_actor a on a.id = k.actor_id and a.active
  left join app.people_professional p on p.actor_id = a.id
  left join app.people_organisation o on o.id = p.organisation_id
 cross join lateral record.access_facts(%(record_id)s, a.id, null) f
 order by a.name, a.id
