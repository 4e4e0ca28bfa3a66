-- What came, changed and went for this reader since they last looked, by what they may see and nothing else.

-- Which of these words of somebody's own correct others of theirs that this reader knew (`p_until`), or might have known: the
-- row policy says so of them as if they had not been taken back. The newest that they had, as it was.
create or replace function record.words_corrected(p_record uuid, p_words uuid[], p_until timestamptz)
returns table (id uuid, fhir text)
language plpgsql volatile security invoker as $$
begin
    perform set_config('carnet.withdraws', 'yes', true);
    return query
    select distinct on (s.corrected_by) s.corrected_by, s.fhir
      from record.health_statement s
     where s.record_id = p_record and s.corrected_by = any (p_words) and s.status = 'withdrawn' and s.said_by <> 'document'
       and s.known_at <= p_until
     order by s.corrected_by, s.known_at desc;
    perform set_config('carnet.withdraws', 'no', true);
end
$$;

-- Documents that were withdrawn since an instant and had been there then, which this reader might see as if they had not
-- been, and while which they looked into the record: who came later knows of no document that is gone. Of several versions
-- the last alone.
create or replace function record.documents_withdrawn(p app.permit, p_since timestamptz)
returns table (id uuid, at timestamptz, fhir text)
language plpgsql volatile security invoker as $$
begin
    perform set_config('carnet.withdraws', 'yes', true);
    return query
    with gone as materialized (
        select d.id, d.replaces_id, d.deposited_at, d.updated_at, d.fhir
          from record.documents_document d
         where d.record_id = p.record_id and d.status = 'withdrawn' and d.updated_at > p_since
           and d.depositor_id <> p.actor_id
           -- The policy lets the act of withdrawing see what is in the hands of some alone; this is none.
           and (d.readers is null or d.author_id = p.actor_id or current_setting('carnet.trail', true) = 'yes'
                or p.actor_id = any (d.readers) and coalesce(d.readers_until > now(), true))
    )
    select g.id, g.updated_at, g.fhir
      from gone g
     where g.deposited_at <= p_since and trail.looked(g.deposited_at, g.updated_at)
       and not exists (select from gone n where n.replaces_id = g.id);
    perform set_config('carnet.withdraws', 'no', true);
end
$$;

-- What came and what changed for this reader since an instant, or else since the beginning of their last visit, newest
-- first, by what they may see and nothing else: documents and facts that came from somebody else (`new`); documents whose
-- entry changed and facts that a later version answers otherwise (`corrected`), words that stand for words of before
-- (`amended`, counted as corrected; `was` is what they said then); facts that a later version says no more, and documents that
-- were withdrawn (`withdrawn`). Who has never been here before has nothing corrected: all is new. The counts stand on every
-- row, of which there is one at least.
create or replace function record.news_since(p app.permit, p_since timestamptz, p_limit integer)
returns table (
    begun timestamptz, added bigint, corrected bigint, withdrawn bigint, change text, id uuid, at timestamptz, fhir text,
    was text
)
-- The same for its joins.
language plpgsql volatile security invoker set enable_nestloop = off as $$
declare
    start timestamptz;
begin
    perform record.enter(p);
    start := coalesce(p_since, trail.last_visit(true));
    perform trail.note(p, 'new-since-read', 'done', 'record', null, '', 0);
    return query
    with documents as (
        select d.id, d.deposited_at, d.replaces_id, d.depositor_id <> p.actor_id as others, t.told,
               case when d.status = t.told then d.updated_at else record.updated_told(d.record_id, d.id) end as updated,
               record.fhir_told(d.record_id, d.id, d.status, t.told, d.fhir) as fhir
          from record.documents_document d
         cross join record.status_told(d.record_id, d.id, d.status) t (told)
         where d.record_id = p.record_id
    ), told as (
        select e.fact, e.fhir, e.struck from record.entries_told(p.record_id, null, null, null) e
    ), stated as (
        select s.fact, s.source_id, s.corrected_by, s.known_at, s.depositor_id <> p.actor_id as others, s.fhir,
               s.said_by
          from record.health_statement s
         where s.record_id = p.record_id and not s.dropped
    ), known as (
        select s.fact, min(s.known_at) as first, bool_or(s.others) as others from stated s group by s.fact
    ), corrections as (
        select s.fact, max(d.deposited_at) as at, bool_or(d.others) as others
          from stated s join documents d on d.id = s.corrected_by
         group by s.fact
    ), gone as (
        select distinct on (s.fact) s.fact, n.deposited_at as at, s.fhir, n.others
          from stated s
          join documents o on o.id = s.source_id and o.told = 'superseded'
          join documents n on n.replaces_id = o.id
         where not exists (select from told t where t.fact = s.fact)
         order by s.fact, n.deposited_at desc
    ), fresh as (
        select t.fact, k.first as at, t.fhir,
               (select w.source_id from stated w where w.fact = t.fact and w.said_by <> 'document'
                 order by w.known_at desc limit 1) as words
          from told t join known k on k.fact = t.fact
         where not t.struck and k.others and (start is null or k.first > start)
    ), amended as materialized (
        select w.id, w.fhir as was
          from record.words_corrected(p.record_id, array(select f.words from fresh f where f.words is not null), start) w
    ), changes as (
        select 'new' as change, d.id, d.deposited_at as at, d.fhir, null as was
          from documents d
         where d.told = 'current' and d.others and (start is null or d.deposited_at > start)
        union all
        select 'corrected', d.id, d.updated, d.fhir, null
          from documents d
         where d.deposited_at <= start and d.updated > start
        union all
        select case when a.id is null then 'new' else 'amended' end, f.fact, f.at, f.fhir, a.was
          from fresh f left join amended a on a.id = f.words
        union all
        select 'corrected', t.fact, c.at, t.fhir, null
          from told t join known k on k.fact = t.fact join corrections c on c.fact = t.fact
         where t.struck and c.others and k.first <= start and c.at > start
        union all
        select 'withdrawn', g.fact, g.at, g.fhir, null
          from gone g join known k on k.fact = g.fact
         where g.others and k.first <= start and g.at > start
        union all
        select 'withdrawn', w.id, w.at, w.fhir, null from record.documents_withdrawn(p, start) w
    ), page as (
        select * from changes c order by c.at desc, c.id limit p_limit
    )
    select start, n.added, n.corrected, n.withdrawn, g.change, g.id, g.at, g.fhir, g.was
      from (select count(*) filter (where c.change = 'new') as added,
                   count(*) filter (where c.change in ('corrected', 'amended')) as corrected,
                   count(*) filter (where c.change = 'withdrawn') as withdrawn
              from changes c) n
      left join page g on true
     order by g.at desc, g.id;
end
$$;

grant execute on function
    record.words_corrected(uuid, uuid[], timestamptz),
    record.documents_withdrawn(app.permit, timestamptz),
    record.news_since(app.permit, timestamptz, integer)
    to carnet_reader, carnet_writer;
