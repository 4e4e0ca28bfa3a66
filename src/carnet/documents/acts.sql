-- The acts on documents. Each runs in a transaction that has entered the record to write (`record.enter_to_write`):
-- one at a time, decided on the facts of the moment.

-- What stands around a submission, read under the record's lock: documents of the same identifiers that came a moment
-- ago, those to be replaced, corrections that came before what they correct, the secrets that it is tied to, and the
-- open documents that it is tied to.
create function record.submission_prepare(
    p app.permit, p_unique_ids text[], p_replaced text[], p_replaced_ids uuid[], p_set_id text,
    p_ties bytea[], p_suspicions bytea[], p_suspicions_since timestamptz
) returns jsonb
language sql volatile security invoker as $$
    select jsonb_build_object(
        'own', (select jsonb_object_agg(d.unique_id, encode(d.sha256, 'hex'))
                  from record.documents_document d
                 where d.record_id = p.record_id and d.unique_id = any (p_unique_ids) and d.depositor_id = p.actor_id),
        -- Who acts counts, not who is named as author: a depositor replaces his own, an author what he wrote.
        'replaced', (select jsonb_agg(to_jsonb(x))
                       from record.documents_document d,
                            lateral (select d.id, d.unique_id, d.version, d.status, d.labels, d.archived, d.secrecy,
                                            d.type_ordinal, d.tokens, d.fhir) x
                      where d.record_id = p.record_id
                        and (d.unique_id = any (p_replaced) or d.id = any (p_replaced_ids))
                        and (d.depositor_id = p.actor_id or d.author_id = p.actor_id)),
        'waiting', (select jsonb_object_agg(d.replaces_unique_id, d.id)
                      from record.documents_document d
                     where d.record_id = p.record_id and d.replaces_unique_id = any (p_unique_ids)
                       and d.depositor_id = p.actor_id),
        'set', (select l.id from record.documents_list l
                 where l.record_id = p.record_id and l.unique_id = p_set_id),
        'secrets', (select jsonb_agg(encode(k.digest, 'hex'))
                      from record.documents_link k
                     where k.record_id = p.record_id and k.digest = any (p_ties) and k.secret),
        'tied', (select jsonb_agg(jsonb_build_array(encode(k.digest, 'hex'), k.document_id))
                   from record.documents_link k
                  where k.record_id = p.record_id and k.digest = any (p_ties) and not k.secret),
        'suspicions', (select jsonb_agg(encode(k.digest, 'hex'))
                         from record.documents_link k
                        where k.record_id = p.record_id and k.digest = any (p_suspicions) and k.secret
                          and k.at >= p_suspicions_since),
        'birth', (select r.birth_date from record.records_record r where r.id = p.record_id))
$$;

-- Stores what a submission brings, under the record's lock: documents, their ties and authors, lists and their items.
-- `p_trace` are the lines of the trail: action, document, label bits.
create function record.submission_store(p app.permit, p_stored jsonb) returns void
language plpgsql volatile security invoker as $$
begin
    insert into record.documents_document
    select (jsonb_populate_record(null::record.documents_document, d)).*
      from jsonb_array_elements(p_stored -> 'documents') d;
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
end
$$;

-- New contents of one's own folders: a version of which the items are in already.
create function record.folders_change(p app.permit, p_folders jsonb) returns void
language plpgsql volatile security invoker as $$
declare
    folder jsonb;
begin
    for folder in select jsonb_array_elements(p_folders) loop
        update record.documents_list l
           set version = (folder ->> 'version')::integer, date = (folder ->> 'date')::timestamptz,
               updated_at = (folder ->> 'updated_at')::timestamptz, fhir = folder ->> 'fhir',
               unique_id = folder ->> 'unique_id',
               tokens = array(select jsonb_array_elements_text(folder -> 'tokens')::bigint),
               names = array(select jsonb_array_elements_text(folder -> 'names'))
         where l.record_id = p.record_id and l.id = (folder ->> 'id')::uuid;
    end loop;
end
$$;

-- For what an act that has been decided does to documents out of the sight of who acts: they come into sight until
-- `record.settle` draws the limits again.
create function record.lift(p app.permit) returns void
language sql volatile security invoker as $$
    select set_config('carnet.types', repeat('1', 256), true), set_config('carnet.hidden', '0', true),
           set_config('carnet.withdraws', 'yes', true)
$$;

create function record.lower(p app.permit) returns void
language sql volatile security invoker as $$
    select record.settle(p), set_config('carnet.withdraws', 'no', true)
$$;

