-- Everything that the access decision looks at, in one round trip. It sets the record itself, so that the policies
-- of the tables hold; for a record that does not exist it does the same work and answers empty facts.
drop function record.access_facts(uuid, uuid);

create function record.access_facts(p_record uuid, p_actor uuid)
returns table (
    now timestamptz, state text, holder_birth text, record_epoch bigint, actor_epoch bigint, rules_epoch bigint,
    is_holder boolean, capacity text, matrix text, authorisations jsonb, blocked jsonb, attending jsonb,
    represents jsonb, is_author boolean, reads_own boolean, matrix_until timestamptz,
    operator text
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
           p.capacity::text,
           (select m.types::text from app.consent_matrix m
             where m.profession_system = p.profession_system and m.profession_code = p.profession_code
               and m.effective <= today
             order by m.effective desc, m.version desc limit 1),
           (select jsonb_agg(jsonb_build_object('since', c.since, 'until', c.until, 'express', c.express))
              from record.consent_authorisation c
             where c.record_id = p_record and c.professional_id = p_actor),
           (select jsonb_agg(jsonb_build_object('since', b.since, 'until', b.until))
              from record.consent_block b where b.record_id = p_record and b.professional_id = p_actor),
           (select jsonb_agg(jsonb_build_object('since', t.since, 'until', t.until))
              from record.consent_attending t where t.record_id = p_record and t.professional_id = p_actor),
           (select jsonb_agg(jsonb_build_object('since', l.since, 'until', l.until))
              from record.people_representation l
             where l.record_id = p_record and l.representative_id = p_actor),
           exists (select from record.consent_authorship w where w.record_id = p_record and w.actor_id = p_actor),
           coalesce((select c.reads_own from app.people_client c where c.actor_id = p_actor), true),
           (select min(m.effective)::timestamp at time zone 'Europe/Paris'
              from app.consent_matrix m where m.effective > today),
           (select o.role::text from app.people_operator o where o.actor_id = p_actor)
      from (select 1) one
      left join record.records_record r on r.id = p_record
      left join record.kernel_scope s on s.record_id = p_record
      left join app.kernel_actor a on a.id = p_actor and a.active
      left join app.people_professional p on p.actor_id = p_actor;
end
$$;

grant execute on function record.access_facts(uuid, uuid) to carnet_reader, carnet_writer;
