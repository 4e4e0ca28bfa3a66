"""The metadata of a document against what it says itself: the same document of the same person.

A CDA says so in its header, a FHIR document in its Composition. What a sender adds (labels, what is replaced) is not
compared: both hold. A title may differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from carnet.formats.entry import Coded, DocumentEntry, Identifier, Patient
from carnet.formats.fhir import fhir_document, patient
from carnet.formats.fhir.node import Problems
from carnet.formats.fhir.read_metadata import NEVER
from carnet.formats.folding import fold
from carnet.formats.terminology import systems

__all__ = ["check", "numberless"]

_PARIS = ZoneInfo("Europe/Paris")
_SEPARATORS = re.compile(r"[\W_]+")
_Words = frozenset[str]


def check(
    entry: DocumentEntry,
    header: DocumentEntry,
    problems: Problems,
    path: str = "DocumentReference",
    *,
    holder: Patient | None = None,
) -> None:
    """`path` is where the DocumentReference of `entry` stands; what one of them does not state well is not compared.
    `holder` is whose record it is, for a header that no number tells of (`numberless`)."""
    stated, own = entry.patient.ins, header.patient.ins
    if stated and own and not patient.matching(stated, own):
        problems.add("header-patient", f"{path}.subject")
    if holder and (differing := _differing(header.patient, holder)):
        problems.add("header-traits", f"{path}.subject", f"Diffèrent : {', '.join(differing)}.")
    # A FHIR document has two identifiers, its own and its Composition's: producers use either.
    named = entry.unique_id and header.media_type != fhir_document.MEDIA_TYPE
    if named and entry.unique_id != header.unique_id:
        problems.add("header-unique-id", f"{path}.masterIdentifier")
    if entry.type.code and _key(entry.type) != _key(header.type):
        problems.add("header-type", f"{path}.type")
    if entry.created != NEVER and _day(entry.created) != _day(header.created):
        problems.add("header-date", f"{path}.content[0].attachment.creation")
    if entry.confidentiality and header.confidentiality and entry.confidentiality.code != header.confidentiality.code:
        problems.add("header-confidentiality", f"{path}.securityLabel")


def numberless(stated: Identifier | None, own: Identifier | None) -> bool:
    """Whether the number in a header cannot say whose it is: there is none, or it is of another kind."""
    return not (stated and own and stated.system == own.system)


def _differing(own: Patient, holder: Patient) -> list[str]:
    """The traits, in French, that cannot be of one person. Names are of one when words of the one are all in the other:
    compound names come whole, or not, and with any dash."""
    found = []
    if not _met((own.birth_family, own.used_family), (holder.birth_family, holder.used_family), _within):
        found.append("nom")
    givens = (own.birth_given, own.birth_givens, own.used_given)
    if not _met(givens, (holder.birth_given, holder.birth_givens, holder.used_given), _shared):
        found.append("prénom")
    length = min(len(own.birth_date), len(holder.birth_date))
    if own.birth_date[:length] != holder.birth_date[:length]:
        found.append("date de naissance")
    return found


def _met(own: Iterable[str], others: Iterable[str], alike: Callable[[_Words, _Words], bool]) -> bool:
    """What is not stated contradicts nothing."""
    mine, theirs = [words for each in own if (words := _words(each))], [w for each in others if (w := _words(each))]
    return not (mine and theirs) or any(alike(one, other) for one in mine for other in theirs)


def _words(name: str) -> _Words:
    return frozenset(_SEPARATORS.sub(" ", fold(name)).split())


def _within(one: _Words, other: _Words) -> bool:
    return one <= other or other <= one


def _shared(one: _Words, other: _Words) -> bool:
    return bool(one & other)


def _key(coded: Coded) -> tuple[str, str]:
    return coded.code, systems.canonical(coded.system)


def _day(moment: datetime) -> date:
    return moment.astimezone(_PARIS).date()
