-- name: describe
update app.people_signed_in
   set browser = %(browser)s, system = %(system)s, way = %(way)s, passkey_id = %(passkey_id)s,
       seen = date_trunc('minute', now())
 where digest = %(digest)s

-- name: seen
update app.people_signed_in set seen = date_trunc('minute', now()) where digest = %(digest)s

-- name: of
-- Those that hold: begun within the longest time, used within the time of silence, not ended one by one, nor all at once,
-- nor by the provider.
select s.id, s.browser, s.system, s.since, coalesce(s.seen, s.since) as seen, s.way, s.passkey_id,
       coalesce(k.name, '') as passkey, s.digest = %(digest)s as here
  from app.people_signed_in s
  left join app.people_passkey k on k.id = s.passkey_id
  left join app.people_sessions_end e on e.actor_id = s.actor_id
  left join app.people_provider_session p on p.digest = s.digest
 where s.actor_id = %(actor_id)s and s.ended_at is null and p.ended_at is null and s.since > %(since)s
   and coalesce(s.seen, s.since) > %(quiet_since)s and (e.at is null or s.since > e.at)
 order by here desc, seen desc, s.since desc, s.id

-- name: end_one
update app.people_signed_in set ended_at = now()
 where id = %(id)s and actor_id = %(actor_id)s and ended_at is null
returning passkey_id

-- name: end_opened_by
update app.people_signed_in set ended_at = now()
 where actor_id = %(actor_id)s and ended_at is null and passkey_id = %(passkey_id)s and digest <> %(digest)s
returning id

-- name: end_others
update app.people_signed_in set ended_at = now()
 where actor_id = %(actor_id)s and ended_at is null and digest <> %(digest)s
returning id

-- name: recognise
-- Whether this browser is new to a person who came by another one before.
with known as (
    insert into app.people_known_device (digest, actor_id, seen_on) values (%(digest)s, %(actor_id)s, current_date)
        on conflict (digest) do update set seen_on = current_date
    returning xmax = 0 as is_new
)
select k.is_new and exists (select from app.people_known_device d
                             where d.actor_id = %(actor_id)s and d.digest <> %(digest)s) as is_new
  from known k

-- name: purge_devices
delete from app.people_known_device where seen_on < %(before)s
