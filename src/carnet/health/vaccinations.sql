-- name: holder
-- Whose record it is, in it.
select r.birth_date::text as birth_date, r.sex from record.records_record r where r.id = %(record_id)s
