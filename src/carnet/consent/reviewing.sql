-- name: standing
-- How a professional stands here now, and whether a case about them is open.
select exists (select from record.consent_review v
                where v.record_id = %(record_id)s and v.professional_id = %(professional_id)s and v.kind = 'dispute'
                  and v.closed_at is null and (v.hidden_from & %(hidden)s) = 0) as disputed,
       exists (select from record.consent_attending t
                where t.record_id = %(record_id)s and t.professional_id = %(professional_id)s
                  and t.since <= now() and (t.until is null or t.until > now())) as attending,
       exists (select from record.consent_block b
                where b.record_id = %(record_id)s and b.professional_id = %(professional_id)s
                  and b.since <= now() and (b.until is null or b.until > now())) as blocked

-- name: disputes
select v.id, v.record_id, v.kind, v.professional_id, v.at, v.accessed_at, v.due_at, v.closed_at, v.verdict, w.words
  from record.consent_review v
  left join record.consent_dispute_words w on w.record_id = v.record_id and w.id = v.id
 where v.record_id = %(record_id)s and v.kind = 'dispute' and (v.hidden_from & %(hidden)s) = 0
 order by v.at desc, v.id
 limit %(limit)s

-- name: open
select v.id, v.record_id, v.kind, v.professional_id, v.at, v.accessed_at, v.due_at, v.closed_at, v.verdict
  from record.consent_review v
 where v.closed_at is null and (%(id)s::uuid is null or v.id = %(id)s)
   and (%(after)s::uuid is null
        or (v.due_at, v.id) > (select o.due_at, o.id from record.consent_review o where o.id = %(after)s))
 order by v.due_at, v.id
 limit %(limit)s

-- name: waiting
select v.id, v.due_at < now() as late from record.consent_review v where v.closed_at is null

-- name: one
select v.record_id, v.professional_id, v.hidden_from from record.consent_review v where v.id = %(id)s and v.closed_at is null

-- name: close
update record.consent_review set closed_at = now(), closed_by = %(actor_id)s, verdict = %(verdict)s
 where id = %(id)s and closed_at is null

-- name: last_access
-- When a professional was here last, as who disputes it reads in the trail, and how: what they looked at by the way counts
-- where nothing else does, what they deposited where they read nothing.
with told as (
    select l.at, l.purpose, l.outcome,
           l.action in ('standing-read', 'alert-read', 'record-existence') as by_the_way,
           l.action in ('document-deposit', 'document-deposit-again', 'document-superseded') as gave
      from trail.line l
      left join record.documents_document d
        on d.record_id = l.record_id and l.target_kind = 'document' and d.id = l.target_id
     where l.record_id = %(record_id)s and l.actor_id = %(professional_id)s
       and (l.target_kind <> 'document' or d.id is not null)
)
select (select coalesce(max(t.at) filter (where not t.by_the_way), max(t.at)) from told t) as at,
       coalesce((select case when t.gave then 'deposit' when t.purpose in ('emergency', 'regulation') then t.purpose
                             else 'reading' end
                   from told t
                  where t.outcome = 'done' and not t.by_the_way
                  order by t.gave, t.at desc
                  limit 1),
                (select 'attempt' from told t limit 1),
                'none') as way

-- name: as_representative
-- In the sight of who represents the holder, whether there is somebody or not.
select set_config('carnet.hidden', '6', true),
       set_config('carnet.discreet', coalesce(record.discreet(%(record_id)s, 6)::text, ''), true)

-- name: as_oneself
select set_config('carnet.hidden', %(hidden)s::text, true), set_config('carnet.discreet', %(discreet)s, true)
