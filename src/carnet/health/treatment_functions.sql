-- Treatments for pages that show what holds now, and of what is long over the last few: of two thousand prescriptions and
-- dispensations of twenty years a page shows some dozens.

-- What may hold comes whole; what has no date may hold as long as if it were of the day on which it was first read here.
-- What is over by its dates alone comes without its resource, the newest `p_each` of its kind
-- and name, with how many there are (`many`); of some names alone where `p_labels` says so. `p_over`: for each of
-- `p_lasting`, the kinds that end by themselves, the instant before which what has no end is over.
create or replace function record.treatment_lines(
    p app.permit, p_action text, p_kinds smallint[], p_lasting smallint[], p_over timestamptz[], p_now timestamptz,
    p_each integer, p_labels text[]
) returns table (
    fact uuid, kind smallint, question uuid, said_by text, series text, label text, since timestamptz,
    until timestamptz, state text, value numeric, ucum text, comparator text, low numeric, high numeric,
    interpretation text, absence boolean, fhir text, known_at timestamptz, struck boolean, mine boolean, sources uuid[],
    over boolean, many bigint
)
-- As `record.entry_search`.
language plpgsql volatile security invoker set plan_cache_mode = 'force_custom_plan' as $$
declare
    facts uuid[];
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
    if p_each = 0 then
        -- Nothing of what is over: those facts of which some statement is not over by itself, or may be struck. `offset 0`:
        -- what looks nothing up is asked of a row before its policy.
        facts := array(
            select h.fact
              from (select k as kind, p_over[array_position(p_lasting, k)] as over from unnest(p_kinds) k offset 0) l
             cross join lateral (
                   select s.fact from record.health_statement s
                    where s.record_id = p.record_id and s.kind = l.kind and not s.dropped
                      and (not s.absence and s.corrected_by is null and coalesce(s.since, s.known_at) <= l.over
                           and (s.until is null or s.until <= p_now)) is not true) h);
    end if;
    return query
    with told as (
        select e.*,
               not e.struck and not e.absence and e.kind = any (p_lasting)
               and coalesce(e.since, e.known_at) <= p_over[array_position(p_lasting, e.kind)]
               and (e.until is null or e.until <= p_now)
               as over
          from record.entries_told(p.record_id, p_kinds, null, facts) e
    ), ranked as (
        select t.*,
               row_number() over (partition by t.over, t.kind, t.label order by t.since desc nulls last, t.fact) as rank,
               count(*) over (partition by t.over, t.kind, t.label) as many
          from told t
    )
    select r.fact, r.kind, r.question, r.said_by, r.series, r.label, r.since, r.until, r.state, r.value, r.ucum,
           r.comparator, r.low, r.high, r.interpretation, r.absence, case when r.over then '' else r.fhir end,
           r.known_at, r.struck, r.mine, r.sources, r.over, r.many
      from ranked r
     where not r.over or (r.rank <= p_each and (p_labels is null or r.label = any (p_labels)))
     order by r.since desc nulls last, r.fact;
end
$$;

grant execute on function
    record.treatment_lines(app.permit, text, smallint[], smallint[], timestamptz[], timestamptz, integer, text[])
    to carnet_reader, carnet_writer;
