-- name: attending
select t.professional_id as id, t.since
  from record.consent_attending t
 where t.record_id = %(record_id)s and t.since <= now() and (t.until is null or t.until > now())
 order by t.since, t.id

-- name: authorised
-- Those alone of whom nobody is kept from knowing.
select coalesce(c.professional_id, c.organisation_id, c.team_id) as id, min(c.since) as since,
       max(coalesce(o.name, t.name, '')) as name
  from record.consent_authorisation c
  left join app.people_organisation o on o.id = c.organisation_id
  left join app.people_team t on t.id = c.team_id
 where c.record_id = %(record_id)s and c.hidden_from = 0 and c.since <= now() and (c.until is null or c.until > now())
 group by 1
 order by 2 desc, 1
 limit %(most)s

-- name: emergencies
select y.professional_id as id, y.reason, y.mode, y.since
  from record.consent_emergency y
 where y.record_id = %(record_id)s and y.hidden_from = 0 and y.since > %(since)s
 order by y.since desc, y.id
 limit %(most)s
