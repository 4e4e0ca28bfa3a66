-- What the access decision allows, as the database sees it (see carnet.kernel.db.record.Permit). Later migrations add
-- attributes; what puts it into force is in permit.sql.
create type app.permit as (
    record_id uuid,
    actor_kind text,
    actor_id uuid,
    organisation_id uuid,
    purpose text,
    capacity text,
    actor_epoch bigint,
    record_epoch bigint,
    rules_epoch bigint,
    until timestamptz,
    types text,
    hidden integer,
    trail boolean,
    door text,
    request_id uuid
);

-- Enters a record for an act on its life, without the holder's grant; `founding` makes its scope.
create function record.enter_as_steward(p app.permit, founding boolean) returns void
language plpgsql volatile security invoker as $$
begin
    perform record.settle(p);
    if founding then
        insert into record.kernel_scope (record_id, epoch) values (p.record_id, 1);
    else
        perform from record.kernel_scope s where s.record_id = p.record_id for no key update;
    end if;
end
$$;

-- Enters one record for the rest of the transaction. Raises CN001 when the permit is out of date: an epoch has
-- moved, or the instant has passed at which a fact changes by itself. The database's clock decides.
create function record.enter(p app.permit) returns void
language plpgsql volatile security invoker as $$
declare
    fresh boolean;
begin
    perform record.settle(p);

    select coalesce(p.until > now(), true)
       and s.epoch = p.record_epoch
       and (p.actor_kind = 'system'
            or exists (select from app.kernel_actor a
                       where a.id = p.actor_id and a.active and a.epoch = p.actor_epoch))
       and exists (select from app.kernel_epoch e where e.name = 'rules' and e.value = p.rules_epoch)
      into fresh
      from record.kernel_scope s
     where s.record_id = p.record_id;

    if fresh is not true then
        raise exception 'stale permit' using errcode = 'CN001';
    end if;
end
$$;

-- The same for a write: one at a time in a record, so that what was decided still holds when it commits.
create function record.enter_to_write(p app.permit) returns void
language plpgsql volatile security invoker as $$
begin
    perform record.settle(p);
    perform from record.kernel_scope s where s.record_id = p.record_id for no key update;
    perform record.enter(p);
end
$$;

grant execute on function record.enter(app.permit) to carnet_reader, carnet_writer;
grant execute on function record.enter_as_steward(app.permit, boolean), record.enter_to_write(app.permit) to carnet_writer;
