-- name: around
-- The versions around a document that this reader may see, by the row policy: those that it replaced (`step` below 0)
-- and those that replaced it, each by the one beside it. Newest first.
with recursive earlier (id, replaces_id, step) as (
    select d.id, d.replaces_id, 0
      from record.documents_document d where d.record_id = %(record_id)s and d.id = %(id)s
    union all
    select d.id, d.replaces_id, e.step - 1
      from earlier e
      join record.documents_document d on d.record_id = %(record_id)s and d.id = e.replaces_id
     where e.step > -%(most)s
), later (id, step) as (
    select d.id, 0 from record.documents_document d where d.record_id = %(record_id)s and d.id = %(id)s
    union all
    select d.id, l.step + 1
      from later l
      join record.documents_document d on d.record_id = %(record_id)s and d.replaces_id = l.id
     where l.step < %(most)s
)
select d.id, d.title, d.type_ordinal, d.created_at, d.deposited_at, x.step
  from (select e.id, e.step from earlier e union select l.id, l.step from later l) x
  join record.documents_document d on d.record_id = %(record_id)s and d.id = x.id
 where x.step <> 0
 order by x.step desc, d.created_at desc

-- name: own
-- What the powers over a document follow from.
select d.archived, d.secrecy, (d.depositor_id = %(actor_id)s or d.author_id is not distinct from %(actor_id)s) as own
  from record.documents_document d where d.record_id = %(record_id)s and d.id = %(id)s

-- name: holder
select r.birth_family, r.birth_given, r.used_family, r.used_given, r.birth_date::text as birth_date
  from record.records_record r where r.id = %(record_id)s

-- name: hit
-- The first page that has one of the terms, each told as the ways to meet it: lists of words that must all be there. 0
-- when none has; no row when the text has not been read, or could not be.
select coalesce((select e.page
                   from unnest(t.passage_words, t.passage_pages) with ordinality e (line, page, nr)
                  where exists (select from jsonb_array_elements(%(ways)s::jsonb) way (words)
                                 where not exists (select from jsonb_array_elements_text(way.words) word (word)
                                                    where strpos(e.line, word.word) = 0))
                  order by e.nr limit 1), 0) as page
  from record.documents_text t
 where t.record_id = %(record_id)s and t.document_id = %(id)s and t.extractor > 0 and t.fault = ''
