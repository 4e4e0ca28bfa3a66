-- name: begin
insert into app.people_signed_in (digest, actor_id, since) values (%(digest)s, %(actor_id)s, %(since)s)
on conflict (digest) do nothing

-- name: end
-- One that was ended from elsewhere stays known as ended: another request of it may be under way.
delete from app.people_signed_in where digest = %(digest)s and ended_at is null

-- name: end_all
insert into app.people_sessions_end (actor_id, at) values (%(actor_id)s, %(at)s)
    on conflict (actor_id) do update set at = greatest(app.people_sessions_end.at, excluded.at)

-- name: end_tokens_of
update app.people_token set revoked_at = now()
 where actor_id = %(actor_id)s and revoked_at is null and expires_at > now()

-- name: purge_sessions
-- The latest sign-in of each stays known.
delete from app.people_signed_in s
 where s.since < %(before)s
   and exists (select from app.people_signed_in n where n.actor_id = s.actor_id and n.since > s.since)

-- name: account
select a.id, a.kind, a.name, a.active, coalesce(o.name, '') as organisation, p.record_id,
       (select max(s.since) from app.people_signed_in s where s.actor_id = a.id) as last_sign_in,
       (select count(*) from app.people_signed_in s
         where s.actor_id = a.id and s.since > %(since)s and s.ended_at is null and (e.at is null or s.since > e.at)) as sessions,
       (select count(*) from app.people_token t
         where t.actor_id = a.id and t.revoked_at is null and t.expires_at > now()) as tokens
  from app.kernel_actor a
  left join app.people_person p on p.actor_id = a.id
  left join app.people_professional q on q.actor_id = a.id
  left join app.people_client c on c.actor_id = a.id
  left join app.people_organisation o on o.id = coalesce(q.organisation_id, c.organisation_id)
  left join app.people_sessions_end e on e.actor_id = a.id
 where a.id = %(id)s

-- name: account_of_record
select actor_id as id from app.people_person where record_id = %(record_id)s

-- name: account_of_rpps
select actor_id as id from app.people_professional where rpps = %(rpps)s

-- name: account_named
-- By the exact subject at a provider (of who is no person: persons are found by their INS alone), or the exact identifier
-- of a client. Who has several accounts of that name is not found by it.
select distinct f.id from (
    select s.actor_id as id
      from app.people_sign_in s join app.kernel_actor a on a.id = s.actor_id and a.kind <> 'person'
     where s.subject = %(name)s
    union all
    select a.id from app.kernel_actor a where a.key = %(name)s and a.kind = 'client'
) f limit 2

-- name: one_at_a_time
select pg_advisory_xact_lock(hashtextextended('carnet.people.accounts/' || %(actor_id)s::text, 0))

-- name: looked_up
select trail.count_of_operator(%(actor_id)s, %(action)s, %(since)s) as count

-- name: refuse
insert into app.people_refused_deposit as r (day, client_id, code, count)
select %(day)s, %(client_id)s, code, 1 from unnest(%(codes)s::text[]) as code order by code
    on conflict (day, client_id, code) do update set count = r.count + 1

-- name: refused
select r.day, r.code, r.count, a.name, o.name as organisation
  from app.people_refused_deposit r
  join app.kernel_actor a on a.id = r.client_id
  join app.people_client c on c.actor_id = r.client_id
  join app.people_organisation o on o.id = c.organisation_id
 where r.day > %(after)s
 order by r.day desc, a.name, r.client_id, r.count desc, r.code
 limit %(limit)s offset %(begin)s

-- name: purge_refused
delete from app.people_refused_deposit where day < %(before)s

-- name: operators_did
select o.id, o.at, o.actor_id, a.name, o.action, o.outcome, o.target_kind
  from trail.of_operators(%(before_at)s, %(before_id)s, %(limit)s) o
  left join app.kernel_actor a on a.id = o.actor_id
 order by o.at desc, o.id desc
