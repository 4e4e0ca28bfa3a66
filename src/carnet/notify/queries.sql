-- name: wanting
-- The holder of a record that has been entered, and who represents them now, so far as they want to be told of that kind
-- of fact by somebody else.
with people as (
    select p.actor_id as person_id, '' as represents from app.people_person p where p.record_id = %(record_id)s
    union
    select l.representative_id, l.kind
      from record.people_representation l
     where l.record_id = %(record_id)s and l.since <= now() and (l.until is null or l.until > now())
)
select e.person_id, e.represents, r.birth_date::text as birth
  from people e
  join app.notify_contact c on c.person_id = e.person_id and c.verified_at is not null and %(kind)s = any (c.kinds)
  join record.records_record r on r.id = %(record_id)s and r.state in ('active', 'unopened')
 where e.person_id <> %(actor_id)s

-- name: carers_wanting
-- Who helps the holder now, so far as they want to be told, but whoever did it themselves.
select distinct l.carer_id as person_id
  from record.people_care_link l
  join app.notify_contact c on c.person_id = l.carer_id and c.verified_at is not null and %(kind)s = any (c.kinds)
  join record.records_record r on r.id = l.record_id and r.state in ('active', 'unopened')
 where l.record_id = %(record_id)s and l.since <= now() and (l.until is null or l.until > now())
   and l.carer_id <> %(actor_id)s and l.rights && array['documents', 'treatments']::varchar[]

-- name: told_of
-- By record, when a person was last told of it; nothing older than so long ago.
select n.record_id, max(n.at) as at
  from app.notify_notice n
 where n.person_id = %(person_id)s and n.record_id is not null and n.kind = any (%(kinds)s::text[]) and n.at > %(since)s
 group by n.record_id

-- name: lately
-- When somebody was told last of a fact like it, within so long, or will be; `ahead`: not before this transaction began.
select max(n.at) as at, coalesce(max(n.at) >= now(), false) as ahead
  from app.notify_notice n
 where n.person_id = %(person_id)s and n.record_id = %(record_id)s and n.kind = %(kind)s and n.at > now() - %(together)s

-- name: in_sight
select d.id from record.documents_document d
 where d.record_id = %(record_id)s and d.id = %(id)s and d.status = 'current'

-- name: something_new
-- What came, or came to light, since then.
select exists (select from record.documents_document d
                where d.record_id = %(record_id)s and d.status <> 'withdrawn' and d.updated_at >= %(since)s) as new

-- name: claim
-- Committed by itself, before anything leaves: whoever claims a notice sends it, once.
update app.notify_notice set claimed_at = now() where id = %(id)s and claimed_at is null returning person_id, kind, record_id, since

-- name: release
update app.notify_notice set claimed_at = null where id = %(id)s and sent_at is null

-- name: horizon
-- One run at a time: the next one waits here.
select era, xid from app.notify_horizon where id = 1 for update

-- name: window
select era, from_xid::text::bigint, to_xid::text::bigint
  from trail.ended_window(%(era)s::smallint, %(from)s::text::xid8, %(most)s)

-- name: first_accesses
-- The holders whose record was read for the first time by somebody in this window, so far as they want to be told; first
-- what is told without a look into the record.
select p.actor_id as person_id, f.record_id, f.actor_id, f.handed, f.named
  from trail.first_accesses(%(era)s::smallint, %(from)s::text::xid8, %(to)s::text::xid8, %(hidden)s) f
  join app.people_person p on p.record_id = f.record_id and p.actor_id <> f.actor_id
  join app.notify_contact c on c.person_id = p.actor_id and c.verified_at is not null and %(kind)s = any (c.kinds)
 order by f.named, f.record_id, f.actor_id

-- name: first_accesses_of_minors
-- By record and reader: whom it concerns is looked up in each record. Where nobody has a right to be told of a kind of
-- fact, it is not looked further.
select f.record_id, f.actor_id, f.handed, f.named
  from trail.first_accesses(%(era)s::smallint, %(from)s::text::xid8, %(to)s::text::xid8, %(hidden)s) f
 where exists (select from app.notify_contact c where c.verified_at is not null and %(kind)s = any (c.kinds))

