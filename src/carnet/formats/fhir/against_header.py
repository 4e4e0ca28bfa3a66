"""The metadata of a document against what it says itself: the same document of the same person.

A CDA says so in its header, a FHIR document in its Composition. What a sender adds (labels, what is replaced) is not
compared: both hold. A title may differ.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from carnet.formats.entry import Coded, DocumentEntry
from carnet.formats.fhir import fhir_document, patient
from carnet.formats.fhir.node import Problems
from carnet.formats.terminology import systems

__all__ = ["check"]

_PARIS = ZoneInfo("Europe/Paris")


def check(entry: DocumentEntry, header: DocumentEntry, problems: Problems, path: str = "DocumentReference") -> None:
    """`path` is where the DocumentReference of `entry` stands; what one of them does not state is not compared."""
    stated, own = entry.patient.ins, header.patient.ins
    if stated and own and not patient.matching(stated, own):
        problems.add("header-patient", f"{path}.subject")
    # A FHIR document has two identifiers, its own and its Composition's: producers use either.
    if header.media_type != fhir_document.MEDIA_TYPE and entry.unique_id != header.unique_id:
        problems.add("header-unique-id", f"{path}.masterIdentifier")
    if _key(entry.type) != _key(header.type):
        problems.add("header-type", f"{path}.type")
    if _day(entry.created) != _day(header.created):
        problems.add("header-date", f"{path}.content[0].attachment.creation")
    if entry.confidentiality and header.confidentiality and entry.confidentiality.code != header.confidentiality.code:
        problems.add("header-confidentiality", f"{path}.securityLabel")


def _key(coded: Coded) -> tuple[str, str]:
    return coded.code, systems.canonical(coded.system)


def _day(moment: datetime) -> date:
    return moment.astimezone(_PARIS).date()
