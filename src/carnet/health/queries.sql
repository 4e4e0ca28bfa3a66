-- name: wanted
select record.entries_wanted({permit}) as wanted

-- name: due
select * from record.entries_due({permit}, %s, %s, %s)

-- name: keep
select record.entries_keep({permit}, %s)

-- name: drop
select record.entries_drop({permit}) as dropped

-- name: state
select record.entry_state({permit}, %s, %s) as kept

-- name: stated_labels
select s.labels from record.health_statement s
 where s.record_id = %s and s.source_id = %s and s.said_by <> 'document' and s.status = 'current'

-- name: stated_before
select s.source_id, s.fact from record.health_statement s
 where s.record_id = %s and s.source_id = %s and s.said_by <> 'document' and s.status = 'current' and s.depositor_id = %s

-- name: retract
select record.entry_retract({permit}, %s) as kept

-- name: report
insert into app.health_unread (depositor_id, code, path, extractor, times, first_at, last_at)
values (%(depositor_id)s, %(code)s, %(path)s, %(extractor)s, %(times)s, %(now)s, %(now)s)
    on conflict (depositor_id, code, path, extractor)
    do update set times = app.health_unread.times + excluded.times, last_at = excluded.last_at

-- name: unread
-- Software is named; who added a document by hand is nobody's affair.
select coalesce(a.name, '') as depositor, u.code, u.path, sum(u.times) as times, max(u.last_at) as last_at
  from app.health_unread u
  left join app.people_client c on c.actor_id = u.depositor_id
  left join app.kernel_actor a on a.id = c.actor_id
 where u.extractor = %(extractor)s
 group by 1, 2, 3
 order by times desc, u.path
 limit 200

-- name: search
-- A page is one row (see the documents' own search).
select max(total) as total, array_agg(fact) filter (where fact is not null) as ids,
       array_agg(key::text) filter (where fact is not null) as keys,
       array_agg(convert_to(fhir, 'UTF8')) filter (where fact is not null) as texts,
       array_agg(fact) filter (where struck) as struck,
       array_agg(array_to_string(sources, ' ')) filter (where fact is not null) as sources
  from record.entry_search({permit}, %s, %s, %s, %s, %s, %s, %s, %s, %s)

-- name: lines
select * from record.entry_lines({permit}, %s, %s, %s, %s)

-- name: treatments
select * from record.treatment_lines({permit}, %s, %s, %s, %s, %s, %s, %s)

-- name: sources
select * from record.entry_sources({permit}, %s)

-- name: everything
select * from record.everything({permit}, %s, %s, %s, %s, %s, %s, %s)

-- name: summary
select * from record.summary_entries({permit}, %s, %s)

-- name: new_since
select * from record.news_since({permit}, %s, %s)

-- name: of_record
-- For a copy, a page at a time.
select e.fact, e.fhir, e.struck, e.sources
  from record.entries_told(%(record_id)s, %(kinds)s::smallint[], null, null) e
 where e.fact > %(after)s
 order by e.fact
 limit %(limit)s

-- name: outdated
-- For the owner alone, whom no policy binds: the records with documents that this extractor has not read.
select distinct d.record_id
  from record.documents_document d
  left join record.health_reading r on r.record_id = d.record_id and r.document_id = d.id
 where d.status <> 'withdrawn' and d.media_type = any (%s) and coalesce(r.extractor, 0) < %s
 order by d.record_id

-- name: forget
-- Everything is to be read again.
update record.health_reading set extractor = 0 where extractor <> 0

-- name: results
select * from record.result_lines({permit}, %s, %s, %s, %s)

-- name: series
select * from record.series_lines({permit}, %s, %s, %s, %s)

-- name: sources_in_sight
-- Whatever states something, by the row policy that holds now: documents, those that were replaced as well, and what
-- persons and professionals say themselves.
select distinct s.source_id from record.health_statement s where s.record_id = %(record_id)s

-- name: last_visit
select trail.last_visit() as at
