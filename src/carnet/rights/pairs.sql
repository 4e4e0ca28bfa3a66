-- name: lapse
update app.rights_second_look set decision = 'lapsed', decided_at = now(), reference = ''
 where record_id = %(record_id)s and kind = %(kind)s and decision = '' and at < %(since)s
returning id

-- name: lay
insert into app.rights_second_look (id, kind, record_id, person_id, identity_id, measure, last_day, reference, asked_by, at)
values (%(id)s, %(kind)s, %(record_id)s, %(person_id)s, %(identity_id)s, %(measure)s, %(last_day)s, %(reference)s,
        %(actor_id)s, %(at)s)
returning id

-- name: open
select s.id, s.kind, s.at, s.asked_by from app.rights_second_look s
 where s.decision = '' and s.at > %(since)s
   and (%(named)s = '' or right(replace(s.id::text, '-', ''), 8) = %(named)s)
   and (%(after)s::uuid is null
        or (s.at, s.id) > (select o.at, o.id from app.rights_second_look o where o.id = %(after)s))
 order by s.at, s.id
 limit %(limit)s

-- name: how_many
select count(*) as open from app.rights_second_look where decision = '' and at > %(since)s

-- name: one
select s.id, s.kind, s.record_id, s.person_id, s.identity_id, s.measure, s.last_day, s.reference, s.asked_by, s.at
  from app.rights_second_look s
 where s.id = %(id)s and s.decision = '' and s.at > %(since)s

-- name: decide
-- What the court's decision was called stands with the representation, and here no more.
update app.rights_second_look set decision = %(decision)s, decided_by = %(actor_id)s, decided_at = %(at)s, reference = ''
 where id = %(id)s and decision = ''
returning id

-- name: latest
select s.id, s.at, s.decision, s.asked_by, s.decided_at from app.rights_second_look s
 where s.record_id = %(record_id)s and s.kind = %(kind)s and s.identity_id is not distinct from %(identity_id)s
   and (s.decision = '' and s.at > %(since)s or s.decision = 'confirmed' and s.used_at is null and s.decided_at > %(good)s)
 order by s.at desc limit 1

-- name: of_identity
-- Whichever record it is asked for: the one that came last.
select s.id, s.at, s.decision, s.asked_by from app.rights_second_look s
 where s.kind = %(kind)s and s.identity_id = %(identity_id)s
   and (s.decision = '' and s.at > %(since)s or s.decision = 'confirmed' and s.used_at is null and s.decided_at > %(good)s)
 order by s.at desc limit 1

-- name: take
update app.rights_second_look set used_at = %(at)s
 where record_id = %(record_id)s and kind = %(kind)s and identity_id is not distinct from %(identity_id)s
   and decision = 'confirmed' and used_at is null
   and asked_by = %(actor_id)s and decided_at > %(good)s
returning id

-- name: call_off
-- Also what was confirmed and nobody has used.
update app.rights_second_look set decision = 'refused', decided_by = %(actor_id)s, decided_at = %(at)s
 where record_id = %(record_id)s and kind = %(kind)s and (decision = '' or decision = 'confirmed' and used_at is null)
returning id

-- name: asked
select s.id from app.rights_second_look s
 where s.record_id = %(record_id)s and s.kind = %(kind)s
   and (s.decision = '' and s.at > %(since)s or s.decision = 'confirmed' and s.used_at is null and s.decided_at > %(good)s)

-- name: holder
select r.* from record.records_record r where r.id = %(record_id)s

-- name: purge
delete from app.rights_second_look where at < %(before)s
