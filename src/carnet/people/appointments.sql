-- name: of
-- Of software that still serves.
select a.id, a.client_id, a.day, a.sealed, a.version, a.changed_at
  from app.people_appointment a join app.kernel_actor c on c.id = a.client_id
 where a.actor_id = %(actor_id)s and a.day >= %(day)s and c.active
   and coalesce(a.client_id = %(client_id)s::uuid, true) and coalesce(a.id = %(id)s::uuid, true)

-- name: one_at_a_time
select pg_advisory_xact_lock(hashtextextended('people.appointments ' || %(actor_id)s::text, 0))

-- name: how_many
select count(*) as there from app.people_appointment a where a.actor_id = %(actor_id)s and a.day = %(day)s

-- name: known
select a.id from app.people_appointment a
 where a.actor_id = %(actor_id)s and a.client_id = %(client_id)s and a.digest = %(digest)s

-- name: lay
insert into app.people_appointment (id, actor_id, client_id, day, digest, sealed, version, changed_at)
values (%(id)s, %(actor_id)s, %(client_id)s, %(day)s, %(digest)s, %(sealed)s, 1, now())
returning id

-- name: change
update app.people_appointment a
   set day = %(day)s, digest = %(digest)s, sealed = %(sealed)s, version = a.version + 1, changed_at = now()
 where a.id = %(id)s and a.actor_id = %(actor_id)s and a.client_id = %(client_id)s
returning a.id

-- name: take_out
delete from app.people_appointment a
 where a.id = %(id)s and a.actor_id = %(actor_id)s and a.client_id = %(client_id)s
returning a.id

-- name: purge
delete from app.people_appointment where day < %(day)s returning id
