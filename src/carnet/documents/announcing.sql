-- name: waiting
select d.labels, d.notice_at, d.release_at from record.documents_document d
 where d.record_id = %(record_id)s and d.id = %(id)s and d.status <> 'withdrawn' and (d.labels & %(withheld)s) <> 0
   and d.release_at is not null

-- name: trail_in_sight
-- Between `lift` and `lower`, which takes it away again.
select set_config('carnet.trail', 'yes', true)

-- name: past
-- Of documents that their holder sees.
select d.deposited_at,
       exists (select from record.documents_version v
                where v.record_id = d.record_id and v.document_id = d.id and (v.labels & %(withheld)s) <> 0) as withheld,
       exists (select from trail.line l
                where l.record_id = d.record_id and l.target_kind = 'document' and l.target_id = d.id
                  and l.outcome = 'done' and l.purpose in ('self', 'representative')
                  and l.action = any (%(readings)s::text[])) as opened
  from record.documents_document d
 where d.record_id = %(record_id)s and d.id = any (%(ids)s::uuid[])

-- name: withheld
select d.id, d.deposited_at from record.documents_document d
 where d.record_id = %(record_id)s and d.id = any (%(ids)s::uuid[]) and (d.labels & %(withheld)s) <> 0

-- name: wait
-- `record.document_change` counts from the act that withholds.
update record.documents_document d set notice_at = %(notice)s, release_at = %(release)s
 where d.record_id = %(record_id)s and d.id = %(id)s

-- name: first
select min(d.notice_at) as notice_at, min(d.release_at) as release_at from record.documents_document d
 where d.record_id = %(record_id)s and d.id = any (%(ids)s::uuid[])

-- name: as_holder
-- What the holder is told is written under the policy of what is theirs.
select set_config('carnet.trail', 'yes', true), set_config('carnet.hidden', '0', true)
  from (select {permit}) p

-- name: told
-- The holder has rows of their own, without an end that is known before.
select exists (select from record.documents_update_notice n
                where n.record_id = %(record_id)s and n.at > %(since)s and n.ended_at is null
                  and case when %(own)s then n.until is null else coalesce(n.until > now(), true) end) as told

-- name: settle
-- What is told without an end: to the holder, and to everybody by an earlier state of the program.
update record.documents_update_notice n set ended_at = now()
 where n.record_id = %(record_id)s and n.ended_at is null and n.until is null
   and not exists (select from record.documents_document d
                    where d.record_id = n.record_id and d.status <> 'withdrawn' and d.notice_at <= now()
                      and (d.labels & %(withheld)s) <> 0)

-- name: in_the_open
select d.id from record.documents_document d
 where d.record_id = %(record_id)s and d.id = any (%(ids)s::uuid[]) and d.status <> 'withdrawn'
   and (d.labels & %(unseen)s) = 0

-- name: settle_for_others
update record.documents_update_notice n set ended_at = now()
 where n.record_id = %(record_id)s and n.id = any (%(ids)s::uuid[]) and n.ended_at is null
