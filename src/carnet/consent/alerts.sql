-- name: unseen
select a.id, a.record_id, a.emergency_id, a.at, a.hidden_from from record.consent_alert a
 where a.recipient_id = %(actor_id)s and a.seen_at is null
 order by a.at desc, a.id
 limit %(limit)s

-- name: told
select y.professional_id, y.organisation_id, y.mode, y.reason, y.since, y.until,
       coalesce(nullif(r.used_family, ''), r.birth_family) as family,
       coalesce(nullif(r.used_given, ''), r.birth_given) as given
  from record.consent_emergency y
  join record.records_record r on r.id = y.record_id
 where y.record_id = %(record_id)s and y.id = %(emergency_id)s

-- name: see
update record.consent_alert set seen_at = now() where id = %(id)s and recipient_id = %(actor_id)s and seen_at is null
