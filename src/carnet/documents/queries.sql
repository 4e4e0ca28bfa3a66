-- name: search
select * from record.document_search({permit}, %s, %s, %s, %s, %s, %s, %s)

-- name: lines
select * from record.document_lines({permit}, %s, %s)

-- name: open
select * from record.document_open({permit}, %s, %s)

-- name: own_by_unique_id
select d.id, d.sha256, d.version, d.labels, d.fhir
  from record.documents_document d
 where d.record_id = %s and d.unique_id = %s and d.depositor_id = %s

-- name: replaced
-- Who acts counts, not who is named as author: a depositor replaces his own, an author what he wrote.
select d.id, d.version, d.status, d.labels, d.type_ordinal, d.fhir
  from record.documents_document d
 where d.record_id = %(record_id)s and (d.unique_id = any(%(unique_ids)s) or d.id = any(%(ids)s))
   and (d.depositor_id = %(actor_id)s or d.author_id = %(actor_id)s)
   for update

-- name: replacement_waiting
select d.id
  from record.documents_document d
 where d.record_id = %(record_id)s and d.replaces_unique_id = %(unique_id)s and d.depositor_id = %(actor_id)s
 limit 1

-- name: supersede
update record.documents_document
   set status = 'superseded', version = %(version)s, updated_at = %(at)s, fhir = %(fhir)s
 where record_id = %(record_id)s and id = %(id)s

-- name: link
update record.documents_document set replaces_id = %(replaces_id)s
 where record_id = %(record_id)s and id = %(id)s

-- name: trail
-- The lines that this reader may be told: what names a document is told when the document itself may be seen, by the
-- documents' own policy; a refused attempt is always told, and names none. `others` null: everybody's lines; true:
-- others' than the reader's; false: the reader's own.
select l.id, l.at, l.actor_kind, l.actor_id, l.organisation_id, l.purpose, l.capacity, l.door, l.action, l.outcome,
       l.target_kind, l.target_id, l.detail, d.title
  from trail.line l
  left join record.documents_document d
    on d.record_id = l.record_id and l.target_kind = 'document' and d.id = l.target_id
 where l.record_id = %(record_id)s
   and (l.outcome = 'refused' or l.target_kind <> 'document' or d.id is not null)
   and (%(before_at)s::timestamptz is null or (l.at, l.id) < (%(before_at)s, %(before_id)s::uuid))
   and (%(others)s::boolean is null or (l.actor_id <> %(reader)s) = %(others)s)
 order by l.at desc, l.id desc
 limit %(limit)s
