"""What a fact says in French words: its cells in the narrative, and its line where summaries are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from carnet.formats.cda.build.words import person
from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dosage,
    Entry,
    FamilyHistory,
    Observation,
    Problem,
    Procedure,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.posology import figures, time_unit
from carnet.formats.clinical.values import Concept, Moment, Quantity, Range, Ratio, Span, Value
from carnet.formats.terminology import units

__all__ = ["beside", "day", "details", "found", "line", "name", "period", "source"]

_UNNAMED: Final = "Sans nom"
_SIGNS: Final = {"<=": "≤ ", ">=": "≥ ", "<": "< ", ">": "> "}
_CLINICAL: Final = {
    "recurrence": "récidive",
    "relapse": "rechute",
    "inactive": "inactif",
    "remission": "en rémission",
    "resolved": "résolu",
}
_SURE: Final = {
    "refuted": "écarté",
    "unconfirmed": "non confirmé",
    "provisional": "provisoire",
    "differential": "à discuter",
}
_GRAVE: Final = {"high": "gravité élevée", "low": "gravité faible"}
_SEVERE: Final = {"mild": "légère", "moderate": "modérée", "severe": "grave"}
_READ: Final = {"H": "élevé", "HH": "très élevé", "L": "bas", "LL": "très bas", "A": "anormal"}
_DENIED: Final = {"not-done": "non fait", "preparation": "prévu", "stopped": "arrêté", "not-taken": "non pris"}


def name(entry: Entry) -> str:
    """Its own words first: an entry of the document points at them."""
    return entry.code.text or entry.code.label or _UNNAMED


def details(entry: Entry) -> str:
    return " ; ".join(dict.fromkeys(filter(None, _details(entry))))


def beside(entry: Treatment) -> str:
    """What its details say besides the words of its dosage."""
    said = [each for dose in entry.dosages for each in _of_dose(dose)]
    whole = (_DENIED.get(entry.status, ""), *said, *(f"pour {each.label}" for each in entry.reasons))
    return " ; ".join(filter(None, whole))


def line(entry: Entry) -> str:
    """All that it says, for who compares two versions."""
    rest = ", ".join(filter(None, (details(entry), period(entry.when))))
    whole = f"{name(entry)} : {rest}" if rest else name(entry)
    return f"{whole} ({entry.note})" if entry.note else whole


def source(entry: Entry) -> str:
    by = entry.by
    if by is None:
        return ""
    return person(by) or by.device or (by.organisation.name if by.organisation else "")


def day(moment: Moment) -> str:
    parts = moment[:10].split("-")
    return "/".join(reversed(parts)) if moment else ""


def period(span: Span) -> str:
    if span.start and span.end:
        return f"du {day(span.start)} au {day(span.end)}"
    if span.end:
        return f"jusqu'au {day(span.end)}"
    return f"depuis {day(span.start)}" if span.open_end else day(span.start)


def _details(entry: Entry) -> Iterator[str]:
    match entry:
        case Observation():
            yield found(entry.value)
            yield from (_READ.get(code.code, "") for each in entry.interpretations for code in each.codings[:1])
            yield from (f"{each.code.label} {found(each.value)}".strip() for each in entry.components)
            yield from (f"référence {shown}" for each in entry.ranges if (shown := found(each)))
            yield from (each.label for each in (entry.body_site, entry.specimen))
            yield "absent" if entry.absence else ""
        case Problem():
            yield _SURE.get(entry.verification, "")
            yield _CLINICAL.get(entry.clinical, "")
            yield from (each.label for each in (entry.severity, entry.body_site, *entry.other_sites))
        case Allergy():
            yield _SURE.get(entry.verification, "")
            yield _CLINICAL.get(entry.clinical, "")
            yield "intolérance" if entry.type == "intolerance" else ""
            yield _GRAVE.get(entry.criticality, "")
            for reaction in entry.reactions:
                yield ", ".join(each.label for each in reaction.manifestations)
                yield _SEVERE.get(reaction.severity, "")
        case Treatment():
            yield _DENIED.get(entry.status, "")
            yield from (_dose(each) for each in entry.dosages)
            yield from (f"pour {each.label}" for each in entry.reasons)
        case _:
            yield from _details_of_acts(entry)


def _details_of_acts(entry: Entry) -> Iterator[str]:
    match entry:
        case Vaccination():
            yield _DENIED.get(entry.status, "")
            yield f"dose {entry.dose_number}" if entry.dose_number else ""
            yield f"lot {entry.lot}" if entry.lot else ""
            yield entry.reason.label
        case Procedure():
            yield _DENIED.get(entry.status, "")
            yield from (each.label for each in entry.body_sites)
            yield entry.location
            yield from (f"pour {each.label}" for each in entry.reasons)
        case Device():
            yield _DENIED.get(entry.status, "")
            yield from (each.value for each in entry.unique)
            yield entry.body_site.label
        case FamilyHistory():
            yield entry.name
            for each in entry.conditions:
                at = f"à {found(each.onset)}" if isinstance(each.onset, Quantity) else day(each.onset)
                yield " ".join(filter(None, (each.code.label, at, each.note)))


def _dose(dosage: Dosage) -> str:
    """Its own words, else its figures in ours."""
    bare = replace(dosage, as_needed=False)
    parts = [dosage.text or figures(bare)]
    return ", ".join(filter(None, (*parts, *_of_dose(dosage))))


def _of_dose(dosage: Dosage) -> tuple[str, ...]:
    needed = dosage.as_needed.label if isinstance(dosage.as_needed, Concept) else ""
    return needed, dosage.route.label, dosage.instructions


def found(value: Value | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case Quantity():
            number = f"{value.value:f}".replace(".", ",")
            unit = _unit(value)
            return f"{_SIGNS.get(value.comparator, '')}{number} {unit}".strip()
        case Concept():
            return value.label
        case Range():
            return value.text or _range(value)
        case Ratio():
            return f"{found(value.numerator)} / {found(value.denominator)}"
        case Span():
            return period(value)
    return str(value)


def _unit(value: Quantity) -> str:
    """Of a time in words, as a dose has it: « 3 mois », not « 3 mo »."""
    return time_unit(value) or (units.printed(value.ucum) if value.ucum else value.unit)


def _range(value: Range) -> str:
    if value.low and value.high:
        return f"{found(value.low)} à {found(value.high)}"
    return f"plus de {found(value.low)}" if value.low else f"moins de {found(value.high)}"
