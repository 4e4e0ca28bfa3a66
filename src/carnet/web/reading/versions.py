"""The versions of a document: those that it replaced, and the one that replaced it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from carnet.documents.reading import Around


@dataclass(frozen=True, slots=True)
class Versions:
    """`next` replaced this document, `newest` is the one in force; `earlier` newest first, each with the one that
    replaced it."""

    next: Around | None
    newest: Around | None
    earlier: tuple[Around, ...]


def of(around: Iterable[Around]) -> Versions:
    known = tuple(around)
    later = [each for each in known if each.step > 0]
    following = next((each for each in reversed(later) if each.step == 1), None)
    return Versions(following, later[0] if later else None, tuple(each for each in known if each.step < 0))
