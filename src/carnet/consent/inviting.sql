-- name: carers
select l.id, l.carer_id, l.rights::text[] as rights, l.acts, l.since, l.until
  from record.people_care_link l
 where l.record_id = %(record_id)s and l.since <= now() and (l.until is null or l.until > now())
 order by l.since, l.id

-- name: invitations
select i.id, i.given, i.channel, i.rights::text[] as rights, i.acts, i.until, i.at, i.until_answer,
       case when i.state = 'pending' and i.until_answer <= now() then 'expired' else i.state end as state
  from record.people_care_invitation i
 where i.record_id = %(record_id)s and i.at > now() - interval '1 year'
 order by i.at desc, i.id
 limit 20

-- name: how_many
-- In a record that has been entered to write: nobody else adds one meanwhile.
select (select count(*) from record.people_care_link l
         where l.record_id = %(record_id)s and (l.until is null or l.until > now())) as helping,
       (select count(*) from record.people_care_invitation i
         where i.record_id = %(record_id)s and i.state = 'pending' and i.until_answer > now()) as asked,
       (select count(*) from record.people_care_invitation i
         where i.record_id = %(record_id)s and i.at > now() - interval '1 day') as lately

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
 where record_id = %(record_id)s and id = %(id)s and state = 'pending'
returning id

-- name: bring
select set_config('carnet.invitation', %(digest)s, true)

-- name: offered
-- Under the row policy that shows an invitation to whoever brings its code.
select i.record_id, i.id, i.invited_by, i.why, i.rights::text[] as rights, i.acts, i.until, i.until_answer
  from record.people_care_invitation i
 where i.digest = %(bytes)s and i.state = 'pending' and i.until_answer > now()

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
