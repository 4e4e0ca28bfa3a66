-- What a professional's screen shows of a record that has been entered: as `record.entries_told` tells facts, found without
-- carrying whole rows about. No row but those in the sight of this reader.
--
-- The policies of a row cost more than all else here, and a record has thousands of rows. PostgreSQL asks them after the
-- conditions of an index, and after comparisons that can tell nobody what they compared; before any other condition (`like`,
-- functions). So each part below finds its rows by an index and by comparisons alone as far as it can.

-- name: facts
-- The newest statement in force of each fact that nobody corrected. `lasting` kinds that a year has ended are left out; of
-- `capped` ones the newest are told, with how many there are (`many`); of visits those that lasted a night or of whose end
-- nothing is said, and those of an emergency ward.
with seen as materialized (
    select s.fact, s.kind, s.since, s.source_id, s.position, s.stated_at, s.status, s.corrected_by
      from record.health_statement s
     where s.record_id = %(record_id)s and not s.dropped and s.state <> 'entered-in-error'
       -- What was not done takes no place of what was.
       and (s.state not in ('not-done', 'cancelled') or s.kind <> all (%(capped)s::smallint[]))
       and s.kind = any (%(kinds)s::smallint[])
     union all
    select s.fact, s.kind, s.since, s.source_id, s.position, s.stated_at, s.status, s.corrected_by
      from record.health_statement s
     where s.record_id = %(record_id)s and not s.dropped and s.state <> 'entered-in-error'
       and s.kind = any (%(lasting)s::smallint[]) and (coalesce(s.since, s.known_at) >= %(year)s or s.until > %(now)s)
     union all
    select s.fact, s.kind, s.since, s.source_id, s.position, s.stated_at, s.status, s.corrected_by
      from record.health_statement s
     where s.record_id = %(record_id)s and not s.dropped and s.state <> 'entered-in-error'
       and s.state not in ('not-done', 'cancelled')
       and s.kind = %(visit)s::smallint and s.setting = any (%(stays)s::text[])
       -- As `stays.has_nights`, `is_open`.
       and (s.setting = 'EMER'
            or ((s.until - interval '1 microsecond') at time zone 'Europe/Paris')::date
               > (s.since at time zone 'Europe/Paris')::date
            or s.fhir not like '%%"end":%%')
     union all
    -- What is told twice here is once in `standing`.
    select s.fact, s.kind, s.since, s.source_id, s.position, s.stated_at, s.status, s.corrected_by
      from record.health_statement s
     where cardinality(%(series)s::text[]) > 0 and s.series = any (%(series)s::text[])
       and s.record_id = %(record_id)s and not s.dropped and s.state <> 'entered-in-error'
       and (s.state not in ('not-done', 'cancelled') or s.kind <> all (%(capped)s::smallint[]))
), said as materialized (
    select s.*, s.status = 'current' or record.status_told(%(record_id)s, s.source_id, s.status) = 'current' as live,
           s.corrected_by is not null and exists (
               select from record.documents_document d
                where d.record_id = %(record_id)s and d.id = s.corrected_by) as corrected
      from seen s
), standing as (
    select distinct on (t.fact) t.* from said t
     where t.live and t.fact <> all (array(select c.fact from said c where c.corrected))
     order by t.fact, t.stated_at desc, t.source_id
), ranked as (
    select a.kind, a.source_id, a.position,
           row_number() over (partition by a.kind order by a.since desc nulls last, a.fact) as rank,
           count(*) over (partition by a.kind) as many
      from standing a
)
select s.fact, s.kind, s.question, s.said_by::text as said_by, s.series, s.label, s.since, s.until, s.state, s.value,
       s.ucum, s.comparator::text as comparator, s.low, s.high, s.interpretation, s.absence, s.fhir, s.known_at,
       false as struck, s.depositor_id = %(actor_id)s as mine, array[s.source_id] as sources, r.many
  from ranked r
  -- `offset 0`: looked up one by one; see `record.history_facts`.
 cross join lateral (
       select h.* from record.health_statement h
        where h.record_id = %(record_id)s and h.source_id = r.source_id and h.position = r.position offset 0) s
 where r.rank <= case when r.kind = any (%(capped)s::smallint[]) then %(most)s else 100000 end
 order by s.since desc nulls last, s.fact

