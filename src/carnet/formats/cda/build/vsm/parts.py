"""HL7 data types of facts, and what all statements share: numbers, words, who, comments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lxml.etree import Element, _Element

from carnet.formats.cda.build.codes import LOINC, SYSTEM_NAMES
from carnet.formats.cda.build.elements import Child, el, null, template
from carnet.formats.cda.build.people import assigned
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.values import identified
from carnet.formats.cda.build.vsm.carried_values import ABSENT_OID, hl7
from carnet.formats.clinical.model import Entry
from carnet.formats.clinical.values import Concept, Moment, Quantity, Range, Ratio, Span, Value
from carnet.formats.entry import Author, Coded, Identifier

__all__ = [
    "amount",
    "author",
    "beneath",
    "bounds",
    "coded",
    "comment",
    "concept",
    "instant",
    "interval",
    "numbers",
    "observation",
    "quantity",
    "reason",
    "sdtc",
    "truth",
    "value",
    "when",
    "words",
]

_NAMES: Final = SYSTEM_NAMES | {ABSENT_OID: "IPS CodeSystem - Absent and Unknown Data"}
_SIGNS: Final = {"<": ("high", "false"), "<=": ("high", None), ">": ("low", "false"), ">=": ("low", None)}
_FLAVORS: Final = {
    "asked-unknown": "ASKU",
    "masked": "MSK",
    "not-applicable": "NA",
    "not-asked": "NASK",
    "temp-unknown": "NAV",
    "negative-infinity": "NINF",
    "positive-infinity": "PINF",
}
_COMMENT: Final = ("2.16.840.1.113883.10.20.1.40", "1.3.6.1.4.1.19376.1.5.3.1.4.2", "1.2.250.1.213.1.1.3.32")
_REFERENCE: Final = ("1.3.6.1.4.1.19376.1.5.3.1.4.4.1", "1.2.250.1.213.1.1.3.36")


def coded(name: str, found: Coded, *inside: Child, xsi_type: str | None = None) -> _Element:
    return el(
        name,
        *inside,
        xsi_type=xsi_type,
        code=found.code,
        displayName=found.display or None,
        codeSystem=found.system or None,
        codeSystemName=_NAMES.get(found.system),
    )


def concept(name: str, found: Concept, pointer: _Element | None = None, *, xsi_type: str | None = None) -> _Element:
    """`pointer`: where its words stand in the narrative; they are repeated where they stand nowhere."""
    words = el("originalText", pointer if pointer is not None else found.text) if found.text else None
    if not found.codings:
        return el(name, words, xsi_type=xsi_type, nullFlavor="UNK")
    first, *others = found.codings
    return coded(name, first, words, *[coded("translation", each) for each in others], xsi_type=xsi_type)


def instant(name: str, found: Moment) -> _Element:
    return el(name, value=hl7(found)) if found else null(name)


def interval(found: Span, *, name: str = "effectiveTime", xsi_type: str | None = None) -> _Element:
    """Both bounds stand, null where they are not known; one that does not end is said not to."""
    if not found:
        return el(name, null("low"), xsi_type=xsi_type)
    high = instant("high", found.end) if found.end else null("high", "NA" if found.open_end else "UNK")
    return el(name, instant("low", found.start), high, xsi_type=xsi_type)


def when(found: Span) -> _Element:
    """A point, where it is one."""
    if found.end or found.open_end:
        return interval(found)
    return instant("effectiveTime", found.start)


def quantity(name: str, found: Quantity, *, xsi_type: str | None = None, inclusive: str | None = None) -> _Element:
    """A unit that is none of UCUM is printed in a translation."""
    number = f"{found.value:f}"
    if found.unit and not found.ucum:
        own = el("translation", el("originalText", found.unit), value=number)
        return el(name, own, xsi_type=xsi_type, nullFlavor="OTH", inclusive=inclusive)
    return el(name, xsi_type=xsi_type, value=number, unit=found.ucum or "1", inclusive=inclusive)


def amount(name: str, found: Quantity | Range | None) -> _Element | None:
    """As CI-SIS writes a dose: one amount is both ends of it."""
    if found is None:
        return None
    whole = Range(found, found) if isinstance(found, Quantity) else found
    return el(name, *bounds(whole))


def bounds(found: Range) -> list[_Element]:
    ends = (("low", found.low), ("high", found.high))
    return [quantity(name, end) for name, end in ends if end is not None]


def truth(name: str, *, found: bool) -> _Element:
    return el(name, xsi_type="BL", value="true" if found else "false")


def value(found: Value | None, absent: str = "") -> _Element | None:
    match found:
        case None:
            return el("value", xsi_type="ST", nullFlavor=_FLAVORS.get(absent, "UNK")) if absent else None
        case bool() | int() | str():
            return _simple(found)
        case Quantity(comparator=sign) if sign in _SIGNS:
            name, inclusive = _SIGNS[sign]
            return el("value", quantity(name, found, inclusive=inclusive), xsi_type="IVL_PQ")
        case Quantity():
            return quantity("value", found, xsi_type="PQ")
        case Concept():
            return concept("value", found, xsi_type="CD")
        case Range():
            return el("value", *bounds(found), xsi_type="IVL_PQ")
        case Ratio():
            over, under = quantity("numerator", found.numerator), quantity("denominator", found.denominator)
            return el("value", over, under, xsi_type="RTO_PQ_PQ")
        case Span():
            return interval(found, name="value", xsi_type="IVL_TS")


def _simple(found: bool | int | str) -> _Element:  # noqa: FBT001  (a value)
    if isinstance(found, bool):
        return truth("value", found=found)
    if isinstance(found, int):
        return el("value", xsi_type="INT", value=str(found))
    return el("value", found, xsi_type="ST")


def numbers(scope: Scope, found: Iterable[Identifier]) -> list[_Element]:
    """Those of the source, by which the same statement is known again; else the document's own."""
    return [identified("id", each) for each in found] or [el("id", root=scope.id())]


