"""Month partitions of the trail: made ahead by a function of the owner, watched here."""

from __future__ import annotations

from django.db import connections

from carnet.kernel.db import WRITER, query, statements

AHEAD = 3
"""Months beyond the present one."""

_SQL = statements("carnet.kernel.audit", "seals.sql")


def ensure(ahead: int = AHEAD) -> list[str]:
    """The names of the partitions made."""
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["ensure_partitions"], {"ahead": ahead})
        return [row[0] for row in cursor.fetchall()]


def problems(using: str = WRITER, ahead: int = AHEAD) -> list[str]:
    """In French, empty when all is well: months missing, a partition open to someone or without its lock."""
    found = [f"partition trail.{row['name']} absente" for row in query(using, _SQL["months_missing"], {"ahead": ahead})]
    rows = query(using, _SQL["partitions"], ())
    if not any(row["bounds"] == "DEFAULT" for row in rows):
        found.append("partition par défaut du journal absente")
    found += [f"partition trail.{row['name']} sans sécurité par ligne" for row in rows if not row["protected"]]
    found += [f"partition trail.{row['name']} ouverte à un rôle" for row in rows if row["granted"]]
    return found
