-- name: own_sources
-- What people said themselves: whether it is hidden from professionals and from who represents the holder, who wrote it,
-- and whether they did as a carer.
select s.source_id, s.labels & 1 <> 0 as masked, s.labels & 4 <> 0 as secret, s.depositor_id, s.stated_at,
       exists (select from record.people_care_link l
                where l.record_id = s.record_id and l.carer_id = s.depositor_id) as helps
  from record.health_statement s
 where s.record_id = %(record_id)s and s.said_by <> 'document' and s.status = 'current'

-- name: kept_back
-- Sources that somebody is kept from, by their labels or by a standing mask. Of those, who enters with every label hidden
-- sees their own alone.
select distinct s.source_id
  from record.health_statement s
 where s.record_id = %(record_id)s and (s.labels <> 0 or s.standing <> 0)

-- name: kept
-- From whom some sources are hidden: professionals (by a label or a standing mask), who represents the holder.
select coalesce(bool_or(s.labels & 1 <> 0 or s.standing <> 0), false) as masked,
       coalesce(bool_or(s.labels & 4 <> 0), false) as secret
  from record.health_statement s
 where s.record_id = %(record_id)s and s.source_id = any(%(ids)s)

-- name: instead
-- The newest statement of each of these facts from which nobody is kept.
select distinct on (s.fact)
       s.fact, s.kind, s.question, s.said_by::text as said_by, s.series, s.label, s.since, s.until, s.state, s.value,
       s.ucum, s.comparator::text as comparator, s.low, s.high, s.interpretation, s.absence, s.fhir, s.known_at,
       false as struck, s.depositor_id = %(actor_id)s as mine, array[s.source_id] as sources
  from record.health_statement s
 where s.record_id = %(record_id)s and s.fact = any(%(facts)s) and not s.dropped and s.labels = 0 and s.standing = 0
   and s.corrected_by is null
   and (s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current')
 order by s.fact, s.stated_at desc, s.source_id

-- name: documents
select d.id, d.title, d.author_label, d.organisation_label, coalesce(d.service_start, d.created_at) as at,
       d.author_id, d.depositor_id
  from record.documents_document d
 where d.record_id = %(record_id)s and d.id = any(%(ids)s)

-- name: words
select w.id, w.kind, w.name, w.relation, w.phone, w.answer, w.words, w.at, w.labels & 1 <> 0 as masked,
       w.labels & 4 <> 0 as secret, w.depositor_id
  from record.health_own_word w
 where w.record_id = %(record_id)s and w.status = 'current'
 order by w.kind, w.at, w.id

-- name: say
insert into record.health_own_word (record_id, id, kind, name, relation, phone, answer, words, at, type_ordinal, labels,
                                    status, depositor_id, author_id, standing)
values (%(record_id)s, %(id)s, %(kind)s, %(name)s, %(relation)s, %(phone)s, %(answer)s, %(words)s, %(at)s, %(type)s,
        %(labels)s, 'current', %(actor_id)s, null, 0)

-- name: unsay
update record.health_own_word w set status = 'superseded'
 where w.record_id = %(record_id)s and w.id = %(id)s and w.status = 'current'
returning w.labels

-- name: arrangement
select a.sections::text[] as sections, a.pinned::text[] as pinned, a.dismissed::text[] as dismissed,
       a.answered::text[] as answered
  from record.health_arrangement a
 where a.record_id = %(record_id)s

-- name: arrange
insert into record.health_arrangement as a (record_id, sections, pinned, dismissed, answered)
values (%(record_id)s, coalesce(%(sections)s::text[], '{}'), coalesce(%(pinned)s::text[], '{}'),
        coalesce(%(dismissed)s::text[], '{}'), coalesce(%(answered)s::text[], '{}'))
    on conflict (record_id) do update
   set sections = coalesce(%(sections)s::text[], a.sections), pinned = coalesce(%(pinned)s::text[], a.pinned),
       dismissed = coalesce(%(dismissed)s::text[], a.dismissed), answered = coalesce(%(answered)s::text[], a.answered)

-- name: reports
select r.id, r.fact, r.source_id, r.words, r.at, r.reporter_id, r.depositor_id, r.answered_at,
       r.corrected_by is not null as corrected
  from record.health_fact_report r
 where r.record_id = %(record_id)s and r.taken_back_at is null
 order by r.at desc, r.id

-- name: stated_in
-- Under what lock a fact stands in a document, or in a professional's own note, that the reporter may see.
select s.said_by = 'professional' as noted, s.type_ordinal, s.labels, s.status, s.depositor_id, s.author_id, s.standing
  from record.health_statement s
 where s.record_id = %(record_id)s and s.source_id = %(source_id)s and s.fact = %(fact)s and s.said_by <> 'person'
   and not s.dropped
 limit 1

-- name: report
insert into record.health_fact_report (record_id, id, fact, source_id, reporter_id, words, at, type_ordinal, labels,
                                       status, depositor_id, author_id, standing)
values (%(record_id)s, %(report_id)s, %(fact)s, %(source_id)s, %(actor_id)s, %(words)s, now(), %(type_ordinal)s,
        %(labels)s, %(status)s, %(depositor_id)s, %(author_id)s, %(standing)s)
    on conflict (record_id, fact, source_id) where taken_back_at is null do nothing
returning id

-- name: open_case
insert into app.health_fact_case (id, record_id, source_id, noted, depositor_id, at)
values (%(report_id)s, %(record_id)s, %(source_id)s, %(noted)s, %(depositor_id)s, now())

-- name: take_back
update record.health_fact_report r set taken_back_at = now()
 where r.record_id = %(record_id)s and r.fact = %(fact)s and r.source_id = %(source_id)s
   and r.taken_back_at is null
returning r.id

-- name: close_case
update app.health_fact_case set closed_at = now() where id = any(%(ids)s) and closed_at is null

-- name: cases
select c.id, c.record_id, c.source_id, c.noted, c.depositor_id, c.at
  from app.health_fact_case c
 where c.closed_at is null and (%(about)s::uuid is null or c.source_id = %(about)s)
   and (%(after)s::uuid is null or (c.at, c.id) > (select o.at, o.id from app.health_fact_case o where o.id = %(after)s))
 order by c.at, c.id
 limit %(limit)s

-- name: how_many_cases
select count(*) as open from app.health_fact_case where closed_at is null

-- name: reports_of
-- What the person says is wrong in a document, for whoever may see that document.
select r.fact, r.words, r.at, max(s.label) as label
  from record.health_fact_report r
  join record.health_statement s
    on s.record_id = r.record_id and s.source_id = r.source_id and s.fact = r.fact and not s.dropped
 where r.record_id = %(record_id)s and r.source_id = %(document_id)s and r.taken_back_at is null
 group by r.id, r.fact, r.words, r.at
 order by r.at desc

-- name: told_of
-- One fact as its reader is told it.
select e.fact, e.kind, e.question, e.said_by, e.series, e.label, e.since, e.until, e.state, e.value, e.ucum,
       e.comparator, e.low, e.high, e.interpretation, e.absence, e.fhir, e.known_at, e.struck, e.mine, e.sources
  from record.entries_told(%(record_id)s, null, null, array[%(fact)s]::uuid[]) e

-- name: followed
-- Every error that was reported, newest first: what the line is called as long as it stands, and how far it has come.
select r.fact, r.source_id, r.depositor_id, r.at, r.answered_at, coalesce(max(s.label), '') as label,
       r.corrected_by is not null
           or coalesce(bool_or(exists (select from record.documents_document d
                                        where d.record_id = s.record_id and d.id = s.corrected_by)), false) as corrected
  from record.health_fact_report r
  left join record.health_statement s
    on s.record_id = r.record_id and s.source_id = r.source_id and s.fact = r.fact and not s.dropped
 where r.record_id = %(record_id)s and r.taken_back_at is null
 group by r.id, r.fact, r.source_id, r.depositor_id, r.at, r.answered_at, r.corrected_by
 order by r.at desc, r.id