-- name: values
-- Of results since the window opens the last `each` of the `few` series that come first: those whose last value lies
-- outside its laboratory's range, or is flagged by it (`flags`), and is of these weeks (`fresh`), then those asked for by name in their order, then the
-- others outside, then those that somebody aims at, then the newest. Of measures the last `each` whenever they were taken;
-- what somebody aims at, whenever they said it. With the last of each comes its resource, and where no number says what was found. `every`: how many series of results there are.
with seen as materialized (
    select s.fact, s.kind, s.series, s.since, s.known_at, s.source_id, s.position, s.stated_at, s.state, s.value, s.low,
           s.high, s.comparator, s.interpretation, s.status, s.corrected_by
      from record.health_statement s
     where s.record_id = %(record_id)s and not s.dropped and s.kind = any (%(kinds)s::smallint[])
       and s.state <> 'entered-in-error' and (%(since)s::timestamptz is null or s.since >= %(since)s)
     union all
    select s.fact, s.kind, s.series, s.since, s.known_at, s.source_id, s.position, s.stated_at, s.state, s.value, s.low,
           s.high, s.comparator, s.interpretation, s.status, s.corrected_by
      from record.health_statement s
     where %(since)s::timestamptz is not null and s.record_id = %(record_id)s and not s.dropped
       and s.state <> 'entered-in-error' and s.kind = %(measure)s::smallint and s.kind = any (%(kinds)s::smallint[])
       and coalesce(s.since < %(since)s, true)
     union all
    select s.fact, s.kind, s.series, s.since, s.known_at, s.source_id, s.position, s.stated_at, s.state, s.value, s.low,
           s.high, s.comparator, s.interpretation, s.status, s.corrected_by
      from record.health_statement s
     where %(since)s::timestamptz is not null and s.record_id = %(record_id)s and not s.dropped
       and s.state <> 'entered-in-error' and s.kind = any (%(kinds)s::smallint[]) and s.kind <> %(measure)s::smallint
       and coalesce(s.since < %(since)s, true)
       -- `like 'urn:carnet:fhir:goal|%%'`, by the index of goals.
       and s.series collate "C" >= 'urn:carnet:fhir:goal|' and s.series collate "C" < 'urn:carnet:fhir:goal}'
), said as materialized (
    select s.fact, s.kind, s.series, s.since, s.known_at, s.source_id, s.position, s.stated_at, s.state,
           s.value > s.high and s.comparator not like '<%%' or s.value < s.low and s.comparator not like '>%%'
           or s.interpretation = any (%(flags)s::text[]) as outside,
           s.status = 'current' or record.status_told(%(record_id)s, s.source_id, s.status) = 'current' as live,
           s.corrected_by is not null and exists (
               select from record.documents_document d
                where d.record_id = %(record_id)s and d.id = s.corrected_by) as corrected
      from seen s
), standing as (
    select distinct on (t.fact) t.* from said t
     where t.live and t.fact <> all (array(select c.fact from said c where c.corrected))
     order by t.fact, t.stated_at desc, t.source_id
), ranked as (
    select a.*, case when a.series = '' then a.fact::text else a.series end as name,
           row_number() over (
               partition by a.kind, a.series collate "C", case when a.series = '' then a.fact end
                   order by a.since desc nulls last, a.known_at desc, a.fact) as rank
      from standing a
     -- A result called off hides no value. Left out here only: of one fact, what was said before is not back in force.
     where a.state <> 'cancelled' or a.series like 'urn:carnet:fhir:goal|%%'
), aims as (
    select replace(t.series, 'urn:carnet:fhir:goal|', '') as name from standing t
     where t.series like 'urn:carnet:fhir:goal|%%'
), placed as (
    select h.name, count(*) over () as every, row_number() over (
               order by (h.outside is true and h.since > %(fresh)s) is true desc,
                        array_position(%(first)s::text[], h.name) nulls last, h.outside is true desc,
                        h.name = any (array(select a.name from aims a)) desc,
                        h.since desc nulls last, h.name) as place
      from ranked h
     where h.rank = 1 and h.kind <> %(measure)s::smallint and h.series not like 'urn:carnet:fhir:goal|%%'
)
select s.fact, s.kind, s.question, s.said_by::text as said_by, s.series, s.label, s.since, s.until, s.state, s.value,
       s.ucum, s.comparator::text as comparator, s.low, s.high, s.interpretation, s.absence,
       case when r.rank = 1 or s.value is null or s.ucum = '' then s.fhir else '' end as fhir, s.known_at,
       false as struck, s.depositor_id = %(actor_id)s as mine, array[s.source_id] as sources,
       coalesce((select max(p.every) from placed p), 0) as every
  from ranked r
  -- `offset 0`: looked up one by one; see `record.history_facts`.
 cross join lateral (
       select h.* from record.health_statement h
        where h.record_id = %(record_id)s and h.source_id = r.source_id and h.position = r.position offset 0) s
 where r.rank <= %(each)s
   and (r.kind = %(measure)s::smallint or r.series like 'urn:carnet:fhir:goal|%%'
        or r.name in (select p.name from placed p where p.place <= %(few)s))
 order by s.since desc nulls last, s.fact

