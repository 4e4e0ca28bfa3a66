"""The proof that the trail is whole, computed anew from the rows, the leaves, the seals and the log outside.

Nothing of the database is trusted but its rows: hashes, roots, chain and signatures are made again here. What
happens to a line before it is sealed (two minutes at most) is beyond this proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from psycopg import Connection

from carnet.kernel.audit import keys
from carnet.kernel.audit.canonical import FIELDS, Seal, line_hash
from carnet.kernel.audit.chain import Log, Windows, check_chain, check_log
from carnet.kernel.audit.faults import Fault, Kind, Report
from carnet.kernel.audit.merkle import Tree
from carnet.kernel.audit.seal import entries, place
from carnet.kernel.config import Config
from carnet.kernel.db import statements

_SQL = statements("carnet.kernel.audit", "seals.sql")
_BATCH = 5000
_XID, _ERA, _MONTH = FIELDS.index("xid"), FIELDS.index("era"), len(FIELDS)

_AFTER_ALL = "~"

Row = tuple[Any, ...]
Groups = Iterator[tuple[str, Iterator[Row]]]


def verify(
    connection: Connection[Any],
    config: Config | None = None,
    *,
    log: Path | None = None,
    public_keys: Path | None = None,
) -> Report:
    """By the owner, outside a transaction. `log` and `public_keys` name copies kept elsewhere, which an intruder
    on this machine could not change; otherwise the files of the data folder serve."""
    where = place(config)
    trusted = keys.trusted_keys(public_keys or keys.trusted_file(where.keys))
    logged = Log(log or where.log)
    report = Report()
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        # A policy that would hide a line from this reader is an error, not a filter.
        connection.execute("set local row_security = off")
        connection.execute("set local statement_timeout = 0")
        future, era = connection.execute(_SQL["snapshot"]).fetchone() or (0, 1)
        with connection.cursor() as cursor:
            seals = check_chain(entries(cursor, (0, 0)), trusted, report)
        report.seals = len(seals)
        bodies = [entry.body for entry in seals.values() if isinstance(entry.body, Seal)]
        lost = check_log(logged, seals, trusted, report)
        short = _check_leaves(connection, bodies, report) | {seal.id for seal in lost}
        _check_lines(connection, _Sealing(Windows([*bodies, *lost], era), short, era, future), report)
    return report


def _stream(connection: Connection[Any], name: str) -> Iterator[Row]:
    with connection.cursor(name=name) as cursor:
        cursor.itersize = _BATCH
        cursor.execute(_SQL[name])
        yield from cursor


def _check_leaves(connection: Connection[Any], seals: list[Seal], report: Report) -> set[int]:
    """Root and number of the leaves of each seal. The seals that lack leaves."""
    expected = {seal.id: seal for seal in seals}
    short = set(expected)
    for number, leaves in groupby(_stream(connection, "leaves"), key=itemgetter(0)):
        tree, in_order = Tree(), True
        for _, position, hashed in leaves:
            in_order &= position == tree.size
            tree.add(bytes(hashed))
        seal = expected.pop(number, None)
        if seal is None:
            # Leaves without their seal: the missing seal is named by the chain or by the log.
            continue
        if tree.size >= seal.lines:
            short.discard(number)
        if not in_order or tree.size != seal.lines or tree.root() != seal.root:
            report.add(Fault(Kind.SEAL_BROKEN, number, detail=f"{tree.size} preuves pour {seal.lines} lignes"))
    for number, seal in expected.items():
        report.add(Fault(Kind.SEAL_BROKEN, number, detail=f"0 preuves pour {seal.lines} lignes"))
    return short


@dataclass(frozen=True, slots=True)
class _Sealing:
    """`short`: seals that lack leaves; `future`: the first transaction id not given yet."""

    windows: Windows
    short: set[int]
    era: int
    future: int


def _check_lines(connection: Connection[Any], sealing: _Sealing, report: Report) -> None:
    """Rows and leaves, both in the order of the line's id, laid side by side."""
    rows = groupby(_stream(connection, "lines"), key=itemgetter(0))
    leaves = groupby(_stream(connection, "leaves_by_line"), key=itemgetter(0))
    for line, line_rows, line_leaves in _side_by_side(rows, leaves):
        report.lines += len(line_rows)
        _check_line(line, line_rows, line_leaves, sealing, report)


def _side_by_side(left: Groups, right: Groups) -> Iterator[tuple[str, list[Row], list[Row]]]:
    """Full outer join of two streams in ascending order of the id; ids as text sort like UUIDs."""
    end: tuple[str, Iterator[Row]] = (_AFTER_ALL, iter(()))
    row, leaf = next(left, end), next(right, end)
    while row is not end or leaf is not end:
        line = min(row[0], leaf[0])
        yield line, list(row[1]) if row[0] == line else [], list(leaf[1]) if leaf[0] == line else []
        row, leaf = (
            next(left, end) if row[0] == line else row,
            next(right, end) if leaf[0] == line else leaf,
        )


def _check_line(line: str, rows: list[Row], leaves: list[Row], sealing: _Sealing, report: Report) -> None:
    loose = []
    for row in rows:
        hashed = line_hash(row[:_MONTH])
        match = next((leaf for leaf in leaves if bytes(leaf[3]) == hashed), None)
        if match is None:
            loose.append(row)
        else:
            leaves.remove(match)
    for leaf in leaves:
        kind = Kind.LINE_CHANGED if loose else Kind.LINE_REMOVED
        month = loose.pop(0)[_MONTH] if loose else leaf[2]
        report.add(Fault(kind, leaf[1], line, month))
    for row in loose:
        _check_unproven(line, row, sealing, report)


def _check_unproven(line: str, row: Row, sealing: _Sealing, report: Report) -> None:
    """A line without a leaf waits for its seal, or should have one."""
    era, xid = int(row[_ERA]), int(row[_XID])
    seal = sealing.windows.seal(era, xid)
    if seal in sealing.short:
        report.add(Fault(Kind.LEAF_MISSING, seal, line, row[_MONTH]))
    elif sealing.windows.sealed(era, xid):
        report.add(Fault(Kind.LINE_INSERTED, seal, line, row[_MONTH]))
    elif era > sealing.era or xid >= sealing.future:
        report.add(Fault(Kind.LINE_AHEAD, None, line, row[_MONTH]))
    else:
        report.unsealed += 1
