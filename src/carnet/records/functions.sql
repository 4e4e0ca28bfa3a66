-- TD0.2: the identity and state behind a full INS, for an actor as it is now (CN001 when it has changed). It enters the
-- record by itself and shows nothing else of it; for a record that does not exist it does the same work.
create function record.existence(p_record uuid, p_actor uuid, p_actor_epoch bigint)
returns setof record.records_record
language plpgsql volatile security invoker as $$
begin
    if not exists (select from app.kernel_actor a where a.id = p_actor and a.active and a.epoch = p_actor_epoch) then
        raise exception 'stale actor' using errcode = 'CN001';
    end if;
    perform set_config('carnet.record', p_record::text, true);
    return query select r.* from record.records_record r where r.id = p_record;
end
$$;

grant execute on function record.existence(uuid, uuid, bigint) to carnet_reader;
