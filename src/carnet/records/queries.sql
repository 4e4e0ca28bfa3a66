-- name: holder
select id, ins_oid, ins, birth_family, birth_given, birth_givens, used_family, used_given, sex, birth_date,
       birth_place, identity_status, state, state_since, state_reason
  from record.records_record
 where id = %s

-- name: existence
select * from record.existence(%s, %s, %s)
