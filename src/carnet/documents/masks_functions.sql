-- Standing masks: what the holder masks by a rule. The bits stand on the rows of the documents, where the row policies
-- compare them.

create or replace function record.mask_covers(m record.documents_mask, d record.documents_document) returns boolean
language sql stable security invoker as $$
    select case m.kind
           when 'category' then substr(m.types, d.type_ordinal + 1, 1) = '1'
           when 'before' then (coalesce(d.service_start, d.created_at) at time zone 'Europe/Paris')::date < m.before
           when 'author' then
               case when m.organisation_label <> '' then d.organisation_label = m.organisation_label
                    -- Some documents name the professional and not their number.
                    else coalesce(d.author_id = m.author_id, d.author_label = m.author_label) end
           when 'all' then true
           when 'new' then d.deposited_at >= m.since
           else false end
$$;

create or replace function record.mask_bit(p_kind text) returns integer
language sql immutable security invoker as $$
    select case p_kind when 'category' then 1 when 'before' then 2 when 'author' then 4 when 'all' then 8 when 'new' then 16 else 0 end
$$;

-- Puts the standing masks to these documents and to those that they replaced, or were replaced by, in all their tables;
-- to every document of the record when `p_documents` is null. What covers a document covers what it replaced, as a label
-- does. By the holder's act and by every deposit, whose depositor does not learn of them.
create or replace function record.masks_follow(p app.permit, p_documents uuid[]) returns void
language plpgsql volatile security invoker as $$
declare
    moved uuid[];
begin
    perform record.lift(p);
    if p_documents is not null and not exists (
        select from record.documents_mask m where m.record_id = p.record_id and m.until is null
    ) then
        perform record.lower(p);
        return;
    end if;
    with recursive around (id) as (
        select d.id from record.documents_document d
         where d.record_id = p.record_id and (p_documents is null or d.id = any (p_documents))
        union
        select n.id from around a, lateral (
            select d.replaces_id as id from record.documents_document d
             where d.record_id = p.record_id and d.id = a.id and d.replaces_id is not null
            union all
            select d.id from record.documents_document d where d.record_id = p.record_id and d.replaces_id = a.id
        ) n
         where p_documents is not null
    ), own as (
        select d.id, d.replaces_id,
               coalesce(bit_or(record.mask_bit(m.kind)), 0) | case when d.readers is not null then 32 else 0 end as bits
          from around a
          join record.documents_document d on d.record_id = p.record_id and d.id = a.id
          left join record.documents_mask m
            on m.record_id = d.record_id and m.until is null and record.mask_covers(m, d)
         group by d.id, d.replaces_id, d.readers is not null
    ), reached (id, bits) as (
        select o.id, o.bits from own o where o.bits <> 0
        union
        select o.replaces_id, r.bits from reached r join own o on o.id = r.id where o.replaces_id is not null
    ), due as (
        select a.id, coalesce(bit_or(r.bits), 0)::smallint as bits
          from around a left join reached r on r.id = a.id
         group by a.id
    ), changed as (
        update record.documents_document d set standing = u.bits
          from due u where d.record_id = p.record_id and d.id = u.id and d.standing <> u.bits
        returning d.id
    )
    select array_agg(c.id) into moved from changed c;
    if moved is not null then
        update record.documents_version v set standing = d.standing
          from record.documents_document d
         where v.record_id = p.record_id and d.record_id = v.record_id and d.id = v.document_id and d.id = any (moved);
        update record.documents_text t set standing = d.standing
          from record.documents_document d
         where t.record_id = p.record_id and d.record_id = t.record_id and d.id = t.document_id and d.id = any (moved);
        perform record.lists_follow(p, moved);
    end if;
    -- A mask that told of secrets alone tells of them no more.
    update record.documents_mask m set hidden_from = 0
     where m.record_id = p.record_id and m.until is null and m.hidden_from <> 0
       and exists (select from record.documents_document d
                    where d.record_id = m.record_id and d.labels & m.hidden_from = 0 and d.status <> 'withdrawn'
                      and record.mask_covers(m, d));
    perform record.lower(p);
end
$$;

grant execute on function
    record.mask_covers(record.documents_mask, record.documents_document),
    record.mask_bit(text)
    to carnet_reader, carnet_writer;
grant execute on function record.masks_follow(app.permit, uuid[]) to carnet_writer;
