-- Results and measures for pages that show the last of each analyte. What is told is what `record.entries_told` tells,
-- found without carrying whole rows about: of nine thousand entries a page shows some hundred.

-- The last `p_each` of each of the `p_whole` newest series (null: of all), of the others the last one, newest first; what
-- has no series is alone. `struck` ones are left to the series' own page. With the last of each come its resource and all its sources, with the others the newest one; the resource comes
-- too where no number in a unit says what was found.
drop function if exists record.result_lines(app.permit, text, smallint[], integer);
create or replace function record.result_lines(
    p app.permit, p_action text, p_kinds smallint[], p_each integer, p_whole integer
) returns table (
    fact uuid, kind smallint, question uuid, said_by text, series text, label text, since timestamptz,
    until timestamptz, state text, value numeric, ucum text, comparator text, low numeric, high numeric,
    interpretation text, absence boolean, fhir text, known_at timestamptz, struck boolean, mine boolean, sources uuid[]
)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    return query
    with said as materialized (
        select s.fact, s.kind, s.series, s.since, s.known_at, s.source_id, s.position, s.stated_at, s.state,
               s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current' as live,
               s.corrected_by is not null and exists (
                   select from record.documents_document d
                    where d.record_id = s.record_id and d.id = s.corrected_by) as corrected
          from record.health_statement s
         where s.record_id = p.record_id and not s.dropped and s.kind = any (p_kinds)
           and s.state <> 'entered-in-error'
    ), standing as (
        select distinct on (t.fact) t.* from said t
         where t.live and t.fact <> all (array(select c.fact from said c where c.corrected))
         order by t.fact, t.stated_at desc, t.source_id
    ), ranked as (
        select a.source_id, a.position, a.series, a.since, row_number() over (
                   partition by a.kind, a.series collate "C", case when a.series = '' then a.fact end
                       order by a.since desc nulls last, a.known_at desc, a.fact) as rank
          from standing a
         -- A result called off hides no value. Left out here only: of one fact, what was said before is not back in force.
         where a.state <> 'cancelled' or a.series like 'urn:carnet:fhir:goal|%'
    )
    select s.fact, s.kind, s.question, s.said_by::text, s.series, s.label, s.since, s.until, s.state, s.value, s.ucum,
           s.comparator::text, s.low, s.high, s.interpretation, s.absence,
           case when r.rank = 1 or s.value is null or s.ucum = '' then s.fhir else '' end, s.known_at, false,
           s.depositor_id = nullif(current_setting('carnet.actor', true), '')::uuid,
           case when r.rank = 1 then (
               select array_agg(t.source_id order by t.stated_at desc, t.source_id)
                 from record.health_statement t
                where t.record_id = p.record_id and t.fact = s.fact and not t.dropped
                  and (t.status = 'current' or record.status_told(t.record_id, t.source_id, t.status) = 'current'))
           else array[s.source_id] end
      from ranked r
     -- `offset 0`: looked up one by one; see `record.history_facts`.
     cross join lateral (
           select h.* from record.health_statement h
            where h.record_id = p.record_id and h.source_id = r.source_id and h.position = r.position offset 0) s
     where r.rank = 1
        or r.rank <= p_each
           and r.series = any (array(
               select l.series from ranked l
                where l.rank = 1 and l.series <> '' order by l.since desc nulls last limit p_whole))
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
