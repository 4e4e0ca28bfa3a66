-- The trail: who did what in which record, for what purpose, through which door. Append-only for every role that
-- serves requests or jobs. `xid` orders the sealing; `era` tells which cluster gave the transaction ids.
create table trail.line (
    id uuid not null default gen_random_uuid(),
    at timestamptz not null default clock_timestamp(),
    xid xid8 not null default pg_current_xact_id(),
    era smallint not null default 1,
    record_id uuid,
    actor_kind text not null,
    actor_id uuid not null,
    organisation_id uuid,
    purpose text not null,
    capacity text not null,
    door text not null,
    action text not null,
    outcome text not null check (outcome in ('done', 'refused')),
    target_kind text not null,
    target_id uuid,
    detail text not null default '',
    hidden_from integer not null default 0,
    request_id uuid,
    unique (id, at)
) partition by range (at);

create index line_record on trail.line (record_id, at desc);

create table trail.line_default partition of trail.line default;

alter table trail.line enable row level security;
-- A partition read directly obeys its own policies, not its parent's: it has none, and no grants.
alter table trail.line_default enable row level security;

grant select on trail.line to carnet_reader, carnet_writer;
grant insert on trail.line to carnet_trail;
create policy append on trail.line for insert to carnet_trail with check (true);

-- The one way to add a line.
create function trail.write(
    p_record uuid, p_actor_kind text, p_actor uuid, p_organisation uuid, p_purpose text, p_capacity text,
    p_door text, p_action text, p_outcome text, p_target_kind text, p_target uuid, p_detail text,
    p_hidden_from integer, p_request uuid
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into trail.line (record_id, actor_kind, actor_id, organisation_id, purpose, capacity, door, action,
                            outcome, target_kind, target_id, detail, hidden_from, request_id)
    values (p_record, p_actor_kind, p_actor, p_organisation, p_purpose, p_capacity, p_door, p_action,
            p_outcome, p_target_kind, p_target, coalesce(p_detail, ''), coalesce(p_hidden_from, 0), p_request)
$$;

grant create on schema trail to carnet_trail;
alter function trail.write(uuid, text, uuid, uuid, text, text, text, text, text, text, uuid, text, integer, uuid)
    owner to carnet_trail;
revoke create on schema trail from carnet_trail;
revoke all on function
    trail.write(uuid, text, uuid, uuid, text, text, text, text, text, text, uuid, text, integer, uuid) from public;
grant execute on function
    trail.write(uuid, text, uuid, uuid, text, text, text, text, text, text, uuid, text, integer, uuid)
    to carnet_reader, carnet_writer;
