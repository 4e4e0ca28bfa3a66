-- name: existence
select * from record.existence(%s, %s, %s)

-- name: existences
select e.* from unnest(%s::uuid[]) r (id), lateral record.existence(r.id, %s, %s) e

-- name: holder
select r.* from record.records_record r where r.id = %(record_id)s

-- name: life
select r.birth_family, r.birth_given, r.birth_date, r.state, r.state_since, r.state_reason, r.former_state, r.opens_at,
       r.erasing_asked, r.died_on, s.erase_at
  from record.records_record r
  join record.kernel_scope s on s.record_id = r.id
 where r.id = %(record_id)s

-- name: deeds
select d.reference, d.act, d.at, d.channel, d.ground, d.claimant
  from record.records_deed d
 where d.record_id = %(record_id)s
 order by d.at desc, d.id desc

-- name: welcomed
select r.state, r.welcome_step from record.records_record r where r.id = %(record_id)s

-- name: welcome
update record.records_record set welcome_step = greatest(welcome_step, %(step)s)
 where id = %(record_id)s and state = 'unopened'

-- name: erase_at
update record.kernel_scope set erase_at = %(at)s where record_id = %(record_id)s

-- name: whose
select r.ins, r.birth_date, r.state, r.birth_given, r.birth_family, r.used_given, r.used_family
  from record.records_record r where r.id = %(record_id)s

-- name: traits
select r.ins, r.birth_family, r.birth_given, r.birth_date from record.records_record r where r.id = %(record_id)s

-- name: opted_out
select o.what, o.since from record.records_opt_out o where o.record_id = %(record_id)s and o.until is null

-- name: opt_in
update record.records_opt_out set until = %(now)s
 where record_id = %(record_id)s and what = any(%(whats)s) and until is null
