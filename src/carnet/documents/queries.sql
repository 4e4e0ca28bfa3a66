-- name: search
-- A page is one row: the server sends it at once, where it sends rows in pieces of 8 kB, each of which wakes the reader.
-- Rows are gathered in the order in which the function gives them.
select max(total) as total, array_agg(id) filter (where id is not null) as ids,
       array_agg(key::text) filter (where id is not null) as keys,
       array_agg(convert_to(fhir, 'UTF8')) filter (where id is not null) as texts
  from record.document_search({permit}, %s, %s, %s, %s, %s, %s, %s, %s)

-- name: lines
select * from record.document_lines({permit}, %s, %s)

-- name: open
select * from record.document_open({permit}, %s, %s)

-- name: versions
select * from record.document_versions({permit}, %s, %s)

-- name: lists
select * from record.list_search({permit}, %s, %s, %s, %s, %s, %s, %s, %s)

-- name: list_versions
select * from record.list_versions({permit}, %s, %s)

-- name: again
select * from record.documents_again({permit}, %s, %s)

-- name: prepare
select record.submission_prepare({permit}, %s, %s, %s, %s, %s, %s, %s) as found

-- name: store
select record.submission_store({permit}, %s)

-- name: lift
select record.lift({permit})

-- name: lower
select record.lower({permit})

-- name: change
select record.document_change({permit}, %s, %s, %s, %s, %s, %s, %s, %s)

-- name: chain
select * from record.document_chain({permit}, %s, %s)

-- name: lists_follow
select record.lists_follow({permit}, %s)

-- name: list_readers
select record.list_readers({permit}, %s, %s)

-- name: to_change
-- As whoever changes it may know it (`told`).
select d.id, coalesce(v.version, d.version) as version, t.told as status, d.labels, d.secrecy,
       coalesce(v.fhir, d.fhir) as fhir, coalesce(v.at, d.updated_at) as updated_at,
       (d.depositor_id = %(actor_id)s or d.author_id is not distinct from %(actor_id)s) as own
  from record.documents_document d
 cross join record.status_told(d.record_id, d.id, d.status) t (told)
  left join lateral (select o.* from record.versions_told(d.record_id, d.id) o limit 1) v on d.status <> t.told
 where d.record_id = %(record_id)s and d.id = %(id)s

-- name: changed
-- By an act of who was told that it was `told`: what they may not see replaces nothing for them. In the sight of the
-- act.
select d.version, d.labels,
       case when d.status = 'superseded' and %(told)s = 'current'
            then replace(d.fhir, '"status":"superseded"', '"status":"current"') else d.fhir end as fhir
  from record.documents_document d
 where d.record_id = %(record_id)s and d.id = %(id)s

-- name: tied
-- Open documents that share a name (order, visit, document) with one of these, or with one that does.
with recursive reached (id) as (
    select unnest(%(ids)s::uuid[])
    union
    select o.document_id
      from reached r
      join record.documents_link k on k.record_id = %(record_id)s and k.document_id = r.id
      join record.documents_link o on o.record_id = k.record_id and o.digest = k.digest and not o.secret
)
select r.id as document_id from reached r where r.id <> all(%(ids)s)

-- name: reached
-- Each of these names, with those to which open documents lead from it, and whether a secret bears them.
with recursive reached (digest, other) as (
    select g.digest, g.digest from unnest(%(digests)s::bytea[]) g (digest)
    union
    select r.digest, k.digest
      from reached r
      join record.documents_link o on o.record_id = %(record_id)s and o.digest = r.other and not o.secret
      join record.documents_link k on k.record_id = o.record_id and k.document_id = o.document_id
)
select encode(r.digest, 'hex') as digest, encode(r.other, 'hex') as other,
       exists (select from record.documents_link s
                where s.record_id = %(record_id)s and s.digest = r.other and s.secret) as secret
  from reached r
 where r.other <> r.digest

-- name: mark_secret
update record.documents_document set secrecy = %(why)s where record_id = %(record_id)s and id = any(%(ids)s)

-- name: to_index
select d.id, d.labels, d.archived, d.tokens, d.names, d.fhir
  from record.documents_document d
 where d.record_id = %(record_id)s

-- name: index
update record.documents_document set tokens = %(tokens)s, names = %(names)s
 where record_id = %(record_id)s and id = %(id)s

-- name: own_folders
-- Their text, and what they hold, as far as the depositor may see it.
select l.id, l.version, l.fhir,
       array(select i.document_id from record.documents_list_item i
               join record.documents_document d on d.record_id = i.record_id and d.id = i.document_id
              where i.record_id = l.record_id and i.list_id = l.id and i.list_version = l.version) as items
  from record.documents_list l
 where l.record_id = %(record_id)s and l.id = any(%(ids)s) and l.kind = 'folder' and l.depositor_id = %(actor_id)s

