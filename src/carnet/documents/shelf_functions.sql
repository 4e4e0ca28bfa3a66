-- The list of documents as the holder reads it, in one round trip: enters the record, notes the line of the trail,
-- filters, counts each filter, and gives one page.

-- `p_asked`: view ("" for what stands, "old" for replaced, "archived", "not-mine"), types (ordinals), year, author,
-- folder, tag, and true for fresh, hidden, pinned, mine. `p_since`: what came later and has not been opened by this
-- reader is fresh. `facets` stand on the first row, which is there even when no document is: how many documents each
-- choice would leave, the other choices kept.
create or replace function record.shelf_list(
    p app.permit, p_action text, p_asked jsonb, p_since timestamptz, p_sort text, p_offset integer, p_limit integer
) returns table (
    facets jsonb, id uuid, status text, type_ordinal smallint, title text, labels integer, created_at timestamptz,
    service_start timestamptz, author_label text, organisation_label text, media_type text, size bigint,
    deposited_at timestamptz, mine boolean, view text, fresh boolean, pinned boolean, folder_id uuid, tags text[]
)
language plpgsql volatile security invoker as $$
declare
    asked_types integer[] := array(select jsonb_array_elements_text(p_asked -> 'types')::integer);
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'documents', null, '', 0);
    return query
    with opened as materialized (
        select distinct l.target_id
          from trail.line l
         where l.record_id = p.record_id and l.at >= p_since and l.actor_id = p.actor_id and l.outcome = 'done'
           and l.target_kind = 'document' and l.action = 'document-open'
    ), seen as materialized (
        select d.id, d.type_ordinal, d.title, d.labels | (d.standing << 8) as labels, d.created_at, d.service_start,
               d.author_label,
               d.organisation_label, d.media_type, d.size, d.deposited_at, d.depositor_id = p.actor_id as mine,
               t.told,
               coalesce(d.service_start, d.created_at) as act,
               extract(year from coalesce(d.service_start, d.created_at) at time zone 'Europe/Paris')::integer as year,
               coalesce(nullif(d.author_label, ''), d.organisation_label) as author,
               case when coalesce(s.not_mine, false) then 'not-mine' when t.told = 'superseded' then 'old'
                    when d.archived then 'archived' else '' end as view,
               coalesce(d.deposited_at > p_since and d.depositor_id <> p.actor_id
                        and not exists (select from opened o where o.target_id = d.id), false) as fresh,
               coalesce(s.pinned, false) as pinned, s.folder_id, coalesce(s.tags::text[], '{}') as tags
          from record.documents_document d
         cross join lateral (select case d.status when 'superseded' then record.status_told(d.record_id, d.id, d.status)
                                    else d.status::text end as told) t
          left join record.documents_shelf s on s.record_id = d.record_id and s.document_id = d.id
         where d.record_id = p.record_id
    ), compared as (
        select s.*, s.view = coalesce(p_asked ->> 'view', '') as in_view,
               p_asked -> 'types' is null or s.type_ordinal = any (asked_types) as in_types,
               p_asked -> 'year' is null or s.year = (p_asked ->> 'year')::integer as in_year,
               p_asked -> 'author' is null or s.author = p_asked ->> 'author' as in_author,
               p_asked -> 'folder' is null
                   or coalesce(s.folder_id = (p_asked ->> 'folder')::uuid, false) as in_folder,
               p_asked -> 'tag' is null or p_asked ->> 'tag' = any (s.tags) as in_tag,
               p_asked -> 'fresh' is null or s.fresh as in_fresh,
               p_asked -> 'hidden' is null or (s.labels & (5 | (31 << 8))) <> 0 as in_hidden,
               p_asked -> 'pinned' is null or s.pinned as in_pinned,
               p_asked -> 'mine' is null or s.mine as in_mine
          from seen s
    ), judged as materialized (
        select c.*, 10 - (in_view::integer + in_types::integer + in_year::integer + in_author::integer
                          + in_folder::integer + in_tag::integer + in_fresh::integer + in_hidden::integer
                          + in_pinned::integer + in_mine::integer) as misses
          from compared c
    ), counted as (
        select jsonb_build_object(
            'total', count(*) filter (where j.misses = 0),
            'views', (select jsonb_object_agg(x.view, x.n) from (
                select v.view, count(*) as n from judged v where v.misses = (not v.in_view)::integer group by 1) x),
            'types', (select jsonb_object_agg(x.type_ordinal, x.n) from (
                select v.type_ordinal, count(*) as n from judged v where v.misses = (not v.in_types)::integer
                 group by 1) x),
            'years', (select jsonb_object_agg(x.year, x.n) from (
                select v.year, count(*) as n from judged v where v.misses = (not v.in_year)::integer group by 1) x),
            'authors', (select jsonb_object_agg(x.author, x.n) from (
                select v.author, count(*) as n from judged v
                 where v.misses = (not v.in_author)::integer and v.author <> '' group by 1) x),
            'tags', (select jsonb_object_agg(x.tag, x.n) from (
                select g.tag, count(*) as n from judged v, unnest(v.tags) g (tag)
                 where v.misses = (not v.in_tag)::integer group by 1) x),
            -- A folder is told to who made it, and to whoever may see something in it.
            'folders', (select jsonb_agg(jsonb_build_array(x.id, x.name, x.n) order by lower(x.name), x.id) from (
                select f.id, f.name, count(*) filter (where v.misses = (not v.in_folder)::integer) as n
                  from record.documents_folder f left join judged v on v.folder_id = f.id
                 where f.record_id = p.record_id and f.removed_at is null
                 group by f.id, f.name, f.made_by
                having f.made_by = p.actor_id or count(v.id) > 0) x),
            'flags', jsonb_build_object(
                'fresh', count(*) filter (where j.fresh and j.misses = (not j.in_fresh)::integer),
                'hidden', count(*) filter (where (j.labels & (5 | (31 << 8))) <> 0 and j.misses = (not j.in_hidden)::integer),
                'pinned', count(*) filter (where j.pinned and j.misses = (not j.in_pinned)::integer),
                'mine', count(*) filter (where j.mine and j.misses = (not j.in_mine)::integer))) as facets
          from judged j
    ), page as (
        select j.*, row_number() over (order by
                   case when p_sort = 'oldest' then extract(epoch from j.act)
                        when p_sort = 'deposited' then -extract(epoch from j.deposited_at)
                        else -extract(epoch from j.act) end, j.id) as place
          from judged j where j.misses = 0
         order by place offset p_offset limit p_limit
    )
    select case when coalesce(g.place, p_offset + 1) = p_offset + 1 then n.facets end,
           g.id, g.told, g.type_ordinal, g.title, g.labels, g.created_at, g.service_start, g.author_label,
           g.organisation_label, g.media_type, g.size, g.deposited_at, g.mine, g.view, g.fresh, g.pinned, g.folder_id,
           g.tags
      from counted n left join page g on true
     order by g.place;
