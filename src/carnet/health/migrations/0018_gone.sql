-- Whether somebody looked into the record that they have entered between two instants: on a page, or by software. Who did not
-- is told of nothing that went in the meantime. Of nobody's lines but their own.
grant create on schema trail to carnet_sealer;
create function trail.looked(p_from timestamptz, p_until timestamptz) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (
        select from trail.line l
         where l.record_id = nullif(current_setting('carnet.record', true), '')::uuid
           and l.actor_id = nullif(current_setting('carnet.actor', true), '')::uuid
           and l.outcome = 'done' and l.at >= p_from and l.at < p_until
           and l.action in ('document-open', 'document-page', 'document-read', 'documents-list', 'documents-search',
                            'everything-read', 'new-since-read'))
$$;
alter function trail.looked(timestamptz, timestamptz) owner to carnet_sealer;
revoke create on schema trail from carnet_sealer;
revoke all on function trail.looked(timestamptz, timestamptz) from public;
grant execute on function trail.looked(timestamptz, timestamptz) to carnet_reader, carnet_writer;

-- `record.news_since` answers one column more in its place.
drop function if exists record.new_since(app.permit, timestamptz, integer);
