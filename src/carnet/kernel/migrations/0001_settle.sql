create function record.settle(p app.permit) returns void
language sql volatile security invoker as $$
    select set_config('carnet.record', p.record_id::text, true),
           set_config('carnet.actor', p.actor_id::text, true),
           set_config('carnet.types', coalesce(p.types, ''), true),
           set_config('carnet.hidden', coalesce(p.hidden, -1)::text, true),
           set_config('carnet.trail', case when p.trail then 'yes' else 'no' end, true)
$$;

grant execute on function record.settle(app.permit) to carnet_reader, carnet_writer;
