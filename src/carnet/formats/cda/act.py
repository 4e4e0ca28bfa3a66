"""What a document is about: the documented acts, where and when, the orders and studies behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from carnet.formats.cda.nodes import child, children, coded, identifier, lenient_timestamp
from carnet.formats.entry import Coded, Identifier, Period, Reference

__all__ = ["Acts", "read_acts"]

_DICOM: Final = "1.2.840.10008.2.16.4"
_ACCESSION: Final = "{urn:dicom-org:ps3-20}accessionNumber"
_PERFORMER: Final = "performer/assignedEntity/representedOrganization/standardIndustryClassCode"


@dataclass(frozen=True, slots=True)
class Acts:
    events: tuple[Coded, ...] = ()
    period: Period = field(default_factory=Period)
    facility: Coded | None = None
    setting: Coded | None = None
    references: tuple[Reference, ...] = ()
    encounter: Identifier | None = None


def read_acts(document: etree._Element, warnings: list[str]) -> Acts:
    events = list(children(document, "documentationOf/serviceEvent"))
    ordered = _principal_first(events)
    acts = Acts(
        events=_codes(events),
        period=_period(ordered, warnings),
        facility=coded(child(document, "componentOf/encompassingEncounter/location/healthCareFacility/code")),
        setting=_setting(ordered),
        references=(*_orders(document), *_studies(events)),
        encounter=identifier(child(document, "componentOf/encompassingEncounter/id")),
    )
    _warn(acts, warnings)
    return acts


def _warn(acts: Acts, warnings: list[str]) -> None:
    if acts.period.start is None:
        warnings.append("La date de début de l’acte documenté manque.")
    elif acts.period.end and acts.period.end < acts.period.start:
        warnings.append("L’acte documenté se termine avant d’avoir commencé.")
    if acts.facility is None:
        warnings.append("La modalité d’exercice (healthCareFacility) manque.")
    if acts.setting is None:
        warnings.append("Le cadre de soins (standardIndustryClassCode) manque.")


def _codes(events: list[etree._Element]) -> tuple[Coded, ...]:
    """The code of each event, followed by its translations; the same code once."""
    found: dict[tuple[str, str], Coded] = {}
    for event in events:
        for element in (*children(event, "code"), *children(event, "code/translation")):
            if code := coded(element):
                found.setdefault((code.code, code.system), code)
    return tuple(found.values())


def _principal_first(events: list[etree._Element]) -> list[etree._Element]:
    """Only the principal event is bound to carry a time and a performer."""

    def lacks(event: etree._Element) -> tuple[bool, bool]:
        return child(event, "effectiveTime") is None, child(event, "performer") is None

    return sorted(events, key=lacks)


def _period(events: list[etree._Element], warnings: list[str]) -> Period:
    time = child(events[0], "effectiveTime") if events else None
    start = lenient_timestamp(child(time, "low"), warnings) or lenient_timestamp(time, warnings)
    return Period(start, lenient_timestamp(child(time, "high"), warnings))


def _setting(events: list[etree._Element]) -> Coded | None:
    return next(filter(None, (coded(child(each, _PERFORMER)) for each in events)), None)


def _orders(document: etree._Element) -> list[Reference]:
    found: list[Reference] = []
    for order in children(document, "inFulfillmentOf/order"):
        pairs = [("order", each) for each in children(order, "id")]
        pairs += [("accession", each) for each in order.iterfind(_ACCESSION)]
        found += [Reference(kind, name) for kind, element in pairs if (name := identifier(element))]
    return found


def _studies(events: list[etree._Element]) -> list[Reference]:
    """The id of an event is the DICOM study only where the event says an imaging modality."""
    return [
        Reference("study", name)
        for event in events
        if any(code.system == _DICOM for code in _codes([event]))
        for element in children(event, "id")
        if (name := identifier(element))
    ]
