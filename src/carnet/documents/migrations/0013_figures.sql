-- What a professional did, month by month: of nobody's lines but their own, and in nobody's name. It belongs to the role
-- that reads lines to seal them.
create index line_actor on trail.line (actor_id, at) where actor_kind = 'professional' and outcome = 'done';
grant create on schema trail to carnet_sealer;
create function trail.own_figures(p_since timestamptz) returns table (month text, what text, times bigint, records bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with own as (
        select to_char(l.at at time zone 'Europe/Paris', 'YYYY-MM') as month, l.record_id,
               case when l.action in ('document-open', 'document-page', 'document-read', 'documents-list',
                                      'documents-search', 'entries-list', 'entries-search', 'everything-read',
                                      'new-since-read', 'summary-read') then 'read'
                    when l.action = 'document-deposit' then 'deposit'
                    when l.action = 'entry-stated' then 'note'
                    when l.action in ('document-withdrawn', 'entry-retracted') then 'withdrawn'
                    when l.action = 'break-glass' then 'emergency' end as what
          from trail.line l
         where l.actor_kind = 'professional' and l.outcome = 'done' and l.at >= p_since
           and l.actor_id = nullif(current_setting('carnet.actor', true), '')::uuid
    )
    select o.month, o.what, count(*), count(distinct o.record_id) from own o where o.what is not null group by 1, 2
$$;
alter function trail.own_figures(timestamptz) owner to carnet_sealer;
revoke create on schema trail from carnet_sealer;
revoke all on function trail.own_figures(timestamptz) from public;
grant execute on function trail.own_figures(timestamptz) to carnet_reader, carnet_writer;
