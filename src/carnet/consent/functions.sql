-- Everything that the access decision looks at, in one round trip. It sets the record itself, so that the policies
-- of the tables hold; for a record that does not exist it does the same work and answers empty facts.
drop function if exists record.access_facts(uuid, uuid);
drop function if exists record.access_facts(uuid, uuid, uuid);
drop function if exists record.clinician_facts(uuid, uuid, date);
drop function if exists record.discreet(uuid);

-- What holds for one professional in a record that has been entered; null for who is none. Of a team or an organisation
-- they are as long as they are in it. `p_organisation` is where they practise now: then what other places of theirs were
-- given does not count; null: wherever they practise. What is given to an organisation is given to its services.
create or replace function record.clinician_facts(p_record uuid, p_actor uuid, p_organisation uuid, p_today date)
returns jsonb
language sql stable security invoker as $$
    select jsonb_build_object(
        'capacity', p.capacity,
        'profession', jsonb_build_array(p.profession_system, p.profession_code),
        'matrix', m.types,
        'matrix_in_team', coalesce(m.team_only, false),
        'authorisations',
        (select jsonb_agg(jsonb_build_object('since', c.since, 'until', c.until, 'express', c.express,
                                             'unmasked', c.unmasked, 'by_team', c.by_team,
                                             'secret', (c.hidden_from & 4) <> 0))
           from (select a.since, a.until, a.hidden_from, a.express, a.unmasked, false as by_team
                   from record.consent_authorisation a
                  where a.record_id = p_record and a.professional_id = p_actor
                 union all
                 select greatest(a.since, w.since), least(a.until, w.until), a.hidden_from, false, false, true
                   from (select p.organisation_id, null::timestamptz as since, null::timestamptz as until
                          union all
                         select s.organisation_id, s.since, s.until from app.people_situation s
                          where s.professional_id = p_actor) w
                   join app.people_organisation o on o.id = w.organisation_id
                   join record.consent_authorisation a
                     on a.record_id = p_record and a.organisation_id in (o.id, o.part_of_id)
                  where (p_organisation is null or p_organisation in (o.id, o.part_of_id))
                    and coalesce(greatest(a.since, w.since) <= least(a.until, w.until), true)
                 union all
                 select greatest(a.since, t.since), least(a.until, t.until), a.hidden_from, false, false, true
                   from record.consent_authorisation a
                   join app.people_team_member t on t.team_id = a.team_id and t.professional_id = p_actor
                  where a.record_id = p_record
                    and coalesce(greatest(a.since, t.since) <= least(a.until, t.until), true)) c),
        'blocked',
        (select jsonb_agg(jsonb_build_object('since', b.since, 'until', b.until, 'secret', (b.hidden_from & 4) <> 0))
           from record.consent_block b where b.record_id = p_record and b.professional_id = p_actor),
        'attending',
        (select jsonb_agg(jsonb_build_object('since', t.since, 'until', t.until))
           from record.consent_attending t where t.record_id = p_record and t.professional_id = p_actor))
      from app.people_professional p
      left join lateral (
           select x.types, x.team_only from app.consent_matrix x
            where x.profession_system = p.profession_system and x.profession_code = p.profession_code
              and x.effective <= p_today
            order by x.effective desc, x.version desc limit 1) m on true
     where p.actor_id = p_actor
$$;

-- When the trail was last looked at in the month before an instant, by the holder or by who represents them
-- (`p_capacity`); null for never. No longer: what is kept from somebody must not take time, however long the trail is. Of
-- a record that has been entered, with its trail in sight.
create or replace function record.trail_looked_at(p_record uuid, p_before timestamptz, p_capacity text)
returns timestamptz
language sql stable security invoker as $$
    select l.at from trail.line l
     where l.record_id = p_record and l.at < p_before and l.at > p_before - interval '31 days'
       and l.action = 'trail-read' and l.capacity = p_capacity and l.outcome = 'done'
     order by l.at desc limit 1
