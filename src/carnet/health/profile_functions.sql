-- The lock of what was reported of a document is the document's, whoever changes it.
create or replace function record.fact_reports_follow() returns trigger
language plpgsql volatile security invoker as $$
begin
    update record.health_fact_report r
       set type_ordinal = new.type_ordinal, labels = new.labels, status = new.status, depositor_id = new.depositor_id,
           author_id = new.author_id, standing = new.standing
     where r.record_id = new.record_id and r.source_id = new.id;
    return null;
end
$$;

create or replace trigger health_report_follows after update of type_ordinal, labels, status, depositor_id, author_id, standing
    on record.documents_document for each row
    when ((old.type_ordinal, old.labels, old.status, old.depositor_id, old.author_id, old.standing)
          is distinct from (new.type_ordinal, new.labels, new.status, new.depositor_id, new.author_id, new.standing))
    execute function record.fact_reports_follow();

grant execute on function record.fact_reports_follow() to carnet_writer;

-- That of what was reported of a professional's own note is the note's. A note that is gone, corrected or taken back, has
-- answered: its report stays for who made it, who is told so, and the support has nothing left to do.
create or replace function record.note_reports_follow() returns trigger
language plpgsql volatile security invoker as $$
declare
    gone constant boolean := new.status = 'withdrawn' and old.status <> 'withdrawn';
begin
    update record.health_fact_report r
       set type_ordinal = new.type_ordinal, labels = new.labels, standing = new.standing,
           answered_at = case when gone and r.taken_back_at is null then coalesce(r.answered_at, now())
                              else r.answered_at end
     where r.record_id = new.record_id and r.source_id = new.source_id;
    if gone and found then
        update app.health_fact_case c set closed_at = now()
         where c.record_id = new.record_id and c.source_id = new.source_id and c.closed_at is null;
    end if;
    return null;
end
$$;

create or replace trigger health_report_follows_note after update of type_ordinal, labels, status, standing
    on record.health_statement for each row
    when (new.said_by = 'professional'
          and (old.type_ordinal, old.labels, old.status, old.standing)
              is distinct from (new.type_ordinal, new.labels, new.status, new.standing))
    execute function record.note_reports_follow();

grant execute on function record.note_reports_follow() to carnet_writer;
