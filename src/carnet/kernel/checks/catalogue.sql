-- What PostgreSQL's own catalogue says of our locks. Every query returns faults only, one row each, `what`.

-- name: unprotected
-- A table of the record or the trail without row-level security, partitions included.
select c.oid::regclass::text as what
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ('record', 'trail') and c.relkind in ('r', 'p') and not c.relrowsecurity
 order by 1;

-- name: unpoliced
-- A policy that does not compare with the one record that was entered.
select format('%s (%s)', p.polrelid::regclass, p.polname) as what
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = 'record' and p.polroles && array['carnet_reader'::regrole::oid, 'carnet_writer'::regrole, 0]
   and coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), 'true')
       not like '%current_setting(%carnet.%'
 order by 1;

-- name: excess_grants
-- A right that nobody should have: see the list below for what each role may.
with granted as (
    select c.oid::regclass::text as thing, n.nspname as schema, c.relkind = 'S' as sequence, c.relispartition,
           c.relpersistence = 'u' as passing, coalesce(r.rolname, 'public') as role, a.privilege_type as privilege
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     cross join lateral aclexplode(c.relacl) a
      left join pg_roles r on r.oid = a.grantee
     where n.nspname in ('app', 'record', 'trail') and a.grantee <> c.relowner
)
select format('%s : %s pour %s', thing, privilege, role) as what
  from granted
 where not case role
           when 'carnet_reader' then not relispartition and privilege = 'SELECT'
           when 'carnet_writer' then case schema
               when 'app' then sequence or privilege in ('SELECT', 'INSERT', 'UPDATE')
                    -- A key or an actor that is gone takes everything with it.
                    or privilege = 'DELETE' and thing !~ 'kernel_(datakey|blob|actor|epoch)$'
                    -- What is only passing is emptied at once.
                    or privilege = 'TRUNCATE' and passing
               when 'record' then privilege in ('SELECT', 'INSERT', 'UPDATE') and not relispartition
               else privilege = 'SELECT' and not relispartition end
           when 'carnet_trail' then schema = 'trail' and privilege = 'INSERT' and not relispartition
           when 'carnet_sealer' then schema = 'trail' and privilege in ('SELECT', 'INSERT')
           when 'carnet_eraser' then case schema
               when 'trail' then thing = 'trail.erasure' and privilege in ('SELECT', 'INSERT')
               else privilege in ('SELECT', 'DELETE') and not relispartition
                    and (schema = 'record' or thing ~ 'kernel_(datakey|blob)$') end
           else false end
 order by 1;

-- name: excess_functions
-- A function of ours that anybody may call, or that runs with its owner's rights on a search path of the caller.
select format('%s : %s', p.oid::regprocedure,
              case when exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                                 where a.grantee = 0)
                   then 'ouverte à tous' else 'chemin de recherche non fixé' end) as what
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
 where n.nspname in ('app', 'record', 'trail')
   and (exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
        or p.prosecdef and not coalesce(array_to_string(p.proconfig, ',') like '%search_path=pg_catalog%', false))
   -- Functions of extensions are not ours.
   and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
 order by 1;

-- name: strong_roles
-- A serving role that can do more than serve.
select format('%s : %s', r.rolname,
              case when r.rolsuper then 'superutilisateur' when r.rolbypassrls then 'bypassrls'
                   when r.rolcreaterole then 'createrole' when r.rolcreatedb then 'createdb'
                   when r.rolreplication then 'replication' when m.member is not null then 'membre d''un autre rôle'
                   else 'peut se connecter' end) as what
  from pg_roles r
  left join pg_auth_members m on m.member = r.oid
 where r.rolname in ('carnet_reader', 'carnet_writer', 'carnet_trail', 'carnet_sealer', 'carnet_eraser')
   and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
        or m.member is not null
        or r.rolcanlogin and r.rolname in ('carnet_trail', 'carnet_sealer', 'carnet_eraser'))
 order by 1;

-- name: unerasable
-- A table of the record that the erasing of a record would leave as it is.
select c.oid::regclass::text as what
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = 'record' and c.relkind in ('r', 'p') and not c.relispartition
   and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'erase'
                      and p.polroles = array['carnet_eraser'::regrole::oid])
 order by 1;

-- name: owned
-- Whoever owns a table is not bound by its policies.
select format('%s appartient à %s', c.oid::regclass, r.rolname) as what
  from pg_class c join pg_roles r on r.oid = c.relowner join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ('app', 'record', 'trail') and r.rolname in ('carnet_reader', 'carnet_writer')
 order by 1;

-- name: unsafe_settings
-- What an acknowledged document relies on.
select format('%s = %s', name, setting) as what
  from pg_settings
 where (name in ('fsync', 'full_page_writes') and setting <> 'on')
    or (name = 'synchronous_commit' and setting = 'off')
 order by 1;