$$;

-- Until when somebody had been told of a professional, before an instant: they had looked at the trail, or a mail had told
-- them of that one's first access (`notify.first_access`, whose line stands under the index `line_told`). Null for never.
create or replace function record.told_until(p_record uuid, p_actor uuid, p_before timestamptz, p_capacity text)
returns timestamptz
language sql stable security invoker as $$
    select greatest(
        record.trail_looked_at(p_record, p_before, p_capacity),
        (select max(l.at) from trail.line l
          where l.record_id = p_record and l.target_id = p_actor and l.action = 'first-access-told'
            and l.detail = p_capacity and l.at < p_before))
$$;

-- Of whom somebody from whom `p_bits` are hidden (label bits) is not told, and until when: each professional or software
-- who first came here by a right that is kept secret, or by a document or an entry that is hidden, with the instant since when they
-- are known otherwise. 'infinity': not at all. A writer is known by a document; who has a right, by rights, and by what
-- they wrote before anything was kept: else what they did in the open would go on the day of the secret. The record's own
-- people are told of, whatever a minor adds in secret. It looks at all of the record, and leaves the sight of who has
-- entered as it was.
--
-- Of a professional who was known before, by another right or by what they wrote, the visits that are kept secret: under
-- '<id>/visits' a range of instants for each, from two hours before it was said, since what was read before is of the same
-- visit, until its right ends; around what was put in, as long again.
--
-- What they had been told before there was something to keep from them stays told, by a look at the trail or by a mail: a line that
-- vanishes would tell of it. So a visit is kept from then on, and of who was not known otherwise '<id>/told' says until when they
-- are told of.
create or replace function record.discreet(p_record uuid, p_bits integer) returns jsonb
language plpgsql volatile security invoker as $$
declare
    types text := current_setting('carnet.types', true);
    hidden text := current_setting('carnet.hidden', true);
    withdraws text := current_setting('carnet.withdraws', true);
    trail text := current_setting('carnet.trail', true);
    discreet text := current_setting('carnet.discreet', true);
    looker text := case when p_bits & 4 <> 0 then 'representative' else 'holder' end;
    found jsonb;
