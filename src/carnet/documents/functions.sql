-- The hot paths on documents: each enters the record with the permit, reads, and leaves its line in the trail,
-- in one round trip. What may be seen is the row policy's affair alone.

drop function if exists record.document_search(app.permit, text, text[], text[], uuid[], timestamptz, uuid, integer);
drop function if exists record.document_open(app.permit, uuid, text);
drop function if exists record.documents_again(app.permit, text[], bytea[]);

-- The versions of a document's metadata that this reader may know, where it was superseded by one that may not be seen:
-- those before, and what was changed since, told as if nothing had replaced it. That it was replaced is the first of its
-- superseded versions, which is not told.
create or replace function record.versions_told(p_record uuid, p_id uuid)
returns table (version integer, at timestamptz, fhir text)
language sql stable security invoker as $$
    with every as (
        select v.version, v.at, v.status, v.fhir from record.documents_version v
         where v.record_id = p_record and v.document_id = p_id
        union all
        select d.version, d.updated_at, d.status, d.fhir from record.documents_document d
         where d.record_id = p_record and d.id = p_id
    ), told as (
        select e.*, e.status = 'superseded'
                    and e.version = (select min(o.version) from every o where o.status = 'superseded') as overtaken
          from every e
    )
    -- A key of JSON: within a string its quotes would be escaped.
    select t.version, t.at, replace(t.fhir, '"status":"superseded"', '"status":"current"')
      from told t
     where not t.overtaken or (select count(*) from every) = 1
     order by t.version desc
$$;

-- The FHIR text that this reader may know: of a version superseded by one that may not be seen, the latest text that
-- does not tell it.
create or replace function record.fhir_told(p_record uuid, p_id uuid, p_status text, p_told text, p_fhir text) returns text
language sql stable security invoker as $$
    select case when p_status = p_told then p_fhir
           else (select v.fhir from record.versions_told(p_record, p_id) v limit 1) end
$$;

-- When that text came to be.
create or replace function record.updated_told(p_record uuid, p_id uuid) returns timestamptz
language sql stable security invoker as $$
    select v.at from record.versions_told(p_record, p_id) v limit 1
$$;

-- Whether an entry meets every criterion of a search: groups hold together, the members of a group are
-- alternatives. `tokens` and `without` are numbers of the index, `names` are LIKE patterns, `instants` multiranges by
-- parameter, `periods` ranges that the act overlaps or does not.
create or replace function record.entry_matches(
    p_asked jsonb, p_tokens bigint[], p_names text[], p_instants jsonb, p_start timestamptz, p_stop timestamptz
) returns boolean
language plpgsql stable security invoker as $$
declare
    asked jsonb;
    parameter text;
