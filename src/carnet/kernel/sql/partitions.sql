-- Month partitions of the trail, in UTC. They belong to the owner; the worker only asks for them.
create function trail.add_partition(partition text, month timestamptz) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
    next_month timestamptz := month + interval '1 month';
begin
    execute format('create table trail.%I (like trail.line including defaults including constraints)', partition);
    execute format('alter table trail.%I enable row level security', partition);
    execute format('revoke all on trail.%I from public, carnet_reader, carnet_writer', partition);
    if exists (select from trail.line_default d where d.at >= month and d.at < next_month) then
        lock table trail.line_default in access exclusive mode;
        execute format(
            'with moved as (delete from trail.line_default where at >= $1 and at < $2 returning *)'
            ' insert into trail.%I select * from moved', partition) using month, next_month;
    end if;
    execute format('alter table trail.line attach partition trail.%I for values from (%L) to (%L)',
                   partition, month, next_month);
end
$$;

-- Attaching does not stop readers and writers of the other months; if the lock on the default partition is not to
-- be had in time, the task tries again.
create function trail.ensure_partitions(ahead integer) returns setof text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp set timezone = 'UTC' set lock_timeout = '5s' as $$
declare
    month timestamptz;
    partition text;
begin
    if ahead not between 0 and 24 then
        raise exception 'ahead: between 0 and 24 months';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('carnet.trail.partitions', 0));
    for n in 0..ahead loop
        month := date_trunc('month', now()) + make_interval(months => n);
        partition := 'line_' || to_char(month, 'YYYY_MM');
        if to_regclass('trail.' || partition) is null then
            perform trail.add_partition(partition, month);
            return next partition;
        end if;
    end loop;
end
$$;

revoke all on function trail.add_partition(text, timestamptz), trail.ensure_partitions(integer) from public;
grant execute on function trail.ensure_partitions(integer) to carnet_writer;

select trail.ensure_partitions(3);
