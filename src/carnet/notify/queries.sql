-- name: recipients
-- The holder of a record that is open, and who represents them now; `birth` tells until when.
select p.actor_id as person_id, false as represents, r.birth_date::text as birth
  from app.people_person p
  join record.records_record r on r.id = p.record_id and r.state in ('active', 'unopened')
 where p.record_id = %(record_id)s
union
select l.representative_id, true, r.birth_date::text
  from record.people_representation l
  join record.records_record r on r.id = l.record_id and r.state in ('active', 'unopened')
 where l.record_id = %(record_id)s and l.since <= now() and (l.until is null or l.until > now())

-- name: claim
-- Committed by itself, before anything leaves: whoever claims a notice sends it, once.
update app.notify_notice set claimed_at = now() where id = %(id)s and claimed_at is null returning person_id, kind

-- name: release
update app.notify_notice set claimed_at = null where id = %(id)s and sent_at is null
