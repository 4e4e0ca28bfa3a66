-- name: standing
select r.id, r.client_id, a.key as client_key, a.active, r.state, r.words, r.software, r.publisher, r.address, r.website,
       r.contact, r.email, r.scope, r.structure, c.scope as granted, r.asked_at, r.decided_at,
       c.redirect_uris, c.launch_uris, c.public, c.for_persons
  from app.people_registration r
  join app.kernel_actor a on a.id = r.client_id
  join app.people_client c on c.actor_id = r.client_id
 where a.key = %(key)s and r.secret = %(secret)s

-- name: added
-- Software that no publisher registered, by name; `words` are lower case.
select a.id, a.name, o.name as organisation
  from app.people_client c
  join app.kernel_actor a on a.id = c.actor_id
  join app.people_organisation o on o.id = c.organisation_id
 where a.active and not exists (select from app.people_registration r where r.client_id = c.actor_id)
   and not exists (select from unnest(%(words)s::text[]) w
                    where position(w in lower(concat_ws(' ', a.name, a.key, o.name))) = 0)
   and (%(after)s::uuid is null
        or (lower(a.name), a.id) > (select lower(b.name), b.id from app.kernel_actor b where b.id = %(after)s))
 order by lower(a.name), a.id
 limit %(limit)s

-- name: how_many
select count(*) filter (where state = 'waiting') as waiting, count(*) filter (where state <> 'waiting') as decided,
       (select count(*) from app.people_client c join app.kernel_actor a on a.id = c.actor_id and a.active
         where not exists (select from app.people_registration r where r.client_id = c.actor_id)) as added
  from app.people_registration

-- name: waiting
select r.id, r.client_id, a.key as client_key, a.active, r.state, r.words, r.software, r.publisher, r.address, r.website,
       r.contact, r.email, r.scope, r.structure, c.scope as granted, r.asked_at, r.decided_at,
       c.redirect_uris, c.launch_uris, c.public, c.for_persons
  from app.people_registration r
  join app.kernel_actor a on a.id = r.client_id
  join app.people_client c on c.actor_id = r.client_id
 where r.state = 'waiting'
   and not exists (select from unnest(%(words)s::text[]) w
                    where position(w in lower(concat_ws(' ', r.software, a.key, r.publisher))) = 0)
   and (%(after)s::uuid is null
        or (r.asked_at, r.id) > (select b.asked_at, b.id from app.people_registration b where b.id = %(after)s))
 order by r.asked_at, r.id
 limit %(limit)s

-- name: decided
select r.id, r.client_id, a.key as client_key, a.active, r.state, r.words, r.software, r.publisher, r.address, r.website,
       r.contact, r.email, r.scope, r.structure, c.scope as granted, r.asked_at, r.decided_at,
       c.redirect_uris, c.launch_uris, c.public, c.for_persons
  from app.people_registration r
  join app.kernel_actor a on a.id = r.client_id
  join app.people_client c on c.actor_id = r.client_id
 where r.state <> 'waiting'
   and not exists (select from unnest(%(words)s::text[]) w
                    where position(w in lower(concat_ws(' ', r.software, a.key, r.publisher))) = 0)
   and (%(after)s::uuid is null
        or (r.decided_at, r.id) < (select b.decided_at, b.id from app.people_registration b where b.id = %(after)s))
 order by r.decided_at desc, r.id desc
 limit %(limit)s
