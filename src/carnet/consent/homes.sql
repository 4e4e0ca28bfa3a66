-- name: others
-- Who else represented the holder as a parent, and when: of a record that a parent has entered.
select l.since, l.until from record.people_representation l
 where l.record_id = %(record_id)s and l.kind = 'parent' and l.representative_id <> %(reader)s

-- name: given
-- To whom this parent opened the record, and when.
select coalesce(a.professional_id, a.organisation_id) as who, a.since, a.until from record.consent_authorisation a
 where a.record_id = %(record_id)s and a.given_by = %(reader)s and a.team_id is null

-- name: attending
select t.professional_id as who, t.since, t.until from record.consent_attending t where t.record_id = %(record_id)s
