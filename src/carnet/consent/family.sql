-- name: cover
select r.id, coalesce(nullif(r.used_given, ''), r.birth_given) as given, r.sex, r.birth_date::text,
       exists (select from record.people_representation l
                where l.record_id = r.id and l.representative_id = %(actor_id)s and l.kind = 'guardian'
                  and l.since <= now() and (l.until is null or l.until > now())) as guarded
  from record.records_record r where r.id = %(record_id)s

-- name: waits
-- Whether there is something that this reader has not seen: an emergency access that was shown to nobody, a document of
-- somebody else's that came since. The policies leave out what is kept from them.
select exists (select from record.consent_emergency y where y.record_id = %(record_id)s and y.seen_at is null)
    or exists (select from record.documents_document d
                where d.record_id = %(record_id)s and d.status = 'current' and d.deposited_at > %(since)s
                  and d.depositor_id <> %(actor_id)s) as waits

-- name: others
-- Who else represents the holder now, by name and nothing more: two homes keep their doors.
select distinct a.name
  from record.people_representation l
  join app.kernel_actor a on a.id = l.representative_id and a.active
 where l.record_id = %(record_id)s and l.representative_id <> %(actor_id)s
   and l.since <= now() and (l.until is null or l.until > now())
 order by a.name
