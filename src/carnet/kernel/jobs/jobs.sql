-- name: enqueue
insert into app.kernel_job (id, task, args, key, run_at)
values (%(id)s, %(task)s, %(args)s, %(key)s, coalesce(%(run_at)s, now()));

-- name: plan
-- One row per periodic task; a row that is being run is not waited for.
insert into app.kernel_job (id, task, every) values (%(id)s, %(task)s, %(every)s)
on conflict (task) where every is not null do nothing;

-- name: replan
update app.kernel_job set every = %(every)s, run_at = least(run_at, now() + %(every)s)
where task = %(task)s and every <> %(every)s;

-- name: due
select id, task, args::text, key, attempts
from app.kernel_job
where state = 'waiting' and run_at <= now() and task = any(%(tasks)s)
order by run_at, id
limit 1
for update skip locked;

-- name: claim
update app.kernel_job set attempts = attempts + 1, run_at = now() + %(delay)s where id = %(id)s;

-- name: prepare
-- A long task is no forgotten transaction. Local to the job's transaction.
select set_config('idle_in_transaction_session_timeout', '0', true), set_config('statement_timeout', '10min', true);

-- name: hold
-- The number of the attempt is the fence: nobody else has claimed the job since.
select id from app.kernel_job
where id = %(id)s and attempts = %(attempts)s and state = 'waiting'
for update skip locked;

-- name: lock_key
select pg_try_advisory_xact_lock(hashtextextended('carnet.job/' || %(task)s || '/' || %(key)s, 0));

-- name: postpone
update app.kernel_job set attempts = attempts - 1, run_at = clock_timestamp() + interval '1 second'
where id = %(id)s;

-- name: siblings
select id from app.kernel_job
where task = %(task)s and key = %(key)s and state = 'waiting' and id <> %(id)s
  and every is null and run_at <= clock_timestamp()
for update skip locked;

-- name: finish
update app.kernel_job
set state = case when every is null then 'done' else 'waiting' end,
    run_at = case when every is null then run_at else clock_timestamp() + every end,
    attempts = case when every is null then attempts else 0 end,
    last_error = null,
    finished_at = clock_timestamp(),
    duration = clock_timestamp() - now()
where id = any(%(ids)s);

-- name: fail
update app.kernel_job
set state = case when %(give_up)s then 'failed' else 'waiting' end,
    run_at = clock_timestamp() + %(delay)s,
    attempts = %(attempts)s,
    last_error = %(error)s,
    finished_at = case when %(give_up)s then clock_timestamp() end,
    duration = clock_timestamp() - now()
where id = any(%(ids)s);

-- name: counts
select task,
       count(*) filter (where state = 'waiting') as waiting,
       count(*) filter (where state = 'waiting' and run_at <= now()) as due,
       count(*) filter (where state = 'failed') as failed,
       min(run_at) filter (where state = 'waiting' and run_at <= now()) as oldest_due
from app.kernel_job
where state <> 'done'
group by task
order by task;

-- name: failures
select id, task, state, attempts, last_error, run_at, every is not null as periodic
from app.kernel_job
where last_error is not null and state <> 'done'
order by run_at desc
limit %(limit)s;

-- name: hurry
-- What a worker holds is left to it.
update app.kernel_job
   set attempts = case when state = 'failed' then 0 else attempts end, state = 'waiting', run_at = now(), finished_at = null
 where id = (select j.id from app.kernel_job j
              where j.id = %(id)s and j.last_error is not null and j.state <> 'done' for update skip locked)
returning task;

-- name: give_up
delete from app.kernel_job
 where id = (select j.id from app.kernel_job j
              where j.id = %(id)s and j.last_error is not null and j.state <> 'done' and j.every is null
                for update skip locked)
returning task;

-- name: purge
delete from app.kernel_job
where state = 'done' and finished_at < now() - interval '7 days'
   or state = 'failed' and finished_at < now() - interval '90 days';
