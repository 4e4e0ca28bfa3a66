-- name: cover
select r.id, coalesce(nullif(r.used_given, ''), r.birth_given) as given, r.sex, r.birth_date::text
  from record.records_record r where r.id = %(record_id)s

-- name: others
-- Who else represents the holder now, by name and nothing more: two homes keep their doors.
select distinct a.name
  from record.people_representation l
  join app.kernel_actor a on a.id = l.representative_id and a.active
 where l.record_id = %(record_id)s and l.representative_id <> %(actor_id)s
   and l.since <= now() and (l.until is null or l.until > now())
 order by a.name
