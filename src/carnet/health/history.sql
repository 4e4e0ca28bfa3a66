-- What happened, and what is found: a reader is told the facts that their sources in sight state, and nothing else. Beside
-- `functions.sql`, leaner: no resource is read until a page shows it.

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
         where s.record_id = p.record_id and not s.dropped and not s.absence
           and (p_kinds is null or s.kind = any (p_kinds)) and (p_facts is null or s.fact = any (p_facts))
           -- What somebody aims at has not happened (`health.goals`).
           and s.series not like 'urn:carnet:fhir:goal|%'
           and s.state <> all (array['not-done', 'cancelled', 'entered-in-error', 'refuted', 'proposed', 'draft',
                                     'preparation', 'planned', 'intended'])
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

-- Everything that happened, as `health.episodes` groups it: the documents in force, and what is told of facts, those of one
-- kind, one day and the same sources counted together; a visit or stay each by itself. Days are counted from 1970. Written
-- column by column, for there are thousands.
create or replace function record.history(
    p app.permit, p_action text, p_kinds smallint[], p_visit integer, p_since timestamptz, p_either text[], p_or text[]
) returns table (papers text, told text)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
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
           and (d.status = 'current' or record.status_told(d.record_id, d.id, d.status) = 'current')
           and d.id not in (
               select h.document_id from record.documents_shelf h where h.record_id = p.record_id and h.not_mine)
    ), told as materialized (
        select f.* from record.history_told(p, p_kinds, null, p_since, p_either, p_or) f
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
           (select json_build_array(
                       json_agg(b.kind), json_agg(b.first), json_agg(record.paris_day(b.until - interval '1 microsecond')),
                       json_agg(b.alone), json_agg(b.sources), json_agg(b.later), json_agg(b.struck), json_agg(b.own), json_agg(b.fresh),
                       json_agg(b.number), json_agg(b.hits), json_agg(b.fact), json_agg(b.place), json_agg(b.setting))::text
              from clumps b);
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
    select t.fact, t.kind, record.paris_day(t.since), t.since, t.until, t.struck, t.hit, t.sources, t.later, s.label, s.value, s.comparator::text, s.low,
           s.high, s.ucum, s.interpretation, s.said_by::text, s.fhir
      from record.history_told(p, p_kinds, array(
               select distinct o.fact from record.health_statement o
                where o.record_id = p.record_id and o.source_id = any (p_sources) and o.kind = any (p_kinds)),
               null, p_either, p_or) t
     -- `offset 0`: looked up one by one. As a join it would be planned for the one row that row security is always taken to
     -- leave, and go through the whole record for each fact.
     cross join lateral (
           select h.* from record.health_statement h
            where h.record_id = p.record_id and h.source_id = t.source and h.position = t.position offset 0) s
     order by s.since, s.source_id, s.position;
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

grant execute on function
    record.history_told(app.permit, smallint[], uuid[], timestamptz, text[], text[]),
    record.says(text, text[], text[]),
    record.says_all(text, text[], text[]),
    record.paris_day(timestamptz),
    record.history(app.permit, text, smallint[], integer, timestamptz, text[], text[]),
    record.history_facts(app.permit, smallint[], uuid[], text[], text[]),
    record.history_papers(app.permit, uuid[]),
    record.entry_find(app.permit, text, text[], text[], integer)
    to carnet_reader;
