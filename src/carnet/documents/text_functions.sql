-- Documents of the record that no extractor has read, or an older one than `p_extractor`: newest first, all of them in
-- the sight of the system alone, for as long as this takes. Withdrawn ones are read by nobody.
create or replace function record.texts_due(p app.permit, p_extractor integer, p_limit integer)
returns table (id uuid, blob_id uuid, media_type text, type_ordinal smallint, title text, author_label text,
               organisation_label text)
language plpgsql volatile security invoker as $$
begin
    perform record.settle(p), record.lift(p);
    return query
    select d.id, d.blob_id, d.media_type, d.type_ordinal, d.title, d.author_label, d.organisation_label
      from record.documents_document d
      left join record.documents_text t on t.record_id = d.record_id and t.document_id = d.id
     where d.record_id = p.record_id and d.status <> 'withdrawn' and coalesce(t.extractor, 0) < p_extractor
     order by d.deposited_at desc, d.id
     limit p_limit;
    perform record.lower(p);
end
$$;

-- Keeps what was read, under the record's lock. The lock of a text is its document's as it stands now.
create or replace function record.texts_keep(p app.permit, p_read jsonb) returns void
language plpgsql volatile security invoker as $$
begin
    perform record.lift(p);
    insert into record.documents_text
    select (jsonb_populate_record(null::record.documents_text,
                r || jsonb_build_object('record_id', d.record_id, 'type_ordinal', d.type_ordinal, 'labels', d.labels,
                                        'status', d.status, 'depositor_id', d.depositor_id, 'author_id', d.author_id,
                                        'standing', d.standing, 'readers', to_jsonb(d.readers),
                                        'readers_until', d.readers_until))).*
      from jsonb_array_elements(p_read) r
      join record.documents_document d on d.record_id = p.record_id and d.id = (r ->> 'document_id')::uuid
        on conflict (record_id, document_id)
        do update set heading = excluded.heading, words = excluded.words, passages = excluded.passages,
                      passage_words = excluded.passage_words, passage_pages = excluded.passage_pages,
                      extractor = excluded.extractor, fault = excluded.fault;
    perform record.lower(p);
end
$$;

-- Documents in force whose words, of the heading or of the text, meet every clause: for each, the word at its place in
-- `p_either`, or the one in `p_or` when that is not null. Those whose heading does come first, then the newest. The
-- first row has the number of all of them and, whatever `p_types` asks, of each type; `passage` is the first of those
-- that meet most clauses. When no document meets them, `words` has the line of each document instead: what was mistyped
-- is mended against them. A second look of the same search (`p_action` null) leaves no second line.
create or replace function record.search_inside(
    p app.permit, p_action text, p_either text[], p_or text[], p_types smallint[],
    p_after_headed boolean, p_after_at timestamptz, p_after_id uuid, p_limit integer
) returns table (
    total bigint, kinds jsonb, words text, headed boolean, at timestamptz, passage text, page integer,
    id uuid, status text, type_ordinal smallint, title text, labels integer, created_at timestamptz,
    service_start timestamptz, author_label text, organisation_label text, media_type text, size bigint,
    deposited_at timestamptz, mine boolean
)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    if p_action is not null then
        perform trail.note(p, p_action, 'done', 'documents', null, '', 0);
    end if;
    return query
    with found as materialized (
        select d.id, d.type_ordinal, coalesce(d.service_start, d.created_at) as at,
               not exists (select from unnest(p_either, p_or) clause (a, b)
                            where strpos(t.heading, a) = 0 and (b is null or strpos(t.heading, b) = 0)) as headed
          from record.documents_text t
          join record.documents_document d on d.record_id = t.record_id and d.id = t.document_id
         where t.record_id = p.record_id
           and (t.status = 'current' or record.status_told(t.record_id, t.document_id, t.status) = 'current')
           and not exists (select from unnest(p_either, p_or) clause (a, b)
                            where strpos(t.words, a) = 0 and (b is null or strpos(t.words, b) = 0))
    ), chosen as (
        select * from found f where p_types is null or f.type_ordinal = any (p_types)
    ), listed as (
        select * from chosen c
         where p_after_id is null or (not c.headed, p_after_at, c.id) > (not p_after_headed, c.at, p_after_id)
         order by not c.headed, c.at desc, c.id
         limit p_limit
    )
    select n.total, n.kinds, n.words, l.headed, l.at, s.passage, s.page, l.id, 'current'::text, d.type_ordinal,
           d.title, d.labels | (d.standing << 8), d.created_at, d.service_start, d.author_label, d.organisation_label, d.media_type,
           d.size, d.deposited_at, d.depositor_id = p.actor_id
      from (select (select count(*) from chosen) as total,
                   (select jsonb_object_agg(k.type_ordinal, k.count)
                      from (select f.type_ordinal, count(*) from found f group by 1) k) as kinds,
                   case when not exists (select from found) then (
                       select string_agg(t.words, e'\n') from record.documents_text t
                        where t.record_id = p.record_id
                          and (t.status = 'current'
                               or record.status_told(t.record_id, t.document_id, t.status) = 'current')
                   ) end as words) n
      left join listed l on true
      left join record.documents_document d on d.record_id = p.record_id and d.id = l.id
      left join record.documents_text t on t.record_id = p.record_id and t.document_id = l.id
      left join lateral (
           select e.passage, e.page
             from unnest(t.passages, t.passage_words, t.passage_pages) with ordinality e (passage, line, page, nr),
                  lateral (select count(*) as met from unnest(p_either, p_or) clause (a, b)
                            where strpos(e.line, a) > 0 or strpos(e.line, b) > 0) m
            where m.met > 0
            order by m.met desc, e.nr
            limit 1) s on true
     order by l.headed desc, l.at desc, l.id;
end
$$;

grant execute on function
    record.texts_due(app.permit, integer, integer),
    record.texts_keep(app.permit, jsonb)
    to carnet_writer;
grant execute on function
    record.search_inside(app.permit, text, text[], text[], smallint[], boolean, timestamptz, uuid, integer)
    to carnet_reader;
