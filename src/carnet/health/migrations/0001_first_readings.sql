-- As in `told.sql` of the kernel: who reads entries reads in the record as who reads documents.
drop index trail.line_reading;
create index line_reading on trail.line (record_id, actor_id, era, xid)
 where actor_kind = 'professional' and outcome = 'done'
   and action in ('documents-list', 'documents-search', 'entries-list', 'entries-search');
grant create on schema trail to carnet_sealer;
create or replace function trail.first_readings(p_era smallint, p_from xid8, p_to xid8, p_hidden integer)
returns table (record_id uuid, actor_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select distinct l.record_id, l.actor_id
      from trail.line l
     where l.era = p_era and l.xid >= p_from and l.xid < p_to
       and l.actor_kind = 'professional' and l.outcome = 'done' and l.action in ('documents-list', 'documents-search', 'entries-list', 'entries-search')
       and l.capacity in ('attending', 'coordinating', 'administrator', 'authorised', 'team', 'deputy') and l.hidden_from & p_hidden = 0
       and l.record_id is not null
       and not exists (
           select from trail.line e
            where e.record_id = l.record_id and e.actor_id = l.actor_id and (e.era, e.xid) < (p_era, p_from)
              and e.actor_kind = 'professional' and e.outcome = 'done'
              and e.action in ('documents-list', 'documents-search', 'entries-list', 'entries-search')
              and e.capacity in ('attending', 'coordinating', 'administrator', 'authorised', 'team', 'deputy') and e.hidden_from & p_hidden = 0)
$$;
revoke create on schema trail from carnet_sealer;
