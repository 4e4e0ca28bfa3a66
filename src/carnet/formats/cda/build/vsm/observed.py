"""Results, measures, what the patient can do, how they live, pregnancies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml.etree import _Element

from carnet.formats.cda.build.codes import CCAM, LOINC
from carnet.formats.cda.build.elements import el, null, template
from carnet.formats.cda.build.people import assigned
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.vsm import parts
from carnet.formats.cda.build.vsm.carried import VITAL_SIGNS
from carnet.formats.clinical.model import Component, Kind, Observation
from carnet.formats.clinical.values import Concept, Range
from carnet.formats.entry import Author

__all__ = ["observed"]

_SIMPLE: Final = "1.3.6.1.4.1.19376.1.5.3.1.4.13"
_FR_SIMPLE: Final = "1.2.250.1.213.1.1.3.48"
_LABORATORY: Final = ("1.3.6.1.4.1.19376.1.3.1.6", "1.2.250.1.213.1.1.3.80")
_TEMPLATES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.MEASURE: (
        "2.16.840.1.113883.10.20.1.31",
        _SIMPLE,
        "1.3.6.1.4.1.19376.1.5.3.1.4.13.2",
        "1.2.250.1.213.1.1.3.50",
    ),
    Kind.SOCIAL: (
        "2.16.840.1.113883.10.20.1.33",
        _SIMPLE,
        "1.3.6.1.4.1.19376.1.5.3.1.4.13.4",
        "1.2.250.1.213.1.1.3.52",
    ),
    Kind.FUNCTION: (
        "2.16.840.1.113883.10.20.1.31",
        "1.3.6.1.4.1.19376.1.5.3.1.1.12.3.6",
        _SIMPLE,
        "1.2.250.1.213.1.1.3.25",
    ),
    Kind.PREGNANCY: (_SIMPLE, "1.3.6.1.4.1.19376.1.5.3.1.4.13.5", "1.2.250.1.213.1.1.3.53"),
}
_STATUS: Final = {"preliminary": "active", "registered": "held", "cancelled": "cancelled"}


def observed(scope: Scope, entry: Observation, mark: str) -> _Element:
    statement = _observation(scope, entry, mark)
    if entry.kind is Kind.MEASURE:
        statement = _organizer(
            scope,
            entry,
            statement,
            parts.concept("code", VITAL_SIGNS),
            "2.16.840.1.113883.10.20.1.32",
            "2.16.840.1.113883.10.20.1.35",
            "1.3.6.1.4.1.19376.1.5.3.1.4.13.1",
            "1.2.250.1.213.1.1.3.49",
        )
    elif entry.kind is Kind.FUNCTION:
        statement = _organizer(
            scope,
            entry,
            statement,
            null("code", "NA"),
            "2.16.840.1.113883.10.20.1.32",
            "1.3.6.1.4.1.19376.1.5.3.1.1.12.3.7",
            "1.2.250.1.213.1.1.3.95",
        )
    return el("entry", statement)


def _organizer(scope: Scope, entry: Observation, statement: _Element, code: _Element, *templates: str) -> _Element:
    return el(
        "organizer",
        *template(*templates),
        el("id", root=scope.id()),
        code,
        el("statusCode", code="completed"),
        parts.when(entry.when),
        el("component", statement, typeCode="COMP"),
        classCode="CLUSTER",
        moodCode="EVN",
    )


def _observation(scope: Scope, entry: Observation, mark: str) -> _Element:
    return el(
        "observation",
        *template(*_templates(entry)),
        *parts.numbers(scope, entry.identifiers),
        parts.concept("code", entry.code, scope.pointer(mark)),
        el("text", scope.pointer(mark)),
        el("statusCode", code=_STATUS.get(entry.status, "completed")),
        parts.when(entry.when),
        parts.value(entry.value, entry.absent),
        *[parts.concept("interpretationCode", each) for each in entry.interpretations],
        parts.concept("methodCode", entry.method) if entry.method else None,
        parts.concept("targetSiteCode", entry.body_site) if entry.body_site else None,
        _specimen(entry.specimen) if entry.specimen else None,
        _performer(scope, entry),
        parts.author(scope, entry.by, entry.recorded or _at(entry.by)) if entry.by else None,
        *[parts.beneath(_part(each), "COMP") for each in entry.components],
        parts.comment(scope, entry, mark),
        *[_range(each) for each in entry.ranges],
        classCode="OBS",
        moodCode="EVN",
        negationInd="true" if entry.absence else None,
    )


def _at(by: Author | None) -> str:
    return by.at.isoformat() if by and by.at else ""


def _templates(entry: Observation) -> tuple[str, ...]:
    """A result with a code of the laboratory's own keeps to the model of the laboratory."""
    if entry.kind is not Kind.RESULT:
        return _TEMPLATES[entry.kind]
    known = entry.code.codings and entry.code.codings[0].system in {LOINC, CCAM}
    return (_SIMPLE, _FR_SIMPLE) if known else _LABORATORY


def _performer(scope: Scope, entry: Observation) -> _Element | None:
    house = entry.laboratory
    if house is None or (entry.by and entry.by.organisation == house):
        return None
    return el("performer", el("assignedEntity", *assigned(Author(organisation=house), scope.details)))


def _specimen(found: Concept) -> _Element:
    entity = el("specimenPlayingEntity", parts.concept("code", found))
    return el("specimen", el("specimenRole", entity, classCode="SPEC"))


def _part(found: Component) -> _Element:
    return el(
        "observation",
        *template(_SIMPLE, _FR_SIMPLE),
        parts.concept("code", found.code),
        el("statusCode", code="completed"),
        parts.value(found.value, found.absent),
        *[parts.concept("interpretationCode", each) for each in found.interpretations],
        *[_range(each) for each in found.ranges],
        classCode="OBS",
        moodCode="EVN",
    )


def _range(found: Range) -> _Element:
    bounds = parts.bounds(found)
    inside = el(
        "observationRange",
        el("text", found.text) if found.text else None,
        el("value", *bounds, xsi_type="IVL_PQ") if bounds else None,
        classCode="OBS",
        moodCode="EVN.CRT",
    )
    return el("referenceRange", inside, typeCode="REFV")
