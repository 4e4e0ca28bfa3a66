-- name: begin
insert into app.people_provider_session (digest, actor_id, session, subject, since)
values (%(digest)s, %(actor_id)s, %(session)s, %(subject)s, %(since)s)
on conflict (digest) do update set session = excluded.session, subject = excluded.subject
returning digest

-- name: end_session
update app.people_provider_session set ended_at = now()
 where session = %(session)s and since <= %(before)s and ended_at is null
returning actor_id

-- name: end_subject
update app.people_provider_session set ended_at = now()
 where subject = %(subject)s and since <= %(before)s and ended_at is null
returning actor_id

-- name: purge
delete from app.people_provider_session where since < %(before)s
returning digest
