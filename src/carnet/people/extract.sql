-- The national extract: lines are copied into people_extract_line, one row of each professional is settled in
-- people_extract_who, and what follows is done to all of them at once. Both tables are emptied at the end.

-- name: begin
-- One extract at a time. The planner has no statistics of what was copied a moment ago: joins go by hash.
select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true),
       set_config('lock_timeout', '60s', true), set_config('enable_nestloop', 'off', true),
       set_config('work_mem', '128MB', true),
       pg_advisory_xact_lock(hashtextextended('carnet.people.extract', 0))

-- name: empty
truncate app.people_extract_line, app.people_extract_who

-- name: copy
copy app.people_extract_line (line, state, who, family, given, title, profession_system, profession, speciality,
                              capacity, structure, place, role) from stdin

-- name: organisations
with said as (
    insert into app.people_organisation as o (id, identifier, name)
    select distinct on (l.structure) gen_random_uuid(), l.structure, l.place
      from app.people_extract_line l
     where l.state = 'active' and l.structure <> ''
     order by l.structure, l.line
        on conflict (identifier) do update set name = excluded.name where o.name <> excluded.name
    returning xmax = 0 as added
)
select count(*) filter (where added) as organisations_added, count(*) filter (where not added) as organisations_changed
  from said

-- name: settle
-- Of several activities: an insurer's closes whatever the others open; then the one that is known stays; then care; then
-- the first. A position is narrowed by an extract and never widened: who is not of care by our own file stays so.
insert into app.people_extract_who (who, actor_id, fresh, changed, leaves, name, family, given, profession_system,
                                    profession, speciality, capacity, organisation_id)
select distinct on (l.who)
       l.who, coalesce(k.actor_id, gen_random_uuid()), k.actor_id is null, false, false,
       concat_ws(' ', nullif(l.title, ''), l.given, l.family), l.family, l.given, l.profession_system, l.profession,
       l.speciality, case when l.capacity = 'care' then coalesce(k.capacity, 'care') else l.capacity end, o.id
  from app.people_extract_line l
  left join (select coalesce(p.rpps, a.key) as who, p.* from app.people_professional p
               join app.kernel_actor a on a.id = p.actor_id) k on k.who = l.who
  left join app.people_organisation o on o.identifier = nullif(l.structure, '')
 where l.state = 'active'
 order by l.who, l.capacity = 'insurer' desc,
          (k.profession_code = l.profession and k.speciality = l.speciality and k.organisation_id = o.id) is true desc,
          l.capacity = 'care' desc, l.line

-- name: leaving
-- Whose activities have all ended; of a whole extract, also whom it names no more. A line that was refused leaves to
-- those whom it names what they have.
insert into app.people_extract_who (who, actor_id, fresh, changed, leaves)
select k.who, k.actor_id, false, false, true
  from (select coalesce(p.rpps, a.key) as who, p.actor_id, p.listed from app.people_professional p
          join app.kernel_actor a on a.id = p.actor_id and a.active) k
  left join (select l.who, bool_or(l.state <> 'ended') as stays from app.people_extract_line l group by l.who) n
         on n.who = k.who
 where n.stays is false or n.who is null and k.listed and %(whole)s

-- name: share
-- How many leave, of how many the extract had brought and who are there.
select (select count(*) from app.people_extract_who where leaves) as leaving,
       (select count(*) from app.people_professional p join app.kernel_actor a on a.id = p.actor_id and a.active
         where p.listed) as listed

-- name: actors
insert into app.kernel_actor (id, kind, key, name, epoch, active)
select w.actor_id, 'professional', case when w.who like 'adeli-%%' then w.who end, w.name, 1, true
  from app.people_extract_who w where w.fresh

-- name: professionals
insert into app.people_professional (actor_id, rpps, family, given, profession_system, profession_code, speciality,
                                     capacity, organisation_id, listed)
select w.actor_id, case when w.who not like 'adeli-%%' then w.who end, w.family, w.given, w.profession_system,
       w.profession, w.speciality, w.capacity, w.organisation_id, true
  from app.people_extract_who w where w.fresh

