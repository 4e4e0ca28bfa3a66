-- name: right
insert into app.apps_interaction as i (client_id, interaction, "right", right_at, wrong, codes, places, status)
values (%(client_id)s, %(interaction)s, %(count)s, clock_timestamp(), 0, '{}', '{}', 0)
on conflict (client_id, interaction) do update set "right" = i."right" + excluded."right", right_at = excluded.right_at
returning interaction

-- name: wrong
insert into app.apps_interaction as i (client_id, interaction, "right", wrong, wrong_at, codes, places, status)
values (%(client_id)s, %(interaction)s, 0, 1, clock_timestamp(), %(codes)s, %(places)s, %(status)s)
on conflict (client_id, interaction)
do update set wrong = i.wrong + 1, wrong_at = excluded.wrong_at, codes = excluded.codes, places = excluded.places,
              status = excluded.status
returning interaction

-- name: of_client
select i.interaction, i."right", i.right_at, i.wrong, i.wrong_at, i.codes, i.places, i.status
  from app.apps_interaction i
 where i.client_id = %(client_id)s

-- name: named
select a.id, a.key, a.name, c.scope, r.scope as asked
  from app.people_client c
  join app.kernel_actor a on a.id = c.actor_id
  left join app.people_registration r on r.client_id = a.id
 where a.id = %(id)s
