-- The structured record: how statements are kept, and how a reader is told each fact once, by the sources in their sight.

-- Whether the holder lets their documents be read. Without the record's lock: a deposit waits for no reading.
create or replace function record.entries_wanted(p app.permit) returns boolean
language sql volatile security invoker as $$
    select record.settle(p);
    select not exists (select from record.records_opt_out o
                        where o.record_id = p.record_id and o.what = 'extraction' and o.until is null)
$$;

-- Documents of the record that may hold entries and that no extractor has read, or an older one: newest first, all of
-- them in the sight of the system alone, for as long as this takes. Withdrawn ones are read by nobody.
create or replace function record.entries_due(p app.permit, p_extractor integer, p_media text[], p_limit integer)
returns table (id uuid, blob_id uuid, media_type text, created_at timestamptz, depositor_id uuid, first_at timestamptz)
language plpgsql volatile security invoker as $$
begin
    perform record.settle(p), record.lift(p);
    return query
    select d.id, d.blob_id, d.media_type, d.created_at, d.depositor_id, r.first_at
      from record.documents_document d
      left join record.health_reading r on r.record_id = d.record_id and r.document_id = d.id
     where d.record_id = p.record_id and d.status <> 'withdrawn' and d.media_type = any (p_media)
       and coalesce(r.extractor, 0) < p_extractor
     order by d.deposited_at desc, d.id
     limit p_limit;
    perform record.lower(p);
end
$$;

-- Keeps what was read, under the record's lock. The lock of a statement is its document's as it stands now. What the
-- extractor does not find any more is dropped; what a later version of the document answers otherwise is corrected.
create or replace function record.entries_keep(p app.permit, p_read jsonb) returns void
language plpgsql volatile security invoker as $$
declare
    documents uuid[] := array(select (r ->> 'document_id')::uuid from jsonb_array_elements(p_read) r);
begin
    perform record.lift(p);
    insert into record.health_reading (record_id, document_id, extractor, first_at, at, found, faults, type_ordinal, labels,
                                       status, depositor_id, author_id, standing)
    select d.record_id, d.id, (r ->> 'extractor')::integer, (r ->> 'at')::timestamptz, now(),
           jsonb_array_length(r -> 'statements'), (r ->> 'faults')::integer, d.type_ordinal, d.labels, d.status,
           d.depositor_id, d.author_id, d.standing
      from jsonb_array_elements(p_read) r
      join record.documents_document d on d.record_id = p.record_id and d.id = (r ->> 'document_id')::uuid
        on conflict (record_id, document_id)
        do update set extractor = excluded.extractor, at = excluded.at, found = excluded.found, faults = excluded.faults;
    -- What somebody said to be wrong stays said of that line, when it is known by another fact than before.
    if exists (select from record.health_fact_report q where q.record_id = p.record_id and q.source_id = any (documents)) then
        update record.health_fact_report q set fact = (s ->> 'fact')::uuid
          from jsonb_array_elements(p_read) r
         cross join jsonb_array_elements(r -> 'statements') s
          join record.health_statement o
            on o.record_id = p.record_id and o.source_id = (r ->> 'document_id')::uuid
               and o.position = (s ->> 'position')::integer
         where q.record_id = p.record_id and q.source_id = o.source_id and q.fact = o.fact
           and o.kind = (s ->> 'kind')::smallint and o.label = s ->> 'label' and o.fact <> (s ->> 'fact')::uuid;
    end if;
    update record.health_statement s set dropped = true
      from jsonb_array_elements(p_read) r
     where s.record_id = p.record_id and s.source_id = (r ->> 'document_id')::uuid
       and s.position >= jsonb_array_length(r -> 'statements') and not s.dropped;
    insert into record.health_statement
    select (jsonb_populate_record(null::record.health_statement,
                s || jsonb_build_object('type_ordinal', d.type_ordinal, 'labels', d.labels, 'status', d.status,
                                        'depositor_id', d.depositor_id, 'author_id', d.author_id,
                                        'standing', d.standing, 'dropped', false, 'gathered', true))).*
      from jsonb_array_elements(p_read) r
      join record.documents_document d on d.record_id = p.record_id and d.id = (r ->> 'document_id')::uuid
     cross join jsonb_array_elements(r -> 'statements') s
        on conflict (record_id, source_id, position)
        do update set kind = excluded.kind, fact = excluded.fact, question = excluded.question, tokens = excluded.tokens,
                      series = excluded.series, label = excluded.label, since = excluded.since, until = excluded.until,
                      state = excluded.state, value = excluded.value, ucum = excluded.ucum,
                      comparator = excluded.comparator, low = excluded.low, high = excluded.high,
                      interpretation = excluded.interpretation, absence = excluded.absence, fhir = excluded.fhir,
                      path = excluded.path, words = excluded.words, place = excluded.place,
                      setting = excluded.setting, stated_at = excluded.stated_at, known_at = excluded.known_at,
                      corrected_by = null, dropped = false, gathered = true;
    perform record.entries_gather(p, documents || record.entries_correct(p, documents));
    perform record.lower(p);