end
$$;

-- What the home tells of the documents that stand, in one round trip: how many, how many of them are fresh, whether one
-- is pinned, the year of the oldest; and the newest deposits, what is fresh before everything else. The first row is
-- there even when no document is. The line of the trail is that of the list.
create or replace function record.shelf_newest(p app.permit, p_action text, p_since timestamptz, p_limit integer)
returns table (
    total integer, total_fresh integer, any_pinned boolean, oldest integer, id uuid, status text, type_ordinal smallint,
    title text, labels integer, created_at timestamptz, service_start timestamptz, author_label text,
    organisation_label text, media_type text, size bigint, deposited_at timestamptz, mine boolean, fresh boolean,
    pinned boolean, folder_id uuid, folder text, tags text[]
)
language plpgsql volatile security invoker set plan_cache_mode = 'force_generic_plan' as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'documents', null, '', 0);
    return query
    with opened as materialized (
        select distinct l.target_id
          from trail.line l
         where l.record_id = p.record_id and l.at >= p_since and l.actor_id = p.actor_id and l.outcome = 'done'
           and l.target_kind = 'document' and l.action = 'document-open'
    ), standing as materialized (
        select d.id, d.deposited_at, coalesce(d.service_start, d.created_at) as act, t.told,
               coalesce(d.deposited_at > p_since and d.depositor_id <> p.actor_id
                        and not exists (select from opened o where o.target_id = d.id), false) as fresh,
               coalesce(s.pinned, false) as pinned, s.folder_id, s.tags
          from record.documents_document d
         cross join lateral (select case d.status when 'superseded' then record.status_told(d.record_id, d.id, d.status)
                                    else d.status::text end as told) t
          left join record.documents_shelf s on s.record_id = d.record_id and s.document_id = d.id
         where d.record_id = p.record_id and not d.archived and t.told <> 'superseded'
           and not coalesce(s.not_mine, false)
    ), counted as (
        select count(*)::integer as n, (count(*) filter (where s.fresh))::integer as fresh,
               coalesce(bool_or(s.pinned), false) as pinned,
               extract(year from min(s.act) at time zone 'Europe/Paris')::integer as oldest
          from standing s
    ), page as (
        select s.* from standing s order by not s.fresh, s.deposited_at desc, s.id limit p_limit
    )
    select c.n, c.fresh, c.pinned, c.oldest, d.id, g.told, d.type_ordinal, d.title, d.labels | (d.standing << 8),
           d.created_at, d.service_start, d.author_label, d.organisation_label, d.media_type, d.size, d.deposited_at,
           d.depositor_id = p.actor_id, g.fresh, g.pinned, f.id, f.name::text, coalesce(g.tags::text[], '{}')
      from counted c
      left join (page g join record.documents_document d on d.record_id = p.record_id and d.id = g.id) on true
      left join record.documents_folder f on f.record_id = p.record_id and f.id = g.folder_id and f.removed_at is null
     order by not g.fresh, g.deposited_at desc, g.id;
