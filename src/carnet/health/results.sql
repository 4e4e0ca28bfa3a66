-- Results and measures for pages that show the last of each analyte. What is told is what `record.entries_told` tells,
-- found in one pass without the resources: of nine thousand entries a page shows some hundred.

-- The last `p_each` of each series, newest first; what has no series is alone. `struck` ones are left to the series' own
-- page. The resource comes with the last of each, and where no number in a unit says what was found. `stated`: how many
-- there are.
create or replace function record.result_lines(p app.permit, p_action text, p_kinds smallint[], p_each integer)
returns table (
    fact uuid, kind smallint, question uuid, said_by text, series text, label text, since timestamptz,
    until timestamptz, state text, value numeric, ucum text, comparator text, low numeric, high numeric,
    interpretation text, absence boolean, fhir text, known_at timestamptz, struck boolean, mine boolean, sources uuid[],
    stated bigint
)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    return query
    with said as materialized (
        select s.fact, s.kind, s.question, s.said_by, s.series, s.label, s.since, s.until, s.state, s.value, s.ucum,
               s.comparator, s.low, s.high, s.interpretation, s.absence, s.known_at, s.depositor_id, s.source_id,
               s.position, s.stated_at,
               s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current' as live,
               s.corrected_by is not null and exists (
                   select from record.documents_document d
                    where d.record_id = s.record_id and d.id = s.corrected_by) as corrected
          from record.health_statement s
         where s.record_id = p.record_id and not s.dropped and s.kind = any (p_kinds)
    ), alike as (
        select t.*, row_number() over newest as place,
               bool_or(t.corrected) over every as struck,
               array_agg(t.source_id) filter (where t.live or t.corrected) over by_date as sources
          from said t
        window newest as (partition by t.fact order by t.live desc, t.stated_at desc, t.source_id),
               every as (partition by t.fact),
               by_date as (partition by t.fact order by t.stated_at desc, t.source_id
                           rows between unbounded preceding and unbounded following)
    ), ranked as (
        select a.*, row_number() over latest as rank,
               count(*) over (partition by a.kind, a.series, case when a.series = '' then a.fact end) as stated
          from alike a
         where a.place = 1 and a.live and not a.struck
        window latest as (partition by a.kind, a.series, case when a.series = '' then a.fact end
                              order by a.since desc nulls last, a.known_at desc, a.fact)
    )
    select r.fact, r.kind, r.question, r.said_by::text, r.series, r.label, r.since, r.until, r.state, r.value, r.ucum,
           r.comparator::text, r.low, r.high, r.interpretation, r.absence,
           case when r.rank = 1 or r.value is null or r.ucum = '' then (
               select f.fhir from record.health_statement f
                where f.record_id = p.record_id and f.source_id = r.source_id and f.position = r.position) else '' end,
           r.known_at, r.struck,
           r.depositor_id = nullif(current_setting('carnet.actor', true), '')::uuid, r.sources, r.stated
      from ranked r
     where r.rank <= p_each
     order by r.since desc nulls last, r.fact;
end
$$;

grant execute on function record.result_lines(app.permit, text, smallint[], integer) to carnet_reader, carnet_writer;