-- name: sight
-- As of who reads the trail, and from whom `hidden` is hidden (label bits): nothing, or what is from the holder, or from who
-- represents them.
select set_config('carnet.types', repeat('1', 256), true), set_config('carnet.hidden', %(hidden)s::text, true),
       set_config('carnet.trail', 'yes', true),
       set_config('carnet.discreet', case %(hidden)s::integer when 0 then ''
                                     else coalesce(record.discreet(%(record_id)s, %(hidden)s)::text, '') end, true)

-- name: shown_late
-- Documents that were hidden until then: who had opened one before was told of to nobody from whom it was.
select coalesce(array_agg(s.id), '{}') as ids, coalesce(array_agg(s.at), '{}') as shown
  from (select l.target_id as id, max(l.at) as at
          from trail.line l
         where l.record_id = %(record_id)s and l.outcome = 'done' and l.target_kind = 'document'
           and l.action in ('document-shown-to-patient', 'document-shown-to-representatives')
         group by l.target_id) s

-- name: told_first
-- Whether that trail tells of a reading in this window, and of none like it before.
select coalesce(bool_or(l.now) and not bool_or(not l.now and not coalesce(l.at < s.at, false)), false) as first
  from (select l.*, (l.era, l.xid) >= (%(era)s::smallint, %(from)s::text::xid8) as now from trail.line l) l
  left join unnest(%(ids)s::uuid[], %(shown)s::timestamptz[]) s (id, at) on s.id = l.target_id
  left join record.documents_document d
    on d.record_id = l.record_id and l.target_kind = 'document' and d.id = l.target_id
 where l.record_id = %(record_id)s and l.actor_id = %(actor_id)s
   and (l.era, l.xid) < (%(era)s::smallint, %(to)s::text::xid8)
   and l.actor_kind = 'professional' and l.outcome = 'done' and l.action = any (%(readings)s::text[])
   and l.capacity = any (%(capacities)s::text[]) and (l.target_kind <> 'document' or d.id is not null)

-- name: known
-- Whether the representatives know of somebody otherwise than by what is kept from them, in a record that is a minor's or
-- not: that is told by their link.
select 1 as known
 where exists (select from record.people_representation l
                where l.record_id = %(record_id)s and l.since <= now() and (l.until is null or l.until > now()))
   and not coalesce(record.discreet(%(record_id)s, 6) ? %(actor_id)s::uuid::text, false)

-- name: advance
insert into app.notify_horizon (id, era, xid) values (1, %(era)s, %(to)s)
    on conflict (id) do update set era = excluded.era, xid = excluded.xid

-- name: claim_invitation
-- Committed by itself, before anything leaves.
update app.people_care_mail set claimed_at = now()
 where id = %(id)s and claimed_at is null and sealed <> '' returning sealed, language

-- name: release_invitation
update app.people_care_mail set claimed_at = null where id = %(id)s and sent_at is null

-- name: growing
-- Of a record that has been entered: whose it is, and who represents them as parents.
select r.birth_date::text as birth, p.actor_id as holder_id,
       array(select distinct l.representative_id from record.people_representation l
              where l.record_id = r.id and l.kind = 'parent' and l.since <= now()
                and (l.until is null or l.until > now())) as parents
  from record.records_record r
  left join app.people_person p on p.record_id = r.id
 where r.id = %(record_id)s and r.state in ('active', 'unopened')

-- name: letting_apps_in
-- Who has let an app in for so long, wants to be reminded, and was not since. Professionals choose no such kind.
select k.person_id
  from app.notify_contact k
 where k.verified_at is not null and %(kind)s = any (k.kinds)
   and exists (select from app.people_app_consent c
                where c.actor_id = k.person_id and c.withdrawn_at is null and c.given_at <= %(before)s)
   and not exists (select from app.notify_notice n
                    where n.person_id = k.person_id and n.kind = %(kind)s and n.at > %(before)s)
 limit %(most)s
   for update of k skip locked

-- name: told_already
select n.person_id from app.notify_notice n where n.record_id = %(record_id)s and n.kind = %(kind)s

-- name: told_of_emergencies
-- Of these cases, those of which a notice was written, to whomever. It is written in the transaction that breaks the
-- glass: with the same instant, or nearly.
select c.id
  from unnest(%(ids)s::uuid[], %(records)s::uuid[], %(instants)s::timestamptz[]) c (id, record_id, at)
 where exists (select from app.notify_notice n
                where n.record_id = c.record_id and n.kind = %(kind)s
                  and n.at between c.at - interval '1 minute' and c.at + interval '1 minute')
