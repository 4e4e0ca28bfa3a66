-- name: session
select s.since from app.people_signed_in s
 where s.digest = %(digest)s and s.actor_id = %(actor_id)s and s.ended_at is null
   and not exists (select from app.people_provider_session p where p.digest = s.digest and p.ended_at is not null)
   and not exists (select from app.people_sessions_end e where e.actor_id = s.actor_id and e.at >= s.since)
   for share

-- name: code
-- Also asked here: whether the session, or all of theirs, ended while the grant was being made.
select g.id, g.client_id, g.actor_id, g.purpose, g.regulates, g.scope, g.context, g.refreshes, g.assurance, g.proven_at,
       g.created_at,
       c.nonce, c.redirect_uri, c.challenge, c.used_at is null and c.expires_at > now() as fresh,
       g.ended_at is null and g.until > now() and a.active and ca.active
       and not exists (select from app.people_sessions_end e where e.actor_id = g.actor_id and e.at >= g.created_at)
       and (g.session is null
            or exists (select from app.people_signed_in s where s.digest = g.session and s.ended_at is null)
           and not exists (select from app.people_provider_session p where p.digest = g.session and p.ended_at is not null))
       as holds
  from app.people_app_code c
  join app.people_app_grant g on g.id = c.grant_id
  join app.kernel_actor a on a.id = g.actor_id
  join app.kernel_actor ca on ca.id = g.client_id
 where c.digest = %(digest)s
   for update of c, g

-- name: refresh
-- A grant that hangs on a session rests as the session does: whoever does nothing, here or there, is gone.
select g.id, g.client_id, g.actor_id, g.purpose, g.regulates, g.scope, g.context, g.refreshes, g.assurance, g.proven_at,
       g.created_at,
       '' as nonce, r.bound, r.used_at is not null as used, r.expires_at > now() as fresh,
       g.ended_at is null and g.until > now() and a.active and ca.active
       and (g.session is null
            or greatest(g.used_at, (select coalesce(s.seen, s.since) from app.people_signed_in s where s.digest = g.session))
               > now() - case when a.kind = 'person' then %(patient_idle)s::interval else %(idle)s::interval end) as holds
  from app.people_refresh_token r
  join app.people_app_grant g on g.id = r.grant_id
  join app.kernel_actor a on a.id = g.actor_id
  join app.kernel_actor ca on ca.id = g.client_id
 where r.digest = %(digest)s
   for update of r, g

-- name: held
-- While something of the family can still be used, or got: a grant that is not renewed ends with its token.
select g.client_id, g.scope, g.context, g.until, g.regulates, a.id, a.kind, a.name, a.epoch,
       coalesce(g.organisation_id, p.organisation_id) as organisation_id
  from app.people_app_grant g
  join app.kernel_actor a on a.id = g.actor_id
  join app.kernel_actor ca on ca.id = g.client_id
  left join app.people_professional p on p.actor_id = a.id
 where g.id = %(id)s and g.ended_at is null and g.until > now() and a.active and ca.active
   and (exists (select from app.people_token t
                 where t.grant_id = g.id and t.revoked_at is null and t.expires_at > now())
        or g.refreshes
       and (g.session is null
            or greatest(g.used_at, (select coalesce(s.seen, s.since) from app.people_signed_in s where s.digest = g.session))
               > now() - %(idle)s::interval))

-- name: of_refresh
select g.id, g.client_id, g.actor_id
  from app.people_refresh_token r join app.people_app_grant g on g.id = r.grant_id
 where r.digest = %(digest)s

-- name: end
with ended as (
    update app.people_app_grant g set ended_at = now()
     where g.ended_at is null and coalesce(g.id = %(id)s::uuid, true) and coalesce(g.client_id = %(client_id)s::uuid, true)
       and coalesce(g.actor_id = %(actor_id)s::uuid, true)
    returning g.actor_id
)
update app.kernel_actor a set epoch = a.epoch + 1 where a.id in (select e.actor_id from ended e)
returning a.id

-- name: let_in
select g.id, g.client_id, g.purpose, g.context, g.created_at, g.until
  from app.people_app_grant g
  join app.kernel_actor a on a.id = g.client_id and a.active
 where g.actor_id = %(actor_id)s and g.ended_at is null and g.until > now()
 order by g.created_at

-- name: purge
with past as (
    select g.id from app.people_app_grant g
     where (g.until < %(before)s or g.ended_at < %(before)s)
       and not exists (select from app.people_token t where t.grant_id = g.id)
), codes as (
    delete from app.people_app_code c using past p where c.grant_id = p.id
), refreshes as (
    delete from app.people_refresh_token r using past p where r.grant_id = p.id
)
delete from app.people_app_grant g using past p where g.id = p.id returning g.id

-- name: agreed
select c.id, c.scope, c.given_at from app.people_app_consent c
 where c.actor_id = %(actor_id)s and c.client_id = %(client_id)s and c.withdrawn_at is null

-- name: agree
insert into app.people_app_consent (id, actor_id, client_id, scope, given_at)
values (%(id)s, %(actor_id)s, %(client_id)s, %(scope)s, now())
    on conflict (actor_id, client_id) where withdrawn_at is null
    do update set scope = excluded.scope, given_at = excluded.given_at
returning id

-- name: withdraw
update app.people_app_consent set withdrawn_at = now()
 where actor_id = %(actor_id)s and client_id = %(client_id)s and withdrawn_at is null
returning id

-- name: apps
-- Those that somebody has agreed to, and the trusted ones that hold something of theirs now.
select a.id, a.key, a.name, coalesce(c.scope, '') as scope, c.given_at,
       (select max(g.used_at) from app.people_app_grant g where g.client_id = a.id and g.actor_id = %(actor_id)s) as used_at,
       exists (select from app.people_app_grant g
                where g.client_id = a.id and g.actor_id = %(actor_id)s and g.ended_at is null and g.until > now()) as open
  from app.kernel_actor a
  left join app.people_app_consent c on c.client_id = a.id and c.actor_id = %(actor_id)s and c.withdrawn_at is null
 where c.id is not null
    or exists (select from app.people_app_grant g
                where g.client_id = a.id and g.actor_id = %(actor_id)s and g.ended_at is null and g.until > now())
 order by a.name, a.id
