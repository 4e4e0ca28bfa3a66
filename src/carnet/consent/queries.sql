-- name: access_facts
select * from record.access_facts(%s, %s)

-- name: trail
select l.id, l.at, l.actor_kind, l.actor_id, l.organisation_id, l.purpose, l.capacity, l.door, l.action, l.outcome,
       l.target_kind, l.target_id, l.detail
  from trail.line l
 where l.record_id = %(record_id)s and (%(before)s::timestamptz is null or l.at < %(before)s)
 order by l.at desc, l.id
 limit %(limit)s