-- name: compare
-- Who comes back had left by an extract: whom the support shut out stays out.
update app.people_extract_who w
   set changed = true, returns = p.withdrawn_at is not null
  from app.people_professional p
  join app.kernel_actor a on a.id = p.actor_id
 where p.actor_id = w.actor_id and not w.fresh and not w.leaves
   and ((a.name, p.family, p.given, p.profession_system, p.profession_code, p.speciality, p.capacity)
        is distinct from (w.name, w.family, w.given, w.profession_system, w.profession, w.speciality, w.capacity)
        or p.organisation_id is distinct from w.organisation_id or p.withdrawn_at is not null)

-- name: list
update app.people_professional p set listed = true
  from app.people_extract_who w
 where p.actor_id = w.actor_id and not p.listed

-- name: change
update app.people_professional p
   set family = w.family, given = w.given, profession_system = w.profession_system, profession_code = w.profession,
       speciality = w.speciality, capacity = w.capacity, organisation_id = w.organisation_id, withdrawn_at = null
  from app.people_extract_who w
 where p.actor_id = w.actor_id and w.changed

-- name: rename
update app.kernel_actor a set name = w.name, active = a.active or w.returns
  from app.people_extract_who w
 where a.id = w.actor_id and w.changed

-- name: begin_situations
with said as (
    select distinct w.actor_id, o.id as organisation_id, l.role
      from app.people_extract_line l
      join app.people_extract_who w on w.who = l.who and not w.leaves
      join app.people_organisation o on o.identifier = l.structure
     where l.state = 'active' and l.structure <> ''
), begun as (
    insert into app.people_situation (id, professional_id, organisation_id, role, since, listed)
    select gen_random_uuid(), s.actor_id, s.organisation_id, s.role, now(), true
      from said s
     where not exists (select from app.people_situation k
                        where k.professional_id = s.actor_id and k.organisation_id = s.organisation_id
                          and k.role = s.role and k.since <= now() and coalesce(k.until > now(), true))
    returning professional_id
), told as (
    update app.people_extract_who w set changed = true
     where not w.fresh and w.actor_id in (select professional_id from begun)
)
select count(*) as situations_begun from begun

-- name: end_situations
-- Those that an extract began, of whom this one names; never those of our own file, nor of who has a refused line.
with gone as (
    update app.people_situation s set until = now()
      from app.people_extract_who w
     where s.professional_id = w.actor_id and not w.leaves and not w.fresh
       and s.listed and s.since < now() and coalesce(s.until > now(), true)
       and not exists (select from app.people_extract_line l where l.who = w.who and l.state = 'refused')
       and not exists (select from app.people_extract_line l
                         join app.people_organisation o on o.identifier = l.structure
                        where l.who = w.who and l.state = 'active' and o.id = s.organisation_id and l.role = s.role)
    returning s.professional_id
), told as (
    update app.people_extract_who w set changed = true where w.actor_id in (select professional_id from gone)
)
select count(*) as situations_ended from gone

-- name: withdraw
-- The row that tells since when; accounts, sessions and tokens end with it.
with gone as (select w.actor_id from app.people_extract_who w where w.leaves),
shut as (update app.kernel_actor a set active = false from gone g where a.id = g.actor_id),
told as (update app.people_professional p set withdrawn_at = now() from gone g where p.actor_id = g.actor_id),
revoked as (update app.people_token t set revoked_at = now() from gone g
             where t.actor_id = g.actor_id and t.revoked_at is null and t.expires_at > now())
insert into app.people_sessions_end (actor_id, at) select g.actor_id, now() from gone g
    on conflict (actor_id) do update set at = greatest(app.people_sessions_end.at, excluded.at)

-- name: epochs
-- Whatever is remembered of them, and of those who read in their place, is asked anew.
with moved as (select w.actor_id from app.people_extract_who w where w.changed or w.leaves)
update app.kernel_actor a set epoch = epoch + 1
 where a.id in (select m.actor_id from moved m union all
                select d.deputy_id from app.people_deputy d join moved m on m.actor_id = d.principal_id)

-- name: told
select count(*) filter (where fresh) as added, count(*) filter (where changed and not fresh) as changed,
       count(*) filter (where leaves) as withdrawn, count(*) filter (where returns) as returned,
       count(*) filter (where not (fresh or changed or leaves)) as same
  from app.people_extract_who
