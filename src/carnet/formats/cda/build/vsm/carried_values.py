"""The parts of a fact as CDA carries them: words, codes, numbers, instants, people, quantities and values."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from carnet.formats.cda.build.values import stamp
from carnet.formats.cda.hl7_time import TimeError, to_datetime, to_fhir_date
from carnet.formats.clinical.values import NEVER, Concept, Moment, Quantity, Range, Ratio, Span, Value
from carnet.formats.entry import Author, Coded, Identifier, Organisation
from carnet.formats.terminology import systems

__all__ = [
    "ABSENT_OID",
    "bounds",
    "concept",
    "concepts",
    "hl7",
    "identifiers",
    "moment",
    "organisation",
    "plain",
    "quantity",
    "reference",
    "span",
    "value",
    "who",
]


ABSENT_OID: Final = "2.16.840.1.113883.5.1150.1"
_ABSENT_URI: Final = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
_URI: Final = "urn:ietf:rfc:3986"
_UID: Final = re.compile(
    r"[0-2](?:\.(?:0|[1-9]\d*))+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII
)
_DAY: Final = 10
_MOST: Final = 20
_LONGEST_UNIT: Final = 100
_ANSWERS: Final = frozenset({"oui", "non", "nsp", "ne sait pas", "inconnu", "vrai", "faux", "x"})
_SAYS_SOMETHING: Final = re.compile(r"\w")
_COMPARED: Final = frozenset({"<", "<=", ">", ">="})


def plain(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def concept(found: Concept) -> Concept:
    kept: dict[tuple[str, str], Coded] = {}
    for each in found.codings:
        code, system = plain(each.code), _system(each.system)
        if code and system is not None and len(kept) < _MOST:
            kept.setdefault((code, system), Coded(code, system, plain(each.display)))
    codings = tuple(kept.values())
    words = plain(found.text) or ("" if kept else plain(found.label))
    return Concept(_naming(words, next((each.display for each in codings if each.display), "")), codings)


def _naming(text: str, display: str) -> str:
    """For its reader neither a dash nor the answer of a form names anything."""
    first, *more = text.split(", ")
    if text and not (_SAYS_SOMETHING.search(first) and first.lower().strip(" .:") not in _ANSWERS):
        return ", ".join(filter(None, (display if more else "", *more)))
    return text


def concepts(found: tuple[Concept, ...]) -> tuple[Concept, ...]:
    return tuple(filter(None, map(concept, found)))


def _system(system: str) -> str | None:
    """As an OID, "" for none; None for a system that has no OID."""
    if not system:
        return ""
    known = ABSENT_OID if system == _ABSENT_URI else systems.to_oid(system)
    return known if _UID.fullmatch(known) else None


def identifiers(found: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
    kept = (_identifier(each) for each in found)
    return tuple(dict.fromkeys(each for each in kept if each))[:_MOST]


def _identifier(found: Identifier) -> Identifier | None:
    value = plain(found.value)
    if found.system == _URI:
        bare = value.lower()
        return (
            Identifier(_URI, bare) if _UID.fullmatch(bare.removeprefix("urn:oid:").removeprefix("urn:uuid:")) else None
        )
    system = systems.to_oid(found.system)
    return Identifier(system, value) if value and _UID.fullmatch(system) else None


def hl7(found: Moment) -> str:
    """As HL7 writes it; "" for what is no moment."""
    try:
        text = found.replace("-", "") if len(found) <= _DAY else stamp(datetime.fromisoformat(found))
        to_datetime(text)
    except (ValueError, TimeError):
        return ""
    return text


def moment(found: Moment) -> Moment:
    text = hl7(found)
    if not text:
        return ""
    return to_fhir_date(text) if len(found) <= _DAY else to_datetime(text).isoformat()


def span(found: Span) -> Span:
    start, end = moment(found.start), moment(found.end)
    if not start and not end:
        return NEVER
    return Span(start, end, open_end=bool(start and not end and found.open_end))


def who(found: Author | None, recorded: Moment) -> Author | None:
    if found is None:
        return None
    family, given = plain(found.family), plain(found.given)
    named = bool(family or given)
    device = "" if named else plain(found.device)
    number = _identifier(found.identifier) if found.identifier else None
    house = organisation(found.organisation)
    if not (number or named or device or house):
        return None
    return Author(
        identifier=number,
        family=family,
        given=given,
        prefix=plain(found.prefix) if named else "",
        suffix=plain(found.suffix) if named else "",
        device=device,
        profession=next(iter(concept(Concept("", (found.profession,))).codings), None) if found.profession else None,
        organisation=house,
        at=to_datetime(hl7(recorded)) if recorded else None,
    )


def organisation(found: Organisation | None) -> Organisation | None:
    if found is None:
        return None
    kept = Organisation(plain(found.name), _identifier(found.identifier) if found.identifier else None)
    return kept if kept.name or kept.identifier else None


def quantity(found: Quantity | None) -> Quantity | None:
    if found is None or not found.value.is_finite():
        return None
    ucum, unit = plain(found.ucum)[:_LONGEST_UNIT], plain(found.unit)[:_LONGEST_UNIT]
    return Quantity(found.value, ucum or unit, ucum)


def bounds(found: Range) -> Range:
    return Range(quantity(found.low), quantity(found.high))


def value(found: Value | None) -> Value | None:
    match found:
        case Quantity():
            kept = quantity(found)
            sign = found.comparator if found.comparator in _COMPARED else ""
            return replace(kept, comparator=sign) if kept else None
        case Concept():
            return concept(found) or None
        case Range():
            return _range_found(found)
        case Ratio():
            over, under = quantity(found.numerator), quantity(found.denominator)
            return Ratio(over, under) if over and under else None
        case Span():
            return span(replace(found, open_end=False)) or None
        case str():
            return plain(found) or None
    return found


def _range_found(found: Range) -> Value | None:
    """With one bound it is a number that could not be told nearer; in words alone, words."""
    kept = bounds(found)
    if kept.low and kept.high:
        return kept
    if kept.low or kept.high:
        one, sign = (kept.low, ">=") if kept.low else (kept.high, "<=")
        return replace(one, comparator=sign) if one else None
    return plain(found.text) or None


def reference(found: Range) -> Range:
    return replace(bounds(found), text=plain(found.text))