end
$$;

-- Keeps what somebody says themselves, under their lock; `p_instead_of` is what they said before, which goes. Whether that
-- was theirs to take back: what the holder's people say is the holder's and who represents them; what a carer or a
-- professional says, their own. Nothing is kept when it was not. A professional keeps sight of it, and a standing mask
-- covers it as it would a document of theirs, which they do not learn.
create or replace function record.entry_state(p app.permit, p_stated jsonb, p_instead_of uuid) returns boolean
language plpgsql volatile security invoker as $$
declare
    said record.health_statement := jsonb_populate_record(null::record.health_statement, p_stated);
begin
    if p_instead_of is not null and not record.entry_retract(p, p_instead_of) then
        return false;
    end if;
    perform record.lift(p);
    if p_instead_of is not null then
        -- Of words corrected twice the last ones stand for all that were there before.
        update record.health_statement s set corrected_by = said.source_id
         where s.record_id = p.record_id and p_instead_of in (s.source_id, s.corrected_by) and s.status = 'withdrawn';
    end if;
    if said.said_by = 'professional' then
        said.standing := record.entry_standing(said);
        insert into record.consent_authorship (record_id, actor_id) values (p.record_id, p.actor_id) on conflict do nothing;
    end if;
    insert into record.health_statement select (said).*;
    -- What was said to be wrong in the words of before is told to be corrected.
    if p_instead_of is not null then
        update record.health_fact_report r set corrected_by = said.source_id
         where r.record_id = p.record_id and r.source_id = p_instead_of and r.taken_back_at is null;
    end if;
    perform record.lower(p);
    return true;
end
$$;

-- The standing masks that cover what a professional says themselves. Where all of them are in sight.
create or replace function record.entry_standing(said record.health_statement) returns smallint
language plpgsql stable security invoker as $$
begin
    return (
        select coalesce(bit_or(record.mask_bit(m.kind)), 0)
          from record.documents_mask m
         where m.record_id = said.record_id and m.until is null
           and case m.kind
                   when 'category' then substr(m.types, said.type_ordinal + 1, 1) = '1'
                   when 'before' then (coalesce(said.since, said.stated_at) at time zone 'Europe/Paris')::date < m.before
                   when 'author' then
                       -- The name of a house stands in the resource, as documents have it.
                       case when m.organisation_label <> '' then strpos(said.fhir, to_json(m.organisation_label)::text) > 0
                            else coalesce(said.author_id = m.author_id, false) end
                   when 'all' then true
                   when 'new' then said.known_at >= m.since
                   else false end);
end
$$;

-- What the holder masks by a rule, or shows again, hides or shows what professionals said themselves too.
create or replace function record.entries_masked() returns trigger
language plpgsql volatile security invoker as $$
declare
    types text := current_setting('carnet.types', true);
    hidden text := current_setting('carnet.hidden', true);
    withdraws text := current_setting('carnet.withdraws', true);
begin
    perform set_config('carnet.types', repeat('1', 256), true), set_config('carnet.hidden', '0', true),
            set_config('carnet.withdraws', 'yes', true);
    update record.health_statement s set standing = record.entry_standing(s)
     where s.record_id = new.record_id and s.said_by = 'professional' and s.standing <> record.entry_standing(s);
    perform set_config('carnet.types', coalesce(types, ''), true), set_config('carnet.hidden', coalesce(hidden, ''), true),
            set_config('carnet.withdraws', coalesce(withdraws, ''), true);
    return null;
