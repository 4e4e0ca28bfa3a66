-- name: actor
select a.id, a.kind, a.key, a.name, a.epoch, a.active,
       coalesce(p.organisation_id, c.organisation_id) as organisation_id
  from app.kernel_actor a
  left join app.people_professional p on p.actor_id = a.id
  left join app.people_client c on c.actor_id = a.id
 where a.active and (a.id = %(id)s or a.key = %(key)s)

-- name: actor_for_identity
select a.id, a.kind, a.key, a.name, a.epoch, a.active,
       coalesce(p.organisation_id, c.organisation_id) as organisation_id
  from app.people_sign_in s
  join app.kernel_actor a on a.id = s.actor_id
  left join app.people_professional p on p.actor_id = a.id
  left join app.people_client c on c.actor_id = a.id
 where a.active and s.issuer = %(issuer)s and s.subject = %(subject)s

-- name: actor_for_token
select a.id, a.kind, a.key, a.name, a.epoch, a.active,
       coalesce(p.organisation_id, c.organisation_id) as organisation_id,
       t.purpose, t.scope, t.expires_at
  from app.people_token t
  join app.kernel_actor a on a.id = t.actor_id
  left join app.people_professional p on p.actor_id = a.id
  left join app.people_client c on c.actor_id = a.id
 where a.active and t.digest = %(digest)s and t.revoked_at is null and t.expires_at > now()

-- name: record_of
select record_id from app.people_person where actor_id = %(id)s

-- name: professional_of_rpps
select actor_id from app.people_professional where rpps = %(rpps)s

-- name: names
select a.id, a.name, a.kind from app.kernel_actor a where a.id = any(%(ids)s)

-- name: organisation_names
select id, name from app.people_organisation where id = any(%(ids)s)
