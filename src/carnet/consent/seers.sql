-- name: candidates
-- Whom the record's links name now, and whoever reads in an emergency that goes on, each with the facts that the decision
-- looks at. Of an organisation or a team it is told as such (`groups`).
with direct (actor_id) as (
    select t.professional_id from record.consent_attending t where t.record_id = %(record_id)s
    union
    select c.professional_id from record.consent_authorisation c
     where c.record_id = %(record_id)s and c.professional_id is not null
    union
    select l.representative_id from record.people_representation l where l.record_id = %(record_id)s
), linked (actor_id, mode) as (
    select e.actor_id, '' from direct e
    union
    select d.deputy_id, ''
      from app.people_deputy d
      join direct e on e.actor_id = d.principal_id
     where d.until is null or d.until > now()
    union
    select c.carer_id, 'carer' from record.people_care_link c where c.record_id = %(record_id)s
    union
    select y.professional_id, y.mode from record.consent_emergency y
     where y.record_id = %(record_id)s and y.until > now()
)
select a.id as seer_id, a.kind, a.name, k.mode, p.profession_system, p.profession_code, p.speciality,
       o.name as organisation, f.*
  from linked k
  join app.kernel_actor a on a.id = k.actor_id and a.active
  left join app.people_professional p on p.actor_id = a.id
  left join app.people_organisation o on o.id = p.organisation_id
 cross join lateral record.access_facts(%(record_id)s, a.id, null) f
 order by a.name, a.id

-- name: groups
-- The organisations and teams that may read now, each with what the professions of its members read: who they are is
-- the directory's affair.
with given (kind, id) as (
    select case when c.team_id is null then 'organisation' else 'team' end, coalesce(c.team_id, c.organisation_id)
      from record.consent_authorisation c
     where c.record_id = %(record_id)s and c.professional_id is null
       and c.since <= now() and (c.until is null or c.until > now())
     group by 1, 2
), member (group_id, professional_id) as (
    select g.id, p.actor_id
      from given g
      join app.people_organisation o on g.id in (o.id, o.part_of_id)
      join app.people_professional p on p.organisation_id = o.id
    union
    select g.id, s.professional_id
      from given g
      join app.people_organisation o on g.id in (o.id, o.part_of_id)
      join app.people_situation s on s.organisation_id = o.id and s.since <= now() and (s.until is null or s.until > now())
    union
    select g.id, t.professional_id
      from given g
      join app.people_team_member t on t.team_id = g.id and t.since <= now() and (t.until is null or t.until > now())
)
select case when o.part_of_id is null then g.kind else 'service' end as kind, g.id,
       coalesce(o.name || coalesce(', ' || w.name, ''), t.name) as name,
       (select array_agg(distinct x.types)
          from member m
          join app.people_professional p on p.actor_id = m.professional_id and p.capacity = any(%(capacities)s)
          join app.kernel_actor a on a.id = p.actor_id and a.active
          join lateral (select y.types from app.consent_matrix y
                         where y.profession_system = p.profession_system and y.profession_code = p.profession_code
                           and y.effective <= (now() at time zone 'Europe/Paris')::date
                         order by y.effective desc, y.version desc limit 1) x on true
         where m.group_id = g.id) as matrices
  from given g
  left join app.people_organisation o on o.id = g.id
  left join app.people_organisation w on w.id = o.part_of_id
  left join app.people_team t on t.id = g.id
 order by name, g.id
