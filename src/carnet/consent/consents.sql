-- name: statements
-- Authorisations, those that have ended too, and blocks; of one professional the authorisations in their own name alone.
select s.*, n.name as professional_name, p.rpps, o.name || coalesce(', ' || w.name, '') as organisation_name,
       o.identifier as organisation_number, o.part_of_id is not null as is_service,
       t.name as team_name, dn.name as declarant_name, dp.rpps as declarant_rpps
  from (select 'authorisation' as kind, c.id, c.professional_id, c.organisation_id, c.team_id, c.declared_by, c.express,
               c.unmasked, c.since, c.until, c.hidden_from
          from record.consent_authorisation c
         where c.record_id = %(record_id)s
           and (%(professional_id)s::uuid is null or c.professional_id = %(professional_id)s)
        union all
        select 'block', b.id, b.professional_id, null, null, null, false, false, b.since, b.until, b.hidden_from
          from record.consent_block b
         where b.record_id = %(record_id)s and %(professional_id)s::uuid is null) s
  left join app.people_professional p on p.actor_id = s.professional_id
  left join app.kernel_actor n on n.id = s.professional_id
  left join app.people_organisation o on o.id = s.organisation_id
  left join app.people_organisation w on w.id = o.part_of_id
  left join app.people_team t on t.id = s.team_id
  left join app.people_professional dp on dp.actor_id = s.declared_by
  left join app.kernel_actor dn on dn.id = s.declared_by
 where %(id)s::uuid is null or s.id = %(id)s
 order by s.since desc, s.id desc

-- name: choices
select x.emergency, x.regulation, x.masked, x.changed_at from record.consent_choice x where x.record_id = %(record_id)s

-- name: end_one
update record.consent_authorisation set until = greatest(since, now())
 where record_id = %(record_id)s and id = %(id)s and (until is null or until > now())

-- name: numbers
select actor_id, rpps from app.people_professional where actor_id = any(%(ids)s) and rpps is not null
