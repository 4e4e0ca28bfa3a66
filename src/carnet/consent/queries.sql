-- name: access_facts
select * from record.access_facts(%s, %s)

-- name: trail
-- `others` null: everybody's lines; true: others' than the reader's; false: the reader's own.
select l.id, l.at, l.actor_kind, l.actor_id, l.organisation_id, l.purpose, l.capacity, l.door, l.action, l.outcome,
       l.target_kind, l.target_id, l.detail
  from trail.line l
 where l.record_id = %(record_id)s
   and (%(before_at)s::timestamptz is null or (l.at, l.id) < (%(before_at)s, %(before_id)s::uuid))
   and (%(others)s::boolean is null or (l.actor_id <> %(reader)s) = %(others)s)
 order by l.at desc, l.id desc
 limit %(limit)s
