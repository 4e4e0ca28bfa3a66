"""The chain of seals: numbers, windows, previous roots and signatures; and its copy in the log outside."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from carnet.kernel import clock
from carnet.kernel.audit import keys, ledger
from carnet.kernel.audit.canonical import NO_ROOT, EraMark, Seal, Signed
from carnet.kernel.audit.faults import Fault, Kind, Report

# The file is written right after the commit, or by the next run of the sealer.
_LOG_DELAY = timedelta(minutes=10)

PublicKeys = Mapping[str, Ed25519PublicKey]


class Windows:
    """Which seal covers a transaction id of an era."""

    def __init__(self, seals: Iterable[Seal], era: int) -> None:
        self._era = era
        self._ends: dict[int, list[int]] = {}
        self._ids: dict[int, list[int]] = {}
        for seal in sorted(seals, key=lambda seal: seal.id):
            self._ends.setdefault(seal.era, []).append(seal.to_xid)
            self._ids.setdefault(seal.era, []).append(seal.id)

    def sealed(self, era: int, xid: int) -> bool:
        """A closed era is sealed as a whole."""
        return era < self._era or self.seal(era, xid) is not None

    def seal(self, era: int, xid: int) -> int | None:
        ends = self._ends.get(era, [])
        index = bisect_right(ends, xid)
        return self._ids[era][index] if index < len(ends) else None


def check_chain(chain: Iterable[Signed], trusted: PublicKeys, report: Report) -> dict[int, Signed]:
    """The seals of the database by number."""
    seals: dict[int, Signed] = {}
    last: Seal | None = None
    under = 1
    for entry in chain:
        _check_signature(entry, trusted, report)
        body = entry.body
        if isinstance(body, EraMark):
            under = body.era
            continue
        if entry.under != under:
            report.add(Fault(Kind.ERA_UNPROVEN, body.id, detail=f"ère {entry.under}"))
            under = entry.under
        _check_link(body, last, report)
        seals[body.id] = entry
        last = body
    return seals


def _check_signature(entry: Signed, trusted: PublicKeys, report: Report) -> bool:
    public = trusted.get(entry.key_id)
    if public is None:
        report.add(_fault(Kind.SEAL_KEY, entry))
        return False
    if not keys.signed_by(public, entry.signature, entry.body.statement()):
        report.add(_fault(Kind.SEAL_SIGNATURE, entry))
        return False
    return True


def _check_link(seal: Seal, last: Seal | None, report: Report) -> None:
    number, root = (last.id, last.root) if last else (0, NO_ROOT)
    if seal.id > number + 1:
        report.add(Fault(Kind.SEAL_MISSING, number + 1, detail=_to(number + 1, seal.id - 1)))
        return
    start = last.to_xid if last and last.era == seal.era else 0
    if seal.previous_root != root or seal.from_xid != start:
        report.add(Fault(Kind.SEAL_CHAIN, seal.id))


class Log:
    """The file as it was at this moment. To be read before the database: a seal stands there first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = list(ledger.read(path))


def check_log(log: Log, seals: Mapping[int, Signed], trusted: PublicKeys, report: Report) -> list[Seal]:
    """Compares the log with the seals of the database. The seals that only the log knows."""
    if seals and not log.path.exists():
        report.add(Fault(Kind.LOG_MISSING, detail=f"le fichier {log.path.name} n'existe pas"))
        return []
    logged = _effective(log.lines, trusted, report)
    for number, entry in sorted(seals.items()):
        known = logged.get(number)
        if known is None:
            _report_unlogged(entry, max(logged, default=0), report)
        elif (known.body, known.signature) != (entry.body, entry.signature):
            report.add(Fault(Kind.LOG_DIFFERS, number))
    return _only_logged(logged, seals, trusted, report)


def _effective(lines: Iterable[Signed | ledger.Torn], trusted: PublicKeys, report: Report) -> dict[int, Signed]:
    """The seals that the database should hold. A signed mark of a new era says which were lost by a restore."""
    logged: dict[int, Signed] = {}
    last = (0, 0)
    for entry in lines:
        if isinstance(entry, ledger.Torn) or entry.order <= last:
            report.add(Fault(Kind.LOG_BROKEN, detail=f"après le sceau {last[1]}"))
            continue
        last = entry.order
        if isinstance(entry.body, Seal):
            logged[entry.body.id] = entry
        elif _check_signature(entry, trusted, report):
            _forget_lost(entry.body, logged, report)
    return logged


def _forget_lost(mark: EraMark, logged: dict[int, Signed], report: Report) -> None:
    lost = [number for number in logged if number > mark.after_seal]
    for number in lost:
        del logged[number]
    day = mark.at.date().isoformat()
    report.notices.append(f"ère {mark.era} : base restaurée le {day}, {len(lost)} sceaux perdus avec elle")


def _report_unlogged(entry: Signed, newest: int, report: Report) -> None:
    number = entry.body.id if isinstance(entry.body, Seal) else 0
    if number > newest and clock.now() - entry.body.at < _LOG_DELAY:
        report.notices.append(f"le sceau {number} attend d'être porté au fichier")
    else:
        report.add(Fault(Kind.LOG_MISSING, number))


def _only_logged(
    logged: Mapping[int, Signed], seals: Mapping[int, Signed], trusted: PublicKeys, report: Report
) -> list[Seal]:
    """Gaps between seals of the database are reported by the chain; those at its end only the log can tell."""
    found = []
    newest = max(seals, default=0)
    for number, entry in sorted(logged.items()):
        if number in seals or not isinstance(entry.body, Seal):
            continue
        if _check_signature(entry, trusted, report):
            found.append(entry.body)
            if number > newest:
                report.add(Fault(Kind.SEAL_MISSING, number))
    return found


def _fault(kind: Kind, entry: Signed) -> Fault:
    if isinstance(entry.body, Seal):
        return Fault(kind, entry.body.id)
    return Fault(kind, detail=f"ère {entry.body.era}")


def _to(first: int, last: int) -> str:
    return f"jusqu'au sceau {last}" if last > first else ""
