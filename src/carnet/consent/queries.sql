-- name: access_facts
select * from record.access_facts(%s, %s)
