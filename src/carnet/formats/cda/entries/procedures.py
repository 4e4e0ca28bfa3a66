"""Acts that were done, are being done, are planned, or were not done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.absence import is_absence
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.documents import is_history_of_reimbursements
from carnet.formats.cda.entries.reader import (
    PCC,
    concept,
    is_negated,
    located,
    mood,
    read_each,
    reasons,
    recorded,
    said,
    status,
    templates,
    when,
    who,
)
from carnet.formats.cda.nodes import children
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import Entry, Kind, Procedure

__all__ = ["entries", "procedure"]

# The act of PCC, and that of an imaging report (DICOM part 20).
_PROCEDURES: Final = frozenset({f"{PCC}19", "1.2.840.10008.9.14"})
_DONE: Final = {
    "completed": "completed",
    "active": "in-progress",
    "suspended": "on-hold",
    "aborted": "stopped",
    "cancelled": "not-done",
}
_PLANNED: Final = frozenset({"INT", "RQO", "PRMS", "ARQ", "APT", "PRP"})


def entries(body: etree._Element, context: Context) -> Iterator[Entry]:
    if not is_history_of_reimbursements(body):
        yield from read_each(context, body.iter(HL7 + "procedure"), "procedure", _one)


def _one(element: etree._Element, context: Context) -> Iterator[Entry]:
    yield from procedure(element, context, Kind.PROCEDURE)


def procedure(element: etree._Element, context: Context, kind: Kind) -> Iterator[Entry]:
    if not templates(element) & _PROCEDURES:
        return
    code = concept(element, "code") or said(element)
    if not code:
        context.fault("no-act", element)
        return
    absent = is_absence(code)
    yield Procedure(
        kind=kind,
        code=code,
        status="unknown" if absent else _status(element),
        when=when(element),
        recorded=recorded(element),
        by=who(context, element),
        identifiers=values.identifiers(element),
        note=values.note(element),
        absence=absent,
        path=context.path(element),
        body_sites=tuple(filter(None, (concept(each) for each in children(element, "targetSiteCode")))),
        reasons=reasons(element),
        location=located(element),
    )


def _status(element: etree._Element) -> str:
    """FHIR has no act that is only planned: `preparation` is what comes before it begins."""
    stated = status(element)
    if is_negated(element):
        return "not-done"
    if mood(element) in _PLANNED:
        return "not-done" if stated in {"cancelled", "aborted"} else "preparation"
    return _DONE.get(stated, "unknown")
