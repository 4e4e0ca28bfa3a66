-- name: open
select seal_id, era, from_xid::text::bigint, to_xid::text::bigint, previous_root, hashes
from trail.seal_open(%(most)s);

-- name: open_up_to
select seal_id, era, from_xid::text::bigint, to_xid::text::bigint, previous_root, hashes
from trail.seal_up_to(%(horizon)s::text::xid8, %(most)s);

-- name: close
select trail.seal_close(%(id)s, %(era)s::smallint, %(from)s::text::xid8, %(to)s::text::xid8, %(lines)s, %(root)s,
                        %(previous)s, %(at)s, %(key)s, %(signature)s);

-- name: present
select max(e.id)::integer, coalesce((select max(s.id) from trail.seal s), 0) from trail.era e;

-- name: mark
insert into trail.era (id, after_seal, at, key_id, signature)
values (%(id)s, %(after)s, %(at)s, %(key)s, %(signature)s);

-- name: marks
select id, after_seal, at, key_id, signature from trail.era order by id;

-- name: seals
select id, era, from_xid::text::bigint, to_xid::text::bigint, lines, root, previous_root, at, key_id, signature
from trail.seal
where id > %(after)s and id <= %(last)s
order by id;

-- name: unsealed
select lines, oldest from trail.unsealed();

-- name: snapshot
select pg_snapshot_xmax(pg_current_snapshot())::text::bigint, (select max(id)::integer from trail.era);

-- name: leaves
select seal_id, position, hash from trail.leaf order by seal_id, position;

-- name: leaves_by_line
-- In the order of the UUIDs, not of their text in the collation of the database.
select line_id::text, seal_id, to_char(at at time zone 'UTC', 'YYYY-MM'), hash from trail.leaf f order by f.line_id;

-- name: lines
-- The fields of carnet.kernel.audit.canonical.FIELDS, then the month.
select id::text,
       case when isfinite(at) then trunc(extract(epoch from at) * 1000000)::text else at::text end,
       xid::text, era::text, record_id::text, actor_kind, actor_id::text, organisation_id::text, purpose, capacity,
       door, action, outcome, target_kind, target_id::text, detail, hidden_from::text, request_id::text,
       to_char(at at time zone 'UTC', 'YYYY-MM')
from trail.line l
order by l.id;

-- name: partitions
select c.relname as name,
       c.relrowsecurity as protected,
       c.relacl is not null and exists (
           select from aclexplode(c.relacl) a where a.grantee <> c.relowner) as granted,
       pg_get_expr(c.relpartbound, c.oid) as bounds
from pg_inherits i
join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'trail.line'::regclass
order by c.relname;

-- name: months_missing
select to_char(m, '"line_"YYYY_MM') as name
from generate_series(date_trunc('month', now() at time zone 'UTC'),
                     date_trunc('month', now() at time zone 'UTC') + make_interval(months => %(ahead)s),
                     interval '1 month') m
where to_regclass('trail.' || to_char(m, '"line_"YYYY_MM')) is null
order by m;

-- name: ensure_partitions
select name from trail.ensure_partitions(%(ahead)s) as made(name);

-- name: shown
select id, at, actor_id, actor_kind, organisation_id, purpose, capacity, door, action, outcome, target_kind, target_id,
       detail
from trail.line
where record_id = %(record_id)s
order by at, id;