begin
    for asked in select jsonb_array_elements(p_asked -> 'tokens') loop
        if not p_tokens && array(select jsonb_array_elements_text(asked)::bigint) then return false; end if;
    end loop;
    for asked in select jsonb_array_elements(p_asked -> 'without') loop
        if p_tokens && array(select jsonb_array_elements_text(asked)::bigint) then return false; end if;
    end loop;
    for asked in select jsonb_array_elements(p_asked -> 'names') loop
        if not exists (select from unnest(p_names) n, jsonb_array_elements_text(asked) pattern where n like pattern) then
            return false;
        end if;
    end loop;
    for parameter, asked in
        select i.key, jsonb_array_elements(i.value) from jsonb_each(p_asked -> 'instants') i
    loop
        if ((p_instants ->> parameter)::timestamptz <@ (asked #>> '{}')::tstzmultirange) is not true then
            return false;
        end if;
    end loop;
    for asked in select jsonb_array_elements(p_asked -> 'periods') loop
        if not exists (
            select from jsonb_array_elements(asked) a
             -- An end before its start, as software may write it, tells of its start alone.
             where (tstzrange(p_start, case when p_stop < p_start then p_start else p_stop end, '[]') && (a ->> 'range')::tstzrange) = (a ->> 'overlaps')::boolean
        ) then
            return false;
        end if;
    end loop;
    return true;
end
$$;

-- What a page is ordered by, smallest first: an instant per criterion, negated for a descending one.
create or replace function record.sort_key(p_sort text[], p_instants jsonb) returns numeric[]
language sql immutable security invoker as $$
    select array_agg(
               case when s like '-%' then -extract(epoch from (p_instants ->> substr(s, 2))::timestamptz)
                    else extract(epoch from (p_instants ->> s)::timestamptz) end
               order by nr)
      from unnest(p_sort) with ordinality as sorted (s, nr)
$$;

-- Metadata of the documents that match: one row at least, which has the number of all that match; `p_after` and
-- `p_after_id` continue a page.
create or replace function record.document_search(
    p app.permit, p_action text, p_statuses text[], p_ids uuid[], p_asked jsonb, p_sort text[],
    p_after numeric[], p_after_id uuid, p_limit integer
) returns table (total bigint, id uuid, key numeric[], fhir text)
language plpgsql volatile security invoker set plan_cache_mode = 'force_generic_plan' as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'documents', null, '', 0);
    if p_asked is null and p_sort is null then
        return query
        with matching as (
            select d.id, d.created_at, d.status,
                   -- Functions are left aside where they have nothing to say: this runs for every row.
                   case d.status when 'current' then d.status
                   else record.status_told(d.record_id, d.id, d.status) end as told
              from record.documents_document d
             where d.record_id = p.record_id
               and (p_ids is null or d.id = any (p_ids))
               and (p_statuses is null or d.status = any (p_statuses) or d.status = 'superseded')
        ), counted as (
            select * from matching m where p_statuses is null or m.told = any (p_statuses)
        ), page as (
            select c.*, array[-extract(epoch from c.created_at)] as key from counted c
             where p_after is null or (array[-extract(epoch from c.created_at)], c.id) > (p_after, p_after_id)
             order by c.created_at desc, c.id
             limit p_limit
        )
        select n.total, g.id, g.key,
               case when g.status = g.told then d.fhir
               else record.fhir_told(p.record_id, g.id, g.status, g.told, d.fhir) end
          from (select count(*) as total from counted) n
          left join page g on true
          left join record.documents_document d on d.record_id = p.record_id and d.id = g.id
         order by g.created_at desc, g.id;
        return;
    end if;
    return query
    with described as (
        select d.id, d.status, d.tokens, d.names, d.created_at, d.service_start, d.service_stop, t.told,
               jsonb_build_object(
                   'creation', d.created_at, 'date', d.deposited_at,
                   '_lastUpdated', case when d.status = t.told then d.updated_at
                                   else record.updated_told(d.record_id, d.id) end,
                   'period', coalesce(d.service_start, d.created_at),
                   'period-start', coalesce(d.service_start, d.created_at), 'period-end', d.service_stop) as instants
          from record.documents_document d
         cross join lateral (select case d.status when 'current' then d.status
                                    else record.status_told(d.record_id, d.id, d.status) end as told) t
         where d.record_id = p.record_id and (p_ids is null or d.id = any (p_ids))
    ), counted as (
        select e.id, e.status, e.told, record.sort_key(coalesce(p_sort, array['-creation']), e.instants) as key
          from described e
         where (p_statuses is null or e.told = any (p_statuses))
           and (p_asked is null
                or record.entry_matches(p_asked, e.tokens, e.names, e.instants,
                                        coalesce(e.service_start, e.created_at), e.service_stop))
    ), page as (
        select * from counted c
         where p_after is null or (c.key, c.id) > (p_after, p_after_id)
         order by c.key, c.id
         limit p_limit
    )
    select n.total, g.id, g.key, record.fhir_told(p.record_id, g.id, g.status, g.told, d.fhir)
      from (select count(*) as total from counted) n
      left join page g on true
      left join record.documents_document d on d.record_id = p.record_id and d.id = g.id
     order by g.key, g.id;
end
$$;

-- The same for a page that people read: columns instead of the FHIR resource. Here and below `labels` has beside its own
-- bits, eight bits higher, those of the standing masks.
create or replace function record.document_lines(p app.permit, p_action text, p_limit integer)
returns table (
    id uuid, status text, type_ordinal smallint, title text, labels integer, created_at timestamptz,
    service_start timestamptz, author_label text, organisation_label text, media_type text, size bigint,
    deposited_at timestamptz, mine boolean
)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'documents', null, '', 0);
    return query
    select d.id, record.status_told(p.record_id, d.id, d.status), d.type_ordinal, d.title,
           d.labels | (d.standing << 8), d.created_at, d.service_start, d.author_label, d.organisation_label,
           d.media_type, d.size, d.deposited_at, d.depositor_id = p.actor_id
      from record.documents_document d
     where d.record_id = p.record_id
       and (d.status = 'current' or record.status_told(p.record_id, d.id, d.status) = 'current')
     order by d.created_at desc, d.id desc
     limit p_limit;
