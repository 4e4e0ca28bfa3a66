-- name: of
select l.entries from app.people_day_list l where l.actor_id = %(actor_id)s and l.day = %(day)s

-- name: begin
-- The list of another day is emptied by the first act of this one.
insert into app.people_day_list (actor_id, day, entries) values (%(actor_id)s, %(day)s, '[]')
on conflict (actor_id) do update set day = excluded.day,
    entries = case when people_day_list.day = excluded.day then people_day_list.entries else '[]'::jsonb end
returning actor_id

-- name: hold
select l.entries from app.people_day_list l where l.actor_id = %(actor_id)s for update

-- name: keep
update app.people_day_list set entries = %(entries)s::jsonb where actor_id = %(actor_id)s and day = %(day)s
returning actor_id

-- name: purge
delete from app.people_day_list where day < %(day)s returning actor_id

-- name: opened
select * from trail.opened_by(%(actor_id)s, %(since)s, %(most)s)