begin
    perform set_config('carnet.types', repeat('1', 256), true), set_config('carnet.hidden', '0', true),
            set_config('carnet.withdraws', 'yes', true), set_config('carnet.trail', 'yes', true),
            set_config('carnet.discreet', '', true);
    with papers (actor_id, since, hides) as (
        select d.depositor_id, d.deposited_at, (d.labels & p_bits) <> 0
          from record.documents_document d where d.record_id = p_record
        union all
        select d.author_id, d.deposited_at, (d.labels & p_bits) <> 0
          from record.documents_document d where d.record_id = p_record and d.author_id is not null
        union all
        select s.depositor_id, s.known_at, (s.labels & p_bits) <> 0
          from record.health_statement s where s.record_id = p_record and s.said_by = 'professional'
    ), rights (actor_id, since, hides) as (
        select a.professional_id, a.since, (a.hidden_from & p_bits) <> 0
          from record.consent_authorisation a where a.record_id = p_record and a.professional_id is not null
        union all
        select w.actor_id, greatest(a.since, w.since), false
          from record.consent_authorisation a
          join (select p.actor_id, p.organisation_id, null::timestamptz as since from app.people_professional p
                 union all
                select s.professional_id, s.organisation_id, s.since from app.people_situation s) w
            on w.organisation_id in (select o.id from app.people_organisation o
                                      where a.organisation_id in (o.id, o.part_of_id))
         where a.record_id = p_record and (a.hidden_from & p_bits) = 0
        union all
        select t.professional_id, greatest(a.since, t.since), false
          from record.consent_authorisation a
          join app.people_team_member t on t.team_id = a.team_id
         where a.record_id = p_record and (a.hidden_from & p_bits) = 0
        union all
        select t.professional_id, t.since, false from record.consent_attending t where t.record_id = p_record
        union all
        select b.professional_id, b.since, (b.hidden_from & p_bits) <> 0
          from record.consent_block b where b.record_id = p_record
        union all
        select y.professional_id, y.since, (y.hidden_from & p_bits) <> 0
          from record.consent_emergency y where y.record_id = p_record
        union all
        select h.professional_id, h.since, (h.hidden_from & p_bits) <> 0
          from record.consent_share h where h.record_id = p_record
    ), kept (actor_id, by_right, since) as (
        select h.actor_id, bool_or(h.by_right), min(h.since)
          from (select r.actor_id, true as by_right, r.since from rights r where r.hides
                 union all
                select w.actor_id, false, w.since from papers w where w.hides) h
          join app.kernel_actor k on k.id = h.actor_id and k.kind <> 'person'
         group by h.actor_id
    ), known (actor_id, since, known_since) as (
        select k.actor_id, k.since, coalesce(least(
               (select min(r.since) from rights r where r.actor_id = k.actor_id and not r.hides),
               (select min(w.since) from papers w
                 where w.actor_id = k.actor_id and not w.hides and (not k.by_right or w.since < k.since))),
               'infinity')
          from kept k
    ), visits (actor_id, since, until) as (
        select a.professional_id, a.since, coalesce(a.until, 'infinity')
          from record.consent_authorisation a
         where a.record_id = p_record and a.declared_by = a.professional_id and (a.hidden_from & p_bits & 4) <> 0
        union all
        select y.professional_id, y.since, y.until
          from record.consent_emergency y where y.record_id = p_record and (y.hidden_from & p_bits & 4) <> 0
        union all
        select d.depositor_id, d.deposited_at, d.deposited_at + interval '2 hours'
          from record.documents_document d where d.record_id = p_record and (d.labels & p_bits & 4) <> 0
        union all
        select s.depositor_id, s.known_at, s.known_at + interval '2 hours'
          from record.health_statement s
         where s.record_id = p_record and s.said_by = 'professional' and (s.labels & p_bits & 4) <> 0
    )
    select jsonb_object_agg(o.who, o.told) into found
      from (select n.actor_id::text, n.known_since::text from known n where n.since < n.known_since
             union all
            select n.actor_id || '/told', t.at::text
              from known n, lateral record.told_until(p_record, n.actor_id, n.since, looker) t (at)
             where n.since < n.known_since and t.at is not null
             union all
            select n.actor_id || '/visits',
                   range_agg(tstzrange(greatest(v.since - interval '2 hours', t.at), v.until, '(]'))::text
              from known n
              join visits v on v.actor_id = n.actor_id and v.since <= v.until
              cross join lateral record.told_until(p_record, n.actor_id, v.since, looker) t (at)
              join app.kernel_actor k on k.id = n.actor_id and k.kind = 'professional'
             where n.since >= n.known_since
             group by n.actor_id) o (who, told);
    perform set_config('carnet.types', coalesce(types, ''), true), set_config('carnet.hidden', coalesce(hidden, ''), true),
            set_config('carnet.withdraws', coalesce(withdraws, ''), true),
            set_config('carnet.trail', coalesce(trail, ''), true),
            set_config('carnet.discreet', coalesce(discreet, ''), true);
    return found;
end
$$;

create function record.access_facts(p_record uuid, p_actor uuid, p_organisation uuid)
returns table (
    now timestamptz, state text, holder_birth text, record_epoch bigint, actor_epoch bigint, rules_epoch bigint,
    is_holder boolean, own jsonb, deputising jsonb, emergencies jsonb, choices jsonb, switches jsonb, represents jsonb,
    guards jsonb, cares jsonb, handed jsonb, is_author boolean, reads_own boolean, rules_until timestamptz, operator text, discreet jsonb
)
language plpgsql volatile security invoker as $$
declare
    today date := (pg_catalog.now() at time zone 'Europe/Paris')::date;