end
$$;

-- One document. Unknown and hidden are the same: no row, and a refused line.
create or replace function record.document_open(p app.permit, p_id uuid, p_action text)
returns table (
    id uuid, status text, type_ordinal smallint, title text, labels integer, created_at timestamptz,
    service_start timestamptz, author_label text, organisation_label text, media_type text, size bigint,
    deposited_at timestamptz, mine boolean, unique_id text, version integer, sha256 bytea, blob_id uuid, fhir text,
    updated_at timestamptz
)
language plpgsql volatile security invoker set plan_cache_mode = 'force_generic_plan' as $$
begin
    perform record.enter(p);
    return query
    select d.id, t.told, d.type_ordinal, d.title, d.labels | (d.standing << 8), d.created_at, d.service_start, d.author_label,
           d.organisation_label, d.media_type, d.size, d.deposited_at, d.depositor_id = p.actor_id, d.unique_id,
           coalesce(v.version, d.version), d.sha256, d.blob_id, coalesce(v.fhir, d.fhir), coalesce(v.at, d.updated_at)
      from record.documents_document d
     cross join record.status_told(p.record_id, d.id, d.status) t (told)
      left join lateral (select o.* from record.versions_told(d.record_id, d.id) o limit 1) v on d.status <> t.told
     where d.record_id = p.record_id and d.id = p_id;
    if found then
        -- An act on what a minor keeps secret carries its own mark for good.
        perform trail.note(p, p_action, 'done', 'document', p_id, '',
            (select d.labels & 4 from record.documents_document d
              where d.record_id = p.record_id and d.id = p_id));
    else
        perform trail.note(p, p_action, 'refused', 'document', p_id, 'not-found', 0);
    end if;
end
$$;

-- The versions of a document's metadata that this reader may see, newest first: its own row, and those before.
create or replace function record.document_versions(p app.permit, p_id uuid, p_version integer)
returns table (version integer, at timestamptz, fhir text)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    return query
    with mine as (
        select d.id, d.version, d.updated_at, d.status, d.fhir,
               record.status_told(p.record_id, d.id, d.status) as told
          from record.documents_document d
         where d.record_id = p.record_id and d.id = p_id
    ), every as (
        select m.version, m.updated_at as at, m.fhir from mine m where m.status = m.told
        union all
        select v.version, v.at, v.fhir
          from record.documents_version v join mine m on m.id = v.document_id
         where v.record_id = p.record_id and m.status = m.told
        union all
        select v.version, v.at, v.fhir from mine m, record.versions_told(p.record_id, m.id) v where m.status <> m.told
    )
    select e.version, e.at, e.fhir from every e
     where p_version is null or e.version = p_version
     order by e.version desc;
    if found then
        perform trail.note(p, 'document-read', 'done', 'document', p_id, '',
            (select d.labels & 4 from record.documents_document d
              where d.record_id = p.record_id and d.id = p_id));
    else
        perform trail.note(p, 'document-read', 'refused', 'document', p_id, 'not-found', 0);
    end if;
end
$$;

