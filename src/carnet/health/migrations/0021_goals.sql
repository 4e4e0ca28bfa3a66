-- Goals, of which there are few among thousands of results, are found without reading those: by the comparisons of
-- `like 'urn:carnet:fhir:goal|%'` that row security lets PostgreSQL make first.
create index health_goals on record.health_statement (record_id, kind)
 where series collate "C" >= 'urn:carnet:fhir:goal|' and series collate "C" < 'urn:carnet:fhir:goal}';
