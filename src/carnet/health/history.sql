-- What happened, and what is found: a reader is told the facts that their sources in sight state, and nothing else. Beside
-- `reading_functions.sql`, leaner: no resource is read until a page shows it.

-- Whether folded words have, of every clause, the one or the other (see `record.search_inside`).
create or replace function record.says_all(p_words text, p_either text[], p_or text[]) returns boolean
language sql immutable parallel safe as $$
    select not exists (select from unnest(p_either, p_or) clause (a, b)
                        where strpos(p_words, a) = 0 and (b is null or strpos(p_words, b) = 0))
$$;

-- The same. Written so that it becomes part of the query: of nine thousand words nearly all fail by the first clause.
create or replace function record.says(p_words text, p_either text[], p_or text[]) returns boolean
language sql immutable parallel safe as $$
    select (strpos(p_words, p_either[1]) > 0 or coalesce(strpos(p_words, p_or[1]) > 0, false))
           and (cardinality(p_either) = 1 or record.says_all(p_words, p_either, p_or))
$$;

create or replace function record.paris_day(p_at timestamptz) returns integer
language sql stable parallel safe as $$
    select (p_at at time zone 'Europe/Paris')::date - date '1970-01-01'
$$;

-- Whether a statement is of something that happened; what somebody aims at has not (`health.goals`).
create or replace function record.happened(p_absence boolean, p_series text, p_state text) returns boolean
language sql immutable parallel safe as $$
    select not p_absence and p_series not like 'urn:carnet:fhir:goal|%'
           and p_state <> all (array['not-done', 'cancelled', 'entered-in-error', 'refuted', 'proposed', 'draft', 'preparation',
                                     'planned', 'intended'])
$$;

-- Counts what these documents alone state, by kind and day, beside that they were read: of nine thousand facts `record.history`
-- then looks at a row for each document. `gathered` are the statements that are counted so. Never one whose fact another source
-- states too, nor one that a later version corrects: these depend on what else a reader may see, and are told one by one. What
-- other documents share with these is counted anew. A visit (kind 15, see `health.columns.KINDS`) is alone. Between `lift` and
-- `lower`, after whatever changes what documents state.
create or replace function record.entries_gather(p app.permit, p_sources uuid[]) returns void
language plpgsql volatile security invoker as $$
declare
    touched uuid[] := array(
        select s from unnest(p_sources) s
         union
        select o.source_id
          from record.health_statement t
          join record.health_statement o on o.record_id = t.record_id and o.fact = t.fact and o.gathered
         where t.record_id = p.record_id and t.source_id = any (p_sources) and not t.dropped);
begin
    update record.health_statement s set gathered = g.alone
      from (select t.source_id, t.position,
                   t.said_by = 'document' and not t.dropped and t.corrected_by is null and not exists (
                       select from record.health_statement o
                        where o.record_id = t.record_id and o.fact = t.fact and not o.dropped
                          and (o.source_id, o.position) <> (t.source_id, t.position)) as alone
              from record.health_statement t
             where t.record_id = p.record_id and t.source_id = any (touched)) g
     where s.record_id = p.record_id and s.source_id = g.source_id and s.position = g.position and s.gathered <> g.alone;
    update record.health_reading r
       set gathered = coalesce((
               select json_agg(json_build_array(k.kind, k.first, record.paris_day(k.until - interval '1 microsecond'), k.number,
                                                k.fact, k.place, k.setting) order by k.kind, k.first, k.fact)::text
                 from (select s.kind, record.paris_day(s.since) as first, max(s.until) as until, count(*) as number,
                              v.fact, min(s.place) as place, min(s.setting) as setting
                         from record.health_statement s
                        cross join lateral (select case when s.kind = 15 then s.fact end as fact) v
                        where s.record_id = r.record_id and s.source_id = r.document_id and s.gathered
                          and record.happened(s.absence, s.series, s.state)
                        group by s.kind, record.paris_day(s.since), v.fact) k), '[]')
     where r.record_id = p.record_id and r.document_id = any (touched);
end
$$;

