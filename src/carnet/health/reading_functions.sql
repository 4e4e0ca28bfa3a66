-- The structured record as a reader is told it: each fact once, by the sources in their sight.

-- Each fact once, as the newest of its sources in this reader's sight states it. It is there while a document in force
-- states it; struck, as long as somebody may see that the same document said otherwise later. Both are told by what this
-- reader may see, and by nothing else.
create or replace function record.entries_told(
    p_record uuid, p_kinds smallint[], p_series text[], p_facts uuid[]
) returns table (
    fact uuid, kind smallint, question uuid, said_by text, series text, label text, since timestamptz,
    until timestamptz, state text, value numeric, ucum text, comparator text, low numeric, high numeric,
    interpretation text, absence boolean, tokens bigint[], fhir text, known_at timestamptz, struck boolean, mine boolean, sources uuid[]
)
language sql stable security invoker as $$
    with stated as (
        select s.*,
               s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current' as live,
               s.corrected_by is not null and exists (
                   select from record.documents_document d
                    where d.record_id = s.record_id and d.id = s.corrected_by) as corrected
          from record.health_statement s
         where s.record_id = p_record and not s.dropped
           and (p_kinds is null or s.kind = any (p_kinds))
           and (p_series is null or s.series = any (p_series))
           and (p_facts is null or s.fact = any (p_facts))
    ), judged as (
        -- Without a join: a plan that is kept for every record would join thousands of facts one with another.
        select t.*, bool_or(t.live) over f as held, bool_or(t.corrected) over f as struck,
               array_agg(t.source_id) filter (where t.live or t.corrected) over f as sources
          from stated t
        window f as (partition by t.fact order by t.stated_at desc, t.source_id
                     rows between unbounded preceding and unbounded following)
    )
    select distinct on (t.fact)
           t.fact, t.kind, t.question, t.said_by, t.series, t.label, t.since, t.until, t.state, t.value, t.ucum,
           t.comparator, t.low, t.high, t.interpretation, t.absence, t.tokens, t.fhir, t.known_at, t.struck,
           t.depositor_id = nullif(current_setting('carnet.actor', true), '')::uuid as mine, t.sources
      from judged t
     where t.held or t.struck
     order by t.fact, t.live desc, t.stated_at desc, t.source_id
$$;

-- Resources of the facts that match a search: one row at least, which has the number of all that match; `p_after` and
-- `p_after_id` continue a page. `p_asked` and `p_sort` are those of `record.entry_matches` and `record.sort_key`. A struck
-- fact is in error: it is told to who asks for that status, or for the fact itself by its id.
create or replace function record.entry_search(
    p app.permit, p_action text, p_kinds smallint[], p_statuses text[], p_ids uuid[], p_asked jsonb, p_sort text[],
    p_after numeric[], p_after_id uuid, p_limit integer
) returns table (total bigint, fact uuid, key numeric[], fhir text, struck boolean, sources uuid[])
-- A plan for these parameters: of the many that ask nothing, those that do find by an index.
language plpgsql volatile security invoker set plan_cache_mode = 'force_custom_plan' as $$
declare
    -- One group of codes, most often the only one: it spares most facts the rest.
    codes bigint[] := (select array_agg(c::bigint) from jsonb_array_elements_text(p_asked -> 'tokens' -> 0) c);
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    return query
    with matching as materialized (
        select e.fact,
               case when p_sort is null then array[-extract(epoch from coalesce(e.since, '0001-01-01Z'))]
               else record.sort_key(p_sort, jsonb_build_object('date', coalesce(e.since, '0001-01-01Z'),
                                                               '_lastUpdated', e.known_at)) end as key
          from record.entries_told(p.record_id, p_kinds, null, p_ids) e
         where case when p_statuses is null then p_ids is not null or not e.struck
               else case when e.struck then 'entered-in-error' else e.state end = any (p_statuses) end
           and (codes is null or e.tokens && codes)
           and (p_asked is null
                or (p_asked -> 'periods' is null or e.since is not null)
                   and record.entry_matches(p_asked, e.tokens, '{}', jsonb_build_object('_lastUpdated', e.known_at),
                                            e.since, e.until - interval '1 microsecond'))
    ), page as materialized (
        select m.* from matching m
         where p_after is null or (m.key, m.fact) > (p_after, p_after_id)
         order by m.key, m.fact
         limit p_limit
    ), told as (
        -- Their texts are long: those of the page alone are looked at.
        select e.fact, e.fhir, e.struck, e.sources
          from record.entries_told(p.record_id, p_kinds, null, array(select g.fact from page g)) e
    )
    select n.total, g.fact, g.key, t.fhir, t.struck, t.sources
      from (select count(*) as total from matching) n
      left join (page g join told t on t.fact = g.fact) on true
     order by g.key, g.fact;
end
$$;

-- The facts of some kinds or series for a page that people read, newest first, those without a date last. `p_stays`: without
-- visits that a document says to have been no stay. Beside a reading that leaves the line of the act, `p_action` is null.
drop function if exists record.entry_lines(app.permit, text, smallint[], text[]);
create or replace function record.entry_lines(
    p app.permit, p_action text, p_kinds smallint[], p_series text[], p_stays smallint
) returns table (
    fact uuid, kind smallint, question uuid, said_by text, series text, label text, since timestamptz,
    until timestamptz, state text, value numeric, ucum text, comparator text, low numeric, high numeric,
    interpretation text, absence boolean, fhir text, known_at timestamptz, struck boolean, mine boolean, sources uuid[]
)
-- As `record.entry_search`.
language plpgsql volatile security invoker set plan_cache_mode = 'force_custom_plan' as $$
declare
    facts uuid[];
