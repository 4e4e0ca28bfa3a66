-- name: one_at_a_time
select pg_advisory_xact_lock(hashtextextended('carnet.people.id_keys', 0))
