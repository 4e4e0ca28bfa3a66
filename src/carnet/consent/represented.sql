-- name: representation
-- Of a record that has been entered: the birth date of its holder, whether somebody represents them now, and whether a
-- guardian does.
select r.birth_date::text as birth,
       coalesce(bool_or(l.record_id is not null), false) as somebody,
       coalesce(bool_or(l.kind = 'guardian'), false) as guarded
  from record.records_record r
  left join record.people_representation l
    on l.record_id = r.id and l.since <= now() and (l.until is null or l.until > now())
 where r.id = %(record_id)s
 group by r.birth_date

-- name: guarded
select record.guarded(%s, %s, %s) as guarded
