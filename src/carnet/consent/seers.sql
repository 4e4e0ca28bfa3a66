-- name: candidates
-- Whom the record's links name now, each with the facts that the decision looks at.
with linked (actor_id) as (
    select t.professional_id from record.consent_attending t where t.record_id = %(record_id)s
    union
    select c.professional_id from record.consent_authorisation c where c.record_id = %(record_id)s
    union
    select l.representative_id from record.people_representation l where l.record_id = %(record_id)s
)
select a.id as seer_id, a.kind, a.name, p.profession_system, p.profession_code, p.speciality, o.name as organisation, f.*
  from linked k
  join app.kernel_actor a on a.id = k.actor_id and a.active
  left join app.people_professional p on p.actor_id = a.id
  left join app.people_organisation o on o.id = p.organisation_id
 cross join lateral record.access_facts(%(record_id)s, a.id) f
 order by a.name, a.id
