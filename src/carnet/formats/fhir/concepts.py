"""The codes that stand in a written DocumentReference, derived where the profile lets them be: what is written and
what it is found by are the same."""

from __future__ import annotations

from typing import Final

from carnet.formats.entry import Coded, DocumentEntry
from carnet.formats.terminology import document_types, labels, systems

__all__ = ["UNKNOWN", "class_of", "format_of", "labels_of", "stated", "type_of"]

# For an element that the profile demands and the source does not give: said, never invented.
UNKNOWN: Final = Coded("UNK", systems.NULL_FLAVOR, "unknown")


def stated(coded: Coded | None) -> Coded:
    """`UNKNOWN` when there is neither a code nor words."""
    return coded if coded and (coded.code or coded.display) else UNKNOWN


def type_of(entry: DocumentEntry) -> Coded:
    """The official type; one that is not known stays as it is."""
    known = document_types.by_code(entry.type.code, entry.type.system)
    return Coded(known.code, known.system, known.display) if known else entry.type


def class_of(entry: DocumentEntry) -> Coded | None:
    """The class follows from the type; only without it counts what was given."""
    return document_types.class_of(entry.type.code, entry.type.system) or entry.category


def format_of(entry: DocumentEntry) -> Coded:
    return entry.format or document_types.default_format(entry.media_type)


def labels_of(base: Coded | None, mask: int) -> tuple[Coded, ...]:
    """The base label, N when none is given, and those of the visibility that `mask` holds."""
    visibility = (labels.coded(code) for code in labels.codes_of(mask))
    return (labels.base(base.code if base else "N"), *(each for each in visibility if each))
