-- What a list was: folders change, submission sets do not.

-- The versions of a list that this reader may know, newest first, with the items of each that they may see. A version
-- in which nothing changed for them is not told: neither its number nor its date betray what was put in out of their
-- sight. Who made the list knows all.
create or replace function record.list_versions_told(p_record uuid, p_list uuid, p_actor uuid)
returns table (version integer, at timestamptz, fhir text, items uuid[])
language sql stable security invoker as $$
    with every as (
        select v.version, v.at, v.fhir, v.depositor_id from record.documents_list_version v
         where v.record_id = p_record and v.list_id = p_list
        union all
        select l.version, l.updated_at, l.fhir, l.depositor_id from record.documents_list l
         where l.record_id = p_record and l.id = p_list
    ), filled as (
        select e.*, e.fhir::jsonb - '{meta,date}'::text[] as said,
               array(select d.id
                       from record.documents_list_item i
                       join record.documents_document d on d.record_id = i.record_id and d.id = i.document_id
                      where i.record_id = p_record and i.list_id = p_list and i.list_version = e.version
                      order by i.position) as items
          from every e
    ), compared as (
        select f.*, lag(f.said) over versions as said_before, lag(f.items) over versions as items_before
          from filled f window versions as (order by f.version)
    )
    select c.version, c.at, c.fhir, c.items from compared c
     where c.depositor_id = p_actor
        or cardinality(c.items) > 0 and (c.said, c.items) is distinct from (c.said_before, c.items_before)
     order by c.version desc
$$;

-- The history of a list, or one version of it.
create or replace function record.list_versions(p app.permit, p_id uuid, p_version integer)
returns table (version integer, at timestamptz, fhir text, items uuid[], lists uuid[])
language plpgsql volatile security invoker as $$
begin
    perform record.enter(p);
    perform trail.note(p, 'documents-search', 'done', 'documents', null, '', 0);
    return query
    select t.version, t.at, t.fhir, t.items,
           array(select i.child_id from record.documents_list_item i
                  where i.record_id = p.record_id and i.list_id = p_id and i.list_version = t.version
                    and exists (select from record.list_versions_told(p.record_id, i.child_id, p.actor_id))
                  order by i.position)
      from record.list_versions_told(p.record_id, p_id, p.actor_id) t
     where p_version is null or t.version = p_version
     order by t.version desc;
end
$$;

grant execute on function
    record.list_versions_told(uuid, uuid, uuid),
    record.list_versions(app.permit, uuid, integer)
    to carnet_reader, carnet_writer;
