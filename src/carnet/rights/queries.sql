-- Everything of a record that its reader may see, a page at a time, in the order of the ids. What may be seen is the
-- row policies' affair alone.

-- name: holder
select r.* from record.records_record r where r.id = %(record_id)s

-- name: documents
select d.id, d.title, d.media_type, d.size, d.sha256, d.blob_id, d.created_at, d.service_start, d.deposited_at,
       d.type_ordinal, d.labels | (d.standing << 8) as labels, t.told as status, record.fhir_told(d.record_id, d.id, d.status, t.told, d.fhir) as fhir
  from record.documents_document d
 cross join record.status_told(d.record_id, d.id, d.status) t (told)
 where d.record_id = %(record_id)s and d.id > %(after)s
 order by d.id
 limit %(limit)s

-- name: pictures
select d.title, coalesce(d.service_start, d.created_at) as at, d.deposited_at, p.media_type, p.blob_id
  from record.documents_picture p
  join record.documents_document d on d.record_id = p.record_id and d.id = p.document_id
 where p.record_id = %(record_id)s
 order by p.document_id, p.position

-- name: lists
-- A list that holds nothing for this reader is not there, unless it is their own.
with seen as (
    select l.id, l.version, coalesce(t.fhir, l.fhir) as fhir,
           array(select d.id
                   from record.documents_list_item i
                   join record.documents_document d on d.record_id = i.record_id and d.id = i.document_id
                  where i.record_id = l.record_id and i.list_id = l.id and i.list_version = l.version
                  order by i.position) as items,
           array(select c.id
                   from record.documents_list_item i
                   join record.documents_list c on c.record_id = i.record_id and c.id = i.child_id
                  where i.record_id = l.record_id and i.list_id = l.id and i.list_version = l.version
                    and (c.depositor_id = %(actor_id)s or exists (
                         select from record.documents_list_item o
                           join record.documents_document d on d.record_id = o.record_id and d.id = o.document_id
                          where o.record_id = c.record_id and o.list_id = c.id and o.list_version = c.version))
                  order by i.position) as lists,
           l.depositor_id = %(actor_id)s as own
      from record.documents_list l
      left join lateral (select o.* from record.list_versions_told(l.record_id, l.id, %(actor_id)s) o limit 1) t
        on l.version > 1
     where l.record_id = %(record_id)s and l.id > %(after)s
     order by l.id
     limit %(limit)s
)
select s.id, s.fhir, s.items, s.lists, s.own or cardinality(s.items) > 0 as shown from seen s order by s.id

-- name: in_sight
-- How many of these documents the reader may see now.
select count(*) as documents from record.documents_document d
 where d.record_id = %(record_id)s and d.id = any(%(ids)s::uuid[]) and d.status <> 'withdrawn'