-- name: own_set
-- What one's own submission set of that uniqueId holds, in order.
select l.id as set_id, i.document_id, f.id as folder_id, f.version, f.unique_id
  from record.documents_list l
  left join record.documents_list_item i
    on i.record_id = l.record_id and i.list_id = l.id and i.list_version = l.version
  left join record.documents_list f on f.record_id = i.record_id and f.id = i.child_id
 where l.record_id = %(record_id)s and l.unique_id = %(unique_id)s and l.kind = 'submission'
   and l.depositor_id = %(actor_id)s
 order by i.position

-- name: lists_to_index
select l.id, l.kind, l.tokens, l.names, l.fhir from record.documents_list l where l.record_id = %(record_id)s

-- name: index_list
update record.documents_list set tokens = %(tokens)s, names = %(names)s
 where record_id = %(record_id)s and id = %(id)s

-- name: own_current
-- One's own documents in force, as far as one may know, of those that a submission which comes again says that it
-- replaces.
select d.id, d.unique_id from record.documents_document d
 where d.record_id = %(record_id)s and (d.id = any(%(ids)s) or d.unique_id = any(%(unique_ids)s))
   and record.status_told(d.record_id, d.id, d.status) = 'current' and (d.depositor_id = %(actor_id)s or d.author_id = %(actor_id)s)

-- name: visible
select d.id, d.labels from record.documents_document d where d.record_id = %(record_id)s and d.id = any(%(ids)s)

-- name: readers
select n.document_id, n.reader_id, n.organisation_id, n.cause, n.opened_at
  from record.documents_notice n
 where n.record_id = %(record_id)s and n.document_id = %(id)s
 order by n.opened_at desc

-- name: trail
-- The lines that this reader may be told: what names a document is told when the document itself may be seen, by the
-- documents' own policy; a refused attempt is always told, and names none. `others` null: everybody's lines; true:
-- others' than the reader's; false: the reader's own. What else is null asks nothing. Who looked at what they may do, and
-- might read nothing, was refused as far as the reader asks: the rule that kept them out stands in the detail.
select l.id, l.at, l.actor_kind, l.actor_id, l.organisation_id, l.purpose, l.capacity, l.door, l.action, l.outcome,
       l.target_kind, l.target_id, coalesce(y.reason, l.detail) as detail, d.title
  from (select l.*
          from trail.line l
         where l.record_id = %(record_id)s
           and (l.outcome = 'refused' or l.target_kind <> 'document'
                or l.target_id in (select d.id from record.documents_document d where d.record_id = %(record_id)s))
           and (%(before_at)s::timestamptz is null or (l.at, l.id) < (%(before_at)s, %(before_id)s::uuid))
           and (%(others)s::boolean is null or (l.actor_id <> %(reader)s) = %(others)s)
           and (%(actor_id)s::uuid is null or l.actor_id = %(actor_id)s)
           and (%(kinds)s::text[] is null or l.actor_kind = any (%(kinds)s))
           and (%(actions)s::text[] is null or l.action = any (%(actions)s))
           and (%(outcome)s::text is null or l.outcome = %(outcome)s
                or %(outcome)s = 'refused' and l.action = 'standing-read' and l.detail <> '')
           and (%(since)s::timestamptz is null or l.at >= %(since)s)
           and (%(until)s::timestamptz is null or l.at < %(until)s)
         order by l.at desc, l.id desc
         limit %(limit)s) l
  -- Why an emergency was one: it tells of health, and stands in the record, which may be erased. The trail may not.
  left join record.consent_emergency y
    on y.record_id = %(record_id)s and l.action = 'break-glass' and l.target_kind = 'emergency' and y.id = l.target_id
  left join record.documents_document d
    on d.record_id = %(record_id)s and l.target_kind = 'document' and d.id = l.target_id
 order by l.at desc, l.id desc

-- name: trail_marks
-- All such lines, by what they are counted by.
select l.at, l.action, l.outcome
  from trail.line l
 where l.record_id = %(record_id)s
   and (l.outcome = 'refused' or l.target_kind <> 'document'
        or l.target_id in (select d.id from record.documents_document d where d.record_id = %(record_id)s))
   and (%(since)s::timestamptz is null or l.at >= %(since)s)
   and (%(until)s::timestamptz is null or l.at < %(until)s)

-- name: newest_first
-- Before the trail: a page of it is read from its end, by the index. What the planner knows of a record's lines is the
-- average of all records, and for the few with ten thousand it would read and sort them all.
select set_config('enable_sort', 'off', true)

-- name: trail_people
-- Of whom among people, but for the reader, there are such lines: who came last first.
select l.actor_id, l.actor_kind, max(l.at) as at, count(*) as times,
       count(*) filter (where l.outcome = 'refused' or l.action = 'standing-read' and l.detail <> '') as refused
  from trail.line l
  left join record.documents_document d
    on d.record_id = l.record_id and l.target_kind = 'document' and d.id = l.target_id
 where l.record_id = %(record_id)s and l.actor_id <> %(reader)s and l.actor_kind in ('professional', 'person')
   and (l.outcome = 'refused' or l.target_kind <> 'document' or d.id is not null)
 group by l.actor_id, l.actor_kind
 order by at desc, l.actor_id
 limit %(limit)s
