-- Who may erase: one role that cannot log in, by one function, and only a record whose day has come. That day stands in
-- the record's scope.

-- The erasure journal inside the database; `erasures.log` says the same outside it.
create table trail.erasure (
    record_id uuid primary key,
    due_at timestamptz not null,
    at timestamptz not null default clock_timestamp()
);
alter table trail.erasure enable row level security;
create policy read on trail.erasure for select to carnet_eraser, carnet_reader, carnet_writer using (true);
create policy append on trail.erasure for insert to carnet_eraser with check (true);
grant select on trail.erasure to carnet_eraser, carnet_reader, carnet_writer;
grant insert on trail.erasure to carnet_eraser;

grant usage on schema app, record, trail to carnet_eraser;
grant select, delete on app.kernel_blob, app.kernel_datakey to carnet_eraser;

-- Tables of before; a new one gets the same with its own policies (carnet.kernel.db.policies).
do $$
declare
    t record;
begin
    for t in select c.relname,
                    case when exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'record_id')
                         then 'record_id' else 'id' end as key
               from pg_class c
              where c.relnamespace = 'record'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'erase')
    loop
        execute format('grant select, delete on record.%I to carnet_eraser', t.relname);
        execute format('create policy erase on record.%I to carnet_eraser using'
                       ' (%I = nullif(current_setting(''carnet.erased'', true), '''')::uuid)', t.relname, t.key);
    end loop;
end
$$;

-- False when its day has not come, or there is no such record.
create function record.erase(p_record uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    due timestamptz;
begin
    perform set_config('carnet.erased', p_record::text, true);
    -- Whoever is writing in the record is waited for, and nobody enters it afterwards.
    delete from record.kernel_scope s where s.record_id = p_record and s.erase_at <= now() returning s.erase_at into due;
    if due is not null then
        perform record.wipe(p_record);
        insert into trail.erasure (record_id, due_at) values (p_record, due) on conflict do nothing;
    end if;
    perform set_config('carnet.erased', '', true);
    return due is not null;
end
$$;

grant create on schema record to carnet_eraser;
alter function record.erase(uuid) owner to carnet_eraser;
revoke create on schema record from carnet_eraser;
revoke all on function record.erase(uuid) from public;
grant execute on function record.erase(uuid) to carnet_writer;

-- An act on a life that has been erased finds nothing to act on, and adds nothing to it.
create or replace function record.enter_as_steward(p app.permit, founding boolean) returns void
language plpgsql volatile security invoker as $$
begin
    perform record.settle(p);
    if founding then
        insert into record.kernel_scope (record_id, epoch) values (p.record_id, 1);
    else
        perform from record.kernel_scope s where s.record_id = p.record_id for no key update;
        if not found then
            raise exception 'no such record' using errcode = 'CN002';
        end if;
    end if;
end
$$;