-- Facts that happened, each once: what `record.entries_told` tells, without what was not done, without what is absent, and
-- without what the holder said is another's. `later`: the versions, in sight, by which sources of it are corrected.
-- `source` and `position`: the newest statement in force, whose words are told. `own`: nobody's document; `fresh`: said by
-- another since `p_since`. `hit`: a statement of it has every word asked for.
create or replace function record.history_told(
    p app.permit, p_kinds smallint[], p_facts uuid[], p_since timestamptz, p_either text[], p_or text[]
) returns table (
    fact uuid, kind smallint, since timestamptz, until timestamptz, setting text, place text, struck boolean, own boolean,
    fresh boolean, hit boolean, sources uuid[], later uuid[], source uuid, "position" integer
)
language sql stable security invoker as $$
    with stated as materialized (
        select s.fact, s.kind, s.since, s.until, s.setting, s.place, s.source_id, s.position, s.stated_at,
               s.said_by <> 'document' as own,
               s.said_by <> 'document' and s.depositor_id <> p.actor_id and coalesce(s.known_at > p_since, false) as fresh,
               s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current' as live,
               case when s.corrected_by is not null then (
                   select d.id from record.documents_document d
                    where d.record_id = s.record_id and d.id = s.corrected_by) end as later,
               p_either is null or record.says(s.words, p_either, p_or) as hit
          from record.health_statement s
         where s.record_id = p.record_id and not s.dropped and record.happened(s.absence, s.series, s.state)
           and (p_kinds is null or s.kind = any (p_kinds)) and (p_facts is null or s.fact = any (p_facts))
           and s.source_id not in (
               select h.document_id from record.documents_shelf h where h.record_id = p.record_id and h.not_mine)
    ), told as materialized (
        -- In the list of columns, lest it become a join: what row security leaves is always estimated as one row.
        select t.*, t.live or t.later is not null as told,
               t.fact in (select m.fact from stated m group by m.fact having count(*) > 1) as many
          from stated t
    )
    select t.fact, t.kind, t.since, t.until, t.setting, t.place, t.later is not null, t.own, t.fresh, t.hit,
           array[t.source_id], case when t.later is null then '{}'::uuid[] else array[t.later] end, t.source_id, t.position
      from told t
     where not t.many and t.told
     union all
    select t.fact, min(t.kind), (array_agg(t.since order by t.live desc, t.stated_at desc, t.source_id))[1],
           (array_agg(t.until order by t.live desc, t.stated_at desc, t.source_id))[1],
           (array_agg(t.setting order by t.live desc, t.stated_at desc, t.source_id))[1],
           (array_agg(t.place order by t.live desc, t.stated_at desc, t.source_id))[1],
           bool_or(t.later is not null), bool_or(t.own), bool_and(t.fresh), bool_or(t.hit and t.told),
           array_agg(t.source_id order by t.live desc, t.stated_at desc, t.source_id) filter (where t.told),
           coalesce(array_agg(distinct t.later) filter (where t.later is not null), '{}'),
           (array_agg(t.source_id order by t.live desc, t.stated_at desc, t.source_id))[1],
           (array_agg(t.position order by t.live desc, t.stated_at desc, t.source_id))[1]
      from told t
     where t.many
     group by t.fact
    having bool_or(t.told)
$$;

