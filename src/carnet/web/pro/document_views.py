"""What each profession opens first in a list of documents, how far back its first view goes, and what is set aside as
papers of administration: data, read once. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson

from carnet.formats.terminology import document_types, professions
from carnet.formats.terminology.document_types import DocumentType

EMERGENCY, OTHER = "emergency", "other"
_FILE: Final = "data/document_views.json"


@dataclass(frozen=True, slots=True)
class DocumentView:
    """`first`: codes of types and of whole categories. `months`: how far back, until that is lifted."""

    name: str
    months: int
    first: frozenset[str]

    def puts_first(self, kind: DocumentType | None) -> bool:
        return kind is not None and bool({kind.code, kind.category} & self.first)


@dataclass(frozen=True, slots=True)
class _Views:
    by_name: Mapping[str, DocumentView]
    by_profession: Mapping[tuple[str, str], DocumentView]
    administrative: frozenset[str]


def of(profession: tuple[str, str] | None, *, emergency: bool = False) -> DocumentView:
    """`profession`: the system and code of the directory."""
    views = _read()
    if emergency:
        return views.by_name[EMERGENCY]
    return views.by_profession.get(profession or ("", ""), views.by_name[OTHER])


def administrative(kind: DocumentType | None) -> bool:
    return kind is not None and bool({kind.code, kind.category} & _read().administrative)


@cache
def _read() -> _Views:
    found = orjson.loads((files(__package__) / _FILE).read_bytes())
    by_name = {name: _view(name, told) for name, told in found["views"].items()}
    by_profession = {
        _profession(each): by_name[name] for name, told in found["views"].items() for each in told["professions"]
    }
    return _Views(by_name, by_profession, _codes(found["administrative"]))


def _profession(each: str) -> tuple[str, str]:
    """As the directory has it."""
    system, _, code = each.partition("/")
    found, _ = professions.split(code, system)
    return found.system, found.code


def _view(name: str, told: Mapping[str, Any]) -> DocumentView:
    return DocumentView(name, int(told["months"]), _codes(told["first"]))


def _codes(codes: list[str]) -> frozenset[str]:
    """A code that nobody knows would put nothing first, and nobody would notice."""
    unknown = [code for code in codes if code not in document_types.categories() and not document_types.by_code(code)]
    if unknown:
        raise LookupError(unknown)
    return frozenset(codes)
