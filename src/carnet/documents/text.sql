-- name: due
select * from record.texts_due({permit}, %s, %s)

-- name: keep
select record.texts_keep({permit}, %s)

-- name: lift
select record.lift({permit})

-- name: plain
-- What nobody is kept from: a line in the trail that comes of it tells of nothing.
select d.blob_id, d.depositor_id
  from record.documents_document d
 where d.record_id = %(record_id)s and d.id = any(%(ids)s) and d.media_type = any(%(types)s) and d.labels = 0
   and d.secrecy = '' and d.standing = 0 and d.readers is null and d.status <> 'withdrawn'
 order by d.deposited_at, d.id

-- name: lower
select record.lower({permit})

-- name: containing
select record.documents_containing({permit}, %s) as ids

-- name: search
select * from record.search_inside({permit}, %s, %s, %s, %s, %s, %s, %s, %s)

-- name: outdated
-- For the owner alone, whom no policy binds: the records with documents that this extractor has not read.
select distinct d.record_id
  from record.documents_document d
  left join record.documents_text t on t.record_id = d.record_id and t.document_id = d.id
 where d.status <> 'withdrawn' and coalesce(t.extractor, 0) < %s
 order by d.record_id

-- name: forget
-- Everything is to be read again.
update record.documents_text set extractor = 0 where extractor <> 0
