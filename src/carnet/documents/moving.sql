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
select to_jsonb(k) as row from record.documents_link k
 where k.record_id = %(record_id)s and k.document_id = any(%(ids)s)

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
select d.id, d.unique_id, encode(d.sha256, 'hex') as sha256, d.status from record.documents_document d
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
