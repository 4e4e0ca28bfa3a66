-- name: keep
insert into record.documents_picture
select * from jsonb_populate_recordset(null::record.documents_picture, %(pictures)s::jsonb)

-- name: of_document
select p.position as number, p.name, p.media_type, p.size, p.blob_id
  from record.documents_picture p
  join record.documents_document d on d.record_id = p.record_id and d.id = p.document_id
 where p.record_id = %(record_id)s and p.document_id = %(id)s
 order by p.position