-- When the facts of a kind happened, of those that stand, and by which source. Written so that it becomes part of the
-- query, which reads one end by the index.
create or replace function record.history_days(p app.permit, p_kind smallint)
returns table (since timestamptz, source_id uuid)
language sql stable security invoker as $$
    select s.since, s.source_id
      from record.health_statement s
     where s.record_id = p.record_id and s.kind = p_kind and s.since is not null and not s.dropped
       and record.happened(s.absence, s.series, s.state)
       and (s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current')
       and s.source_id not in (
           select h.document_id from record.documents_shelf h where h.record_id = p.record_id and h.not_mine)
$$;

-- Everything that happened, as `health.episodes` groups it: the documents in force, and what is told of facts, those of one
-- kind, one day and the same sources counted together; a visit or stay each by itself. `gathered`: what single documents state,
-- as `record.entries_gather` counted it; nothing of it when words are asked for. Days are counted from 1970. Written column by
-- column, for there are thousands. `p_from`: of papers, those of this time and later.
create or replace function record.history_of(
    p app.permit, p_kinds smallint[], p_visit integer, p_since timestamptz, p_either text[], p_or text[],
    p_from timestamptz
) returns table (papers text, gathered text, told text)
language plpgsql stable security invoker as $$
declare
    loose uuid[] := null;
begin
    if p_either is null then
        loose := array(select s.fact from record.health_statement s
                        where s.record_id = p.record_id and not s.gathered and not s.dropped and s.kind = any (p_kinds));
    end if;
    return query
    with opened as materialized (
        select distinct l.target_id
          from trail.line l
         where l.record_id = p.record_id and l.at >= p_since and l.actor_id = p.actor_id and l.outcome = 'done'
           and l.target_kind = 'document' and l.action = 'document-open'
    ), papers as (
        select d.id, d.type_ordinal, record.paris_day(coalesce(d.service_start, d.created_at)) as first,
               record.paris_day(greatest(d.service_stop, d.service_start, case when d.service_start is null then d.created_at end))
                   as last,
               d.organisation_label as place,
               coalesce(d.deposited_at > p_since and d.depositor_id <> p.actor_id
                        and not exists (select from opened o where o.target_id = d.id), false) as fresh,
               p_either is null or coalesce(record.says(t.words, p_either, p_or), false) as hit
          from record.documents_document d
          left join record.documents_text t on p_either is not null and t.record_id = d.record_id and t.document_id = d.id
         where d.record_id = p.record_id
           and (p_from is null or greatest(d.service_stop, d.service_start, d.created_at) >= p_from)
           and (d.status = 'current' or record.status_told(d.record_id, d.id, d.status) = 'current')
           and d.id not in (
               select h.document_id from record.documents_shelf h where h.record_id = p.record_id and h.not_mine)
    ), counted as (
        select r.document_id, r.gathered
          from record.health_reading r
         where p_from is null and p_either is null and r.record_id = p.record_id and r.gathered <> '[]'
           and (r.status = 'current' or record.status_told(r.record_id, r.document_id, r.status) = 'current')
           and r.document_id not in (
               select h.document_id from record.documents_shelf h where h.record_id = p.record_id and h.not_mine)
         union all
        select r.document_id, r.gathered
          from papers a
          join record.health_reading r on r.record_id = p.record_id and r.document_id = a.id
         where p_from is not null and p_either is null and r.gathered <> '[]'
    ), told as materialized (
        select f.* from record.history_told(p, p_kinds, loose, p_since, p_either, p_or) f
    ), clumps as (
        -- Of one source, as nearly all are: grouped by it alone, for lists are slow to compare.
        select f.kind, record.paris_day(f.since) as first, max(f.until) as until, f.source as alone, null::uuid[] as sources,
               f.later, f.struck, bool_or(f.own) as own, bool_or(f.fresh) as fresh, count(*) as number,
               count(*) filter (where f.hit) as hits, null::uuid as fact, '' as place, '' as setting
          from told f
         where f.kind <> p_visit and cardinality(f.sources) = 1
         group by f.kind, record.paris_day(f.since), f.source, f.later, f.struck
         union all
        select f.kind, record.paris_day(f.since), max(f.until), null, f.sources, f.later, f.struck, bool_or(f.own),
               bool_or(f.fresh), count(*), count(*) filter (where f.hit), null, '', ''
          from told f
         where f.kind <> p_visit and cardinality(f.sources) <> 1
         group by f.kind, record.paris_day(f.since), f.sources, f.later, f.struck
         union all
        select f.kind, record.paris_day(f.since), f.until, null, f.sources, f.later, f.struck, f.own, f.fresh, 1,
               f.hit::integer, f.fact, f.place, f.setting
          from told f
         where f.kind = p_visit
    )
    select (select json_build_array(
                       json_agg(a.id), json_agg(a.type_ordinal), json_agg(a.first), json_agg(a.last), json_agg(a.place),
                       json_agg(a.fresh), json_agg(a.hit))::text from papers a),
           (select '[' || string_agg('["' || r.document_id || '",' || r.gathered || ']', ',') || ']' from counted r),
           (select json_build_array(
                       json_agg(b.kind), json_agg(b.first), json_agg(record.paris_day(b.until - interval '1 microsecond')),
                       json_agg(b.alone), json_agg(b.sources), json_agg(b.later), json_agg(b.struck), json_agg(b.own), json_agg(b.fresh),
                       json_agg(b.number), json_agg(b.hits), json_agg(b.fact), json_agg(b.place), json_agg(b.setting))::text
              from clumps b);
end
$$;

drop function if exists record.history(app.permit, text, smallint[], integer, timestamptz, text[], text[]);
create or replace function record.history(
    p app.permit, p_action text, p_kinds smallint[], p_visit integer, p_since timestamptz, p_either text[], p_or text[]
) returns table (papers text, gathered text, told text)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    return query select h.* from record.history_of(p, p_kinds, p_visit, p_since, p_either, p_or, null) h;
end
$$;

-- The end of the same for the home: of thirteen months at least, back to the newest result (`p_result`: its kind) and
-- to what came since `p_since`, with six weeks before for what belongs together. `oldest`: the year of the first fact.
create or replace function record.history_latest(
    p app.permit, p_action text, p_kinds smallint[], p_visit integer, p_result smallint, p_since timestamptz
) returns table (papers text, gathered text, told text, oldest integer)
language plpgsql volatile security invoker as $$
declare
    first_new timestamptz;
    last_result timestamptz;
    first_fact timestamptz;
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    select min(least(d.service_start, d.created_at,
                     (select min(s.since) from record.health_statement s
                       where s.record_id = d.record_id and s.source_id = d.id and s.kind = any (p_kinds))))
      into first_new
      from record.documents_document d
     where d.record_id = p.record_id and d.deposited_at > p_since and d.depositor_id <> p.actor_id;
    -- Of everything about that day, for the line that is told first may be any of it; with each document that states it,
    -- whatever day that names.
    select min(least(f.since, (select greatest(d.service_stop, d.service_start, d.created_at)
                                 from record.documents_document d where d.record_id = p.record_id and d.id = f.source_id)))
      into last_result
      from record.history_days(p, p_result) f
     where f.since >= (select e.since from record.history_days(p, p_result) e order by e.since desc limit 1)
                      - interval '6 weeks';
    select min(e.since) into first_fact
      from unnest(p_kinds) k (kind)
     cross join lateral (select f.since from record.history_days(p, k.kind) f order by f.since limit 1) e;
    return query
    select h.*, extract(year from first_fact at time zone 'Europe/Paris')::integer
      from record.history_of(p, p_kinds, p_visit, p_since, null, null,
                             least(now() - interval '13 months', least(first_new, last_result) - interval '6 weeks')) h;
end
$$;

-- What a page of it says of facts that any of some sources state, and the documents themselves. A second look of the same
-- reading (`p_action` null) leaves no second line.
create or replace function record.history_facts(
    p app.permit, p_kinds smallint[], p_sources uuid[], p_either text[], p_or text[]
) returns table (
    fact uuid, kind smallint, day integer, since timestamptz, until timestamptz, struck boolean, hit boolean,
    sources uuid[], later uuid[], label text, value numeric, comparator text, low numeric, high numeric, ucum text,
    interpretation text, said_by text, fhir text
)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    return query
    with told as (
        select t.fact, t.kind, t.since, t.until, t.struck, t.hit, t.sources, t.later, s.label, s.value, s.comparator, s.low, s.high,
               s.ucum, s.interpretation, s.said_by, s.fhir, s.source_id, s.position
          from record.history_told(p, p_kinds, array(
                   select distinct o.fact from record.health_statement o
                    where o.record_id = p.record_id and o.source_id = any (p_sources) and o.kind = any (p_kinds)
                      and not o.gathered and not o.dropped),
                   null, p_either, p_or) t
         -- `offset 0`: looked up one by one. As a join it would be planned for the one row that row security is always taken
         -- to leave, and go through the whole record for each fact.
         cross join lateral (
               select h.* from record.health_statement h
                where h.record_id = p.record_id and h.source_id = t.source and h.position = t.position offset 0) s
         union all
        -- What a document alone states is as it says it.
        select s.fact, s.kind, s.since, s.until, false, p_either is null or record.says(s.words, p_either, p_or),
               array[s.source_id], '{}'::uuid[], s.label, s.value, s.comparator, s.low, s.high, s.ucum, s.interpretation,
               s.said_by, s.fhir, s.source_id, s.position
          from record.health_statement s
         where s.record_id = p.record_id and s.source_id = any (p_sources) and s.gathered and s.kind = any (p_kinds)
           and record.happened(s.absence, s.series, s.state)
           and (s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current')
    )
    select t.fact, t.kind, record.paris_day(t.since), t.since, t.until, t.struck, t.hit, t.sources, t.later, t.label, t.value,
           t.comparator::text, t.low, t.high, t.ucum, t.interpretation, t.said_by::text, t.fhir
      from told t
     order by t.since, t.source_id, t.position;
end
$$;

create or replace function record.history_papers(p app.permit, p_ids uuid[])
returns table (
    id uuid, status text, type_ordinal smallint, title text, labels integer, created_at timestamptz,
    service_start timestamptz, author_label text, organisation_label text, media_type text, size bigint,
    deposited_at timestamptz, mine boolean
)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    return query
    select d.id, 'current'::text, d.type_ordinal, d.title, d.labels | (d.standing << 8), d.created_at, d.service_start,
           d.author_label, d.organisation_label, d.media_type, d.size, d.deposited_at, d.depositor_id = p.actor_id
      from record.documents_document d
     where d.record_id = p.record_id and d.id = any (p_ids);
end
$$;

-- Facts of any kind that have every word asked for, newest first, what has no date last. Of each kind, series and label
-- the newest alone, with how many there are. The first row has the number of all facts; when there is none, `words` has
-- the words of what may be seen instead, for what was mistyped.
create or replace function record.entry_find(
    p app.permit, p_action text, p_either text[], p_or text[], p_limit integer
) returns table (
    total bigint, words text, fact uuid, kind smallint, series text, since timestamptz, until timestamptz, struck boolean,
    sources uuid[], label text, value numeric, comparator text, low numeric, high numeric, ucum text,
    interpretation text, said_by text, fhir text, times bigint
)
language plpgsql volatile security invoker as $$
declare
    denied text[] := array['refuted', 'not-done', 'cancelled', 'entered-in-error'];
begin
    perform record.enter(p);
    if p_action is not null then
        perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    end if;
    return query
    with seen as materialized (
        -- Once: the policies of nine thousand rows are what a search takes longest for.
        select s.fact, s.source_id, s.status, s.words
          from record.health_statement s
         where s.record_id = p.record_id and not s.dropped
    ), found as materialized (
        select distinct s.fact from seen s where record.says(s.words, p_either, p_or)
    ), told as (
        -- What was denied or not done is no hit of what holds.
        select e.*, count(*) over (partition by e.kind, e.series, lower(e.label), e.absence, e.state = any (denied)) as times,
               row_number() over (partition by e.kind, e.series, lower(e.label), e.absence, e.state = any (denied)
                                  order by e.struck, e.since desc nulls last, e.fact) as rank
          from record.entries_told(p.record_id, null, null, array(select f.fact from found f)) e
         where exists (
               select from record.health_statement s
                where s.record_id = p.record_id and s.fact = e.fact and s.source_id = any (e.sources) and not s.dropped
                  and record.says(s.words, p_either, p_or))
    ), listed as (
        select * from told t where t.rank = 1 order by t.since desc nulls last, t.fact limit p_limit
    )
    select n.total, n.words, l.fact, l.kind, l.series, l.since, l.until, l.struck, l.sources, l.label, l.value,
           l.comparator, l.low, l.high, l.ucum, l.interpretation, l.said_by, l.fhir, l.times
      from (select (select count(*) from told) as total,
                   case when not exists (select from told) then (
                       select string_agg(w.words, e'\n')
                         from (select distinct s.words collate "C" as words
                                 from seen s
                                where s.status = 'current'
                                      or record.status_told(p.record_id, s.source_id, s.status) = 'current') w) end as words) n
      left join listed l on true
     order by l.since desc nulls last, l.fact;
end
$$;

grant execute on function record.entries_gather(app.permit, uuid[]) to carnet_writer;
grant execute on function record.happened(boolean, text, text), record.paris_day(timestamptz) to carnet_reader, carnet_writer;
grant execute on function
    record.history_told(app.permit, smallint[], uuid[], timestamptz, text[], text[]),
    record.says(text, text[], text[]),
    record.says_all(text, text[], text[]),
    record.history_of(app.permit, smallint[], integer, timestamptz, text[], text[], timestamptz),
    record.history_days(app.permit, smallint),
    record.history(app.permit, text, smallint[], integer, timestamptz, text[], text[]),
    record.history_latest(app.permit, text, smallint[], integer, smallint, timestamptz),
    record.history_facts(app.permit, smallint[], uuid[], text[], text[]),
    record.history_papers(app.permit, uuid[]),
    record.entry_find(app.permit, text, text[], text[], integer)
    to carnet_reader;
