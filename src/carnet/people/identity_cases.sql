-- name: note
insert into app.people_identity_case
       (id, issuer, subject, family, givens, birth_date, sex, birth_place, reason, at)
values (%(id)s, %(issuer)s, %(subject)s, %(family)s, %(givens)s, %(birth_date)s, %(sex)s, %(birth_place)s, %(reason)s,
        %(at)s)
on conflict (issuer, subject) do update
   set family = excluded.family, givens = excluded.givens, birth_date = excluded.birth_date, sex = excluded.sex,
       birth_place = excluded.birth_place, reason = excluded.reason, at = excluded.at
returning id

-- name: forget
delete from app.people_identity_case where issuer = %(issuer)s and subject = %(subject)s returning id

-- name: purge
delete from app.people_identity_case where at < %(before)s returning id

-- name: open
select id, family, givens, birth_date, sex, birth_place, reason, at
  from app.people_identity_case
 where (%(after)s::uuid is null or (at, id) > (select o.at, o.id from app.people_identity_case o where o.id = %(after)s))
   and (%(named)s = '' or right(replace(id::text, '-', ''), 8) = %(named)s)
 order by at, id limit %(limit)s

-- name: how_many
select count(*) as open from app.people_identity_case

-- name: one
select id, family, givens, birth_date, sex, birth_place, reason, at from app.people_identity_case where id = %(id)s

-- name: take
delete from app.people_identity_case where id = %(id)s returning issuer, subject
