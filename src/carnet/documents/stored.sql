-- What a document is in all its tables: how it comes in, and how it changes.

-- Stores what a submission brings, under the record's lock: documents, what they are found by, their ties and authors,
-- lists and their items; and masks what a standing mask covers. `trace` are the lines of the trail (action, document, label bits), `listed` the documents whose
-- lists are to follow.
create or replace function record.submission_store(p app.permit, p_stored jsonb) returns void
language plpgsql volatile security invoker as $$
begin
    insert into app.kernel_blob (id, scope_id, size, sha256, stored_sha256, created_at)
    select b.id, p.record_id, b.size, b.sha256, b.stored_sha256, now()
      from jsonb_array_elements(p_stored -> 'blobs') s, jsonb_populate_record(null::app.kernel_blob, s) b;
    insert into record.documents_document
    select (jsonb_populate_record(null::record.documents_document, '{"standing": 0}' || d)).*
      from jsonb_array_elements(p_stored -> 'documents') d;
    insert into record.documents_text
    select (jsonb_populate_record(null::record.documents_text, '{"standing": 0}' || t)).*
      from jsonb_array_elements(p_stored -> 'texts') t;
    update record.documents_document d set replaces_id = (l ->> 'replaces_id')::uuid
      from jsonb_array_elements(p_stored -> 'late') l
     where d.record_id = p.record_id and d.id = (l ->> 'id')::uuid;
    insert into record.documents_link
    select (jsonb_populate_record(null::record.documents_link, k)).*
      from jsonb_array_elements(p_stored -> 'links') k;
    insert into record.documents_list
    select (jsonb_populate_record(null::record.documents_list, l)).*
      from jsonb_array_elements(p_stored -> 'lists') l;
    insert into record.documents_list_item
    select (jsonb_populate_record(null::record.documents_list_item, i)).*
      from jsonb_array_elements(p_stored -> 'items') i;
    insert into record.consent_authorship (record_id, actor_id)
    select p.record_id, a::uuid from jsonb_array_elements_text(p_stored -> 'authors') a
        on conflict do nothing;
    insert into app.kernel_locator (digest, record_id, kind)
    select decode(o ->> 'digest', 'hex'), p.record_id, o ->> 'kind' from jsonb_array_elements(p_stored -> 'locators') o
        on conflict do nothing;
    perform trail.note(p, t ->> 'action', 'done', 'document', (t ->> 'id')::uuid, '', (t ->> 'labels')::integer & 4)
       from jsonb_array_elements(p_stored -> 'trace') t;
    if p_stored -> 'listed' <> '[]' then
        perform record.folders_change(p, p_stored -> 'folders');
        perform record.lift(p);
        perform record.lists_follow(p, array(select jsonb_array_elements_text(p_stored -> 'listed')::uuid));
        perform record.lower(p);
    end if;
    perform record.masks_follow(p, array(select (d ->> 'id')::uuid from jsonb_array_elements(p_stored -> 'documents') d));
end
$$;

-- Keeps the present metadata of a document as a version, and puts others in their place. What hides the document now
-- hides what it was before, and its text. To be called between `lift` and `lower`.
create or replace function record.document_change(
    p app.permit, p_id uuid, p_status text, p_labels integer, p_archived boolean, p_secrecy text, p_tokens bigint[],
    p_fhir text, p_at timestamptz
) returns void
language plpgsql volatile security invoker as $$
begin
    insert into record.documents_version (record_id, document_id, version, at, status, type_ordinal, labels,
                                          depositor_id, author_id, fhir, standing, readers, readers_until)
    select d.record_id, d.id, d.version, d.updated_at, d.status, d.type_ordinal, d.labels, d.depositor_id, d.author_id,
           d.fhir, d.standing, d.readers, d.readers_until
      from record.documents_document d
     where d.record_id = p.record_id and d.id = p_id;
    update record.documents_version v
       set labels = v.labels | p_labels, status = case p_status when 'withdrawn' then p_status else v.status end
     where v.record_id = p.record_id and v.document_id = p_id;
    update record.documents_document d
       set status = p_status, labels = p_labels, archived = p_archived, secrecy = p_secrecy, tokens = p_tokens,
           version = d.version + 1, fhir = p_fhir, updated_at = p_at,
           -- What is withheld later waits from then on.
           notice_at = case when p_labels & 2 <> 0 then coalesce(d.notice_at, p_at + interval '14 days') end,
           release_at = case when p_labels & 2 <> 0 then coalesce(d.release_at, p_at + interval '1 month') end
     where d.record_id = p.record_id and d.id = p_id;
    update record.documents_text t set status = p_status, labels = p_labels
     where t.record_id = p.record_id and t.document_id = p_id and (t.status, t.labels) <> (p_status, p_labels);
    update record.documents_link k set secret = (p_labels & 4) <> 0
     where k.record_id = p.record_id and k.document_id = p_id and k.secret <> ((p_labels & 4) <> 0);
end
$$;

grant execute on function
    record.submission_store(app.permit, jsonb),
    record.document_change(app.permit, uuid, text, integer, boolean, text, bigint[], text, timestamptz)
    to carnet_writer;
