-- name: blocked
select b.professional_id from record.consent_block b
 where b.record_id = %(record_id)s and b.professional_id = any(%(readers)s) and b.since <= clock_timestamp()
   and (b.until is null or b.until > clock_timestamp())

-- name: give
insert into record.consent_share (record_id, id, document_id, professional_id, given_by, since, until, hidden_from, about)
select %(record_id)s, g.id, %(document_id)s, g.reader, %(given_by)s, %(since)s, %(until)s, %(hidden_from)s, %(about)s
  from unnest(%(ids)s::uuid[], %(readers)s::uuid[]) g (id, reader)

-- name: replaced
-- What these documents replaced, and the documents themselves.
with recursive earlier (id, replaces_id) as (
    select d.id, d.replaces_id from record.documents_document d
     where d.record_id = %(record_id)s and d.id = any(%(ids)s)
    union
    select d.id, d.replaces_id
      from earlier c join record.documents_document d on d.record_id = %(record_id)s and d.id = c.replaces_id
)
select e.id from earlier e

-- name: handed
-- What was put into somebody's hands, of those that the reader of the page may see, newest first.
select d.id, d.title, d.deposited_at, d.status, d.depositor_id = %(actor_id)s as mine
  from record.documents_document d
 where d.record_id = %(record_id)s and d.readers is not null and d.status = 'current'
 order by d.deposited_at desc, d.id

-- name: openings
-- Who opened it, when first and last.
select l.target_id as document_id, l.actor_id as professional_id, min(l.at) as first, max(l.at) as last
  from trail.line l
 where l.record_id = %(record_id)s and l.target_id = any(%(ids)s) and l.target_kind = 'document'
   and l.outcome = 'done' and l.action in ('document-open', 'document-read') and l.actor_kind = 'professional'
 group by 1, 2

-- name: readers_of
select d.readers from record.documents_document d
 where d.record_id = %(record_id)s and d.id = %(id)s and d.readers is not null
