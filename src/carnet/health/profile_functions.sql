-- The lock of what was reported of a document is the document's, whoever changes it.
create or replace function record.fact_reports_follow() returns trigger
language plpgsql volatile security invoker as $$
begin
    update record.health_fact_report r
       set type_ordinal = new.type_ordinal, labels = new.labels, status = new.status, depositor_id = new.depositor_id,
           author_id = new.author_id, standing = new.standing
     where r.record_id = new.record_id and r.document_id = new.id;
    return null;
end
$$;

create trigger health_report_follows after update of type_ordinal, labels, status, depositor_id, author_id, standing
    on record.documents_document for each row
    when ((old.type_ordinal, old.labels, old.status, old.depositor_id, old.author_id, old.standing)
          is distinct from (new.type_ordinal, new.labels, new.status, new.depositor_id, new.author_id, new.standing))
    execute function record.fact_reports_follow();

grant execute on function record.fact_reports_follow() to carnet_writer;
