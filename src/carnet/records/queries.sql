-- name: existence
select * from record.existence(%s, %s, %s)
