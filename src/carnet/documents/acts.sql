-- The acts on documents. Each runs in a transaction that has entered the record to write (`record.enter_to_write`):
-- one at a time, decided on the facts of the moment.

-- What stands around a submission, read under the record's lock: documents of the same identifiers that came a moment
-- ago, those to be replaced, corrections that came before what they correct, the secrets that it is tied to, and the
-- open documents that it is tied to; and whether a guardian represents the holder.
create or replace function record.submission_prepare(
    p app.permit, p_unique_ids text[], p_replaced text[], p_replaced_ids uuid[], p_set_id text,
    p_ties bytea[], p_suspicions bytea[], p_suspicions_since timestamptz
) returns jsonb
-- Planned once: it takes as long as what it finds.
language plpgsql volatile security invoker set plan_cache_mode = 'force_generic_plan' as $$
begin
    return jsonb_build_object(
        'own', (select jsonb_object_agg(d.unique_id,
                                        jsonb_build_array(encode(d.sha256, 'hex'), coalesce(v.labels, d.labels)))
                  from record.documents_document d
                  left join record.documents_version v
                    on v.record_id = d.record_id and v.document_id = d.id and v.version = 1
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
        'birth', (select r.birth_date from record.records_record r where r.id = p.record_id),
        'guarded', exists (select from record.people_representation g
                            where g.record_id = p.record_id and g.kind = 'guardian'
                              and g.since <= now() and (g.until is null or g.until > now())));
end
$$;

-- New contents of one's own folders: a version of which the items are in already. What the folder was stays as a
-- version.
create or replace function record.folders_change(p app.permit, p_folders jsonb) returns void
language plpgsql volatile security invoker as $$
declare
    folder jsonb;
begin
    for folder in select jsonb_array_elements(p_folders) loop
        insert into record.documents_list_version (record_id, list_id, version, at, types, labels, depositor_id, fhir)
        select l.record_id, l.id, l.version, l.updated_at, l.types, l.labels, l.depositor_id, l.fhir
          from record.documents_list l
         where l.record_id = p.record_id and l.id = (folder ->> 'id')::uuid;
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
create or replace function record.lift(p app.permit) returns void
language sql volatile security invoker as $$
    select set_config('carnet.types', repeat('1', 256), true), set_config('carnet.hidden', '0', true),
           set_config('carnet.withdraws', 'yes', true)
$$;

create or replace function record.lower(p app.permit) returns void
language sql volatile security invoker as $$
    select record.settle(p), set_config('carnet.withdraws', 'no', true)
$$;

-- The lock of the lists that hold these documents, and of what they were, follows the documents'; when all are
-- withdrawn, who made the list alone sees it. Between `lift` and `lower`.
create or replace function record.lists_follow(p app.permit, p_documents uuid[]) returns void
language plpgsql volatile security invoker as $$
begin
    update record.documents_list l
       set types = s.types, labels = s.labels
      from (select i.list_id,
                   coalesce(bit_or(set_bit(repeat('0', 256)::bit(256), d.type_ordinal, 1))
                                filter (where d.status <> 'withdrawn'), repeat('0', 256)::bit(256))::text as types,
                   coalesce(bit_and(d.labels | (d.standing <> 0)::integer) filter (where d.status <> 'withdrawn'), 0)
                       as labels
              from record.documents_list_item i
              join record.documents_list h on h.record_id = i.record_id and h.id = i.list_id
                                          and h.version = i.list_version
              join record.documents_document d on d.record_id = i.record_id and d.id = i.document_id
             where i.record_id = p.record_id
               and i.list_id in (select o.list_id from record.documents_list_item o
                                  where o.record_id = p.record_id and o.document_id = any (p_documents))
             group by i.list_id) s
     where l.record_id = p.record_id and l.id = s.list_id;
    update record.documents_list_version v set types = l.types, labels = l.labels
      from record.documents_list l
     where v.record_id = p.record_id and l.record_id = v.record_id and l.id = v.list_id
       and v.list_id in (select o.list_id from record.documents_list_item o
                          where o.record_id = p.record_id and o.document_id = any (p_documents));
end
$$;

-- The versions that a document replaced, itself among them, and with `p_onward` those that replaced it: what hides or
-- withdraws it, hides or withdraws them, lest another version come to light. Between `lift` and `lower`.
create or replace function record.document_chain(p app.permit, p_id uuid, p_onward boolean)
returns table (id uuid, version integer, status text, labels integer, archived boolean, secrecy text,
               type_ordinal smallint, tokens bigint[], fhir text)
language sql volatile security invoker as $$
    with recursive earlier (id, replaces_id) as (
        select d.id, d.replaces_id from record.documents_document d where d.record_id = p.record_id and d.id = p_id
        union
        select d.id, d.replaces_id
          from earlier c join record.documents_document d on d.record_id = p.record_id and d.id = c.replaces_id
    ), later (id) as (
        select p_id where p_onward
        union
        select d.id from later c join record.documents_document d on d.record_id = p.record_id and d.replaces_id = c.id
    )
    select d.id, d.version, d.status, d.labels, d.archived, d.secrecy, d.type_ordinal, d.tokens, d.fhir
      from record.documents_document d
     where d.record_id = p.record_id and (d.id in (select c.id from earlier c) or d.id in (select c.id from later c))
$$;

-- Lists the professionals who had opened a document, for notice. It reads the trail of the act that it belongs to.
create or replace function record.list_readers(p app.permit, p_id uuid, p_cause text) returns void
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
    record.folders_change(app.permit, jsonb),
    record.lift(app.permit), record.lower(app.permit),
    record.lists_follow(app.permit, uuid[]),
    record.document_chain(app.permit, uuid, boolean),
    record.list_readers(app.permit, uuid, text),
    record.status_told(uuid, uuid, text)
    to carnet_writer;
