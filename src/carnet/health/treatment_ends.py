"""When what is prescribed, dispensed or taken ends, as its source says it. Pure.

In doubt it goes on: phases follow each other unless they bear one number, one phase without an end leaves the whole
without one, and each renewal is as long as the first time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from carnet.formats.clinical.model import Dispensation, Dosage, Prescription, Treatment
from carnet.formats.clinical.values import Quantity, Range, Span
from carnet.health import columns
from carnet.health.queries import Line

__all__ = ["end_of"]

_DAYS: Final = {
    "min": Decimal(1) / 1440,
    "h": Decimal(1) / 24,
    "d": Decimal(1),
    "wk": Decimal(7),
    "mo": Decimal(30),
    "a": Decimal(365),
}
_LONGEST: Final = 10_000


def end_of(line: Line, entry: Treatment | Prescription | Dispensation, start: datetime | None) -> datetime | None:
    """The first instant after its end; None where it has none. `start`: when it began, or when it was said."""
    times = 1 + max(entry.repeats or 0, 0) if isinstance(entry, Prescription) else 1
    if entry.when.end:
        began = line.since if entry.when.start else None
        return _renewed(began, line.until, times)
    supply = None if isinstance(entry, Treatment) else entry.supply
    told = (_through(start, entry.dosages), _lasting(start, supply))
    known = [end for each in told if (end := _renewed(start, each, times)) is not None]
    return max(known) if known else None


def _renewed(start: datetime | None, end: datetime | None, times: int) -> datetime | None:
    if start is None or end is None or end <= start or times == 1:
        return end
    days = (end - start) * times
    return start + days if days < timedelta(days=_LONGEST) else None


def _through(start: datetime | None, dosages: Iterable[Dosage]) -> datetime | None:
    """The end of the last phase."""
    at = start
    some = False
    for together in _phases(dosages):
        ends = [_bounded(at, each) for each in together]
        if any(each is None for each in ends):
            return None
        at = max(each for each in (at, *ends) if each is not None)
        some = True
    return at if some else None


def _phases(dosages: Iterable[Dosage]) -> Iterator[tuple[Dosage, ...]]:
    """In their order; those of one number at once."""
    numbered: dict[int, list[Dosage]] = {}
    plain: list[Dosage] = []
    for each in dosages:
        (plain if each.sequence is None else numbered.setdefault(each.sequence, [])).append(each)
    for number in sorted(numbered):
        yield tuple(numbered[number])
    for each in plain:
        yield (each,)


def _bounded(since: datetime | None, phase: Dosage) -> datetime | None:
    bounds = phase.timing.bounds if phase.timing else None
    if isinstance(bounds, Span):
        found = columns.bound(bounds.end)
        return found[1] if found else None
    if isinstance(bounds, Range):
        return _lasting(since, bounds.high)
    return _lasting(since, bounds)


def _lasting(since: datetime | None, amount: Quantity | None) -> datetime | None:
    days = _DAYS.get(amount.ucum) if amount else None
    if since is None or amount is None or days is None or not amount.value.is_finite():
        return None
    if not 0 < amount.value * days < _LONGEST:
        return None
    return since + timedelta(days=float(amount.value * days))
