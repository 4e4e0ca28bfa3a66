-- The structured record: how statements are kept, corrected and dropped, and kept under the lock of their sources. How they
-- are told stands in `reading_functions.sql`, what is new of them in `news_functions.sql`.

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
grant execute on function record.entry_standing(record.health_statement) to carnet_reader, carnet_writer;
