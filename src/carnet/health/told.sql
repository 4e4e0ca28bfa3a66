-- name: history
select * from record.history({permit}, %s, %s, %s, %s, %s, %s)

-- name: latest
select * from record.history_latest({permit}, %s, %s, %s, %s, %s)

-- name: facts
select * from record.history_facts({permit}, %s, %s, %s, %s)

-- name: papers
select * from record.history_papers({permit}, %s)

-- name: find
select * from record.entry_find({permit}, %s, %s, %s, %s)
