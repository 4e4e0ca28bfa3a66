-- As in `told.sql` of the kernel: who reads entries reads in the record as who reads documents. When a reader was here last.
drop index trail.line_reading;
create index line_reading on trail.line (record_id, actor_id, era, xid)
 where actor_kind = 'professional' and outcome = 'done'
   and action in ('documents-list', 'documents-search', 'entries-list', 'entries-search', 'everything-read',
                        'new-since-read', 'summary-deposited', 'summary-read');
grant create on schema trail to carnet_sealer;
create or replace function trail.first_readings(p_era smallint, p_from xid8, p_to xid8, p_hidden integer)
returns table (record_id uuid, actor_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select distinct l.record_id, l.actor_id
      from trail.line l
     where l.era = p_era and l.xid >= p_from and l.xid < p_to
       and l.actor_kind = 'professional' and l.outcome = 'done'
       and l.action in ('documents-list', 'documents-search', 'entries-list', 'entries-search', 'everything-read',
                        'new-since-read', 'summary-deposited', 'summary-read')
       and l.capacity in ('attending', 'coordinating', 'administrator', 'authorised', 'team', 'deputy') and l.hidden_from & p_hidden = 0
       and l.record_id is not null
       and not exists (
           select from trail.line e
            where e.record_id = l.record_id and e.actor_id = l.actor_id and (e.era, e.xid) < (p_era, p_from)
              and e.actor_kind = 'professional' and e.outcome = 'done'
              and e.action in ('documents-list', 'documents-search', 'entries-list', 'entries-search', 'everything-read',
                        'new-since-read', 'summary-deposited', 'summary-read')
              and e.capacity in ('attending', 'coordinating', 'administrator', 'authorised', 'team', 'deputy') and e.hidden_from & p_hidden = 0)
$$;

-- When somebody looked into the record that they have entered, before this visit: a visit ends when they have not looked
-- for an hour, so that what is asked again is answered again. Of nobody's lines but their own.
create or replace function trail.last_visit() returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select max(v.at)
      from (select l.at, lead(l.at, 1, clock_timestamp()) over (order by l.at) as next
              from trail.line l
             where l.record_id = nullif(current_setting('carnet.record', true), '')::uuid
               and l.actor_id = nullif(current_setting('carnet.actor', true), '')::uuid
               and l.outcome = 'done'
               and l.action in ('document-open', 'document-page', 'document-read', 'documents-list', 'documents-search',
                                'entries-list', 'entries-search', 'everything-read', 'new-since-read',
                                'summary-deposited', 'summary-read')) v
     where v.next - v.at > interval '1 hour'
$$;
alter function trail.last_visit() owner to carnet_sealer;
revoke create on schema trail from carnet_sealer;
revoke all on function trail.last_visit() from public;
grant execute on function trail.last_visit() to carnet_reader, carnet_writer;
