-- name: sources
-- Of what type these documents are, and who brought them: a person, a professional, the software of an organisation.
select d.id, d.type_ordinal, a.kind
  from record.documents_document d
  join app.kernel_actor a on a.id = d.depositor_id
 where d.record_id = %(record_id)s and d.id = any(%(ids)s)

-- name: holder
-- Whose record it is, in it.
select r.birth_family, r.birth_given, r.used_family, r.used_given, r.birth_date::text as birth_date, r.sex
  from record.records_record r where r.id = %(record_id)s
