-- Who may see what the holder put into the hands of professionals stands on the rows of the documents, where the row
-- policies compare it.

-- Puts there who holds what now, in all the tables of these documents. After every act on who does, under the record's
-- lock.
create or replace function record.readers_follow(p app.permit) returns void
language plpgsql volatile security invoker as $$
declare
    moved uuid[];
begin
    perform record.lift(p);
    with due as (
        select d.id, h.readers, h.until
          from record.documents_document d
         cross join lateral (
            select coalesce(array_agg(s.professional_id order by s.professional_id), '{}') as readers,
                   case when bool_and(s.until is not null) then max(s.until) end as until
              from record.consent_share s
             where s.record_id = d.record_id and s.document_id = d.id and (s.until is null or s.until > now())) h
         where d.record_id = p.record_id and d.readers is not null
    ), changed as (
        update record.documents_document d set readers = u.readers, readers_until = u.until
          from due u
         where d.record_id = p.record_id and d.id = u.id
           and (d.readers, d.readers_until) is distinct from (u.readers, u.until)
        returning d.id
    )
    select array_agg(c.id) into moved from changed c;
    if moved is not null then
        update record.documents_version v set readers = d.readers, readers_until = d.readers_until
          from record.documents_document d
         where v.record_id = p.record_id and d.record_id = v.record_id and d.id = v.document_id and d.id = any (moved);
        update record.documents_text t set readers = d.readers, readers_until = d.readers_until
          from record.documents_document d
         where t.record_id = p.record_id and d.record_id = t.record_id and d.id = t.document_id and d.id = any (moved);
    end if;
    perform record.lower(p);
end
$$;

grant execute on function record.readers_follow(app.permit) to carnet_writer;
