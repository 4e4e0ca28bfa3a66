-- name: session
-- By the hash of its key, or by its id among those of that account.
select s.id, s.digest, s.since, s.browser, s.system, s.way, s.passkey_id, p.subject
  from app.people_signed_in s
  left join app.people_provider_session p on p.digest = s.digest
 where s.actor_id = %(actor_id)s and (s.digest = %(digest)s or s.id = %(id)s)

-- name: links
select id, issuer, subject from app.people_sign_in where actor_id = %(actor_id)s order by id

-- name: hold
update app.people_sign_in set held_at = now() where id = any(%(ids)s) and held_at is null returning id

-- name: held
-- A hold under way is waited for: who comes back from the provider at this moment does not slip through.
select held_at from app.people_sign_in where issuer = %(issuer)s and subject = %(subject)s for share

-- name: shut
-- Whether every identity of an account waits; false for who has none.
select coalesce(bool_and(held_at is not null), false) as shut from app.people_sign_in where actor_id = %(actor_id)s

-- name: end_of_links
-- The sessions that one of these identities opened, but for the one that asks.
with hung as (
    select digest from app.people_provider_session where subject = any(%(subjects)s) and digest <> %(digest)s
), provider as (
    update app.people_provider_session p set ended_at = now() from hung h where p.digest = h.digest and p.ended_at is null
)
update app.people_signed_in s set ended_at = now() from hung h where s.digest = h.digest and s.ended_at is null
returning s.id

-- name: open
-- One case of an account and an identity at a time.
insert into app.people_disowned (id, actor_id, sign_in_id, first_opening, way, browser, system, since, at)
values (%(id)s, %(actor_id)s, %(sign_in_id)s, %(first_opening)s, %(way)s, %(browser)s, %(system)s, %(since)s, now())
    on conflict (actor_id, sign_in_id) where decided_at is null
    do update set first_opening = app.people_disowned.first_opening or excluded.first_opening
returning id

-- name: of_account
select id from app.people_disowned where actor_id = %(actor_id)s and decided_at is null order by at, id

-- name: of_identity
select d.id
  from app.people_disowned d
  join app.people_sign_in s on s.id = d.sign_in_id
 where s.issuer = %(issuer)s and s.subject = %(subject)s and d.decided_at is null
 order by d.at limit 1

-- name: cases
select d.id, a.name, d.actor_id, d.sign_in_id, d.first_opening, d.way, d.browser, d.system, d.since, d.at,
       coalesce(s.held_at is not null, false) as held
  from app.people_disowned d
  join app.kernel_actor a on a.id = d.actor_id
  left join app.people_sign_in s on s.id = d.sign_in_id
 where d.decided_at is null and (%(id)s::uuid is null or d.id = %(id)s)
   and (%(named)s = '' or right(replace(d.id::text, '-', ''), 8) = %(named)s)
   and (%(after)s::uuid is null or (d.at, d.id) > (select o.at, o.id from app.people_disowned o where o.id = %(after)s))
 order by d.at, d.id
 limit %(limit)s

-- name: how_many
select count(*) as open from app.people_disowned where decided_at is null

-- name: decide
update app.people_disowned set decision = %(decision)s, decided_at = now(), decided_by = %(decided_by)s
 where id = %(id)s and decided_at is null
returning actor_id, sign_in_id, first_opening

-- name: restore
update app.people_sign_in set held_at = null where id = %(id)s returning id

-- name: remove
delete from app.people_sign_in where id = %(id)s returning id

-- name: move
update app.people_sign_in set actor_id = %(actor_id)s, held_at = null where id = %(id)s returning id

-- name: purge
delete from app.people_disowned where decided_at < %(before)s returning id