end
$$;

create or replace function record.entry_retract(p app.permit, p_id uuid) returns boolean
language plpgsql volatile security invoker as $$
declare
    theirs boolean;
begin
    perform record.lift(p);
    update record.health_statement s set status = 'withdrawn'
     where s.record_id = p.record_id and s.source_id = p_id and s.said_by <> 'document' and s.status = 'current'
       and (s.depositor_id = p.actor_id
            or p.capacity in ('holder', 'representative') and s.said_by = 'person' and s.labels & p.hidden = 0);
    theirs := found;
    perform record.lower(p);
    return theirs;
end
$$;

-- Of these documents and of those around them in their chains of versions: which statements a later version answers
-- otherwise. Whichever of the two is read first. The documents of which it was not known. Between `lift` and `lower`.
drop function if exists record.entries_correct(app.permit, uuid[]);
create or replace function record.entries_correct(p app.permit, p_documents uuid[]) returns uuid[]
language sql volatile security invoker as $$
    with recursive later (old, id) as (
        select d.replaces_id, d.id from record.documents_document d
         where d.record_id = p.record_id and d.replaces_id is not null and d.status <> 'withdrawn'
        union
        select l.old, d.id from later l
          join record.documents_document d
            on d.record_id = p.record_id and d.replaces_id = l.id and d.status <> 'withdrawn'
    ), touched as materialized (
        select l.old, l.id from later l where l.old = any (p_documents) or l.id = any (p_documents)
    ), olds as materialized (
        -- Document by document (`offset 0`), and each side once: what row security leaves is always estimated as one row, and
        -- the record would be gone through once for each of its facts.
        select t.old, t.id, o.position, o.question, o.fact
          from touched t
         cross join lateral (
               select h.position, h.question, h.fact from record.health_statement h
                where h.record_id = p.record_id and h.source_id = t.old and not h.dropped offset 0) o
    ), news as materialized (
        select t.id, n.question, n.fact, n.stated_at
          from (select distinct d.id from touched d) t
         cross join lateral (
               select h.question, h.fact, h.stated_at from record.health_statement h
                where h.record_id = p.record_id and h.source_id = t.id and not h.dropped offset 0) n
    ), corrected as materialized (
        select distinct on (o.old, o.position) o.old as source_id, o.position, o.id as by
          from olds o
          join news n on n.id = o.id and n.question = o.question
         where not exists (select from news same where same.id = o.id and same.fact = o.fact)
         order by o.old, o.position, n.stated_at
    ), learned as (
        update record.health_statement s set corrected_by = c.by
          from corrected c
         where s.record_id = p.record_id and s.source_id = any (array(select k.source_id from corrected k))
           and s.source_id = c.source_id and s.position = c.position and s.corrected_by is distinct from c.by
        returning s.source_id
    )
    select array(select distinct l.source_id from learned l)
$$;

-- What was read of the documents goes, by the holder's wish; what somebody says themselves stays. Read again, it is back.
-- Whether there was anything to drop.
create or replace function record.entries_drop(p app.permit) returns boolean
language plpgsql volatile security invoker as $$
declare
    dropped boolean;
begin
    perform record.lift(p);
    update record.health_reading r set extractor = 0, gathered = null where r.record_id = p.record_id and r.extractor <> 0;
    dropped := found;
    update record.health_statement s set dropped = true, gathered = false
     where s.record_id = p.record_id and s.said_by = 'document' and not s.dropped;
    perform record.lower(p);
    return dropped;
end
$$;

-- The lock of what was read of a document is the document's, whoever changes it. Who may change the one sees the other.
create or replace function record.entries_follow() returns trigger
language plpgsql volatile security invoker as $$
begin
    update record.health_statement s
       set type_ordinal = new.type_ordinal, labels = new.labels, status = new.status, depositor_id = new.depositor_id,
           author_id = new.author_id, standing = new.standing
     where s.record_id = new.record_id and s.source_id = new.id;
    update record.health_reading r
       set type_ordinal = new.type_ordinal, labels = new.labels, status = new.status, depositor_id = new.depositor_id,
           author_id = new.author_id, standing = new.standing
     where r.record_id = new.record_id and r.document_id = new.id;
    return null;
