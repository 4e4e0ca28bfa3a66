-- Results and measures for pages that show the last of each analyte. What is told is what `record.entries_told` tells,
-- found without carrying whole rows about: of nine thousand entries a page shows some hundred.

-- The newest statements of one series that are told: those by which their fact is told to this reader, as
-- `record.entries_told` has it, without a fact that was corrected. As few rows as `p_limit` asks for are judged.
create or replace function record.series_newest(
    p_record uuid, p_kinds smallint[], p_kind smallint, p_series text, p_skipped integer, p_limit integer
) returns setof record.health_statement
language sql stable security invoker as $$
    select s.* from record.health_statement s
     where s.record_id = p_record and s.kind = p_kind and s.series collate "C" = p_series
       and not s.dropped and s.state <> 'entered-in-error'
       -- A result called off hides no value. Left out here only: of one fact, what was said before is not back in force.
       and (s.state <> 'cancelled' or s.series like 'urn:carnet:fhir:goal|%')
       and (s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current')
       and not exists (
           -- `offset 0`: looked up by the fact, one by one; a join would read all of them.
           select from (select o.* from record.health_statement o
                         where o.record_id = p_record and o.fact = s.fact and not o.dropped offset 0) o
            where o.kind = any (p_kinds) and o.state <> 'entered-in-error'
              and (o.corrected_by is not null and exists (
                       select from record.documents_document d
                        where d.record_id = o.record_id and d.id = o.corrected_by)
                   or (o.stated_at > s.stated_at or o.stated_at = s.stated_at and o.source_id < s.source_id)
                      and (o.status = 'current' or record.status_told(o.record_id, o.source_id, o.status) = 'current')))
     order by s.since desc nulls last, s.known_at desc, s.fact
    offset p_skipped limit p_limit
$$;

grant execute on function record.series_newest(uuid, smallint[], smallint, text, integer, integer)
    to carnet_reader, carnet_writer;

-- The last `p_each` of each of the `p_whole` newest series (null: of all), of the others the last one, newest first; what
-- has no series is alone. `struck` ones are left to the series' own page. With the last of each come its resource and all
-- its sources, with what stands before it and with the last of other series the newest one: there the resource comes where
-- no number in a unit says what was found, and where no table knows what the series is.
drop function if exists record.result_lines(app.permit, text, smallint[], integer);
create or replace function record.result_lines(
    p app.permit, p_action text, p_kinds smallint[], p_each integer, p_whole integer
) returns table (
    fact uuid, kind smallint, question uuid, said_by text, series text, label text, since timestamptz,
    until timestamptz, state text, value numeric, ucum text, comparator text, low numeric, high numeric,
    interpretation text, absence boolean, fhir text, known_at timestamptz, struck boolean, mine boolean, sources uuid[]
)
-- By the index of series, which has their order: what else finds them must sort, and a planner without figures of the table
-- takes one for the other (fifteen seconds and more).
language plpgsql volatile security invoker set enable_sort = off as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    return query
    -- From one series to the next by the index of series: the rows of each are not read.
    with recursive named (kind, series) as (
        select k.kind, f.series
          from unnest(p_kinds) k (kind)
         cross join lateral (
               select s.series collate "C" as series from record.health_statement s
                where s.record_id = p.record_id and s.kind = k.kind and s.series collate "C" > ''
                order by s.series collate "C" limit 1) f
        union all
        select n.kind, f.series
          from named n
         cross join lateral (
               select s.series collate "C" as series from record.health_statement s
                where s.record_id = p.record_id and s.kind = n.kind and s.series collate "C" > n.series
                order by s.series collate "C" limit 1) f
    ), heads as materialized (
        select h.* from named n
         cross join lateral record.series_newest(p.record_id, p_kinds, n.kind, n.series, 0, 1) h
    ), whole as materialized (
        select h.* from heads h order by h.since desc nulls last, h.series collate "C" limit p_whole
    ), found as (
        select h.*, h.series in (select w.series from whole w) as told, true as last from heads h
        union all
        select h.*, true, true from unnest(p_kinds) k (kind)
         cross join lateral record.series_newest(p.record_id, p_kinds, k.kind, '', 0, null) h
        union all
        select r.*, false, false from whole w
         cross join lateral record.series_newest(p.record_id, p_kinds, w.kind, w.series, 1, p_each - 1) r
    )
    select s.fact, s.kind, s.question, s.said_by::text, s.series, s.label, s.since, s.until, s.state, s.value, s.ucum,
           s.comparator::text, s.low, s.high, s.interpretation, s.absence,
           case when s.told or s.value is null or s.ucum = '' or s.last and s.series not like 'analyte:%' then s.fhir
           else '' end,
           s.known_at, false, s.depositor_id = nullif(current_setting('carnet.actor', true), '')::uuid,
           case when s.told then (
               select array_agg(t.source_id order by t.stated_at desc, t.source_id)
                 from record.health_statement t
                where t.record_id = p.record_id and t.fact = s.fact and not t.dropped
                  and (t.status = 'current' or record.status_told(t.record_id, t.source_id, t.status) = 'current'))
           else array[s.source_id] end
      from found s
     order by s.since desc nulls last, s.fact;
end
$$;

grant execute on function record.result_lines(app.permit, text, smallint[], integer, integer) to carnet_reader, carnet_writer;

-- All that is told of some series, newest first, with what was corrected. `masked`: the newest of its sources is hidden
-- from professionals (`p_mask`, the bit of that label).
create or replace function record.series_lines(
    p app.permit, p_action text, p_kinds smallint[], p_series text[], p_mask integer
) returns table (
    fact uuid, kind smallint, question uuid, said_by text, series text, label text, since timestamptz,
    until timestamptz, state text, value numeric, ucum text, comparator text, low numeric, high numeric,
    interpretation text, absence boolean, fhir text, known_at timestamptz, struck boolean, mine boolean, sources uuid[],
    masked boolean
)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    return query
    select e.fact, e.kind, e.question, e.said_by, e.series, e.label, e.since, e.until, e.state, e.value, e.ucum,
           e.comparator, e.low, e.high, e.interpretation, e.absence, e.fhir, e.known_at, e.struck, e.mine, e.sources,
           coalesce((select bool_or(s.labels & p_mask <> 0) from record.health_statement s
                      where s.record_id = p.record_id and s.fact = e.fact and s.source_id = e.sources[1]), false)
      from record.entries_told(p.record_id, p_kinds, p_series, null) e
     where e.state <> 'entered-in-error'
     order by e.since desc nulls last, e.fact;
end
$$;

grant execute on function record.series_lines(app.permit, text, smallint[], text[], integer) to carnet_reader, carnet_writer;
