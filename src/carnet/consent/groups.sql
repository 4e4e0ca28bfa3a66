-- name: named
-- Organisations and care teams; a service with the whole of which it is one.
select o.id, o.name || coalesce(', ' || w.name, '') as name
  from app.people_organisation o
  left join app.people_organisation w on w.id = o.part_of_id
 where o.id = any(%(ids)s)
 union all
select t.id, t.name from app.people_team t where t.id = any(%(ids)s)

-- name: services
-- Of an organisation, those in which somebody practises now who may read by it, each with how many.
select o.id, o.name, count(distinct m.actor_id) as members
  from app.people_organisation o
 cross join lateral (select p.actor_id from app.people_professional p where p.organisation_id = o.id
                      union all
                     select s.professional_id from app.people_situation s
                      where s.organisation_id = o.id and s.since <= now() and coalesce(s.until > now(), true)) m
  join app.people_professional p on p.actor_id = m.actor_id and p.capacity = any(%(capacities)s)
  join app.kernel_actor a on a.id = p.actor_id and a.active
 where o.part_of_id = %(id)s
 group by o.id, o.name
 order by o.name, o.id
