-- name: due
select * from record.texts_due({permit}, %s, %s)

-- name: keep
select record.texts_keep({permit}, %s)

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
