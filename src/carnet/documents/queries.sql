-- name: search
select * from record.document_search({permit}, %s, %s, %s, %s, %s, %s, %s)

-- name: lines
select * from record.document_lines({permit}, %s, %s)

-- name: open
select * from record.document_open({permit}, %s, %s)

-- name: titles
select d.id, d.title, d.type_ordinal
  from record.documents_document d
 where d.record_id = %s and d.id = any(%s)

-- name: own_by_unique_id
select d.id, d.sha256, d.version, d.fhir
  from record.documents_document d
 where d.record_id = %s and d.unique_id = %s and d.depositor_id = %s

-- name: replaced
select d.id, d.version, d.fhir, d.unique_id
  from record.documents_document d
 where d.record_id = %(record_id)s and d.status = 'current' and d.unique_id = any(%(unique_ids)s)
   and (d.depositor_id = %(depositor_id)s or d.author_id = %(author_id)s)
   for update

-- name: replacement_waiting
select d.id
  from record.documents_document d
 where d.record_id = %(record_id)s and d.replaces_unique_id = %(unique_id)s
   and (d.depositor_id = %(depositor_id)s or d.author_id = %(author_id)s)
 limit 1

-- name: supersede
update record.documents_document
   set status = 'superseded', version = %(version)s, updated_at = %(at)s, fhir = %(fhir)s
 where record_id = %(record_id)s and id = %(id)s

-- name: link
update record.documents_document set replaces_id = %(replaces_id)s
 where record_id = %(record_id)s and id = %(id)s
