-- name: standing
select r.id, r.client_id, a.key as client_key, a.active, r.state, r.words, r.software, r.publisher, r.address, r.website,
       r.contact, r.email, r.scope, r.structure, c.scope as granted, r.asked_at, r.decided_at,
       c.redirect_uris, c.launch_uris, c.public, c.for_persons
  from app.people_registration r
  join app.kernel_actor a on a.id = r.client_id
  join app.people_client c on c.actor_id = r.client_id
 where a.key = %(key)s and r.secret = %(secret)s

-- name: added
-- Software that no publisher registered.
select a.id, a.name, o.name as organisation
  from app.people_client c
  join app.kernel_actor a on a.id = c.actor_id
  join app.people_organisation o on o.id = c.organisation_id
 where a.active and not exists (select from app.people_registration r where r.client_id = c.actor_id)
 order by lower(a.name), a.id
 limit %(limit)s

-- name: requests
select r.id, r.client_id, a.key as client_key, a.active, r.state, r.words, r.software, r.publisher, r.address, r.website,
       r.contact, r.email, r.scope, r.structure, c.scope as granted, r.asked_at, r.decided_at,
       c.redirect_uris, c.launch_uris, c.public, c.for_persons
  from app.people_registration r
  join app.kernel_actor a on a.id = r.client_id
  join app.people_client c on c.actor_id = r.client_id
 order by r.state <> 'waiting', case when r.state = 'waiting' then r.asked_at end, r.decided_at desc, r.id
 limit %(limit)s
