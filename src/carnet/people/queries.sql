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
 where a.active and s.held_at is null and s.issuer = %(issuer)s and s.subject = %(subject)s

-- name: actor_of_rpps
select a.id, a.kind, a.key, a.name, a.epoch, a.active, p.organisation_id
  from app.people_professional p
  join app.kernel_actor a on a.id = p.actor_id
 where a.active and p.rpps = %(rpps)s
   and not exists (select from app.people_sign_in s where s.actor_id = a.id)

-- name: identity_is_taken
select from app.people_sign_in s where s.issuer = %(issuer)s and s.subject = %(subject)s

-- name: actor_for_token
-- What software asked for on behalf of a professional names both, and acts in the software's organisation.
-- An app that they granted something acts where they practised then, and ends with the grant.
select a.id, a.kind, a.key, a.name, a.epoch, a.active,
       case when g.id is not null then coalesce(g.organisation_id, p.organisation_id)
            else coalesce(s.organisation_id, p.organisation_id, c.organisation_id) end as organisation_id,
       coalesce(g.client_id, nullif(k.client_id, a.id)) as app_id,
       coalesce(g.client_id, k.client_id, c.actor_id) as client_id, coalesce(ga.key, sa.key, ca.key) as client_key,
       t.purpose, t.scope, t.bound, t.regulates, t.created_at, least(t.expires_at, g.until) as expires_at,
       g.id as grant_id, g.context,
       t.proof::text as proof
  from app.people_token t
  join app.kernel_actor a on a.id = t.actor_id
  left join app.people_professional p on p.actor_id = a.id
  left join app.people_client c on c.actor_id = a.id
  left join app.kernel_actor ca on ca.id = c.actor_id
  left join app.people_client_key k on k.id = t.key_id
  left join app.people_client s on s.actor_id = k.client_id
  left join app.kernel_actor sa on sa.id = s.actor_id
  left join app.people_app_grant g on g.id = t.grant_id
  left join app.kernel_actor ga on ga.id = g.client_id
 where a.active and t.digest = %(digest)s and t.revoked_at is null and t.expires_at > now()
   and coalesce(sa.active, true) and coalesce(ga.active, true)
   and (g.id is null or g.ended_at is null and g.until > now())

-- name: client
select a.id, a.key, a.name, a.active, a.epoch, c.organisation_id, o.identifier as organisation, c.scope,
       c.acts_for_professionals, c.provider_client_id, c.redirect_uris, c.launch_uris, c.public, c.trusted,
       c.opens_sessions, c.for_persons
  from app.people_client c
  join app.kernel_actor a on a.id = c.actor_id
  join app.people_organisation o on o.id = c.organisation_id
 where a.key = %(key)s

-- name: clients
select a.id, a.key, a.name, a.active, a.epoch, c.organisation_id, o.identifier as organisation, c.scope,
       c.acts_for_professionals, c.provider_client_id, c.redirect_uris, c.launch_uris, c.public, c.trusted,
       c.opens_sessions, c.for_persons
  from app.people_client c
  join app.kernel_actor a on a.id = c.actor_id
  join app.people_organisation o on o.id = c.organisation_id
 where a.key is not null
 order by a.key

-- name: client_keys
select id, client_id, kid, jwk::text as jwk, since, until, revoked_at,
       revoked_at is null and since <= now() and coalesce(until > now(), true) as holds
  from app.people_client_key
 where client_id = any(%(clients)s)
 order by since, kid

-- name: key_still_holds
-- Shared locks: a revocation waits until the token that this key asked for is there to be ended.
select k.id
  from app.people_client_key k
  join app.kernel_actor a on a.id = k.client_id
 where k.id = %(key_id)s and a.active and k.revoked_at is null and coalesce(k.until > now(), true)
   for share of k, a

-- name: end_tokens
with ended as (
    update app.people_token t
       set revoked_at = now()
      from app.people_client_key k
     where k.id = t.key_id and k.client_id = %(client_id)s and coalesce(k.id = %(key_id)s::uuid, true)
       and t.revoked_at is null and t.expires_at > now()
    returning t.actor_id
)
update app.kernel_actor set epoch = epoch + 1 where id in (select actor_id from ended)

