"""The lines of a profile as the treatments that `treatment_rules` joins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from carnet.formats.clinical import keys
from carnet.formats.clinical.model import Dispensation, Dosage, Entry, Kind, Prescription, Product, Timing, Treatment
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.fhir import entries as fhir
from carnet.formats.terminology import choices
from carnet.formats.terminology.choices import ATC
from carnet.health import columns
from carnet.health.queries import Line
from carnet.health.treatment_rules import LONGEST, Group, Intake, Told, grouped

__all__ = ["entry_of", "groups", "of_lines", "question_of", "with_reason"]

_TOLD: Final = {
    Kind.PRESCRIPTION: Told.PRESCRIBED,
    Kind.DISPENSATION: Told.DISPENSED,
    Kind.TREATMENT: Told.TAKEN,
}
_WHOLE: Final = 7
_DAYS: Final = {"d": 1, "wk": 7, "mo": 30, "a": 365}
# Of when a medicine is taken, in the words of HL7's EventTiming.
_MOMENTS: Final = {
    "MORN": "le matin",
    "NOON": "le midi",
    "AFT": "l'après-midi",
    "EVE": "le soir",
    "NIGHT": "la nuit",
    "HS": "au coucher",
    "CM": "au petit déjeuner",
    "CD": "au déjeuner",
    "CV": "au dîner",
    "C": "aux repas",
}
Owner = Callable[[Line], str]


def groups(lines: Iterable[Line], now: datetime, owner: Owner, *, all_of_them: bool = True) -> tuple[Group, ...]:
    return grouped(of_lines(lines, now, owner, all_of_them=all_of_them), now)


def of_lines(lines: Iterable[Line], now: datetime, owner: Owner, *, all_of_them: bool) -> Iterable[Intake]:
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
            yield _intake(line, told, entry, owner(line))


def _long_over(line: Line, told: Told, now: datetime) -> bool:
    return line.since is None or (line.since + LONGEST[told] <= now and (line.until is None or line.until <= now))


def entry_of(line: Line) -> Entry | None:
    return fhir.read(fhir.load(line.fhir.encode()))


def _closed(line: Line, told: Told, owner: str) -> Intake:
    substance, name = _joined(Concept(line.label))
    return Intake(
        line.fact, told, substance, name, line.label, owner, since=line.since, until=line.until, state="ended"
    )


def _intake(line: Line, told: Told, entry: Treatment | Prescription | Dispensation, owner: str) -> Intake:
    product = entry.product.code or entry.code
    substance, name = _joined(product)
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
        until=_end(line, entry),
        state=line.state,
        mine=line.said_by == "person",
    )


def _joined(product: Concept) -> tuple[str, str]:
    """By its whole ATC code, else by a substance that its name holds, else by its words up to the first figure."""
    code = product.code_of(ATC)
    if len(code) == _WHOLE:
        known = next((each for each in choices.find(choices.Of.SUBSTANCE) if each.code == code), None)
        shown = next((each.display for each in product.codings if each.system == ATC and each.display), "")
        return f"atc:{code}", known.label if known else _capital(shown or _short(product.label))
    held = choices.substance_in(product.label)
    if held:
        return f"atc:{held.code}", held.label
    short = _short(product.label)
    return f"words:{keys.words(short)}", _capital(short)


def _short(label: str) -> str:
    words: list[str] = []
    for word in label.replace(",", " , ").split():
        if word == "," or any(char.isdigit() for char in word):
            break
        words.append(word)
    return " ".join(words) or label


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def question_of(substance: str) -> str:
    """By which « pour quelle raison ? » is remembered as answered with « plus tard »."""
    return f"reason|{substance}"


def _doses(entry: Treatment | Prescription | Dispensation) -> str:
    if isinstance(entry, Prescription) and entry.rendered:
        return entry.rendered
    return " ; ".join(filter(None, map(_dose, entry.dosages)))


def _dose(dosage: Dosage) -> str:
    """Its own words, else its figures in ours."""
    if dosage.text or dosage.instructions:
        return dosage.text or dosage.instructions
    parts = [_amount(dosage.dose) if isinstance(dosage.dose, Quantity) else ""]
    parts += _rhythm(dosage.timing) if dosage.timing else []
    return " ".join(filter(None, parts))


def _amount(quantity: Quantity) -> str:
    number = f"{quantity.value.normalize():f}".replace(".", ",")
    unit = quantity.unit or (quantity.other.display if quantity.other else "")
    return f"{number} {unit}".strip()


def _rhythm(timing: Timing) -> list[str]:
    moments = [_MOMENTS[each] for each in timing.when if each in _MOMENTS]
    if moments or timing.times:
        return [*moments, *timing.times]
    if timing.frequency and timing.period and timing.period.value == 1 and timing.period.ucum == "d":
        return [f"{timing.frequency} fois par jour"]
    return []


def _end(line: Line, entry: Treatment | Prescription | Dispensation) -> datetime | None:
    """The first instant after what is said to be its end, by its period or by how long it lasts."""
    if entry.when.end:
        return line.until
    ends = [_bounded(line.since, each.timing.bounds) for each in entry.dosages if each.timing]
    supply = None if isinstance(entry, Treatment) else entry.supply
    times = 1 + (entry.repeats or 0) if isinstance(entry, Prescription) else 1
    ends.append(_lasting(line.since, supply, times))
    known = [each for each in ends if each is not None]
    return max(known) if known else None


def _bounded(since: datetime | None, bounds: object) -> datetime | None:
    if isinstance(bounds, Span):
        found = columns.bound(bounds.end)
        return found[1] if found else None
    return _lasting(since, bounds, 1) if isinstance(bounds, Quantity) else None


def _lasting(since: datetime | None, amount: Quantity | None, times: int) -> datetime | None:
    days = _DAYS.get(amount.ucum) if amount else None
    if since is None or amount is None or days is None or not 0 < amount.value * times < 10_000:  # noqa: PLR2004
        return None
    return since + timedelta(days=float(amount.value) * days * times)


def with_reason(line: Line | None, group: Group, why: Concept) -> Treatment:
    """What the person says of a medicine, with why they take it: of their own line where there is one."""
    own = entry_of(line) if line else None
    if isinstance(own, Treatment):
        return replace(own, reasons=(why,), by=None, path="")
    known = next((each for each in choices.find(choices.Of.SUBSTANCE) if f"atc:{each.code}" == group.substance), None)
    product = Product(known.concept if known else Concept(group.name))
    return Treatment(kind=Kind.TREATMENT, code=Concept(), status="active", product=product, reasons=(why,))
