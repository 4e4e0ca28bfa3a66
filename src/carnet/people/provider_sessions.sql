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

-- name: over
insert into app.people_provider_end (digest, at) values (%(digest)s, %(at)s)
on conflict (digest) do update set at = greatest(app.people_provider_end.at, excluded.at)
returning digest

-- name: ended
select 1 as there from app.people_provider_end e
 where e.digest = %(session)s or (e.digest = %(subject)s and e.at >= %(since)s)

-- name: purge_ends
delete from app.people_provider_end where at < %(before)s
returning digest
