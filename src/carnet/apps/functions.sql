-- What changes a document, or reads something out of it, writes what subscriptions to its record may have to be told, in
-- its own transaction. Nobody is asked here what they may see: that is decided when it is sent. Where nobody subscribed,
-- it is one look at an index.

create or replace function record.apps_document() returns trigger
language plpgsql volatile security invoker as $$
declare
    was record.documents_document;
begin
    if tg_op = 'UPDATE' then
        was := old;
    end if;
    with due as (
    insert into record.apps_event (record_id, id, subscription_id, at, topic, item_id, made, status, was_status, was_type,
                                   was_labels, was_standing, was_handed, depositor_id, author_id)
    select new.record_id, gen_random_uuid(), s.id, clock_timestamp(), s.topic, new.id, tg_op = 'INSERT', new.status,
           coalesce(was.status, ''), was.type_ordinal, coalesce(was.labels, 0), coalesce(was.standing, 0),
           -- Into whose hands it had been put: nobody's in particular (null), this reader's, or others' alone.
           case when was.readers is not null
                then s.actor_id = any (was.readers) and coalesce(was.readers_until > now(), true) end,
           new.depositor_id, new.author_id
      from record.apps_subscription s
     where s.record_id = new.record_id and s.state <> 'off' and s.until > now()
       and (s.topic = 'documents'
            or tg_op = 'UPDATE' and exists (
                select from record.health_statement h where h.record_id = new.record_id and h.source_id = new.id))
    returning subscription_id
    )
    insert into app.kernel_job (id, task, args, key, run_at)
    select gen_random_uuid(), 'apps.deliver',
           jsonb_build_object('record_id', new.record_id, 'subscription_id', d.subscription_id),
           d.subscription_id::text, now()
      from due d
     where not exists (
           select from app.kernel_job j
            where j.task = 'apps.deliver' and j.key = d.subscription_id::text and j.state = 'waiting' and j.run_at = now());
    return null;
end
$$;

create or replace function record.apps_entries() returns trigger
language plpgsql volatile security invoker as $$
begin
    with due as (
    insert into record.apps_event (record_id, id, subscription_id, at, topic, item_id, made, status, was_status, was_labels,
                                   was_standing, depositor_id, author_id)
    select new.record_id, gen_random_uuid(), s.id, clock_timestamp(), s.topic,
           case tg_table_name when 'health_reading' then (to_jsonb(new) ->> 'document_id')::uuid
                else (to_jsonb(new) ->> 'source_id')::uuid end,
           true, new.status, '', 0, 0, new.depositor_id, new.author_id
      from record.apps_subscription s
     where s.record_id = new.record_id and s.topic = 'entries' and s.state <> 'off' and s.until > now()
    returning subscription_id
    )
    insert into app.kernel_job (id, task, args, key, run_at)
    select gen_random_uuid(), 'apps.deliver',
           jsonb_build_object('record_id', new.record_id, 'subscription_id', d.subscription_id),
           d.subscription_id::text, now()
      from due d
     where not exists (
           select from app.kernel_job j
            where j.task = 'apps.deliver' and j.key = d.subscription_id::text and j.state = 'waiting' and j.run_at = now());
    return null;
end
$$;

-- What somebody says themselves is taken back, or is covered by a mask or not any more. Its correction is new words beside
-- that. What documents say is told by the documents: withdrawn, replaced, read.
create or replace function record.apps_words() returns trigger
language plpgsql volatile security invoker as $$
begin
    with due as (
    insert into record.apps_event (record_id, id, subscription_id, at, topic, item_id, made, status, was_status, was_type,
                                   was_labels, was_standing, depositor_id, author_id)
    select new.record_id, gen_random_uuid(), s.id, clock_timestamp(), s.topic, new.source_id, false, new.status, old.status,
           old.type_ordinal, old.labels, old.standing, new.depositor_id, new.author_id
      from record.apps_subscription s
     where s.record_id = new.record_id and s.topic = 'entries' and s.state <> 'off' and s.until > now()
    returning subscription_id
    )
    insert into app.kernel_job (id, task, args, key, run_at)
    select gen_random_uuid(), 'apps.deliver',
           jsonb_build_object('record_id', new.record_id, 'subscription_id', d.subscription_id),
           d.subscription_id::text, now()
      from due d
     where not exists (
           select from app.kernel_job j
            where j.task = 'apps.deliver' and j.key = d.subscription_id::text and j.state = 'waiting' and j.run_at = now());
    return null;
end
$$;

create or replace trigger apps_document_made after insert on record.documents_document
    for each row execute function record.apps_document();
create or replace trigger apps_document_changed after update of status, labels, standing, type_ordinal on record.documents_document
    for each row
    when (old.status <> new.status or old.labels <> new.labels or old.standing <> new.standing
          or old.type_ordinal <> new.type_ordinal)
    execute function record.apps_document();
create or replace trigger apps_entries_read after insert on record.health_reading
    for each row when (new.found > 0) execute function record.apps_entries();
create or replace trigger apps_entries_said after insert on record.health_statement
    for each row when (new.said_by <> 'document') execute function record.apps_entries();
create or replace trigger apps_entries_taken_back after update of status, standing on record.health_statement
    for each row when (new.said_by <> 'document' and (old.status <> new.status or old.standing <> new.standing))
    execute function record.apps_words();

grant execute on function record.apps_document(), record.apps_entries(), record.apps_words() to carnet_writer;
