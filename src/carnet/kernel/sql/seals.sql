-- The proof that the trail is whole: leaves (one hash per line), seals (a signed root over the leaves of a window
-- of transaction ids), eras (transaction ids start anew at each logical restore). Append-only: no serving role may
-- even insert; the sealing functions belong to a role that may read lines and add leaves and seals, nothing else.
create table trail.era (
    id smallint primary key,
    after_seal bigint not null,
    at timestamptz not null,
    key_id text,
    signature bytea
);
insert into trail.era (id, after_seal, at) values (1, 0, now());

create table trail.seal (
    id bigint primary key,
    era smallint not null references trail.era (id),
    from_xid xid8 not null,
    to_xid xid8 not null,
    lines integer not null check (lines > 0),
    root bytea not null check (octet_length(root) = 32),
    previous_root bytea not null check (octet_length(previous_root) = 32),
    at timestamptz not null,
    key_id text not null,
    signature bytea not null,
    check (from_xid < to_xid)
);

create table trail.leaf (
    seal_id bigint not null,
    position integer not null,
    line_id uuid not null,
    at timestamptz not null,
    hash bytea not null check (octet_length(hash) = 32),
    primary key (seal_id, position)
);

create index line_xid on trail.line (era, xid);

alter table trail.era enable row level security;
alter table trail.seal enable row level security;
alter table trail.leaf enable row level security;

create policy seal on trail.line for select to carnet_sealer using (true);
create policy read on trail.era for select to carnet_sealer, carnet_writer using (true);
create policy read on trail.seal for select to carnet_sealer, carnet_writer using (true);
create policy read on trail.leaf for select to carnet_sealer using (true);
create policy append on trail.seal for insert to carnet_sealer with check (true);
create policy append on trail.leaf for insert to carnet_sealer with check (true);

grant select on trail.line to carnet_sealer;
grant select on trail.era, trail.seal to carnet_sealer, carnet_writer;
grant select on trail.leaf to carnet_sealer;
grant insert on trail.seal, trail.leaf to carnet_sealer;

-- One field of a line's canonical form, `name:octets:value,`. A null leaves nothing, so that a column added later
-- does not change the hash of older lines. carnet.kernel.audit.canonical writes the same form. These three run inside
-- the sealing functions, under their search path; one of their own would keep PostgreSQL from inlining them.
create function trail.field(name text, value text) returns text
language sql immutable as $$
    select case when value is null then '' else name || ':' || octet_length(value)::text || ':' || value || ',' end
$$;

-- Instants as microseconds since 1970, independent of time zone and date style.
create function trail.instant(value timestamptz) returns text
language sql stable as $$
    select case when isfinite(value) then trunc(extract(epoch from value) * 1000000)::text else value::text end
$$;

create function trail.line_hash(l trail.line) returns bytea
language sql stable as $$
    select sha256('\x00'::bytea || convert_to(
        trail.field('id', l.id::text)
        || trail.field('at', trail.instant(l.at))
        || trail.field('xid', l.xid::text)
        || trail.field('era', l.era::text)
        || trail.field('record_id', l.record_id::text)
        || trail.field('actor_kind', l.actor_kind)
        || trail.field('actor_id', l.actor_id::text)
        || trail.field('organisation_id', l.organisation_id::text)
        || trail.field('purpose', l.purpose)
        || trail.field('capacity', l.capacity)
        || trail.field('door', l.door)
        || trail.field('action', l.action)
        || trail.field('outcome', l.outcome)
        || trail.field('target_kind', l.target_kind)
        || trail.field('target_id', l.target_id::text)
        || trail.field('detail', l.detail)
        || trail.field('hidden_from', l.hidden_from::text)
        || trail.field('request_id', l.request_id::text),
        'UTF8'))
$$;

-- Adds the leaves of the next window of the present era, which ends at `horizon` or earlier so that it holds about
-- `most` lines (a transaction is never split). No row when nothing is to be sealed. One sealer at a time.
create function trail.seal_up_to(horizon xid8, most integer)
returns table (seal_id bigint, era smallint, from_xid xid8, to_xid xid8, previous_root bytea, hashes bytea[])
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    latest trail.seal;
    cut xid8;
