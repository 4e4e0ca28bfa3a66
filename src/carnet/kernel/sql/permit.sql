-- A permit put into force: the settings that the row policies compare with, and the line in the trail.

create or replace function record.settle(p app.permit) returns void
language sql volatile security invoker as $$
    select set_config('carnet.record', p.record_id::text, true),
           set_config('carnet.actor', p.actor_id::text, true),
           set_config('carnet.types', coalesce(p.types, ''), true),
           set_config('carnet.hidden', coalesce(p.hidden, -1)::text, true),
           set_config('carnet.trail', case when p.trail then 'yes' else 'no' end, true),
           set_config('carnet.discreet', coalesce(p.discreet, ''), true)
$$;

-- The line of whoever holds a permit. It is kept from whom the act is kept from, and from whom the permit is.
create or replace function trail.note(
    p app.permit, p_action text, p_outcome text, p_target_kind text, p_target uuid, p_detail text,
    p_hidden_from integer
) returns void
language sql volatile security invoker as $$
    select trail.write(p.record_id, p.actor_kind, p.actor_id, p.organisation_id, p.purpose, p.capacity, p.door,
                       p_action, p_outcome, p_target_kind, p_target, p_detail,
                       coalesce(p_hidden_from, 0) | coalesce(p.quiet, 0), p.request_id)
$$;
