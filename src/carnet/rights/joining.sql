-- name: propose
insert into app.rights_joining (id, record_id, into_id, proof, proposed_by, at)
values (%(id)s, %(record_id)s, %(into_id)s, %(proof)s, %(actor_id)s, %(at)s)
returning id

-- name: open
select j.id, j.at from app.rights_joining j
 where j.decision = '' and (%(named)s = '' or right(replace(j.id::text, '-', ''), 8) = %(named)s)
   and (%(after)s::uuid is null or (j.at, j.id) > (select o.at, o.id from app.rights_joining o where o.id = %(after)s))
 order by j.at, j.id
 limit %(limit)s

-- name: how_many
select count(*) as open from app.rights_joining where decision = ''

-- name: one
select j.record_id, j.into_id, j.proof, j.proposed_by, j.at from app.rights_joining j
 where j.id = %(id)s and j.decision = ''

-- name: decide
update app.rights_joining set decision = %(decision)s, decided_by = %(actor_id)s, decided_at = %(at)s
 where id = %(id)s and decision = ''
returning id

-- name: confirmed
select j.record_id, j.into_id from app.rights_joining j
 where j.id = %(id)s and j.decision = 'confirmed' and j.done_at is null
   for update

-- name: undone
update app.rights_joining set decision = 'refused', fault = %(fault)s where id = %(id)s returning id

-- name: came_to_nothing
select j.id, j.fault, j.decided_at as at from app.rights_joining j
 where j.fault <> '' and j.decided_at > %(since)s order by j.decided_at desc, j.id desc

-- name: done
update app.rights_joining set done_at = %(at)s, documents = %(documents)s where id = %(id)s returning id

-- name: joined_to
-- What was joined to what was joined to it, too; what has been erased is none.
with recursive j (record_id) as (
    select r.record_id from app.rights_joining r where r.into_id = %(into_id)s and r.done_at is not null
    union
    select r.record_id from j join app.rights_joining r on r.into_id = j.record_id and r.done_at is not null
)
select j.record_id from j where not exists (select from trail.erasure e where e.record_id = j.record_id)

-- name: due
update record.kernel_scope set erase_at = now() where record_id = %(record_id)s

-- name: as_its_own_people
-- What they keep among themselves is looked at too, to say that there is something, and not what.
select set_config('carnet.trail', 'yes', true)

-- name: side
-- `words`: something that somebody said or decided here, which would be lost, or would decide over the other record.
select r.id, r.state, r.birth_date, r.sex,
       exists (select from record.consent_block b where b.record_id = r.id)
       or exists (select from record.documents_mask m where m.record_id = r.id)
       or exists (select from record.records_opt_out o where o.record_id = r.id)
       or exists (select from record.consent_choice c where c.record_id = r.id)
       or exists (select from record.people_care_link k where k.record_id = r.id)
       or exists (select from record.people_care_invitation i where i.record_id = r.id)
       or exists (select from record.people_parent_case p where p.record_id = r.id)
       or exists (select from record.documents_folder f where f.record_id = r.id)
       or exists (select from record.documents_shelf f where f.record_id = r.id)
       or exists (select from record.documents_report p where p.record_id = r.id)
       or exists (select from record.health_statement s where s.record_id = r.id and s.said_by <> 'document')
       or exists (select from record.health_own_word w where w.record_id = r.id)
       or exists (select from record.health_fact_report p where p.record_id = r.id)
       or exists (select from record.consent_dispute_words w where w.record_id = r.id)
       or exists (select from record.consent_share h where h.record_id = r.id) as words
  from record.records_record r
 where r.id = %(record_id)s

-- name: traits
select r.birth_given || ' ' || r.birth_family, r.birth_date, r.sex, r.ins
  from record.records_record r where r.id = %(record_id)s
