-- What may be told of the trail outside a record: which professional has read in which record for the first time, and
-- what operators do. Nothing of why, of what was read, or of whom an operator's line is about leaves these functions.
-- They belong to the role that reads lines to seal them: no role gets a right that it had not.

-- Of a first reading one line is looked for: without this index it would be looked for among all lines of the record.
create index line_reading on trail.line (record_id, actor_id, era, xid)
 where actor_kind = 'professional' and outcome = 'done'
   and action in ('documents-list', 'documents-search', 'entries-list', 'entries-search', 'everything-read',
                        'new-since-read', 'summary-deposited', 'summary-read');
create index line_operator on trail.line (at desc, id desc) where actor_kind = 'operator';

-- The end of the next window of transaction ids after `p_from` that have all ended, with about `p_most` lines at most (a
-- transaction is never split), and its beginning: in another era transaction ids began anew. `p_era` null: only where a
-- first window begins.
create function trail.ended_window(p_era smallint, p_from xid8, p_most integer)
returns table (era smallint, from_xid xid8, to_xid xid8)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    cut xid8;
begin
    select max(e.id) into era from trail.era e;
    to_xid := pg_snapshot_xmin(pg_current_snapshot());
    from_xid := case when p_era is null then to_xid when p_era = era then p_from else '0'::xid8 end;
    select l.xid into cut from trail.line l
     where l.era = era and l.xid >= from_xid and l.xid < to_xid
     order by l.xid offset p_most limit 1;
    if found then
        to_xid := coalesce((select l.xid from trail.line l
                             where l.era = era and l.xid > cut and l.xid < to_xid order by l.xid limit 1), to_xid);
    end if;
    return next;
end
$$;

-- Who has read in a window for the first time in a record: lists and searches of professionals who may read there by
-- the holder's choice (an emergency is told otherwise). What names a document is left aside, for the holder may not be
-- told of that document, and what is hidden from one of `p_hidden` (label bits).
create function trail.first_readings(p_era smallint, p_from xid8, p_to xid8, p_hidden integer)
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

-- What operators did, newest first: who and which kind of act, never in whose record or on what.
create function trail.of_operators(p_before_at timestamptz, p_before_id uuid, p_limit integer)
returns table (id uuid, at timestamptz, actor_id uuid, action text, outcome text, target_kind text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select l.id, l.at, l.actor_id, l.action, l.outcome, l.target_kind
      from trail.line l
     where l.actor_kind = 'operator' and (p_before_at is null or (l.at, l.id) < (p_before_at, p_before_id))
     order by l.at desc, l.id desc
     limit least(p_limit, 1000)
$$;

create function trail.count_of_operator(p_actor uuid, p_action text, p_since timestamptz) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select count(*) from trail.line l
     where l.actor_kind = 'operator' and l.actor_id = p_actor and l.action = p_action and l.at > p_since
$$;

grant create on schema trail to carnet_sealer;
alter function trail.ended_window(smallint, xid8, integer) owner to carnet_sealer;
alter function trail.first_readings(smallint, xid8, xid8, integer) owner to carnet_sealer;
alter function trail.of_operators(timestamptz, uuid, integer) owner to carnet_sealer;
alter function trail.count_of_operator(uuid, text, timestamptz) owner to carnet_sealer;
revoke create on schema trail from carnet_sealer;

revoke all on function trail.ended_window(smallint, xid8, integer),
    trail.first_readings(smallint, xid8, xid8, integer), trail.of_operators(timestamptz, uuid, integer),
    trail.count_of_operator(uuid, text, timestamptz) from public;
grant execute on function trail.ended_window(smallint, xid8, integer),
    trail.first_readings(smallint, xid8, xid8, integer) to carnet_writer;
grant execute on function trail.of_operators(timestamptz, uuid, integer),
    trail.count_of_operator(uuid, text, timestamptz) to carnet_reader, carnet_writer;
