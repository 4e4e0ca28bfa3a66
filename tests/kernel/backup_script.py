"""Works in one installation, in a process of its own: `python -m tests.kernel.backup_script
fill|facts|flow|erase`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import django

from carnet.cli.frame import served
from carnet.kernel import config, database

_LINE = """
    insert into trail.line (record_id, actor_kind, actor_id, purpose, capacity, door, action, outcome, target_kind)
    values (%s, 'system', %s, 'system', '', 'test', 'test', 'done', 'record')
"""
# A grant is a set: neither its order nor whether a default is written out means anything.
_GRANTS = """array(select format('%s:%s:%s', grantee::regrole, privilege_type, is_grantable)
                  from aclexplode(coalesce({acl}, acldefault('{kind}', {owner})))
                 order by grantee::regrole::text, privilege_type)"""


def _grants(acl: str, kind: str, owner: str) -> str:
    return _GRANTS.format(acl=acl, kind=kind, owner=owner)


_CATALOGUE = {
    "relations": f"""
        select n.nspname || '.' || c.relname, c.relkind::text, c.relrowsecurity,
               {_grants("c.relacl", "r", "c.relowner")}, pg_get_userbyid(c.relowner)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('app', 'record', 'trail') and c.relkind in ('r', 'p', 'v') order by 1""",
    "routines": f"""
        select p.oid::regprocedure::text, p.prosecdef, p.proconfig::text,
               {_grants("p.proacl", "f", "p.proowner")}, pg_get_userbyid(p.proowner)
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in ('app', 'record', 'trail') order by 1""",
    "schemas": f"""
        select nspname, {_grants("nspacl", "n", "nspowner")} from pg_namespace
         where nspname in ('app', 'record', 'trail', 'public') order by 1""",
    "defaults": """
        select defaclnamespace::regnamespace::text, defaclobjtype::text, defaclacl::text
          from pg_default_acl order by 1, 2""",
    "policies": "select * from pg_policies order by schemaname, tablename, policyname",
    "settings": "select setrole::regrole::text, setconfig::text from pg_db_role_setting where setrole <> 0 order by 1",
}


def fill() -> None:
    from django.db import connections, transaction

    from carnet.kernel import vault
    from carnet.kernel.audit import seal

    for size in (0, 10, 70_000, 200_000):
        blob = vault.put(uuid4(), b"x" * size)
        with transaction.atomic():
            vault.register(connections["default"], blob)
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        for _ in range(5):
            owner.execute(_LINE, [uuid4(), uuid4()])
    seal.seal_pending()


def flow() -> None:
    """Deposits, one after the other, until its standard input is closed; says each one when it is
    acknowledged."""
    from django.db import connections, transaction

    from carnet.kernel import vault

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        for number in range(20):
            blob = vault.put(uuid4(), b"%d" % number)
            with transaction.atomic():
                vault.register(connections["default"], blob)


def erase() -> None:
    """The record of the largest content, whose day has come."""
    from carnet.kernel import erasing

    with database.connect(config.load(), "owner", autocommit=True) as owner:
        row = owner.execute("select scope_id from app.kernel_blob order by size desc limit 1").fetchone()
        assert row
        owner.execute("insert into record.kernel_scope (record_id, epoch, erase_at) values (%s, 1, now())", row)
    assert erasing.erase(row[0])
    sys.stdout.write(str(row[0]))


def facts() -> None:
    from carnet.kernel import vault
    from carnet.kernel.audit import verify as trail
    from carnet.kernel.vault.verify import verify

    with database.connect(config.load(), "owner", autocommit=True) as owner:
        found: dict[str, Any] = {name: owner.execute(query).fetchall() for name, query in _CATALOGUE.items()}
        rows = owner.execute("select id, scope_id from app.kernel_blob order by id").fetchall()
        found["contents"] = {str(blob): len(vault.read(blob, scope)) for blob, scope in rows}
        found["lines"] = owner.execute("select id from trail.line order by id").fetchall()
        found["era"] = owner.execute("select max(id) from trail.era").fetchone()
        found["trail"] = [repr(fault) for fault in trail.verify(owner).faults]
    report = verify(deep=True)
    found["faults"] = [report.missing, report.altered, report.locked]
    found["locator"] = vault.derive("locator").hex()
    sys.stdout.write(json.dumps(found, default=str))


def main(what: str) -> None:
    actions: dict[str, Callable[[], None]] = {"fill": fill, "facts": facts, "flow": flow, "erase": erase}
    loaded = config.load()
    with served(loaded):
        django.setup()
        actions[what]()


if __name__ == "__main__":
    main(sys.argv[1])
