-- TD0.2: the identity and state behind a full INS. It enters the record by itself and shows nothing else of it.
create function record.existence(p_record uuid)
returns setof record.records_record
language plpgsql volatile security invoker as $$
begin
    perform set_config('carnet.record', p_record::text, true);
    return query select r.* from record.records_record r where r.id = p_record;
end
$$;

grant execute on function record.existence(uuid) to carnet_reader;