end
$$;

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
-- visits that a document says to have been no stay.
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
    perform trail.note(p, p_action, 'done', 'entries', null, '', 0);
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

-- Which of these words of somebody's own correct others of theirs that this reader knew (`p_until`), or might have known: the
-- row policy says so of them as if they had not been taken back. The newest that they had, as it was.
create or replace function record.words_corrected(p_record uuid, p_words uuid[], p_until timestamptz)
returns table (id uuid, fhir text)
language plpgsql volatile security invoker as $$
begin
    perform set_config('carnet.withdraws', 'yes', true);
    return query
    select distinct on (s.corrected_by) s.corrected_by, s.fhir
      from record.health_statement s
     where s.record_id = p_record and s.corrected_by = any (p_words) and s.status = 'withdrawn' and s.said_by <> 'document'
       and s.known_at <= p_until
     order by s.corrected_by, s.known_at desc;
    perform set_config('carnet.withdraws', 'no', true);
end
$$;

-- Documents that were withdrawn since an instant and had been there then, which this reader might see as if they had not
-- been, and while which they looked into the record: who came later knows of no document that is gone. Of several versions
-- the last alone.
create or replace function record.documents_withdrawn(p app.permit, p_since timestamptz)
returns table (id uuid, at timestamptz, fhir text)
language plpgsql volatile security invoker as $$
begin
    perform set_config('carnet.withdraws', 'yes', true);
    return query
    with gone as materialized (
        select d.id, d.replaces_id, d.deposited_at, d.updated_at, d.fhir
          from record.documents_document d
         where d.record_id = p.record_id and d.status = 'withdrawn' and d.updated_at > p_since
           and d.depositor_id <> p.actor_id
           -- The policy lets the act of withdrawing see what is in the hands of some alone; this is none.
           and (d.readers is null or d.author_id = p.actor_id or current_setting('carnet.trail', true) = 'yes'
                or p.actor_id = any (d.readers) and coalesce(d.readers_until > now(), true))
    )
    select g.id, g.updated_at, g.fhir
      from gone g
     where g.deposited_at <= p_since and trail.looked(g.deposited_at, g.updated_at)
       and not exists (select from gone n where n.replaces_id = g.id);
    perform set_config('carnet.withdraws', 'no', true);
end
$$;

-- What came and what changed for this reader since an instant, or else since the beginning of their last visit, newest
-- first, by what they may see and nothing else: documents and facts that came from somebody else (`new`); documents whose
-- entry changed and facts that a later version answers otherwise (`corrected`), words that stand for words of before
-- (`amended`, counted as corrected; `was` is what they said then); facts that a later version says no more, and documents that
-- were withdrawn (`withdrawn`). Who has never been here before has nothing corrected: all is new. The counts stand on every
-- row, of which there is one at least.
create or replace function record.news_since(p app.permit, p_since timestamptz, p_limit integer)
returns table (
    begun timestamptz, added bigint, corrected bigint, withdrawn bigint, change text, id uuid, at timestamptz, fhir text,
    was text
)
-- The same for its joins.
language plpgsql volatile security invoker set enable_nestloop = off as $$
declare
    start timestamptz;
