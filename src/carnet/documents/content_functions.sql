-- Documents whose text meets every group: one alternative of it, all of whose clauses stand there (the joined word, or the
-- part); in the heading alone where the group says so. In this reader's sight, whatever the status. The search of which
-- this is a part leaves the line in the trail.
create function record.documents_containing(p app.permit, p_groups jsonb) returns uuid[]
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    return array(
        select t.document_id
          from record.documents_text t
         where t.record_id = p.record_id
           and not exists (
               select from jsonb_array_elements(p_groups) g
                cross join lateral (
                    select case when (g ->> 'heading')::boolean then t.heading else t.words end as said) s
                where not exists (
                      select from jsonb_array_elements(g -> 'among') a
                       where not exists (
                             select from jsonb_array_elements(a) c
                              where strpos(s.said, c ->> 0) = 0
                                and (c ->> 1 is null or strpos(s.said, c ->> 1) = 0)))));
end
$$;

grant execute on function record.documents_containing(app.permit, jsonb) to carnet_reader;
