"""Problems, present and past; a denied one is refuted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.absence import is_absence
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.reader import (
    PCC,
    answer,
    concept,
    found,
    is_negated,
    read_each,
    recorded,
    said,
    stated,
    status,
    templates,
    when,
    who,
)
from carnet.formats.cda.nodes import children
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import Entry, Kind, Problem
from carnet.formats.clinical.values import NOTHING, Concept

__all__ = ["CLINICAL", "SAME", "concern", "entries", "named"]

_PROBLEM: Final = f"{PCC}5"
_ALLERGY: Final = f"{PCC}6"
_CONCERN: Final = f"{PCC}5.1"
CLINICAL: Final = "33999-4"
_CERTAINTY: Final = "66455-7"
_SEVERITY: Final = "SEV"
_EFFECTS: Final = frozenset({"MFST", "CAUS"})
_CLINICAL_CODES: Final = frozenset({"active", "recurrence", "relapse", "inactive", "remission", "resolved"})
_VERIFICATIONS: Final = frozenset(
    {"unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"}
)
# SNOMED CT of the first editions.
SAME: Final = {"55561003": "active", "73425007": "inactive", "413322009": "resolved"}
# What PCC says of a concern: it is followed, or it has been resolved. Suspended and aborted say neither.
_CONCERNS: Final = {"active": "active", "completed": "resolved"}


def entries(body: etree._Element, context: Context) -> Iterator[Entry]:
    yield from read_each(context, body.iter(HL7 + "observation"), "problem", _problem)


def _problem(element: etree._Element, context: Context) -> Iterator[Entry]:
    kinds = templates(element)
    if _PROBLEM not in kinds or _ALLERGY in kinds or _is_effect(element):
        return
    code = named(element)
    if not code:
        context.fault("no-problem", element)
        return
    absent = is_absence(code)
    sites = tuple(filter(None, map(concept, children(element, "targetSiteCode"))))
    held = when(element)
    act = concern(element)
    denied = is_negated(element) or (act is not None and is_negated(act))
    yield Problem(
        kind=Kind.PROBLEM,
        code=code,
        when=held,
        recorded=recorded(element, act),
        by=who(context, element, act),
        identifiers=values.identifiers(element),
        note=values.note(element),
        absence=absent,
        path=context.path(element),
        clinical="" if absent or denied else _clinical(element, act, ended=bool(held.end)),
        verification="" if absent else "refuted" if denied else _verification(element),
        category=concept(element, "code"),
        severity=answer(element, _SEVERITY),
        body_site=next(iter(sites), NOTHING),
        other_sites=sites[1:],
    )


def _is_effect(element: etree._Element) -> bool:
    """The reaction to a vaccine, the manifestation of an allergy: told with these."""
    parent = element.getparent()
    return parent is not None and parent.get("typeCode") in _EFFECTS


def named(element: etree._Element) -> Concept:
    """The problem: a code with its words, else words alone, of the value (an ST) or of the observation."""
    return found(element) or said(element)


def concern(element: etree._Element) -> etree._Element | None:
    """The act that follows the problem, where it stands in one."""
    relation = element.getparent()
    act = None if relation is None else relation.getparent()
    return act if act is not None and act.tag == HL7 + "act" and _CONCERN in templates(act) else None


def _clinical(element: etree._Element, act: etree._Element | None, *, ended: bool) -> str:
    """As stated, else that of the concern; one that is followed says nothing of a problem that has ended."""
    followed = _CONCERNS.get(status(act), "")
    return stated(element, CLINICAL, _CLINICAL_CODES, SAME) or ("" if followed == "active" and ended else followed)


def _verification(element: etree._Element) -> str:
    return stated(element, _CERTAINTY, _VERIFICATIONS, {})