-- name: app
-- By its id, as `client`.
select a.id, a.key, a.name, a.active, a.epoch, c.organisation_id, o.identifier as organisation, c.scope,
       c.acts_for_professionals, c.provider_client_id, c.redirect_uris, c.launch_uris, c.public, c.trusted,
       c.opens_sessions, c.for_persons
  from app.people_client c
  join app.kernel_actor a on a.id = c.actor_id
  join app.people_organisation o on o.id = c.organisation_id
 where a.id = %(id)s

-- name: spend_assertion
insert into app.people_spent_assertion (digest, expires_at) values (%(digest)s, %(expires_at)s)
on conflict do nothing
returning digest

-- name: professional_in
-- In the organisation or a service of it, as their main place or another, or deputy now of somebody who is. Who is in one
-- place of it is there; who is in several, in the organisation: software does not say for which of them they read.
select a.id, a.kind, a.name, a.epoch, coalesce(t.organisation_id, p.organisation_id) as organisation_id,
       t.organisation_id is not null or exists (
           select from app.people_deputy d
             join lateral (select q.organisation_id from app.people_professional q where q.actor_id = d.principal_id
                            union all
                           select s.organisation_id from app.people_situation s
                            where s.professional_id = d.principal_id and s.since <= now()
                              and coalesce(s.until > now(), true)) q on true
             join app.people_organisation h on h.id = q.organisation_id
            where d.deputy_id = a.id and d.since <= now() and coalesce(d.until > now(), true)
              and %(organisation_id)s in (h.id, h.part_of_id)
       ) as works_there
  from app.people_professional p
  join app.kernel_actor a on a.id = p.actor_id
  left join lateral (
       select case count(distinct h.id) when 0 then null when 1 then (array_agg(h.id))[1]
                                        else %(organisation_id)s::uuid end as organisation_id
         from (select p.organisation_id
                union all
               select s.organisation_id from app.people_situation s
                where s.professional_id = a.id and s.since <= now() and coalesce(s.until > now(), true)) q
         join app.people_organisation h on h.id = q.organisation_id and %(organisation_id)s in (h.id, h.part_of_id)
       ) t on true
 where a.active and p.rpps = %(rpps)s

-- name: names_of_keys
select key, name from app.kernel_actor where key = any(%(keys)s)

-- name: organisation
select id from app.people_organisation where identifier = %(identifier)s

-- name: record_of
select record_id from app.people_person where actor_id = %(id)s

-- name: person_of
select actor_id from app.people_person where record_id = %(record_id)s

-- name: professional_of_rpps
select actor_id from app.people_professional where rpps = %(rpps)s

-- name: names
select a.id, a.name, a.kind from app.kernel_actor a where a.id = any(%(ids)s)

-- name: organisation_names
select o.id, o.name || coalesce(', ' || w.name, '') as name
  from app.people_organisation o
  left join app.people_organisation w on w.id = o.part_of_id
 where o.id = any(%(ids)s)

-- name: begin_visit
insert into app.people_visit as v (person_id, latest, before)
select p.actor_id, now(), now() - interval '30 days' from app.people_person p where p.actor_id = %(id)s
    on conflict (person_id) do update
   -- Who comes back within the hour goes on with the same visit.
   set before = case when v.latest < now() - interval '1 hour' then v.latest else v.before end, latest = now()
returning before

-- name: operator_role
select role from app.people_operator where actor_id = %(id)s

-- name: professionals
select p.actor_id as id, a.name, p.rpps, p.profession_system, p.profession_code, p.speciality, p.capacity,
       p.organisation_id, coalesce(o.name, '') as organisation
  from app.people_professional p
  join app.kernel_actor a on a.id = p.actor_id
  left join app.people_organisation o on o.id = p.organisation_id
 where p.actor_id = any(%(ids)s)