begin
    perform record.enter(p);
    start := coalesce(p_since, trail.last_visit(true));
    perform trail.note(p, 'new-since-read', 'done', 'record', null, '', 0);
    return query
    with documents as (
        select d.id, d.deposited_at, d.replaces_id, d.depositor_id <> p.actor_id as others, t.told,
               case when d.status = t.told then d.updated_at else record.updated_told(d.record_id, d.id) end as updated,
               record.fhir_told(d.record_id, d.id, d.status, t.told, d.fhir) as fhir
          from record.documents_document d
         cross join record.status_told(d.record_id, d.id, d.status) t (told)
         where d.record_id = p.record_id
    ), told as (
        select e.fact, e.fhir, e.struck from record.entries_told(p.record_id, null, null, null) e
    ), stated as (
        select s.fact, s.source_id, s.corrected_by, s.known_at, s.depositor_id <> p.actor_id as others, s.fhir,
               s.said_by
          from record.health_statement s
         where s.record_id = p.record_id and not s.dropped
    ), known as (
        select s.fact, min(s.known_at) as first, bool_or(s.others) as others from stated s group by s.fact
    ), corrections as (
        select s.fact, max(d.deposited_at) as at, bool_or(d.others) as others
          from stated s join documents d on d.id = s.corrected_by
         group by s.fact
    ), gone as (
        select distinct on (s.fact) s.fact, n.deposited_at as at, s.fhir, n.others
          from stated s
          join documents o on o.id = s.source_id and o.told = 'superseded'
          join documents n on n.replaces_id = o.id
         where not exists (select from told t where t.fact = s.fact)
         order by s.fact, n.deposited_at desc
    ), fresh as (
        select t.fact, k.first as at, t.fhir,
               (select w.source_id from stated w where w.fact = t.fact and w.said_by <> 'document'
                 order by w.known_at desc limit 1) as words
          from told t join known k on k.fact = t.fact
         where not t.struck and k.others and (start is null or k.first > start)
    ), amended as materialized (
        select w.id, w.fhir as was
          from record.words_corrected(p.record_id, array(select f.words from fresh f where f.words is not null), start) w
    ), changes as (
        select 'new' as change, d.id, d.deposited_at as at, d.fhir, null as was
          from documents d
         where d.told = 'current' and d.others and (start is null or d.deposited_at > start)
        union all
        select 'corrected', d.id, d.updated, d.fhir, null
          from documents d
         where d.deposited_at <= start and d.updated > start
        union all
        select case when a.id is null then 'new' else 'amended' end, f.fact, f.at, f.fhir, a.was
          from fresh f left join amended a on a.id = f.words
        union all
        select 'corrected', t.fact, c.at, t.fhir, null
          from told t join known k on k.fact = t.fact join corrections c on c.fact = t.fact
         where t.struck and c.others and k.first <= start and c.at > start
        union all
        select 'withdrawn', g.fact, g.at, g.fhir, null
          from gone g join known k on k.fact = g.fact
         where g.others and k.first <= start and g.at > start
        union all
        select 'withdrawn', w.id, w.at, w.fhir, null from record.documents_withdrawn(p, start) w
    ), page as (
        select * from changes c order by c.at desc, c.id limit p_limit
    )
    select start, n.added, n.corrected, n.withdrawn, g.change, g.id, g.at, g.fhir, g.was
      from (select count(*) filter (where c.change = 'new') as added,
                   count(*) filter (where c.change in ('corrected', 'amended')) as corrected,
                   count(*) filter (where c.change = 'withdrawn') as withdrawn
              from changes c) n
      left join page g on true
     order by g.at desc, g.id;
end
$$;

create or replace trigger health_follows after update of type_ordinal, labels, status, depositor_id, author_id, standing
    on record.documents_document for each row
    when ((old.type_ordinal, old.labels, old.status, old.depositor_id, old.author_id, old.standing)
          is distinct from (new.type_ordinal, new.labels, new.status, new.depositor_id, new.author_id, new.standing))
    execute function record.entries_follow();

create or replace trigger health_masked after insert or update of until on record.documents_mask
    for each row execute function record.entries_masked();

grant execute on function
    record.entries_wanted(app.permit),
    record.entries_due(app.permit, integer, text[], integer),
    record.entries_keep(app.permit, jsonb),
    record.entry_state(app.permit, jsonb, uuid),
    record.entry_retract(app.permit, uuid),
    record.entries_correct(app.permit, uuid[]),
    record.entries_drop(app.permit),
    record.entries_follow(),
    record.entries_masked()
    to carnet_writer;
grant execute on function
    record.entry_standing(record.health_statement),
    record.entries_told(uuid, smallint[], text[], uuid[]),
    record.entry_search(app.permit, text, smallint[], text[], uuid[], jsonb, text[], numeric[], uuid, integer),
    record.entry_lines(app.permit, text, smallint[], text[], smallint),
    record.entry_sources(app.permit, uuid[]),
    record.everything(app.permit, boolean, smallint[], timestamptz, tstzrange, integer, uuid, integer),
    record.summary_entries(app.permit, text, boolean),
    record.words_corrected(uuid, uuid[], timestamptz),
    record.documents_withdrawn(app.permit, timestamptz),
    record.news_since(app.permit, timestamptz, integer)
    to carnet_reader, carnet_writer;
