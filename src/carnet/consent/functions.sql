-- Everything that the access decision looks at, in one round trip. It sets the record itself, so that the policies
-- of the tables hold; for a record that does not exist it does the same work and answers empty facts.
drop function if exists record.access_facts(uuid, uuid);
drop function if exists record.clinician_facts(uuid, uuid, date);

-- What holds for one professional in a record that has been entered; null for who is none. Of a team or an organisation
-- they are as long as they are in it. `p_organisation` is where they practise now: then what other places of theirs were
-- given does not count; null: wherever they practise.
create or replace function record.clinician_facts(p_record uuid, p_actor uuid, p_organisation uuid, p_today date)
returns jsonb
language sql stable security invoker as $$
    select jsonb_build_object(
        'capacity', p.capacity,
        'matrix', m.types,
        'matrix_in_team', coalesce(m.team_only, false),
        'authorisations',
        (select jsonb_agg(jsonb_build_object('since', c.since, 'until', c.until, 'express', c.express,
                                             'by_team', c.by_team, 'secret', (c.hidden_from & 4) <> 0))
           from (select a.since, a.until, a.hidden_from, a.express, false as by_team
                   from record.consent_authorisation a
                  where a.record_id = p_record and a.professional_id = p_actor
                 union all
                 select greatest(a.since, w.since), least(a.until, w.until), a.hidden_from, false, true
                   from (select p.organisation_id, null::timestamptz as since, null::timestamptz as until
                          union all
                         select s.organisation_id, s.since, s.until from app.people_situation s
                          where s.professional_id = p_actor) w
                   join record.consent_authorisation a
                     on a.record_id = p_record and a.organisation_id = w.organisation_id
                  where (p_organisation is null or w.organisation_id = p_organisation)
                    and coalesce(greatest(a.since, w.since) <= least(a.until, w.until), true)
                 union all
                 select greatest(a.since, t.since), least(a.until, t.until), a.hidden_from, false, true
                   from record.consent_authorisation a
                   join app.people_team_member t on t.team_id = a.team_id and t.professional_id = p_actor
                  where a.record_id = p_record
                    and coalesce(greatest(a.since, t.since) <= least(a.until, t.until), true)) c),
        'blocked',
        (select jsonb_agg(jsonb_build_object('since', b.since, 'until', b.until))
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

-- The professionals who were let in by a minor's secret, each with the instant since when the representatives know of
-- them otherwise: by what they were shown of rights, and by no document. 'infinity': not at all.
create or replace function record.discreet(p_record uuid) returns jsonb
language sql stable security invoker as $$
    with secret (professional_id) as (
        select a.professional_id from record.consent_authorisation a
         where a.record_id = p_record and a.professional_id is not null and (a.hidden_from & 4) <> 0
        union
        select y.professional_id from record.consent_emergency y
         where y.record_id = p_record and (y.hidden_from & 4) <> 0
    ), known (professional_id, since) as (
        select a.professional_id, a.since from record.consent_authorisation a
         where a.record_id = p_record and a.professional_id is not null and (a.hidden_from & 4) = 0
        union all
        select p.actor_id, a.since
          from record.consent_authorisation a
          join app.people_professional p on p.organisation_id = a.organisation_id
         where a.record_id = p_record and (a.hidden_from & 4) = 0 and p.actor_id in (select s.professional_id from secret s)
        union all
        select t.professional_id, greatest(a.since, t.since)
          from record.consent_authorisation a
          join app.people_team_member t on t.team_id = a.team_id
         where a.record_id = p_record and (a.hidden_from & 4) = 0
        union all
        select t.professional_id, t.since from record.consent_attending t where t.record_id = p_record
        union all
        select b.professional_id, b.since from record.consent_block b
         where b.record_id = p_record and (b.hidden_from & 4) = 0
        union all
        select y.professional_id, y.since from record.consent_emergency y
         where y.record_id = p_record and (y.hidden_from & 4) = 0
    )
    select jsonb_object_agg(s.professional_id,
                            coalesce((select min(k.since) from known k where k.professional_id = s.professional_id),
                                     'infinity'))
      from secret s
$$;

create function record.access_facts(p_record uuid, p_actor uuid, p_organisation uuid)
returns table (
    now timestamptz, state text, holder_birth text, record_epoch bigint, actor_epoch bigint, rules_epoch bigint,
    is_holder boolean, own jsonb, deputising jsonb, emergencies jsonb, choices jsonb, switches jsonb, represents jsonb,
    is_author boolean, reads_own boolean, rules_until timestamptz, operator text, discreet jsonb
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
           (select jsonb_agg(jsonb_build_object('mode', y.mode, 'since', y.since, 'until', y.until,
                                                'secret', (y.hidden_from & 4) <> 0))
              from record.consent_emergency y
             where y.record_id = p_record and y.professional_id = p_actor and y.until > pg_catalog.now()),
           (select jsonb_build_object('emergency', x.emergency, 'regulation', x.regulation, 'masked', x.masked)
              from record.consent_choice x where x.record_id = p_record),
           (select jsonb_object_agg(w.name, w.value)
              from (select distinct on (v.name) v.name, v.value from app.consent_switch v
                     where v.effective <= today order by v.name, v.effective desc) w),
           (select jsonb_agg(jsonb_build_object('since', l.since, 'until', l.until))
              from record.people_representation l
             where l.record_id = p_record and l.representative_id = p_actor),
           exists (select from record.consent_authorship w where w.record_id = p_record and w.actor_id = p_actor),
           coalesce((select c.reads_own from app.people_client c where c.actor_id = p_actor), true),
           (select min(x.effective)::timestamp at time zone 'Europe/Paris'
              from (select m.effective from app.consent_matrix m where m.effective > today
                    union all
                    select v.effective from app.consent_switch v where v.effective > today) x),
           (select o.role::text from app.people_operator o where o.actor_id = p_actor),
           -- For who represents the holder alone.
           case when exists (select from record.people_representation l
                              where l.record_id = p_record and l.representative_id = p_actor)
                then record.discreet(p_record) end
      from (select 1) one
      left join record.records_record r on r.id = p_record
      left join record.kernel_scope s on s.record_id = p_record
      left join app.kernel_actor a on a.id = p_actor and a.active;
end
$$;

grant execute on function
    record.access_facts(uuid, uuid, uuid), record.clinician_facts(uuid, uuid, uuid, date), record.discreet(uuid)
    to carnet_reader, carnet_writer;
