-- name: masks
-- Those that this reader may know, each with how many documents in their sight it covers now, and how many of these
-- neither their own label nor another mask covers.
select m.id, m.kind, m.types, m.before, m.author_id, m.author_label, m.organisation_label, m.since, n.documents, n.alone
  from record.documents_mask m
 cross join lateral (
    select count(*) as documents,
           count(*) filter (where d.labels & 1 = 0 and not exists (
               select from record.documents_mask o
                where o.record_id = d.record_id and o.until is null and o.id <> m.id
                  and record.mask_covers(o, d))) as alone
      from record.documents_document d
     where d.record_id = m.record_id and record.mask_covers(m, d)
       and (d.status = 'current' or record.status_told(d.record_id, d.id, d.status) = 'current')) n
 where m.record_id = %(record_id)s and m.until is null
 order by m.since, m.id

-- name: foreseen
-- What a mask would cover in the sight of who asks, and how much of that is masked already.
select count(*) as documents, count(*) filter (where d.labels & 1 <> 0 or d.standing <> 0) as already
  from record.documents_document d
 where d.record_id = %(record_id)s
   and record.mask_covers(jsonb_populate_record(null::record.documents_mask, %(mask)s::jsonb), d)
   and (d.status = 'current' or record.status_told(d.record_id, d.id, d.status) = 'current')

-- name: authors
select d.author_id, d.author_label, d.organisation_label, count(*) as documents
  from record.documents_document d
 where d.record_id = %(record_id)s
   and (d.status = 'current' or record.status_told(d.record_id, d.id, d.status) = 'current')
 group by 1, 2, 3

-- name: kept_from
-- The label bits that all the documents have which a mask covers in the sight of who asks.
select coalesce(bit_and(d.labels), 0) as bits
  from record.documents_document d
 where d.record_id = %(record_id)s and d.status <> 'withdrawn'
   and record.mask_covers(jsonb_populate_record(null::record.documents_mask, %(mask)s::jsonb), d)

-- name: add
insert into record.documents_mask
select (jsonb_populate_record(null::record.documents_mask, %(mask)s::jsonb)).*

-- name: ended
select m.kind, m.types, m.before, m.author_id, m.author_label, m.organisation_label, m.since
  from record.documents_mask m
 where m.record_id = %(record_id)s and m.id = %(id)s and m.until is not null

-- name: end
update record.documents_mask m set until = now()
 where m.record_id = %(record_id)s and m.id = %(id)s and m.until is null
returning m.hidden_from, m.kind

-- name: follow
select record.masks_follow({permit}, null)
