-- Who has read in a window for the first time in a record: by a right that the holder or the law gives (an emergency is
-- told otherwise), or what the holder put into their hands (`handed`): each is a first time of its own, since the one says
-- nothing of the other. `named`: documents that they opened decide whether it is told, and whether it was told before. They
-- are named in the trail, and each reader of the trail is told of those alone that they may see: that is looked for in the
-- record. Neither what is hidden from one of `p_hidden` (label bits), nor why or what was read, leaves this function.
-- `trail.first_readings` stays for programs of before, which would tell of documents without that look.
create function trail.first_accesses(p_era smallint, p_from xid8, p_to xid8, p_hidden integer)
returns table (record_id uuid, actor_id uuid, handed boolean, named boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with reading (record_id, actor_id, handed, listed) as (
        select l.record_id, l.actor_id, l.capacity = 'recipient',
               bool_or(l.action not in ('document-open', 'document-page', 'document-read'))
          from trail.line l
         where l.era = p_era and l.xid >= p_from and l.xid < p_to
           and l.actor_kind = 'professional' and l.outcome = 'done'
           and l.action in ('document-open', 'document-page', 'document-read', 'documents-list', 'documents-search',
                            'entries-list', 'entries-search', 'everything-read', 'new-since-read', 'summary-deposited',
                            'summary-read')
           and l.capacity in ('attending', 'coordinating', 'administrator', 'authorised', 'team', 'deputy', 'recipient')
           and l.hidden_from & p_hidden = 0 and l.record_id is not null
         group by 1, 2, 3
    )
    select r.record_id, r.actor_id, r.handed,
           not r.listed
           or exists (
               select from trail.line o
                where o.record_id = r.record_id and o.actor_id = r.actor_id and (o.era, o.xid) < (p_era, p_from)
                  and o.actor_kind = 'professional' and o.outcome = 'done'
                  and o.action in ('document-open', 'document-page', 'document-read')
                  and o.capacity in ('attending', 'coordinating', 'administrator', 'authorised', 'team', 'deputy',
                                     'recipient')
                  and (o.capacity = 'recipient') = r.handed and o.hidden_from & p_hidden = 0)
      from reading r
     where not exists (
           select from trail.line e
            where e.record_id = r.record_id and e.actor_id = r.actor_id and (e.era, e.xid) < (p_era, p_from)
              and e.actor_kind = 'professional' and e.outcome = 'done'
              -- As the index `line_reading` has them.
              and e.action in ('documents-list', 'documents-search', 'entries-list', 'entries-search', 'everything-read',
                        'new-since-read', 'summary-deposited', 'summary-read')
              and e.capacity in ('attending', 'coordinating', 'administrator', 'authorised', 'team', 'deputy', 'recipient')
              and (e.capacity = 'recipient') = r.handed and e.hidden_from & p_hidden = 0)
$$;
grant create on schema trail to carnet_sealer;
alter function trail.first_accesses(smallint, xid8, xid8, integer) owner to carnet_sealer;
revoke create on schema trail from carnet_sealer;
revoke all on function trail.first_accesses(smallint, xid8, xid8, integer) from public;
grant execute on function trail.first_accesses(smallint, xid8, xid8, integer) to carnet_writer;
