-- name: add
insert into app.people_passkey (id, actor_id, credential_id, public_key, sign_count, name, assurance, may_be_copied, is_copied,
                                created_at)
select %(id)s, %(actor_id)s, %(credential_id)s, %(public_key)s, %(sign_count)s, %(name)s, %(assurance)s, %(may_be_copied)s,
       %(is_copied)s, now()
 where (select count(*) from app.people_passkey where actor_id = %(actor_id)s and revoked_at is null) < %(most)s
    on conflict (credential_id) do nothing
returning id

-- name: one_at_a_time
select pg_advisory_xact_lock(hashtextextended('carnet.people.passkeys/' || %(actor_id)s::text, 0))

-- name: of
select id, name, assurance, may_be_copied, is_copied, created_at, used_at, credential_id
  from app.people_passkey where actor_id = %(actor_id)s and revoked_at is null
 order by created_at, id

-- name: found
select id, actor_id, public_key, sign_count, assurance
  from app.people_passkey where credential_id = %(credential_id)s and revoked_at is null

-- name: used
-- Two uses at the same time do not both go by the same count; an authenticator that does not count says 0 always.
update app.people_passkey set sign_count = %(sign_count)s, is_copied = %(is_copied)s, used_at = now()
 where id = %(id)s and revoked_at is null
   and (sign_count < %(sign_count)s or (sign_count = 0 and %(sign_count)s = 0))
returning id

-- name: rename
update app.people_passkey set name = %(name)s where id = %(id)s and actor_id = %(actor_id)s and revoked_at is null returning id

-- name: revoke
update app.people_passkey set revoked_at = now()
 where actor_id = %(actor_id)s and revoked_at is null and (%(id)s::uuid is null or id = %(id)s)
returning id

-- name: spend
insert into app.people_spent_challenge (digest, until) values (%(digest)s, %(until)s)
on conflict (digest) do nothing returning digest

-- name: purge
delete from app.people_spent_challenge where until < now() returning 1
