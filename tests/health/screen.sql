-- What `carnet/health/screen.sql` tells, written as one condition on every statement in sight: slow, and plain to read.

-- name: facts
-- The newest statement in force of each fact that nobody corrected. `lasting` kinds that a year has ended are left out; of
-- `capped` ones the newest are told, with how many there are (`many`); of visits those that lasted a night or of whose end
-- nothing is said, and those of an emergency ward.
with said as materialized (
    select s.fact, s.kind, s.since, s.source_id, s.position, s.stated_at,
           s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current' as live,
           s.corrected_by is not null and exists (
               select from record.documents_document d
                where d.record_id = s.record_id and d.id = s.corrected_by) as corrected
      from record.health_statement s
     where s.record_id = %(record_id)s and not s.dropped and s.state <> 'entered-in-error'
       -- What was not done takes no place of what was.
       and (s.state not in ('not-done', 'cancelled') or s.kind <> all (%(capped)s::smallint[]))
       and (s.kind = any (%(kinds)s::smallint[])
            or s.kind = any (%(lasting)s::smallint[]) and (coalesce(s.since, s.known_at) >= %(year)s or s.until > %(now)s)
            or s.kind = %(visit)s::smallint and s.setting = any (%(stays)s::text[])
               -- As `stays.has_nights`, `is_open`.
               and (s.setting = 'EMER'
                    or ((s.until - interval '1 microsecond') at time zone 'Europe/Paris')::date
                       > (s.since at time zone 'Europe/Paris')::date
                    or s.fhir not like '%%"end":%%')
            or s.series = any (%(series)s::text[]))
), standing as (
    select distinct on (t.fact) t.* from said t
     where t.live and t.fact <> all (array(select c.fact from said c where c.corrected))
     order by t.fact, t.stated_at desc, t.source_id
), ranked as (
    select a.source_id, a.position,
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
 where r.rank <= case when s.kind = any (%(capped)s::smallint[]) then %(most)s else 100000 end
 order by s.since desc nulls last, s.fact

-- name: values
-- Of results since the window opens the last `each` of the `few` series that come first: those whose last value lies
-- outside its laboratory's range, or is flagged by it (`flags`), and is of these weeks (`fresh`), then those asked for by name in their order, then the
-- others outside, then those that somebody aims at, then the newest. Of measures the last `each` whenever they were taken;
-- what somebody aims at, whenever they said it. With the last of each comes its resource, and where no number says what was found. `every`: how many series of results there are.
with said as materialized (
    select s.fact, s.kind, s.series, s.since, s.known_at, s.source_id, s.position, s.stated_at, s.state,
           s.value > s.high and s.comparator not like '<%%' or s.value < s.low and s.comparator not like '>%%'
           or s.interpretation = any (%(flags)s::text[]) as outside,
           s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current' as live,
           s.corrected_by is not null and exists (
               select from record.documents_document d
                where d.record_id = s.record_id and d.id = s.corrected_by) as corrected
      from record.health_statement s
     where s.record_id = %(record_id)s and not s.dropped and s.kind = any (%(kinds)s::smallint[])
       and s.state <> 'entered-in-error'
       and (%(since)s::timestamptz is null or s.since >= %(since)s or s.kind = %(measure)s::smallint
            or s.series like 'urn:carnet:fhir:goal|%%')
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
