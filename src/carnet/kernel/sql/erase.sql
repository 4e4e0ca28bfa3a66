-- Erasing a record for good. Written so that it may be laid down again: a restored database may be older than it.

-- Every row of a record under the second lock, its contents' index and its key. For the eraser, and for the owner who
-- replays the journal after a restoration; foreign keys are checked at the end of the transaction.
create or replace function record.wipe(p_record uuid) returns void
language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp as $$
declare
    t record;
begin
    for t in select c.relname,
                    case when exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'record_id')
                         then 'record_id' else 'id' end as key
               from pg_class c
              where c.relnamespace = 'record'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    loop
        execute format('delete from record.%I where %I = $1', t.relname, t.key) using p_record;
    end loop;
    delete from app.kernel_blob where scope_id = p_record;
    delete from app.kernel_datakey where scope_id = p_record;
end
$$;

-- What names a record among accounts, look-ups and jobs. A row to which others refer goes on without its record, where it
-- may (an account). The job that erases is left to end by itself.
create or replace function app.part_from(p_record uuid) returns void
language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp as $$
declare
    t record;
begin
    for t in select c.relname, not a.attnotnull and exists (select from pg_constraint f where f.confrelid = c.oid) as kept
               from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'record_id'
              where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
    loop
        if t.kept then
            execute format('update app.%I set record_id = null where record_id = $1', t.relname) using p_record;
        else
            execute format('delete from app.%I where record_id = $1', t.relname) using p_record;
        end if;
    end loop;
    delete from app.kernel_job where args ->> 'record_id' = p_record::text and task <> 'rights.erase';
end
$$;

revoke all on function record.wipe(uuid), app.part_from(uuid) from public;
grant execute on function record.wipe(uuid) to carnet_eraser;
grant execute on function app.part_from(uuid) to carnet_writer;
