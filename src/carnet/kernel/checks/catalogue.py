"""The database: its log-ins, its version, and the locks as its own catalogue tells them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections, transaction

from carnet.kernel import database
from carnet.kernel.checks import Result, register
from carnet.kernel.config import Config
from carnet.kernel.db import READER, statements

_SQL = statements("carnet.kernel.checks", "catalogue.sql")

_FAULTS = {
    "unprotected": "table sans sécurité par ligne",
    "unpoliced": "règle qui ne se limite pas à un carnet",
    "excess_grants": "droit de trop",
    "excess_functions": "fonction mal fermée",
    "strong_roles": "rôle trop puissant",
    "unerasable": "table qu'un effacement laisserait",
    "owned": "table soustraite à ses règles",
    "unsafe_settings": "réglage dangereux de PostgreSQL",
}


@register("base")
def log_ins(config: Config, _deep: bool) -> Iterator[Result]:  # noqa: FBT001 - the shape of a check
    for login, role in database.ROLES.items():
        try:
            with database.connect(config, login) as connection:
                version = connection.info.server_version
        except database.DatabaseError as error:
            yield Result(ok=False, text=str(error))
            continue
        text = f"{role} se connecte, PostgreSQL {version // 10000}.{version % 10000}"
        yield Result(ok=version >= database.OLDEST, text=text)


@register("verrous")
def locks(_config: Config, _deep: bool) -> Iterator[Result]:  # noqa: FBT001 - the shape of a check
    well = True
    for name, fault in _FAULTS.items():
        for what in _found(_SQL[name]):
            well = False
            yield Result(ok=False, text=f"{fault} : {what}")
    if well:
        yield Result(ok=True, text="sécurité par ligne, droits et rôles conformes")


def _found(statement: str) -> list[str]:
    with transaction.atomic(using=READER), connections[READER].cursor() as cursor:
        # So that every name is told with its schema.
        cursor.execute("select set_config('search_path', 'pg_catalog', true)")
        # Without parameters, so that a percent sign is one.
        cursor.execute(statement)
        return [str(row[0]) for row in cursor.fetchall()]
