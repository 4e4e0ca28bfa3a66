"""Types of documents, their class, their ordinal and the shelf on which people find them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from carnet.formats.entry import Coded
from carnet.formats.terminology import systems
from carnet.formats.terminology.table import Row, Table, read

__all__ = [
    "MAX_ORDINAL",
    "UNKNOWN",
    "DocumentType",
    "all_types",
    "by_code",
    "by_ordinal",
    "categories",
    "class_of",
    "default_format",
    "known",
]

UNKNOWN: Final = 0
MAX_ORDINAL: Final = 255
_FILE = "document_types.json"
_URGENT: Final = "urgent.json"
_STATUSES = ("dmp", "ci-sis", "pending", "retired")
_AUTHORS = ("professional", "patient", "insurer")
_MIME_IS_ENOUGH = Coded(
    "urn:ihe:iti:xds:2017:mimeTypeSufficient",
    "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode",
    "mimeType Sufficient",
)


@dataclass(frozen=True, slots=True)
class DocumentType:
    """`ordinal` is 1 … 255 for ever; `class_code` is "" for the types that no class is published for.

    `status`: dmp (in the value set of the national record), ci-sis (outside it), pending, retired.
    """

    ordinal: int
    code: str
    system: str
    display: str
    class_code: str
    category: str
    category_label: str
    written_by: str
    status: str


@dataclass(frozen=True, slots=True)
class _Register:
    types: tuple[DocumentType, ...]
    classes: Mapping[str, Coded]
    categories: Mapping[str, str]
    formats: Mapping[str, Coded]
    by_code: Mapping[tuple[str, str], DocumentType]
    by_ordinal: Mapping[int, DocumentType]


def parse(table: Table) -> _Register:
    classes = _classes(table)
    categories = _labels(table)
    types = tuple(_type(row, classes, categories) for row in table.rows("types"))
    by_code: dict[tuple[str, str], DocumentType] = {}
    by_ordinal: dict[int, DocumentType] = {}
    for row, kind in zip(table.rows("types"), types, strict=True):
        if by_code.setdefault((kind.system, kind.code), kind) is not kind:
            raise row.error(f"the code {kind.code!r} appears twice in its system")
        if by_ordinal.setdefault(kind.ordinal, kind) is not kind:
            raise row.error(f"the ordinal {kind.ordinal} is already taken")
        by_code.setdefault(("", kind.code), kind)
    formats = {
        row.required("media_type"): Coded(row.required("code"), systems.FORMAT, row.required("display"))
        for row in table.rows("formats")
    }
    return _Register(types, classes, categories, formats, by_code, by_ordinal)


def _classes(table: Table) -> dict[str, Coded]:
    classes: dict[str, Coded] = {}
    for row in table.rows("classes"):
        code = row.required("code")
        if code in classes:
            raise row.error(f"the class {code!r} appears twice")
        classes[code] = Coded(code, row.required("system"), row.required("display"))
    return classes


def _labels(table: Table) -> dict[str, str]:
    labels: dict[str, str] = {}
    for row in table.rows("categories"):
        if row.required("code") in labels:
            raise row.error(f"the category {row.required('code')!r} appears twice")
        labels[row.required("code")] = row.required("label")
    return labels


def _type(row: Row, classes: Mapping[str, Coded], categories: Mapping[str, str]) -> DocumentType:
    ordinal, class_code, category = row.number("ordinal"), row.text("class"), row.required("category")
    if not UNKNOWN < ordinal <= MAX_ORDINAL:
        raise row.error(f"the ordinal {ordinal} is not between 1 and {MAX_ORDINAL}")
    if class_code and class_code not in classes:
        raise row.error(f"the class {class_code!r} is unknown")
    if category not in categories:
        raise row.error(f"the category {category!r} is unknown")
    if row.text("status") not in _STATUSES:
        raise row.error(f"the status must be one of {', '.join(_STATUSES)}")
    if row.text("written_by") not in _AUTHORS:
        raise row.error(f"'written_by' must be one of {', '.join(_AUTHORS)}")
    return DocumentType(
        ordinal=ordinal,
        code=row.required("code"),
        system=row.required("system"),
        display=row.required("display"),
        class_code=class_code,
        category=category,
        category_label=categories[category],
        written_by=row.text("written_by"),
        status=row.text("status"),
    )


@cache
def _register() -> _Register:
    return parse(read(_FILE))


def all_types() -> tuple[DocumentType, ...]:
    return _register().types


def by_code(code: str, system: str = "") -> DocumentType | None:
    """`system` is an OID or a FHIR URI; "" matches the code in whatever system the table has it."""
    return _register().by_code.get((systems.to_oid(system), code))


def known(code: str) -> DocumentType:
    """For a code that stands in our own code."""
    found = by_code(code)
    if found is None:
        raise LookupError(code)
    return found


@cache
def urgent() -> frozenset[str]:
    """Codes of what an emergency service writes of somebody's passage there."""
    return frozenset(row.required("code") for row in read(_URGENT).rows("types"))


@cache
def by_ordinal(ordinal: int) -> DocumentType | None:
    return _register().by_ordinal.get(ordinal)


def class_of(code: str, system: str = "") -> Coded | None:
    """The class of a type: always derived from the type, never chosen by who deposits (ASS_X16)."""
    kind = by_code(code, system)
    return _register().classes.get(kind.class_code) if kind else None


def categories() -> Mapping[str, str]:
    """Code and French label of the shelves, in the order of the screens."""
    return _register().categories


def default_format(media_type: str) -> Coded:
    """The format of a document that states none: ASS_A12 for plain bodies, else "media type is enough"."""
    return _register().formats.get(media_type, _MIME_IS_ENOUGH)
