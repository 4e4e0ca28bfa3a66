-- name: known
-- What whoever asks may know, by the row policy and in their own sight: what stands, and what was replaced.
select d.id, record.status_told(d.record_id, d.id, d.status) as status, d.type_ordinal, d.title,
       d.labels | (d.standing << 8) as labels, d.created_at,
       d.service_start, d.author_label, d.organisation_label, d.media_type, d.size, d.deposited_at,
       d.depositor_id = %(actor_id)s as mine
  from record.documents_document d
 where d.record_id = %(record_id)s
 order by d.created_at desc, d.id desc

-- name: look_as
-- From here to the end of the transaction the row policies hold for the reader, within the sight of whoever asks.
select set_config('carnet.actor', %(actor)s, true), set_config('carnet.types', %(types)s, true),
       set_config('carnet.hidden', %(hidden)s, true), set_config('carnet.trail', %(trail)s, true)

-- name: seen
-- What the reader's list would hold, as `record.document_lines` has it. What whoever asks may not know is not there, and
-- replaces nothing.
select d.id
  from record.documents_document d
 where d.record_id = %(record_id)s and d.id = any(%(known)s)
   and (d.status = 'current'
        or d.status = 'superseded'
           and not exists (select from record.documents_document n
                            where n.record_id = d.record_id and n.replaces_id = d.id and n.id = any(%(known)s)))

-- name: ordinal
select d.type_ordinal from record.documents_document d where d.record_id = %(record_id)s and d.id = %(id)s

-- name: covered
-- What a mask would cover in the sight of who asks.
select d.id
  from record.documents_document d
 where d.record_id = %(record_id)s
   and record.mask_covers(jsonb_populate_record(null::record.documents_mask, %(mask)s::jsonb), d)