begin
    perform record.enter(p);
    if p_action is not null then
        perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    end if;
    if p_stays is not null then
        facts := array(
            select s.fact from record.health_statement s
             where s.record_id = p.record_id and s.kind = any (p_kinds) and not s.dropped
               and (s.kind <> p_stays or s.said_by <> 'document' or s.setting <> 'AMB'));
    end if;
    return query
    select e.fact, e.kind, e.question, e.said_by, e.series, e.label, e.since, e.until, e.state, e.value, e.ucum,
           e.comparator, e.low, e.high, e.interpretation, e.absence, e.fhir, e.known_at, e.struck, e.mine, e.sources
      from record.entries_told(p.record_id, p_kinds, p_series, facts) e
     order by e.since desc nulls last, e.fact;
end
$$;

-- Of these sources those in sight: when each came, and what is known of the document; "" for somebody's own words. The
-- search that named them has left its line.
create or replace function record.entry_sources(p app.permit, p_ids uuid[])
returns table (id uuid, received timestamptz, fhir text)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    return query
    select d.id, d.deposited_at, record.fhir_told(d.record_id, d.id, d.status, t.told, d.fhir)
      from record.documents_document d
     cross join record.status_told(d.record_id, d.id, d.status) t (told)
     where d.record_id = p.record_id and d.id = any (p_ids)
    union all
    select s.source_id, s.known_at, ''
      from record.health_statement s
     where s.record_id = p.record_id and s.source_id = any (p_ids) and s.said_by <> 'document' and not s.dropped;
end
$$;

-- A page of everything: documents first, then facts of some kinds, each by id; `p_since`: what came or changed from then
-- on; `p_period`: what it overlaps, and what has no date.
create or replace function record.everything(
    p app.permit, p_documents boolean, p_kinds smallint[], p_since timestamptz, p_period tstzrange,
    p_after_rank integer, p_after_id uuid, p_limit integer
) returns table (rank integer, id uuid, fhir text, sources uuid[])
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    perform trail.note(p, 'everything-read', 'done', 'record', null, '', 0);
    return query
    with documents as (
        select d.id, d.status, d.fhir, d.updated_at, t.told,
               tstzrange(coalesce(d.service_start, d.created_at),
                         greatest(d.service_stop, d.service_start, d.created_at), '[]') as held
          from record.documents_document d
         cross join record.status_told(d.record_id, d.id, d.status) t (told)
         where p_documents and d.record_id = p.record_id
           and (p_after_rank is null or p_after_rank = 0 and d.id > p_after_id)
    ), found as (
        select 0 as rank, d.id, record.fhir_told(p.record_id, d.id, d.status, d.told, d.fhir) as fhir, '{}'::uuid[] as sources
          from documents d
         where (p_period is null or d.held && p_period)
           and (p_since is null
                or case when d.status = d.told then d.updated_at
                        else record.updated_told(p.record_id, d.id) end >= p_since)
        union all
        select 1, e.fact, e.fhir, e.sources
          from record.entries_told(p.record_id, p_kinds, null, null) e
         where not e.struck
           and (p_after_rank is distinct from 1 or e.fact > p_after_id)
           and (p_period is null or e.since is null or tstzrange(e.since, e.until) && p_period)
           and (p_since is null or e.known_at >= p_since)
    )
    select f.rank, f.id, f.fhir, f.sources from found f order by f.rank, f.id limit p_limit;
end
$$;

-- What a summary tells: each fact that holds, as the newest of its sources in sight states it; of the values of one
-- analyte or measure the latest. `p_open`: by nothing but documents that are kept from nobody.
create or replace function record.summary_entries(p app.permit, p_action text, p_open boolean)
returns table (kind smallint, since timestamptz, fhir text)
-- The same for its joins.
language plpgsql volatile security invoker set enable_nestloop = off as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    return query
    with facts as (
        select distinct on (s.fact) s.fact, s.kind, s.series, s.since, s.fhir
          from record.entries_told(p.record_id, null, null, null) e
          join record.health_statement s
            on s.record_id = p.record_id and s.fact = e.fact and s.source_id = any (e.sources) and not s.dropped
         where not e.struck and s.series not like 'urn:carnet:fhir:goal|%'
           and (s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current')
           and (not p_open or s.labels = 0 and s.standing = 0)
         order by s.fact, s.stated_at desc, s.source_id
    ), latest as (
        select f.*, row_number() over (partition by f.series order by f.since desc nulls last, f.fact) as place from facts f
    )
    select l.kind, l.since, l.fhir from latest l
     where l.series = '' or l.place = 1
     order by l.kind, l.since desc nulls last, l.fact;
end
$$;

grant execute on function
    record.entries_told(uuid, smallint[], text[], uuid[]),
    record.entry_search(app.permit, text, smallint[], text[], uuid[], jsonb, text[], numeric[], uuid, integer),
    record.entry_lines(app.permit, text, smallint[], text[], smallint),
    record.entry_sources(app.permit, uuid[]),
    record.everything(app.permit, boolean, smallint[], timestamptz, tstzrange, integer, uuid, integer),
    record.summary_entries(app.permit, text, boolean)
    to carnet_reader, carnet_writer;
