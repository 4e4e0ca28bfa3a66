-- What a record holds of documents, to be put into another of the same person. In a record that has been entered, with
-- everything in sight; what was withdrawn stays where it is.

-- name: documents
select to_jsonb(d) as row, d.id, d.blob_id, d.unique_id, encode(d.sha256, 'hex') as sha256
  from record.documents_document d
 where d.record_id = %(record_id)s and d.status <> 'withdrawn'
 order by d.deposited_at, d.id

-- name: versions
select to_jsonb(v) as row from record.documents_version v
 where v.record_id = %(record_id)s and v.document_id = any(%(ids)s)

-- name: links
select to_jsonb(k) as row, k.document_id, encode(k.digest, 'hex') as digest from record.documents_link k
 where k.record_id = %(record_id)s and (k.document_id = any(%(ids)s) or k.secret)

-- name: newly_tied
-- Open documents that share a name with a secret of which they heard nothing in their own record.
select distinct o.document_id as id
  from record.documents_link k
  join record.documents_link o on o.record_id = k.record_id and o.digest = k.digest and not o.secret
 where k.record_id = %(record_id)s and k.secret and (k.document_id = any(%(came)s)) <> (o.document_id = any(%(came)s))

-- name: suspect
-- Open documents that may have been asked for by the professional of a secret of the other record.
select d.id, d.blob_id, d.media_type from record.documents_document d
 where d.record_id = %(record_id)s and d.status <> 'withdrawn' and (d.labels & 4) = 0
   and exists (select from record.documents_link o where o.record_id = d.record_id and o.document_id = d.id)
   and exists (select from record.documents_link k
                where k.record_id = d.record_id and k.secret
                  and k.at between d.deposited_at - %(within)s and d.deposited_at
                  and (k.document_id = any(%(came)s)) <> (d.id = any(%(came)s)))

-- name: suspected
select distinct d.id
  from jsonb_to_recordset(%(requested)s::jsonb) a (id uuid, digests jsonb)
  join record.documents_document d on d.record_id = %(record_id)s and d.id = a.id
  join record.documents_link k
    on k.record_id = d.record_id and k.secret and a.digests ? encode(k.digest, 'hex')
   and k.at between d.deposited_at - %(within)s and d.deposited_at
   and (k.document_id = any(%(came)s)) <> (d.id = any(%(came)s))

-- name: seen_of
select coalesce(bit_and(d.labels), 0) as labels from record.documents_document d
 where d.record_id = %(record_id)s and d.id = any(%(ids)s)

-- name: lists
select to_jsonb(l) as row, l.id, l.kind, l.unique_id from record.documents_list l where l.record_id = %(record_id)s

-- name: items
select to_jsonb(i) as row from record.documents_list_item i
 where i.record_id = %(record_id)s and (i.document_id = any(%(ids)s) or i.child_id is not null)

-- name: list_versions
select to_jsonb(v) as row from record.documents_list_version v where v.record_id = %(record_id)s

-- name: authors
select a.actor_id from record.consent_authorship a where a.record_id = %(record_id)s

-- name: known
select d.id, d.unique_id, encode(d.sha256, 'hex') as sha256, d.status, d.labels | coalesce(v.labels, 0) as labels
  from record.documents_document d
  left join record.documents_version v on v.record_id = d.record_id and v.document_id = d.id and v.version = 1
 where d.record_id = %(record_id)s and (d.unique_id = any(%(unique_ids)s) or d.id = any(%(ids)s))

-- name: known_lists
select l.id, l.unique_id from record.documents_list l
 where l.record_id = %(record_id)s and (l.unique_id = any(%(unique_ids)s) or l.id = any(%(ids)s))

-- name: receive
select record.submission_store({permit}, %s)

-- name: receive_versions
insert into record.documents_version
select (jsonb_populate_record(null::record.documents_version, v)).* from jsonb_array_elements(%s::jsonb) v

-- name: receive_list_versions
insert into record.documents_list_version
select (jsonb_populate_record(null::record.documents_list_version, v)).* from jsonb_array_elements(%s::jsonb) v
