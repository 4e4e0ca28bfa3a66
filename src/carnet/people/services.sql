-- A file of services: lines are copied into people_service_line, then done to all of them at once. The table is emptied
-- at the end. The lock is that of the national extract: one of both at a time.

-- name: begin
select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true),
       set_config('lock_timeout', '60s', true), set_config('enable_nestloop', 'off', true),
       set_config('work_mem', '128MB', true),
       pg_advisory_xact_lock(hashtextextended('carnet.people.extract', 0))

-- name: empty
truncate app.people_service_line

-- name: copy
copy app.people_service_line (file, line, state, structure, service, name, who, role) from stdin

-- name: unknown
-- What names a structure, or a professional, that nobody has told of; a service of a service; a name that is another's.
with wrong as (
    select l.ctid, case when h.id is null or h.part_of_id is not null then 'structure'
                        when o.id is not null and o.part_of_id is distinct from h.id then 'service'
                        else 'who' end as what
      from app.people_service_line l
      left join app.people_organisation h on h.identifier = l.structure
      left join app.people_organisation o on o.identifier = l.service
      left join (select coalesce(p.rpps, a.key) as who from app.people_professional p
                   join app.kernel_actor a on a.id = p.actor_id) k on k.who = l.who
     where l.state <> 'refused'
       and (h.id is null or h.part_of_id is not null or o.id is not null and o.part_of_id is distinct from h.id
            or l.who <> '' and k.who is null and l.state = 'active')
)
update app.people_service_line l set state = 'refused' from wrong w where l.ctid = w.ctid
returning l.file, l.line, w.what

-- name: services
with said as (
    insert into app.people_organisation as o (id, identifier, name, part_of_id)
    select distinct on (l.service) gen_random_uuid(), l.service, l.name, h.id
      from app.people_service_line l
      join app.people_organisation h on h.identifier = l.structure
     where l.state <> 'refused'
     order by l.service, l.file, l.line
        on conflict (identifier) do update set name = excluded.name where o.name <> excluded.name
    returning xmax = 0 as added
)
select count(*) filter (where added) as services_added, count(*) filter (where not added) as services_renamed from said

-- name: leaving
-- Whom such a file put into a service and this one does not name there: of a whole file in all services, of a difference
-- in those that it names. A line that was refused leaves to those whom it names what they have.
select s.id, s.professional_id
  from app.people_situation s
  join app.people_organisation o on o.id = s.organisation_id
  join app.people_professional p on p.actor_id = s.professional_id
  join app.kernel_actor a on a.id = p.actor_id
 where s.of_service and s.since < now() and coalesce(s.until > now(), true)
   and (%(whole)s or exists (select from app.people_service_line l where l.service = o.identifier and l.state <> 'refused'))
   and not exists (select from app.people_service_line l
                    where l.who = coalesce(p.rpps, a.key)
                      and (l.state = 'refused' and l.service in ('', o.identifier)
                           or l.state = 'active' and l.service = o.identifier and l.role = s.role))

-- name: listed
select count(*) as listed from app.people_situation s
 where s.of_service and s.since <= now() and coalesce(s.until > now(), true)

-- name: end
update app.people_situation set until = now() where id = any (%(ids)s)

-- name: begin_situations
insert into app.people_situation (id, professional_id, organisation_id, role, since, of_service)
select gen_random_uuid(), s.actor_id, s.organisation_id, s.role, now(), true
  from (select distinct k.actor_id, o.id as organisation_id, l.role
          from app.people_service_line l
          join app.people_organisation o on o.identifier = l.service
          join (select coalesce(p.rpps, a.key) as who, p.actor_id from app.people_professional p
                  join app.kernel_actor a on a.id = p.actor_id and a.active) k on k.who = l.who
         where l.state = 'active' and l.who <> '') s
 where not exists (select from app.people_situation e
                    where e.professional_id = s.actor_id and e.organisation_id = s.organisation_id and e.role = s.role
                      and e.since <= now() and coalesce(e.until > now(), true))
returning professional_id

-- name: epochs
-- Whatever is remembered of them, and of those who read in their place, is asked anew.
update app.kernel_actor a set epoch = epoch + 1
 where a.id = any (%(moved)s)
    or a.id in (select d.deputy_id from app.people_deputy d where d.principal_id = any (%(moved)s))