-- name: directory
-- Those in practice whose name has every word, or whose number is the one asked for; in the order of the names. The
-- longest word is looked up by index, as the beginning of a word of a name; the others are compared.
with found as (
    select p.actor_id from app.people_professional p where p.rpps = %(number)s
    union
    select p.actor_id from app.people_professional p
     where to_tsvector('simple', p.family || ' ' || p.given) @@ to_tsquery('simple', %(word)s)
    union
    select p.actor_id from app.people_organisation o
      join app.people_professional p on p.organisation_id = o.id
     where to_tsvector('simple', o.name) @@ to_tsquery('simple', %(word)s)
)
select p.actor_id as id, a.name, p.rpps, p.profession_system, p.profession_code, p.speciality, p.capacity,
       p.organisation_id, coalesce(o.name, '') as organisation
  from found f
 -- One look-up for each that was found: a guess at how many there are does not make these tables be read whole.
 cross join lateral (select * from app.people_professional p where p.actor_id = f.actor_id offset 0) p
 cross join lateral (select * from app.kernel_actor a where a.id = f.actor_id and a.active offset 0) a
  left join app.people_organisation o on o.id = p.organisation_id
 where p.rpps is not null
   and (p.rpps = %(number)s
        or not exists (select from unnest(%(patterns)s::text[]) w
                        where lower(a.name || ' ' || coalesce(o.name, '')) not like w))
   and p.capacity = any(%(capacities)s)
 order by p.family, p.given, p.actor_id
 limit %(limit)s

-- name: groups
-- Organisations and care teams whose name has every word, each with how many professionals in practice are in it now;
-- or the one of an id, whoever is in it.
with named (kind, id, name, organisation) as (
    select 'organisation', o.id, o.name, coalesce(w.name, '')
      from app.people_organisation o
      left join app.people_organisation w on w.id = o.part_of_id
     where %(id)s::uuid is not null or to_tsvector('simple', o.name) @@ to_tsquery('simple', %(word)s)
    union all
    select 'team', t.id, t.name, coalesce(o.name, '')
      from app.people_team t
      left join app.people_organisation o on o.id = t.organisation_id
), found as (
    select n.*,
           (select count(*)
              from app.people_professional p
              join app.kernel_actor a on a.id = p.actor_id and a.active
             where p.capacity = any(%(capacities)s)
               and p.actor_id in (select m.professional_id from app.people_team_member m
                                   where m.team_id = n.id and m.since <= now() and coalesce(m.until > now(), true)
                                   union all
                                  select q.actor_id from app.people_professional q
                                   where q.organisation_id in (select h.id from app.people_organisation h
                                                                where n.id in (h.id, h.part_of_id))
                                   union all
                                  select s.professional_id from app.people_situation s
                                   where s.organisation_id in (select h.id from app.people_organisation h
                                                                where n.id in (h.id, h.part_of_id))
                                     and s.since <= now()
                                     and coalesce(s.until > now(), true))) as members
      from named n
     where n.id = %(id)s::uuid
        or %(id)s::uuid is null
           and not exists (select from unnest(%(patterns)s::text[]) w
                            where lower(n.name || ' ' || n.organisation) not like w)
)
select f.id, f.kind, f.name, f.organisation, f.members from found f
 where f.members > 0 or %(id)s::uuid is not null
 order by f.kind desc, f.name, f.id
 limit %(limit)s

-- name: members
select p.actor_id as id, a.name, p.rpps, p.profession_system, p.profession_code, p.speciality, p.capacity,
       p.organisation_id, coalesce(o.name, '') as organisation
  from app.people_professional p
  join app.kernel_actor a on a.id = p.actor_id and a.active
  left join app.people_organisation o on o.id = p.organisation_id
 where p.capacity = any(%(capacities)s)
   and p.actor_id in (select m.professional_id from app.people_team_member m
                       where m.team_id = %(id)s and m.since <= now() and coalesce(m.until > now(), true)
                       union all
                      select q.actor_id from app.people_professional q
                       where q.organisation_id in (select h.id from app.people_organisation h
                                                    where %(id)s in (h.id, h.part_of_id))
                       union all
                      select s.professional_id from app.people_situation s
                       where s.organisation_id in (select h.id from app.people_organisation h
                                                    where %(id)s in (h.id, h.part_of_id))
                         and s.since <= now() and coalesce(s.until > now(), true))
 order by p.family, p.given, p.actor_id
 limit %(limit)s

