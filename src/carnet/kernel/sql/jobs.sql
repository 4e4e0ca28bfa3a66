-- The queue. A row is written by the transaction of the fact that asks for the work; `args` holds identifiers only.
create table app.kernel_job (
    id uuid primary key,
    task text not null,
    args jsonb not null default '{}',
    key text,
    every interval,
    state text not null default 'waiting' check (state in ('waiting', 'failed', 'done')),
    run_at timestamptz not null default now(),
    attempts integer not null default 0,
    last_error text,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    duration interval
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);

create index kernel_job_due on app.kernel_job (run_at, id) where state = 'waiting';
create index kernel_job_key on app.kernel_job (task, key) where state = 'waiting' and key is not null;
create index kernel_job_finished on app.kernel_job (finished_at) where state <> 'waiting';
create unique index kernel_job_periodic on app.kernel_job (task) where every is not null;
