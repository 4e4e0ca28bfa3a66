-- name: lines
select * from record.synthesis_lines({permit}, %s, %s)