-- name: principals
-- For whom a professional stands in now.
select d.principal_id as id, d.kind, d.until, a.name, p.rpps
  from app.people_deputy d
  join app.kernel_actor a on a.id = d.principal_id and a.active
  join app.people_professional p on p.actor_id = a.id
 where d.deputy_id = %(id)s and d.since <= now() and (d.until is null or d.until > now())
 order by a.name, d.principal_id

-- name: signature
-- How a professional signs.
select p.rpps, p.family, p.given, p.profession_system, p.profession_code, p.speciality, a.name,
       coalesce(w.identifier, o.identifier) as organisation,
       o.name || coalesce(', ' || w.name, '') as organisation_name
  from app.people_professional p
  join app.kernel_actor a on a.id = p.actor_id and a.active
  left join app.people_organisation o on o.id = coalesce(%(organisation_id)s::uuid, p.organisation_id)
  left join app.people_organisation w on w.id = o.part_of_id
 where p.actor_id = %(id)s

-- name: represented
-- Of the links that the row policy shows to a person: in the order in which they came.
select l.record_id from record.people_representation l
 where l.representative_id = %(id)s and l.since <= now() and (l.until is null or l.until > now())
 group by l.record_id order by min(l.since), l.record_id

-- name: representing
select l.kind from record.people_representation l
 where l.representative_id = %(id)s and l.record_id = %(record_id)s
   and l.since <= now() and (l.until is null or l.until > now())

-- name: cared_for
-- The same, of those whom a person helps now; or in one record alone.
select l.record_id, array_remove(array_agg(distinct r), null) as rights, bool_or(l.acts) as acts,
       case when bool_and(l.until is not null) then max(l.until) end as until
  from record.people_care_link l left join lateral unnest(l.rights) r on true
 where l.carer_id = %(id)s and l.since <= now() and (l.until is null or l.until > now())
   and coalesce(l.record_id = %(record_id)s::uuid, true)
 group by l.record_id order by min(l.since), l.record_id

-- name: situations
-- Where a professional practises now; a row of the main place tells its role alone.
select o.id, o.name || coalesce(', ' || w.name, '') as name, o.part_of_id as whole, bool_or(h.main) as main,
       coalesce(string_agg(nullif(h.role, ''), ', ' order by h.role), '') as role
  from (select p.organisation_id, '' as role, true as main
          from app.people_professional p where p.actor_id = %(id)s
        union all
        select s.organisation_id, s.role, false
          from app.people_situation s
         where s.professional_id = %(id)s and s.since <= now() and (s.until is null or s.until > now())) h
  join app.people_organisation o on o.id = h.organisation_id
  left join app.people_organisation w on w.id = o.part_of_id
 group by o.id, w.id
 order by main desc, name, o.id

-- name: organisations_named
select id from app.people_organisation where identifier = any(%(identifiers)s)

-- name: team_names
select id, name from app.people_team where id = any(%(ids)s)

-- name: signed_in
-- Whoever a session that began then stands for, unless it was ended by its provider, or all of theirs were.
select a.id, a.kind, a.key, a.name, a.epoch, a.active,
       coalesce(p.organisation_id, c.organisation_id) as organisation_id
  from app.kernel_actor a
  left join app.people_professional p on p.actor_id = a.id
  left join app.people_client c on c.actor_id = a.id
  left join app.people_sessions_end e on e.actor_id = a.id
  left join app.people_signed_in s on s.digest = %(digest)s
  left join app.people_provider_session p_s on p_s.digest = %(digest)s
 where a.active and a.id = %(id)s and (e.at is null or e.at < %(since)s)
   and s.ended_at is null and p_s.ended_at is null
