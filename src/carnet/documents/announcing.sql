-- name: waiting
select d.labels, d.notice_at, d.release_at from record.documents_document d
 where d.record_id = %(record_id)s and d.id = %(id)s and d.status <> 'withdrawn' and (d.labels & %(withheld)s) <> 0
   and d.release_at is not null

-- name: as_holder
-- What the holder is told is written under the policy of what is theirs.
select set_config('carnet.trail', 'yes', true), set_config('carnet.hidden', '0', true)
  from (select {permit}) p

-- name: told
select exists (select from record.documents_update_notice n
                where n.record_id = %(record_id)s and n.at > %(since)s) as told
