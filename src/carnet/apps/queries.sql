-- name: settle
select record.settle({permit})

-- name: epoch
select a.epoch from app.kernel_actor a where a.id = %(id)s and a.active

-- name: own
select s.* from record.apps_subscription s
 where s.actor_id = %(actor_id)s and s.client_id = %(client_id)s
   and (%(record_id)s::uuid is null or s.record_id = %(record_id)s)
   and (%(id)s::uuid is null or s.id = %(id)s)
   and (%(states)s::text[] is null or s.state = any(%(states)s))
   and (%(topics)s::text[] is null or s.topic = any(%(topics)s))
   and (%(after)s::uuid is null or s.id < %(after)s)
 order by s.id desc
 limit %(limit)s

-- name: how_many
select count(*) filter (where s.state <> 'off' and s.until > now()) as standing,
       count(*) filter (where s.state <> 'off' and s.until > now() and s.record_id = %(record_id)s) as here,
       count(*) filter (where (%(record_id)s::uuid is null or s.record_id = %(record_id)s)
                          and (%(states)s::text[] is null or s.state = any(%(states)s))
                          and (%(topics)s::text[] is null or s.topic = any(%(topics)s))) as asked
  from record.apps_subscription s
 where s.actor_id = %(actor_id)s and s.client_id = %(client_id)s

-- name: one
select s.* from record.apps_subscription s where s.record_id = %(record_id)s and s.id = %(id)s

-- name: change
update record.apps_subscription
   set state = %(state)s, fault = '', failures = 0, retry_at = null, endpoint = %(endpoint)s, content = %(content)s,
       reason = %(reason)s, heartbeat = %(heartbeat)s, most = %(most)s, until = %(until)s, grant_id = %(grant_id)s, version = version + 1,
       changed_at = now()
 where record_id = %(record_id)s and id = %(id)s

-- name: turn
select pg_try_advisory_xact_lock(hashtextextended(%(client)s, 0))

-- name: waiting
select e.*, exists (
           select from record.apps_event t
            where t.record_id = e.record_id and t.subscription_id = e.subscription_id and t.item_id = e.item_id
              and t.told in ('POST', 'PUT')) as before
  from record.apps_event e
 where e.record_id = %(record_id)s and e.subscription_id = %(id)s and e.done_at is null
 order by e.at, e.id
 limit %(limit)s

-- name: told
select e.*, true as before from record.apps_event e
 where e.record_id = %(record_id)s and e.subscription_id = %(id)s and e.number between %(since)s and %(until)s
 order by e.number
 limit %(limit)s

-- name: seen
-- Under the reader's own grant: what of these they see, and of which they are told that something replaced it.
select d.id, record.status_told(d.record_id, d.id, d.status) = 'superseded' as replaced, d.labels & 4 as mark, true as document
  from record.documents_document d
 where d.record_id = %(record_id)s and d.id = any(%(items)s)

-- name: seen_entries
select distinct h.source_id as id, record.status_told(h.record_id, h.source_id, h.status) = 'superseded' as replaced,
       h.labels & 6 as mark, h.said_by = 'document' as document
  from record.health_statement h
 where h.record_id = %(record_id)s and h.source_id = any(%(items)s) and not h.dropped

-- name: not_told
update record.apps_event set done_at = now() where record_id = %(record_id)s and id = any(%(ids)s)

-- name: arrived
update record.apps_event e set done_at = now(), number = t.number, told = t.told
  from unnest(%(ids)s::uuid[], %(numbers)s::bigint[], %(told)s::text[]) t (id, number, told)
 where e.record_id = %(record_id)s and e.id = t.id

-- name: tried
update record.apps_event set tried = tried + 1 where record_id = %(record_id)s and id = any(%(ids)s)

-- name: taken
-- Its number counts in any case; whether it stands well is for who has changed it meanwhile to find out anew.
update record.apps_subscription
   set sent = greatest(sent, %(sent)s), told_at = now(),
       failures = case when version = %(version)s then 0 else failures end,
       retry_at = case when version = %(version)s then null else retry_at end,
       fault = case when version = %(version)s then '' else fault end,
       state = case when version = %(version)s and state = 'requested' then 'active' else state end
 where record_id = %(record_id)s and id = %(id)s

-- name: not_taken
update record.apps_subscription
   set failures = %(failures)s, retry_at = %(retry_at)s, fault = %(fault)s, state = %(state)s
 where record_id = %(record_id)s and id = %(id)s and version = %(version)s and state in ('requested', 'active')

-- name: end
update record.apps_subscription set state = 'off', changed_at = now(), version = version + 1
 where record_id = %(record_id)s and id = %(id)s and state <> 'off'

-- name: client
select a.id, a.key, a.active, c.organisation_id, c.scope, c.acts_for_professionals or c.provider_client_id <> '' as acts
  from app.people_client c
  join app.kernel_actor a on a.id = c.actor_id
 where a.id = %(id)s

-- name: rpps
select p.rpps from app.people_professional p where p.actor_id = %(id)s

-- name: receivers
select r.address from app.apps_receiver r where r.client_id = %(client_id)s order by r.at, r.id