-- name: papers
-- Documents in force of acts since the window opens, and those of types that count whenever they are from, newest first.
select d.id, 'current' as status, d.type_ordinal, d.title, d.labels | (d.standing << 8) as labels, d.created_at,
       d.service_start, d.author_label, d.organisation_label, d.media_type, d.size, d.deposited_at,
       d.depositor_id = %(actor_id)s as mine
  from record.documents_document d
 where d.record_id = %(record_id)s
   and (d.status = 'current' or record.status_told(d.record_id, d.id, d.status) = 'current')
   and (%(since)s::timestamptz is null or coalesce(d.service_start, d.created_at) >= %(since)s
        or d.type_ordinal = any (%(always)s::smallint[]))
 order by coalesce(d.service_start, d.created_at) desc, d.id desc

-- name: last_visit
select trail.last_visit() as at

-- name: new_papers
-- Documents in force that somebody else deposited since.
select d.id, 'current' as status, d.type_ordinal, d.title, d.labels | (d.standing << 8) as labels, d.created_at,
       d.service_start, d.author_label, d.organisation_label, d.media_type, d.size, d.deposited_at, false as mine
  from record.documents_document d
 where d.record_id = %(record_id)s and d.deposited_at > %(seen)s and d.depositor_id <> %(actor_id)s
   and (d.status = 'current' or record.status_told(d.record_id, d.id, d.status) = 'current')
 order by d.deposited_at desc, d.id

-- name: new_facts
-- What somebody else's source told since of facts that no source had told before (`corrected` false); and what a document
-- that came since says otherwise than the version that it replaces, which is looked for only when one has come. What was
-- called off, or written in error, is told of what had been told otherwise before (`called_off`), and is no news else.
with versions as materialized (
    select d.id, d.deposited_at
      from record.documents_document d
     where d.record_id = %(record_id)s and d.deposited_at > %(seen)s and d.depositor_id <> %(actor_id)s
       and d.replaces_id is not null
)
(select s.fact, s.kind, s.said_by::text as said_by, s.series, s.label, s.since, s.state, s.value, s.ucum,
        s.comparator::text as comparator, s.low, s.high, s.interpretation, s.known_at, s.source_id, false as corrected,
        s.state = any (%(off)s::text[]) as called_off
   from (select c.record_id, c.fact, c.question, c.kind, c.said_by, c.series, c.label, c.since, c.state, c.value, c.ucum,
                c.comparator, c.low, c.high, c.interpretation, c.known_at, c.source_id
           from record.health_statement c
          where c.record_id = %(record_id)s and not c.dropped and not c.absence and c.known_at > %(seen)s
            and c.depositor_id <> %(actor_id)s and c.corrected_by is null and c.series not like 'urn:carnet:fhir:goal|%%'
            and (c.status = 'current' or record.status_told(c.record_id, c.source_id, c.status) = 'current')
          -- `offset 0`: in their order first, so that what was told before is looked for until there are enough.
          order by c.known_at desc, c.fact offset 0) s
  where case when s.state = 'entered-in-error' or s.state = 'cancelled' and s.kind = any (%(values)s::smallint[])
        then exists (
            select from record.health_statement o
             where o.record_id = s.record_id and (o.fact = s.fact or o.question = s.question) and not o.dropped
               and o.known_at <= %(seen)s and o.state <> all (%(off)s::text[]))
        else not exists (
            select from record.health_statement o
             where o.record_id = s.record_id and o.fact = s.fact and o.known_at <= %(seen)s and not o.dropped) end
  order by s.known_at desc, s.fact
  limit %(most)s)
union all
select s.fact, s.kind, s.said_by::text, s.series, s.label, s.since, s.state, s.value, s.ucum, s.comparator::text, s.low,
       s.high, s.interpretation, v.deposited_at, v.id, true, false
  from record.health_statement s
  join versions v on v.id = s.corrected_by
 where (select count(*) from versions) > 0
   and s.record_id = %(record_id)s and not s.dropped and s.known_at <= %(seen)s
   -- What the new version calls off is told above.
   and not exists (
       select from record.health_statement n
        where n.record_id = s.record_id and n.source_id = v.id and n.question = s.question and not n.dropped
          and n.state = any (%(off)s::text[]))
 order by 14 desc, 1
 limit %(most)s

-- name: amending
select c.id from record.words_corrected(%(record_id)s, %(words)s, %(seen)s) c

-- name: said
-- Who said themselves what is told, by the ids of what they said.
select s.source_id, s.labels & 1 <> 0 as masked, s.labels & 4 <> 0 as secret, s.depositor_id, s.stated_at
  from record.health_statement s
 where s.record_id = %(record_id)s and s.source_id = any (%(ids)s) and s.said_by <> 'document'
