-- Before the first migration, and harmless afterwards: the three schemas and what a new table grants.
-- `app` holds accounts, sessions, jobs and counters; `record` health content; `trail` who did what.
create schema if not exists app;
create schema if not exists record;
create schema if not exists trail;

revoke all on schema public from public;
revoke all on schema app, record, trail from public;
grant usage on schema app, record, trail to carnet_reader, carnet_writer;
grant usage on schema app, trail to carnet_trail, carnet_sealer;
grant usage on schema app, record, trail to carnet_eraser;

alter default privileges in schema app grant select on tables to carnet_reader;
alter default privileges in schema app grant select, insert, update, delete on tables to carnet_writer;
alter default privileges in schema app grant usage, select on sequences to carnet_writer;

-- Nobody calls a function of ours without a grant, public included.
alter default privileges revoke execute on functions from public;
