"""The lines of a profile as the treatments that `treatment_rules` joins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from carnet.formats.clinical.model import Dispensation, Entry, Kind, Prescription, Product, Treatment
from carnet.formats.clinical.posology import worded
from carnet.formats.clinical.values import Concept
from carnet.formats.terminology import choices
from carnet.health import columns, stored
from carnet.health.medicine_names import joined
from carnet.health.queries import Line
from carnet.health.standing import Standing, standing_of
from carnet.health.treatment_ends import end_of
from carnet.health.treatment_rules import LONGEST, WHY, Group, Intake, Told, grouped

__all__ = ["entry_of", "groups", "lacks_reason", "of_lines", "question_of", "with_reason"]

_TOLD: Final = {
    Kind.PRESCRIPTION: Told.PRESCRIBED,
    Kind.DISPENSATION: Told.DISPENSED,
    Kind.TREATMENT: Told.TAKEN,
}
Owner = Callable[[Line], str]
Dated = Callable[[Line], datetime | None]


def _known_at(line: Line) -> datetime | None:
    return line.known_at


def groups(
    lines: Iterable[Line], now: datetime, owner: Owner, *, all_of_them: bool = True, dated: Dated = _known_at
) -> tuple[Group, ...]:
    """`dated`: of the source of a line, for one that has no date of its own."""
    return grouped(of_lines(lines, now, owner, all_of_them=all_of_them, dated=dated), now)


def of_lines(
    lines: Iterable[Line], now: datetime, owner: Owner, *, all_of_them: bool, dated: Dated = _known_at
) -> Iterable[Intake]:
    """What is over by its dates alone is not looked into, and left out unless `all_of_them`."""
    for line in lines:
        told = _TOLD.get(line.kind)
        if told is None or line.absence or line.struck:
            continue
        if told is not Told.TAKEN and (not line.fhir or _long_over(line, told, now)):
            if all_of_them:
                yield _closed(line, told, owner(line))
            continue
        entry = entry_of(line)
        if isinstance(entry, Treatment | Prescription | Dispensation):
            yield _intake(line, told, entry, owner(line), _said(line, entry, dated))


def _long_over(line: Line, told: Told, now: datetime) -> bool:
    since = line.since or line.known_at
    return since + LONGEST[told] <= now and (line.until is None or line.until <= now)


def _said(line: Line, entry: Entry, dated: Dated) -> datetime | None:
    """The day on which it was prescribed, else that of its source."""
    recorded = columns.bound(entry.recorded)
    return recorded[0] if recorded else dated(line)


def entry_of(line: Line) -> Entry | None:
    return stored.entry_of(line.fhir)


def _closed(line: Line, told: Told, owner: str) -> Intake:
    substance, name = joined(Concept(line.label))
    return Intake(
        line.fact, told, substance, name, line.label, owner, since=line.since, until=line.until, state="ended"
    )


def _intake(
    line: Line, told: Told, entry: Treatment | Prescription | Dispensation, owner: str, said: datetime | None
) -> Intake:
    product = entry.product.code or entry.code
    substance, name = joined(product)
    return Intake(
        fact=line.fact,
        told=told,
        substance=substance,
        name=name,
        label=line.label,
        owner=owner,
        dose=_doses(entry),
        reason="" if isinstance(entry, Dispensation) else ", ".join(each.label for each in entry.reasons if each.label),
        since=line.since,
        until=end_of(line, entry, line.since or said),
        state="proposed" if standing_of(entry) is Standing.PLANNED else line.state,
        mine=line.said_by == "person",
        said=said,
    )


def question_of(substance: str) -> str:
    """By which « pour quelle raison ? » is remembered as answered with « plus tard »."""
    return f"reason|{substance}"


def lacks_reason(group: Group) -> bool:
    """Whether it may be asked what it is for: nobody says it, and the person does not say that they stopped it, or do
    not take it yet."""
    mine = any(each.mine for each in group.lines)
    return bool(group.current) and not group.reasons and (bool(group.own) or not mine)


def _doses(entry: Treatment | Prescription | Dispensation) -> str:
    if isinstance(entry, Prescription) and entry.rendered:
        return entry.rendered
    return " ; ".join(filter(None, map(worded, entry.dosages)))


def with_reason(line: Line | None, group: Group, why: Concept) -> Treatment:
    """What the person says of a medicine, with what it is for: of their own line where there is one. Without one they
    do not say that they take it."""
    own = entry_of(line) if line else None
    if isinstance(own, Treatment):
        return replace(own, reasons=(why,), by=None, path="")
    known = next((each for each in choices.find(choices.Of.SUBSTANCE) if f"atc:{each.code}" == group.substance), None)
    product = Product(known.concept if known else Concept(group.name))
    return Treatment(kind=Kind.TREATMENT, code=Concept(), status=WHY, product=product, reasons=(why,))
