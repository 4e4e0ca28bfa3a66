-- When somebody began their last visit of the record that they have entered: what came while they were reading is new the
-- next time. A visit ends when they have not looked for an hour, so that what is asked again is answered again. They
-- looked where a page was shown to them: what their software reads, in the background or not, moves nothing. Only to
-- software that asks what is new (`p_asked`), that it asked counts too. Of nobody's lines but their own.
drop function trail.last_visit();
grant create on schema trail to carnet_sealer;
create function trail.last_visit(p_asked boolean default false) returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with looked as (
        select l.at, lag(l.at) over w as before, lead(l.at, 1, clock_timestamp()) over w as next
          from trail.line l
         where l.record_id = nullif(current_setting('carnet.record', true), '')::uuid
           and l.actor_id = nullif(current_setting('carnet.actor', true), '')::uuid
           and l.outcome = 'done'
           and (l.door not like 'fhir%' and l.door not like 'oauth%'
                and l.action in ('document-open', 'document-page', 'document-read', 'documents-list', 'documents-search',
                                 'entries-list', 'entries-search', 'everything-read', 'new-since-read',
                                 'summary-deposited', 'summary-read')
                or p_asked and l.action = 'new-since-read')
        window w as (order by l.at)
    )
    select max(b.at)
      from looked b
     where (b.before is null or b.at - b.before > interval '1 hour')
       and b.at <= (select max(e.at) from looked e where e.next - e.at > interval '1 hour')
$$;
alter function trail.last_visit(boolean) owner to carnet_sealer;
revoke create on schema trail from carnet_sealer;
revoke all on function trail.last_visit(boolean) from public;
grant execute on function trail.last_visit(boolean) to carnet_reader, carnet_writer;