-- Keeps the present metadata of a document as a version, and puts others in their place. What hides the document now
-- hides what it was before. To be called between `lift` and `lower`.
create function record.document_change(
    p app.permit, p_id uuid, p_status text, p_labels integer, p_archived boolean, p_secrecy text, p_tokens bigint[],
    p_fhir text, p_at timestamptz
) returns void
language sql volatile security invoker as $$
    insert into record.documents_version (record_id, document_id, version, at, status, type_ordinal, labels,
                                          depositor_id, author_id, fhir)
    select d.record_id, d.id, d.version, d.updated_at, d.status, d.type_ordinal, d.labels, d.depositor_id, d.author_id,
           d.fhir
      from record.documents_document d
     where d.record_id = p.record_id and d.id = p_id;
    update record.documents_version v
       set labels = v.labels | p_labels, status = case p_status when 'withdrawn' then p_status else v.status end
     where v.record_id = p.record_id and v.document_id = p_id;
    update record.documents_document d
       set status = p_status, labels = p_labels, archived = p_archived, secrecy = p_secrecy, tokens = p_tokens,
           version = d.version + 1, fhir = p_fhir, updated_at = p_at
     where d.record_id = p.record_id and d.id = p_id;
    update record.documents_link k set secret = (p_labels & 4) <> 0
     where k.record_id = p.record_id and k.document_id = p_id and k.secret <> ((p_labels & 4) <> 0)
$$;

-- The lock of the lists that hold these documents follows the documents'. Between `lift` and `lower`.
create function record.lists_follow(p app.permit, p_documents uuid[]) returns void
language sql volatile security invoker as $$
    update record.documents_list l
       set types = s.types, labels = s.labels
      from (select i.list_id,
                   bit_or(set_bit(repeat('0', 256)::bit(256), d.type_ordinal, 1))::text as types,
                   bit_and(d.labels) as labels
              from record.documents_list_item i
              join record.documents_list h on h.record_id = i.record_id and h.id = i.list_id
                                          and h.version = i.list_version
              join record.documents_document d on d.record_id = i.record_id and d.id = i.document_id
             where i.record_id = p.record_id and d.status <> 'withdrawn'
               and i.list_id in (select o.list_id from record.documents_list_item o
                                  where o.record_id = p.record_id and o.document_id = any (p_documents))
             group by i.list_id) s
     where l.record_id = p.record_id and l.id = s.list_id
$$;

-- The versions that a document replaced, itself among them: what hides or withdraws it, hides or withdraws them, lest
-- an earlier one come to light again. Between `lift` and `lower`.
create function record.document_chain(p app.permit, p_id uuid)
returns table (id uuid, version integer, status text, labels integer, archived boolean, secrecy text,
               type_ordinal smallint, tokens bigint[], fhir text)
language sql volatile security invoker as $$
    with recursive chain (id, replaces_id) as (
        select d.id, d.replaces_id from record.documents_document d where d.record_id = p.record_id and d.id = p_id
        union
        select d.id, d.replaces_id
          from chain c join record.documents_document d on d.record_id = p.record_id and d.id = c.replaces_id
    )
    select d.id, d.version, d.status, d.labels, d.archived, d.secrecy, d.type_ordinal, d.tokens, d.fhir
      from chain c join record.documents_document d on d.record_id = p.record_id and d.id = c.id
$$;

-- Lists the professionals who had opened a document, for notice. It reads the trail of the act that it belongs to.
create function record.list_readers(p app.permit, p_id uuid, p_cause text) returns void
language plpgsql volatile security invoker as $$
begin
    perform record.lift(p), set_config('carnet.trail', 'yes', true);
    insert into record.documents_notice (record_id, document_id, reader_id, organisation_id, cause, opened_at,
                                         listed_at)
    select distinct on (l.actor_id) p.record_id, p_id, l.actor_id, l.organisation_id, p_cause, l.at, now()
      from trail.line l
     where l.record_id = p.record_id and l.target_kind = 'document' and l.target_id = p_id and l.outcome = 'done'
       and l.actor_kind = 'professional' and l.actor_id <> p.actor_id
       and l.action in ('document-open', 'document-read')
     order by l.actor_id, l.at desc
        on conflict (record_id, document_id, reader_id)
        do update set cause = excluded.cause, opened_at = excluded.opened_at, listed_at = excluded.listed_at;
    perform record.lower(p);
end
$$;

grant execute on function
    record.submission_prepare(app.permit, text[], text[], uuid[], text, bytea[], bytea[], timestamptz),
    record.submission_store(app.permit, jsonb),
    record.folders_change(app.permit, jsonb),
    record.lift(app.permit), record.lower(app.permit),
    record.document_change(app.permit, uuid, text, integer, boolean, text, bigint[], text, timestamptz),
    record.lists_follow(app.permit, uuid[]),
    record.document_chain(app.permit, uuid),
    record.list_readers(app.permit, uuid, text),
    record.status_told(uuid, uuid, text)
    to carnet_writer;