end
$$;

-- Where one document stands, for who may see it and for no one else.
create or replace function record.shelf_place(p app.permit, p_id uuid)
returns table (title text, labels integer, pinned boolean, folder_id uuid, tags text[], not_mine boolean,
               own boolean, birth text, folders jsonb)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    return query
    select d.title, d.labels | (d.standing << 8), coalesce(s.pinned, false), f.id, coalesce(s.tags::text[], '{}'),
           coalesce(s.not_mine, false), d.depositor_id = p.actor_id,
           (select r.birth_date::text from record.records_record r where r.id = p.record_id),
           (select jsonb_agg(jsonb_build_array(o.id, o.name) order by lower(o.name), o.id)
              from record.documents_folder o
             where o.record_id = p.record_id and o.removed_at is null
               and (o.made_by = p.actor_id
                    or exists (select from record.documents_shelf i
                                 join record.documents_document e on e.record_id = i.record_id and e.id = i.document_id
                                where i.record_id = o.record_id and i.folder_id = o.id)))
      from record.documents_document d
      left join record.documents_shelf s on s.record_id = d.record_id and s.document_id = d.id
      left join record.documents_folder f on f.record_id = s.record_id and f.id = s.folder_id and f.removed_at is null
     where d.record_id = p.record_id and d.id = p_id;
    if found then
        perform trail.note(p, 'document-place', 'done', 'document', p_id, '',
            (select d.labels & 4 from record.documents_document d where d.record_id = p.record_id and d.id = p_id));
    else
        perform trail.note(p, 'document-place', 'refused', 'document', p_id, 'not-found', 0);
    end if;
end
$$;

grant execute on function
    record.shelf_list(app.permit, text, jsonb, timestamptz, text, integer, integer),
    record.shelf_newest(app.permit, text, timestamptz, integer),
    record.shelf_place(app.permit, uuid)
    to carnet_reader;