begin
    perform pg_advisory_xact_lock(hashtextextended('carnet.trail.seal', 0));
    select max(e.id) into era from trail.era e;
    select * into latest from trail.seal s order by s.id desc limit 1;
    seal_id := coalesce(latest.id, 0) + 1;
    previous_root := coalesce(latest.root, decode(repeat('00', 32), 'hex'));
    from_xid := case when latest.era = era then latest.to_xid else '0'::xid8 end;
    to_xid := horizon;

    select l.xid into cut from trail.line l
     where l.era = era and l.xid >= from_xid and l.xid < horizon
     order by l.xid offset most limit 1;
    if found then
        select l.xid into to_xid from trail.line l
         where l.era = era and l.xid > cut and l.xid < horizon
         order by l.xid limit 1;
        to_xid := coalesce(to_xid, horizon);
    end if;

    insert into trail.leaf (seal_id, position, line_id, at, hash)
    select seal_id, row_number() over (order by l.xid, l.id) - 1, l.id, l.at, trail.line_hash(l)
      from trail.line l
     where l.era = era and l.xid >= from_xid and l.xid < to_xid;
    if not found then
        return;
    end if;

    select array_agg(f.hash order by f.position) into hashes from trail.leaf f where f.seal_id = seal_id;
    return next;
end
$$;

-- The next window that no transaction still under way can add to: every transaction id below the horizon has
-- ended, so a line that is committed late has an id above it and falls into the next window.
create function trail.seal_open(most integer)
returns table (seal_id bigint, era smallint, from_xid xid8, to_xid xid8, previous_root bytea, hashes bytea[])
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select * from trail.seal_up_to(pg_snapshot_xmin(pg_current_snapshot()), most)
$$;

create function trail.seal_close(
    p_id bigint, p_era smallint, p_from xid8, p_to xid8, p_lines integer, p_root bytea, p_previous_root bytea,
    p_at timestamptz, p_key_id text, p_signature bytea
) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into trail.seal (id, era, from_xid, to_xid, lines, root, previous_root, at, key_id, signature)
    values (p_id, p_era, p_from, p_to, p_lines, p_root, p_previous_root, p_at, p_key_id, p_signature)
$$;

-- How much is not sealed yet, and since when: figures for the operators.
create function trail.unsealed(out lines bigint, out oldest timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with latest as (select s.era, s.to_xid from trail.seal s order by s.id desc limit 1),
         present as (select max(e.id) as era from trail.era e)
    select count(*), min(l.at)
      from trail.line l
     where l.era = (select era from present)
       and l.xid >= coalesce((select to_xid from latest join present using (era)), '0'::xid8)
$$;

grant create on schema trail to carnet_sealer;
alter function trail.field(text, text) owner to carnet_sealer;
alter function trail.instant(timestamptz) owner to carnet_sealer;
alter function trail.line_hash(trail.line) owner to carnet_sealer;
alter function trail.seal_up_to(xid8, integer) owner to carnet_sealer;
alter function trail.seal_open(integer) owner to carnet_sealer;
alter function trail.seal_close(bigint, smallint, xid8, xid8, integer, bytea, bytea, timestamptz, text, bytea)
    owner to carnet_sealer;
alter function trail.unsealed() owner to carnet_sealer;
revoke create on schema trail from carnet_sealer;

-- Only the owner, after a restore, closes an era whatever its transaction ids.
revoke all on all functions in schema trail from public;
grant execute on function trail.seal_up_to(xid8, integer), trail.seal_open(integer), trail.unsealed(),
    trail.seal_close(bigint, smallint, xid8, xid8, integer, bytea, bytea, timestamptz, text, bytea)
    to current_user;
grant execute on function trail.seal_open(integer), trail.unsealed(),
    trail.seal_close(bigint, smallint, xid8, xid8, integer, bytea, bytea, timestamptz, text, bytea)
    to carnet_writer;
grant execute on function trail.unsealed() to carnet_reader;
