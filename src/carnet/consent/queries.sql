-- name: access_facts
select * from record.access_facts(%s, %s, %s)

-- name: copy_facts
-- And of whom the holder is not told, for who is not the holder.
select f.*, record.discreet(f.record, 2) as of_holder
  from (select r.id as record, a.* from (values (%s::uuid)) r (id), lateral record.access_facts(r.id, %s, %s) a) f

-- name: access_facts_of
-- Of several records, one after the other.
select r.id as record_id, f.* from unnest(%s::uuid[]) r (id), lateral record.access_facts(r.id, %s, %s) f

-- name: end_authorisations
-- Of `secrets` those alone that were given in secret. `known`: one of them at least was none.
with ended as (
    update record.consent_authorisation set until = greatest(since, now())
     where record_id = %(record_id)s and (until is null or until > now()) and (not %(secrets)s or hidden_from <> 0)
       and (professional_id = %(professional_id)s or organisation_id = %(organisation_id)s or team_id = %(team_id)s)
    returning hidden_from
)
select count(*) as ended, count(*) filter (where e.hidden_from = 0) as known from ended e

-- name: end_shares
-- By a block.
update record.consent_share set until = greatest(since, now()), ended_by = %(block_id)s, would_end = until
 where record_id = %(record_id)s and professional_id = %(professional_id)s and (until is null or until > now())

-- name: give_back
-- What ended with these blocks, in the sight of whoever undoes them: what would last on, of a document that stands.
update record.consent_share h set until = h.would_end, ended_by = null, would_end = null
 where h.record_id = %(record_id)s and h.ended_by = any(%(blocks)s) and (h.would_end is null or h.would_end > now())
   and exists (select from record.documents_document d
                where d.record_id = h.record_id and d.id = h.document_id and d.status = 'current')
returning h.hidden_from

-- name: end_shares_of
-- Of these documents, with everybody; what a block has ended does not come back with its end either.
with forgotten as (
    update record.consent_share set ended_by = null, would_end = null
     where record_id = %(record_id)s and document_id = any(%(documents)s) and ended_by is not null
)
update record.consent_share set until = greatest(since, now())
 where record_id = %(record_id)s and document_id = any(%(documents)s) and (until is null or until > now())
returning professional_id, hidden_from

-- name: readers_follow
select record.readers_follow({permit})

-- name: shares
-- With whom these documents are, or were; who took one back is told as well.
select h.document_id, h.professional_id, h.since, h.until, h.until is null or h.until > now() as holds,
       h.about
  from record.consent_share h
 where h.record_id = %(record_id)s and h.document_id = any(%(documents)s)
 order by h.since, h.id

-- name: unblock
with ended as (
    update record.consent_block set until = greatest(since, %(at)s)
     where record_id = %(record_id)s and professional_id = %(professional_id)s and (until is null or until > %(at)s)
    returning id, hidden_from
)
select count(*) as ended, count(*) filter (where e.hidden_from = 0) as known, array_agg(e.id) as ids from ended e

-- name: blocked
-- By a block of which who has entered may know, and which may have come while they waited to enter.
select exists (select from record.consent_block b
                where b.record_id = %(record_id)s and b.professional_id = %(professional_id)s
                  and b.since <= clock_timestamp() and (b.until is null or b.until > clock_timestamp())) as blocked

-- name: end_emergencies
update record.consent_emergency set until = now()
 where record_id = %(record_id)s and professional_id = %(professional_id)s and until > now()

-- name: kept_secret
-- Whether what a minor does now about this professional is a secret: the representatives know nothing of them
-- (`record.discreet`), or they know of what is over, and a secret let them in. What is given openly and has not ended is
-- known, and what is to begin as well: a block ends it under their eyes.
with given (until, secret) as (
    select a.until, a.secret
      from (select record.clinician_facts(%(record_id)s, %(professional_id)s, null, current_date)) f (facts),
           jsonb_to_recordset(nullif(f.facts -> 'authorisations', 'null')) a (until timestamptz, secret boolean)
    union all
    select t.until, false from record.consent_attending t
     where t.record_id = %(record_id)s and t.professional_id = %(professional_id)s
    union all
    select y.until, (y.hidden_from & 4) <> 0 from record.consent_emergency y
     where y.record_id = %(record_id)s and y.professional_id = %(professional_id)s
    union all
    select h.until, (h.hidden_from & 4) <> 0 from record.consent_share h
     where h.record_id = %(record_id)s and h.professional_id = %(professional_id)s
)
select coalesce(record.discreet(%(record_id)s, 6) ->> %(professional_id)s::uuid::text = 'infinity', false)
       or exists (select from given g where g.secret)
          and not exists (select from given g where not g.secret and (g.until is null or g.until > now())) as secret

-- name: lift
-- An act that ends what was given ends what its maker may not know of too.
select set_config('carnet.hidden', '0', true)

-- name: lower
select set_config('carnet.hidden', %(hidden)s::text, true)

-- name: attending_soon
-- Since when one who is no médecin traitant yet will be.
select min(t.since) as since from record.consent_attending t
 where t.record_id = %(record_id)s and t.professional_id = %(professional_id)s
   and t.since > now() and (t.until is null or t.until > t.since)

-- name: broken
-- The emergency access that goes on, if there is one.
select y.id, y.until from record.consent_emergency y
 where y.record_id = %(record_id)s and y.professional_id = %(actor_id)s and y.mode = %(mode)s and y.until > now()
 order by y.until desc limit 1

-- name: emergencies
-- With what an operator answered who looked into it.
select y.id, y.professional_id, y.organisation_id, y.mode, y.reason, y.since, y.until, y.seen_at, y.hidden_from,
       v.verdict, v.closed_at
  from record.consent_emergency y
  left join record.consent_review v on v.record_id = y.record_id and v.id = y.id
 where y.record_id = %(record_id)s
 order by y.since desc, y.id
 limit %(limit)s

-- name: unseen
select y.id, y.professional_id, y.organisation_id, y.mode, y.reason, y.since, y.until, y.seen_at, y.hidden_from
  from record.consent_emergency y where y.record_id = %(record_id)s and y.seen_at is null
 order by y.since desc, y.id
 limit %(limit)s

-- name: show_emergencies
update record.consent_emergency set seen_at = now() where record_id = %(record_id)s and seen_at is null

-- name: attending
-- Médecins traitants, now: who will be one may be authorised and blocked until that day. `unblocked_at`: a block that
-- ended on it, or when it was told.
select t.professional_id, t.since,
       (select max(b.until) from record.consent_block b
         where b.record_id = t.record_id and b.professional_id = t.professional_id
           and b.until >= t.since and b.until <= now()) as unblocked_at
  from record.consent_attending t
 where t.record_id = %(record_id)s and t.since <= now() and (t.until is null or t.until > now())
 order by t.since, t.id

-- name: matrix_of
-- What a profession may read today.
select x.types, x.team_only from app.consent_matrix x
 where x.profession_system = %(system)s and x.profession_code = %(code)s
   and x.effective <= (now() at time zone 'Europe/Paris')::date
 order by x.effective desc, x.version desc limit 1
