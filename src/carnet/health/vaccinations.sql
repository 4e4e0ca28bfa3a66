-- name: holder
-- Whose record it is, in it.
select r.birth_family, r.birth_given, r.used_family, r.used_given, r.birth_date::text as birth_date, r.sex
  from record.records_record r where r.id = %(record_id)s
