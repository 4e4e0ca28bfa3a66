-- Which records a professional has opened on their page, and when they last did: so that their own patients are found
-- again. Of nothing that they read there, and of nobody else's lines.
create index line_opening on trail.line (actor_id, at desc)
 where actor_kind = 'professional' and outcome = 'done' and action = 'standing-read';

create function trail.opened_by(p_actor uuid, p_since timestamptz, p_most integer)
returns table (record_id uuid, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select l.record_id, max(l.at)
      from (select o.record_id, o.at from trail.line o
             where o.actor_id = p_actor and o.actor_kind = 'professional' and o.outcome = 'done'
               and o.action = 'standing-read' and o.at >= p_since and o.record_id is not null
             order by o.at desc limit 2000) l
     group by l.record_id
     order by 2 desc, 1
     limit least(p_most, 100)
$$;

grant create on schema trail to carnet_sealer;
alter function trail.opened_by(uuid, timestamptz, integer) owner to carnet_sealer;
revoke create on schema trail from carnet_sealer;
revoke all on function trail.opened_by(uuid, timestamptz, integer) from public;
grant execute on function trail.opened_by(uuid, timestamptz, integer) to carnet_reader;
