-- Keeps what was read, under the record's lock. The lock of a statement is its document's as it stands now. What the
-- extractor does not find any more is dropped; what a later version of the document answers otherwise is corrected.
create or replace function record.entries_keep(p app.permit, p_read jsonb) returns void
language plpgsql volatile security invoker as $$
declare
    documents uuid[] := array(select (r ->> 'document_id')::uuid from jsonb_array_elements(p_read) r);
begin
    perform record.lift(p);
    insert into record.health_reading (record_id, document_id, extractor, first_at, at, found, faults, type_ordinal, labels,
                                       status, depositor_id, author_id, standing)
    select d.record_id, d.id, (r ->> 'extractor')::integer, (r ->> 'at')::timestamptz, now(),
           jsonb_array_length(r -> 'statements'), (r ->> 'faults')::integer, d.type_ordinal, d.labels, d.status,
           d.depositor_id, d.author_id, d.standing
      from jsonb_array_elements(p_read) r
      join record.documents_document d on d.record_id = p.record_id and d.id = (r ->> 'document_id')::uuid
        on conflict (record_id, document_id)
        do update set extractor = excluded.extractor, at = excluded.at, found = excluded.found, faults = excluded.faults;
    update record.health_statement s set dropped = true
      from jsonb_array_elements(p_read) r
     where s.record_id = p.record_id and s.source_id = (r ->> 'document_id')::uuid
       and s.position >= jsonb_array_length(r -> 'statements') and not s.dropped;
    insert into record.health_statement
    select (jsonb_populate_record(null::record.health_statement,
                s || jsonb_build_object('type_ordinal', d.type_ordinal, 'labels', d.labels, 'status', d.status,
                                        'depositor_id', d.depositor_id, 'author_id', d.author_id,
                                        'standing', d.standing, 'dropped', false))).*
      from jsonb_array_elements(p_read) r
      join record.documents_document d on d.record_id = p.record_id and d.id = (r ->> 'document_id')::uuid
     cross join jsonb_array_elements(r -> 'statements') s
        on conflict (record_id, source_id, position)
        do update set kind = excluded.kind, fact = excluded.fact, question = excluded.question, tokens = excluded.tokens,
                      series = excluded.series, label = excluded.label, since = excluded.since, until = excluded.until,
                      state = excluded.state, value = excluded.value, ucum = excluded.ucum,
                      comparator = excluded.comparator, low = excluded.low, high = excluded.high,
                      interpretation = excluded.interpretation, absence = excluded.absence, fhir = excluded.fhir,
                      path = excluded.path, words = excluded.words, place = excluded.place,
                      setting = excluded.setting, stated_at = excluded.stated_at, known_at = excluded.known_at,
                      corrected_by = null, dropped = false;
    perform record.entries_correct(p, documents);
    perform record.lower(p);
end
$$;
