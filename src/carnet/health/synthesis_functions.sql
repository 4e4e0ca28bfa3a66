-- What a professional may put in a summary that others will read: each fact that holds and that is in their sight, once,
-- as the newest of its sources that are kept from nobody states it; where there is none, as the newest in sight does, with
-- what keeps that source from others. What the holder said is another's is not proposed. Of the values of one analyte or
-- measure the latest that is open, and the latest that is not.
create or replace function record.synthesis_lines(p app.permit, p_action text, p_kinds smallint[])
returns table (
    fact uuid, kind smallint, question uuid, said_by text, series text, label text, since timestamptz,
    until timestamptz, state text, value numeric, ucum text, comparator text, low numeric, high numeric,
    interpretation text, absence boolean, fhir text, known_at timestamptz, struck boolean, mine boolean, sources uuid[],
    labels integer, standing smallint
)
-- The same for its joins.
language plpgsql volatile security invoker set enable_nestloop = off as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    return query
    with facts as (
        select distinct on (s.fact)
               s.fact, s.kind, s.question, s.said_by::text as said_by, s.series, s.label, s.since, s.until, s.state,
               s.value, s.ucum, s.comparator::text as comparator, s.low, s.high, s.interpretation, s.absence, s.fhir,
               s.known_at, s.depositor_id = p.actor_id as mine, e.sources, s.labels, s.standing
          from record.entries_told(p.record_id, p_kinds, null, null) e
          join record.health_statement s
            on s.record_id = p.record_id and s.fact = e.fact and s.source_id = any (e.sources) and not s.dropped
         where not e.struck and s.series not like 'urn:carnet:fhir:goal|%'
           and s.state <> all (array['entered-in-error', 'cancelled'])
           and (s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current')
           and s.source_id not in (
               select h.document_id from record.documents_shelf h where h.record_id = p.record_id and h.not_mine)
         order by s.fact, (s.labels = 0 and s.standing = 0) desc, s.stated_at desc, s.source_id
    ), ranked as (
        select f.*, row_number() over (
                   partition by f.kind, f.series collate "C", f.labels = 0 and f.standing = 0
                       order by f.since desc nulls last, f.fact) as place
          from facts f
    )
    select f.fact, f.kind, f.question, f.said_by, f.series, f.label, f.since, f.until, f.state, f.value, f.ucum,
           f.comparator, f.low, f.high, f.interpretation, f.absence, f.fhir, f.known_at, false, f.mine, f.sources,
           f.labels, f.standing
      from ranked f
     where f.series = '' or f.place = 1
     order by f.since desc nulls last, f.fact;
end
$$;

grant execute on function record.synthesis_lines(app.permit, text, smallint[]) to carnet_reader, carnet_writer;