-- Submission sets and folders that match and hold at least one document that this reader may see (or are their own);
-- `items` are the documents that may be seen, in order.
create or replace function record.list_search(
    p app.permit, p_action text, p_statuses text[], p_ids uuid[], p_asked jsonb, p_sort text[],
    p_after numeric[], p_after_id uuid, p_limit integer
) returns table (total bigint, id uuid, key numeric[], fhir text, items uuid[], lists uuid[])
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'documents', null, '', 0);
    return query
    with described as (
        select l.id, l.depositor_id, l.tokens, l.names, t.fhir as told,
               jsonb_build_object('date', coalesce((t.fhir::jsonb ->> 'date')::timestamptz, l.date),
                                  '_lastUpdated', coalesce(t.at, l.updated_at)) as instants,
               array(select d.id
                       from record.documents_list_item i
                       join record.documents_document d on d.record_id = i.record_id and d.id = i.document_id
                      where i.record_id = l.record_id and i.list_id = l.id and i.list_version = l.version
                      order by i.position) as items
          from record.documents_list l
          left join lateral (select o.* from record.list_versions_told(l.record_id, l.id, p.actor_id) o limit 1) t
            on l.version > 1 and l.depositor_id <> p.actor_id
         where l.record_id = p.record_id
           and (p_statuses is null or l.status = any (p_statuses))
           and (p_ids is null or l.id = any (p_ids))
    ), seen as (
        select * from described e where e.depositor_id = p.actor_id or cardinality(e.items) > 0
    ), counted as (
        select s.id, s.items, s.told, record.sort_key(coalesce(p_sort, array['-date']), s.instants) as key
          from seen s
         where p_asked is null or record.entry_matches(p_asked, s.tokens, s.names, s.instants, null, null)
    ), page as (
        select * from counted c
         where p_after is null or (c.key, c.id) > (p_after, p_after_id)
         order by c.key, c.id
         limit p_limit
    )
    select n.total, g.id, g.key, coalesce(g.told, l.fhir), g.items,
           array(select c.id
                   from record.documents_list_item i
                   join record.documents_list c on c.record_id = i.record_id and c.id = i.child_id
                  where i.record_id = p.record_id and i.list_id = g.id and i.list_version = l.version
                    and (c.depositor_id = p.actor_id or exists (
                         select from record.documents_list_item o
                           join record.documents_document d on d.record_id = o.record_id and d.id = o.document_id
                          where o.record_id = c.record_id and o.list_id = c.id and o.list_version = c.version))
                  order by i.position)
      from (select count(*) as total from counted) n
      left join page g on true
      left join record.documents_list l on l.record_id = p.record_id and l.id = g.id
     order by g.key, g.id;
end
$$;

-- The depositor's own documents of these identifiers, as it may know them, with the labels that each came with, and more
-- perhaps. Those with the same bytes have been sent again, which is noted.
create or replace function record.documents_again(p app.permit, p_unique_ids text[], p_sha256 bytea[])
returns table (unique_id text, id uuid, version integer, fhir text, same boolean, set_id uuid, labels integer)
language plpgsql volatile security invoker set plan_cache_mode = 'force_generic_plan' as $$
begin
    perform record.enter(p);
    perform trail.note(p, 'document-deposit-again', 'done', 'document', d.id, '', d.labels & 4)
       from record.documents_document d
       join unnest(p_unique_ids, p_sha256) as asked (unique_id, sha256) using (unique_id, sha256)
      where d.record_id = p.record_id and d.depositor_id = p.actor_id;
    return query
    select d.unique_id, d.id, coalesce(known.version, d.version), coalesce(known.fhir, d.fhir), d.sha256 = asked.sha256,
           record.set_of(p.record_id, d.id),
           coalesce((select v.labels from record.documents_version v
                      where v.record_id = d.record_id and v.document_id = d.id and v.version = 1), d.labels)
      from record.documents_document d
      join unnest(p_unique_ids, p_sha256) as asked (unique_id, sha256) on asked.unique_id = d.unique_id
     cross join record.status_told(p.record_id, d.id, d.status) t (told)
      left join lateral (select o.* from record.versions_told(d.record_id, d.id) o limit 1) known on d.status <> t.told
     where d.record_id = p.record_id and d.depositor_id = p.actor_id;
end
$$;

-- The submission set in which a document came.
create or replace function record.set_of(p_record uuid, p_document uuid) returns uuid
language sql stable security invoker as $$
    select l.id from record.documents_list_item i
      join record.documents_list l on l.record_id = i.record_id and l.id = i.list_id and l.version = i.list_version
     where i.record_id = p_record and i.document_id = p_document and l.kind = 'submission'
     order by l.date limit 1
$$;

grant execute on function
    record.versions_told(uuid, uuid),
    record.fhir_told(uuid, uuid, text, text, text),
    record.updated_told(uuid, uuid),
    record.entry_matches(jsonb, bigint[], text[], jsonb, timestamptz, timestamptz),
    record.sort_key(text[], jsonb),
    record.document_search(app.permit, text, text[], uuid[], jsonb, text[], numeric[], uuid, integer),
    record.document_open(app.permit, uuid, text),
    record.document_versions(app.permit, uuid, integer),
    record.list_search(app.permit, text, text[], uuid[], jsonb, text[], numeric[], uuid, integer),
    record.documents_again(app.permit, text[], bytea[]),
    record.set_of(uuid, uuid)
    to carnet_reader, carnet_writer;
