-- Everything that the access decision looks at, in one round trip. It sets the record itself, so that the policies
-- of the tables hold; for a record that does not exist it does the same work and answers empty facts.
drop function if exists record.access_facts(uuid, uuid);

-- What holds for one professional in a record that has been entered; null for who is none. Of a team or an organisation
-- they are as long as they are in it.
create or replace function record.clinician_facts(p_record uuid, p_actor uuid, p_today date) returns jsonb
language sql stable security invoker as $$
    select jsonb_build_object(
        'capacity', p.capacity,
        'matrix', m.types,
        'matrix_in_team', coalesce(m.team_only, false),
        'authorisations',
        (select jsonb_agg(jsonb_build_object('since', c.since, 'until', c.until, 'express', c.express,
                                             'by_team', c.by_team))
           from (select a.since, a.until, a.express, false as by_team from record.consent_authorisation a
                  where a.record_id = p_record and a.professional_id = p_actor
                 union all
                 select a.since, a.until, false, true from record.consent_authorisation a
                  where a.record_id = p_record and a.organisation_id = p.organisation_id
                 union all
                 select greatest(a.since, t.since), least(a.until, t.until), false, true
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

create function record.access_facts(p_record uuid, p_actor uuid)
returns table (
    now timestamptz, state text, holder_birth text, record_epoch bigint, actor_epoch bigint, rules_epoch bigint,
    is_holder boolean, own jsonb, deputising jsonb, emergencies jsonb, choices jsonb, switches jsonb, represents jsonb,
    is_author boolean, reads_own boolean, rules_until timestamptz, operator text
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
           record.clinician_facts(p_record, p_actor, today),
           (select jsonb_agg(jsonb_build_object(
                       'kind', d.kind, 'since', d.since, 'until', d.until,
                       'principal', record.clinician_facts(p_record, d.principal_id, today)))
              from app.people_deputy d
              join app.kernel_actor k on k.id = d.principal_id and k.active
             where d.deputy_id = p_actor and (d.until is null or d.until > pg_catalog.now())),
           (select jsonb_agg(jsonb_build_object('mode', y.mode, 'since', y.since, 'until', y.until))
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
           (select o.role::text from app.people_operator o where o.actor_id = p_actor)
      from (select 1) one
      left join record.records_record r on r.id = p_record
      left join record.kernel_scope s on s.record_id = p_record
      left join app.kernel_actor a on a.id = p_actor and a.active;
end
$$;

grant execute on function record.access_facts(uuid, uuid), record.clinician_facts(uuid, uuid, date)
    to carnet_reader, carnet_writer;