def author(scope: Scope, by: Author | None, recorded: Moment) -> _Element | None:
    if by is None and not recorded:
        return None
    who = by or Author()
    device = el("assignedAuthoringDevice", el("softwareName", who.device)) if who.device else None
    entity = el("assignedAuthor", *assigned(who, scope.details, device=device), classCode="ASSIGNED")
    return el("author", instant("time", recorded), entity)


def comment(scope: Scope, entry: Entry, mark: str) -> _Element | None:
    return _comment(el("text", scope.pointer(f"{mark}-note"))) if entry.note else None


def words(note: str) -> _Element | None:
    """A comment that stands in the entry alone."""
    return _comment(el("text", note)) if note else None


def _comment(text: _Element) -> _Element:
    code = Coded("48767-8", LOINC, "Commentaire")
    act = el(
        "act",
        *template(*_COMMENT),
        coded("code", code),
        text,
        el("statusCode", code="completed"),
        classCode="ACT",
        moodCode="EVN",
    )
    return beneath(act, "SUBJ", inversion="true")


def reason(scope: Scope, why: Concept) -> _Element:
    act = el(
        "act",
        *template(*_REFERENCE),
        el("id", root=scope.id()),
        concept("code", why),
        classCode="ACT",
        moodCode="EVN",
    )
    return beneath(act, "RSON")


def beneath(statement: _Element, link: str, *, inversion: str | None = None) -> _Element:
    return el("entryRelationship", statement, typeCode=link, inversionInd=inversion)


def observation(code: Coded, found: _Element, *templates: str) -> _Element:
    """A small one that tells one thing of the statement above."""
    return el(
        "observation",
        *template(*templates),
        coded("code", code),
        el("statusCode", code="completed"),
        found,
        classCode="OBS",
        moodCode="EVN",
    )


def sdtc(name: str, text: str) -> _Element:
    element = Element(f"{{urn:hl7-org:sdtc}}{name}", nsmap={"sdtc": "urn:hl7-org:sdtc"})
    element.set("value", text)
    return element