begin
    perform set_config('carnet.record', p_record::text, true);
    return query
    select pg_catalog.now(),
           r.state::text,
           r.birth_date::text,
           s.epoch,
           a.epoch,
           (select e.value from app.kernel_epoch e where e.name = 'rules'),
           exists (select from app.people_person h where h.actor_id = p_actor and h.record_id = p_record),
           record.clinician_facts(p_record, p_actor, p_organisation, today),
           (select jsonb_agg(jsonb_build_object(
                       'kind', d.kind, 'since', d.since, 'until', d.until,
                       'principal', record.clinician_facts(p_record, d.principal_id, null, today)))
              from app.people_deputy d
              join app.kernel_actor k on k.id = d.principal_id and k.active
             where d.deputy_id = p_actor and (d.until is null or d.until > pg_catalog.now())),
           -- Whom a secret let in goes on unseen when it is over.
           (select jsonb_agg(jsonb_build_object('mode', y.mode, 'since', y.since, 'until', y.until,
                                                'secret', (y.hidden_from & 4) <> 0))
              from record.consent_emergency y
             where y.record_id = p_record and y.professional_id = p_actor
               and (y.until > pg_catalog.now() or y.hidden_from & 4 <> 0)),
           (select jsonb_build_object('emergency', x.emergency, 'regulation', x.regulation, 'masked', x.masked)
              from record.consent_choice x where x.record_id = p_record),
           (select jsonb_object_agg(w.name, w.value)
              from (select distinct on (v.name) v.name, v.value from app.consent_switch v
                     where v.effective <= today order by v.name, v.effective desc) w),
           (select jsonb_agg(jsonb_build_object('since', l.since, 'until', l.until))
              from record.people_representation l
             where l.record_id = p_record and l.representative_id = p_actor and l.kind <> 'guardian'),
           (select jsonb_agg(jsonb_build_object('since', l.since, 'until', l.until))
              from record.people_representation l
             where l.record_id = p_record and l.representative_id = p_actor and l.kind = 'guardian'),
           (select jsonb_agg(jsonb_build_object('since', c.since, 'until', c.until, 'rights', c.rights, 'acts', c.acts))
              from record.people_care_link c
             where c.record_id = p_record and c.carer_id = p_actor),
           (select jsonb_agg(jsonb_build_object('since', h.since, 'until', h.until, 'secret', (h.hidden_from & 4) <> 0))
              from record.consent_share h
             where h.record_id = p_record and h.professional_id = p_actor
               and (h.until is null or h.until > pg_catalog.now() or h.hidden_from & 4 <> 0)),
           exists (select from record.consent_authorship w where w.record_id = p_record and w.actor_id = p_actor),
           coalesce((select c.reads_own from app.people_client c where c.actor_id = p_actor), true),
           (select min(x.effective)::timestamp at time zone 'Europe/Paris'
              from (select m.effective from app.consent_matrix m where m.effective > today
                    union all
                    select v.effective from app.consent_switch v where v.effective > today) x),
           (select o.role::text from app.people_operator o where o.actor_id = p_actor),
           -- For who reads the trail: the holder, from whom something waits to be announced, and who represents them, from
           -- whom a minor keeps secrets as well.
           case when exists (select from app.people_person h where h.actor_id = p_actor and h.record_id = p_record)
                then record.discreet(p_record, 2)
                when exists (select from record.people_representation l
                              where l.record_id = p_record and l.representative_id = p_actor)
                then record.discreet(p_record, 6) end
      from (select 1) one
      left join record.records_record r on r.id = p_record
      left join record.kernel_scope s on s.record_id = p_record
      left join app.kernel_actor a on a.id = p_actor and a.active;
end
$$;

grant execute on function
    record.access_facts(uuid, uuid, uuid), record.clinician_facts(uuid, uuid, uuid, date),
    record.discreet(uuid, integer), record.trail_looked_at(uuid, timestamptz, text),
    record.told_until(uuid, uuid, timestamptz, text)
    to carnet_reader, carnet_writer;
