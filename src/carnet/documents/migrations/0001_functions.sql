-- The hot paths on documents: each enters the record with the permit, reads, and leaves its line in the trail,
-- in one round trip. What may be seen is the row policy's affair alone.

-- Metadata of the documents that match, newest first; `total` counts all that match, `p_after` continues a page.
create function record.document_search(
    p app.permit, p_action text, p_statuses text[], p_unique_ids text[], p_ids uuid[],
    p_after_at timestamptz, p_after_id uuid, p_limit integer
) returns table (id uuid, created_at timestamptz, total bigint, fhir text)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    perform trail.note(p, p_action, 'done', 'documents', null, '', 0);
    return query
    with matching as (
        select d.id, d.created_at, d.fhir
          from record.documents_document d
         where d.record_id = p.record_id
           and (p_statuses is null or d.status = any (p_statuses))
           and (p_unique_ids is null or d.unique_id = any (p_unique_ids))
           and (p_ids is null or d.id = any (p_ids))
    )
    select m.id, m.created_at, (select count(*) from matching), m.fhir
      from matching m
     where p_after_at is null or (m.created_at, m.id) < (p_after_at, p_after_id)
     order by m.created_at desc, m.id desc
     limit p_limit;
end
$$;

-- The status that this reader may know: superseded only by a version that may be seen.
create function record.status_told(p_record uuid, p_id uuid, p_status text) returns text
language sql stable security invoker as $$
    select case when p_status = 'superseded' and not exists (
               select from record.documents_document n where n.record_id = p_record and n.replaces_id = p_id)
           then 'current' else p_status end
$$;

-- The same for a page that people read: columns instead of the FHIR resource.
create function record.document_lines(p app.permit, p_action text, p_limit integer)
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
    select d.id, record.status_told(p.record_id, d.id, d.status), d.type_ordinal, d.title, d.labels, d.created_at, d.service_start, d.author_label,
           d.organisation_label, d.media_type, d.size, d.deposited_at, d.depositor_id = p.actor_id
      from record.documents_document d
     where d.record_id = p.record_id
       and (d.status = 'current' or record.status_told(p.record_id, d.id, d.status) = 'current')
     order by d.created_at desc, d.id desc
     limit p_limit;
end
$$;

-- One document. Unknown and hidden are the same: no row, and a refused line.
create function record.document_open(p app.permit, p_id uuid, p_action text)
returns table (
    id uuid, status text, type_ordinal smallint, title text, labels integer, created_at timestamptz,
    service_start timestamptz, author_label text, organisation_label text, media_type text, size bigint,
    deposited_at timestamptz, mine boolean, unique_id text, version integer, sha256 bytea, blob_id uuid, fhir text,
    updated_at timestamptz
)
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    return query
    select d.id, record.status_told(p.record_id, d.id, d.status), d.type_ordinal, d.title, d.labels, d.created_at, d.service_start, d.author_label,
           d.organisation_label, d.media_type, d.size, d.deposited_at, d.depositor_id = p.actor_id, d.unique_id,
           d.version, d.sha256, d.blob_id, d.fhir, d.updated_at
      from record.documents_document d
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

grant execute on function
    record.document_search(app.permit, text, text[], text[], uuid[], timestamptz, uuid, integer),
    record.status_told(uuid, uuid, text),
    record.document_lines(app.permit, text, integer),
    record.document_open(app.permit, uuid, text)
    to carnet_reader;
