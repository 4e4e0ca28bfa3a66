-- Whether a guardian represents the holder now, for whoever has found the person (as `record.existence`): a professional
-- who is asked to keep something from who represents them. It sets the record itself.
create or replace function record.guarded(p_record uuid, p_actor uuid, p_actor_epoch bigint) returns boolean
language plpgsql volatile security invoker as $$
begin
    if not exists (select from app.kernel_actor a where a.id = p_actor and a.active and a.epoch = p_actor_epoch) then
        raise exception 'stale actor' using errcode = 'CN001';
    end if;
    perform set_config('carnet.record', p_record::text, true);
    return exists (select from record.people_representation g
                    where g.record_id = p_record and g.kind = 'guardian'
                      and g.since <= now() and (g.until is null or g.until > now()));
end
$$;

grant execute on function record.guarded(uuid, uuid, bigint) to carnet_reader;
