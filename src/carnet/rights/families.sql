-- name: links
-- Of a record that has been entered by a steward: every link there was, the newest first.
select l.id, l.representative_id as person_id, l.kind, l.since, l.until, l.ground, l.basis, l.measure, l.ended_for,
       l.reference, l.since <= now() and (l.until is null or l.until > now()) as holds
  from record.people_representation l
 where l.record_id = %(record_id)s
 order by l.since desc, l.id

-- name: end
update record.people_representation
   set until = greatest(since, now()), ended_for = %(ground)s, reference = %(reference)s
 where record_id = %(record_id)s and id = any (%(ids)s::uuid[]) and (until is null or until > now())
returning representative_id, kind

-- name: end_the_rest
-- Of the same person, in the same capacity, by another way in: the feed may have told of it twice.
update record.people_representation
   set until = greatest(since, now()), ended_for = %(ground)s, reference = %(reference)s
 where record_id = %(record_id)s and representative_id = %(person_id)s and kind = %(kind)s
   and (until is null or until > now())

-- name: cancel_invitations
-- Of somebody who represents no more: the codes they gave away open nothing. The support sees none of them.
update record.people_care_invitation set state = 'cancelled', answered_at = now()
 where record_id = %(record_id)s and invited_by = %(person_id)s and state = 'pending'

-- name: one
select l.id, l.representative_id as person_id, l.kind, l.ground, l.measure, l.until, l.ended_for, l.basis
  from record.people_representation l
 where l.record_id = %(record_id)s and l.id = %(id)s

-- name: shut_out
-- Whether a court's decision ended what somebody was here, and nothing has given it back since.
select exists (select from record.people_representation l
                where l.record_id = %(record_id)s and l.representative_id = %(person_id)s and l.kind = 'parent'
                  and l.ended_for <> ''
                  and not exists (select from record.people_representation n
                                   where n.record_id = l.record_id and n.representative_id = l.representative_id
                                     and n.kind = l.kind and n.since >= l.until)) as shut_out,
       (select count(distinct l.representative_id) from record.people_representation l
         where l.record_id = %(record_id)s and l.kind = 'parent' and l.representative_id <> %(person_id)s
           and l.since <= now() and (l.until is null or l.until > now())) as others,
       exists (select from record.people_representation l
                where l.record_id = %(record_id)s and l.kind = 'parent' and l.representative_id = %(person_id)s
                  and l.since <= now() and (l.until is null or l.until > now())) as already

-- name: open_cases
select c.record_id, c.id, c.person_id, c.invited_by, c.proof, c.media_type, c.at, c.until, c.content_id
  from record.people_parent_case c
 where c.state = 'waiting' and c.until > now() and (%(id)s::uuid is null or c.id = %(id)s)
   and (%(after)s::uuid is null or (c.at, c.id) > (select o.at, o.id from record.people_parent_case o where o.id = %(after)s))
 order by c.at, c.id
 limit %(limit)s

-- name: waiting
select c.id from record.people_parent_case c where c.state = 'waiting' and c.until > now()

-- name: lock_case
select c.content_id from record.people_parent_case c
 where c.record_id = %(record_id)s and c.id = %(id)s and c.state = 'waiting' and c.until > now() for update

-- name: close_case
update record.people_parent_case
   set state = %(state)s, reason = %(reason)s, words = %(words)s, decided_at = now(), decided_by = %(actor_id)s,
       content_id = null
 where record_id = %(record_id)s and id = %(id)s

-- name: overdue
select c.record_id, c.id, c.person_id, c.invited_by, c.content_id
  from record.people_parent_case c where c.state = 'waiting' and c.until <= now()
 order by c.until limit 100
