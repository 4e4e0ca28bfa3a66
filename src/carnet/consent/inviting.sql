-- name: carers
select l.id, l.carer_id, l.rights::text[] as rights, l.acts, l.since, l.until
  from record.people_care_link l
 where l.record_id = %(record_id)s and l.since <= now() and (l.until is null or l.until > now())
 order by l.since, l.id

-- name: invitations
select i.id, i.given, i.channel, i.rights::text[] as rights, i.acts, i.until, i.at, i.until_answer,
       case when i.state = 'pending' and i.until_answer <= now() then 'expired' else i.state end as state
  from record.people_care_invitation i
 where i.record_id = %(record_id)s and i.asks = %(asks)s and i.at > now() - interval '1 year'
 order by i.at desc, i.id
 limit 20

-- name: how_many
-- In a record that has been entered to write: nobody else adds one meanwhile.
select (select count(*) from record.people_care_link l
         where l.record_id = %(record_id)s and (l.until is null or l.until > now())) as helping,
       (select count(*) from record.people_care_invitation i
         where i.record_id = %(record_id)s and i.asks = 'carer' and i.state = 'pending' and i.until_answer > now()) as asked,
       (select count(*) from record.people_care_invitation i
         where i.record_id = %(record_id)s and i.asks = 'carer' and i.at > now() - interval '1 day') as lately

-- name: birth
select r.birth_date::text as birth from record.records_record r where r.id = %(record_id)s

-- name: change
update record.people_care_link set rights = %(rights)s, acts = %(acts)s, until = %(until)s
 where record_id = %(record_id)s and id = %(id)s and (until is null or until > now())
returning carer_id

-- name: end
update record.people_care_link set until = greatest(since, now())
 where record_id = %(record_id)s and id = %(id)s and (until is null or until > now())
returning carer_id

-- name: leave
update record.people_care_link set until = greatest(since, now())
 where record_id = %(record_id)s and carer_id = %(carer_id)s and (until is null or until > now())

-- name: cancel
update record.people_care_invitation set state = 'cancelled', answered_at = now()
 where record_id = %(record_id)s and id = %(id)s and asks = %(asks)s and state = 'pending'
returning id

-- name: bring
select set_config('carnet.invitation', %(digest)s, true)

-- name: offered
-- Under the row policy that shows an invitation to whoever brings its code.
select i.record_id, i.id, i.invited_by, i.why, i.rights::text[] as rights, i.acts, i.until, i.until_answer
  from record.people_care_invitation i
 where i.digest = %(bytes)s and i.asks = %(asks)s and i.state = 'pending' and i.until_answer > now()

-- name: lock_person
-- Of two who accept for the same person, one waits: they count what the other one has added.
select a.id from app.kernel_actor a where a.id = %(id)s for no key update

-- name: helps_in
select count(*) as helped, coalesce(bool_or(l.record_id = %(record_id)s), false) as already
  from record.people_care_link l
 where l.carer_id = %(id)s and (l.until is null or l.until > now())

-- name: answer
update record.people_care_invitation set state = %(state)s, answered_at = now(), carer_id = %(carer_id)s
 where record_id = %(record_id)s and id = %(id)s

-- name: representatives
select distinct on (l.representative_id, l.kind) l.representative_id as person_id, l.kind, l.since, l.until, l.basis
  from record.people_representation l
 where l.record_id = %(record_id)s and l.since <= now() and (l.until is null or l.until > now())
 order by l.representative_id, l.kind, l.since

-- name: parents_now
-- In a record that has been entered to write: how many represent, and how much is under way.
select (select count(distinct l.representative_id) from record.people_representation l
         where l.record_id = %(record_id)s and l.kind <> 'guardian' and l.since <= now()
           and (l.until is null or l.until > now())) as parents,
       (select count(*) from record.people_care_invitation i
         where i.record_id = %(record_id)s and i.asks = 'parent' and i.state = 'pending' and i.until_answer > now()) as asked,
       (select count(*) from record.people_parent_case c
         where c.record_id = %(record_id)s and c.state = 'waiting' and c.until > now()) as waiting,
       (select count(*) from record.people_care_invitation i
         where i.record_id = %(record_id)s and i.asks = 'parent' and i.at > now() - interval '1 day') as lately

-- name: parent_cases
select c.id, c.person_id, c.at, c.until, c.decided_at,
       case when c.state = 'waiting' and c.until <= now() then 'expired' else c.state end as state
  from record.people_parent_case c
 where c.record_id = %(record_id)s and c.at > now() - interval '1 year'
 order by c.at desc, c.id
 limit 20

-- name: own_cases
-- Outside every record: the row policies show to each their own.
select c.record_id, c.id, c.invited_by, c.proof, c.at, c.until, c.reason, c.words, c.decided_at,
       case when c.state = 'waiting' and c.until <= now() then 'expired' else c.state end as state
  from record.people_parent_case c
 where c.person_id = %(id)s and (c.at > now() - interval '1 year' or c.state = 'waiting')
 order by c.at desc, c.id
 limit 20

-- name: take_back
update record.people_parent_case set state = 'cancelled', decided_at = now(), content_id = null
 where record_id = %(record_id)s and id = %(id)s and person_id = %(person_id)s and state = 'waiting'
returning id

-- name: case_content
select c.content_id from record.people_parent_case c
 where c.record_id = %(record_id)s and c.id = %(id)s and c.person_id = %(person_id)s and c.state = 'waiting' for update
