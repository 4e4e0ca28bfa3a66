-- The same for whoever holds a permit.
create function trail.note(
    p app.permit, p_action text, p_outcome text, p_target_kind text, p_target uuid, p_detail text,
    p_hidden_from integer
) returns void
language sql volatile security invoker as $$
    select trail.write(p.record_id, p.actor_kind, p.actor_id, p.organisation_id, p.purpose, p.capacity, p.door,
                       p_action, p_outcome, p_target_kind, p_target, p_detail, p_hidden_from, p.request_id)
$$;

grant execute on function trail.note(app.permit, text, text, text, uuid, text, integer)
    to carnet_reader, carnet_writer;
