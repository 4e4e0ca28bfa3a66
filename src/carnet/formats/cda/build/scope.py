"""Where in the document an entry stands: hands out its identifiers and finds its place in the narrative."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from lxml.etree import _Element

from carnet.formats.cda.build.act import entry_id
from carnet.formats.cda.build.details import Details
from carnet.formats.cda.build.elements import el

__all__ = ["Scope"]


@dataclass(frozen=True, slots=True)
class Scope:
    """One section of one document. Marks are unique in their section, identifiers in the document; both are the
    same at every build."""

    unique_id: str
    details: Details
    number: int = 0
    _ids: Iterator[int] = field(default_factory=lambda: count(1))
    _sections: Iterator[int] = field(default_factory=lambda: count(1))

    def section(self) -> Scope:
        return replace(self, number=next(self._sections))

    def id(self) -> str:
        return entry_id(self.unique_id, f"entry/{next(self._ids)}")

    def mark(self, mark: str) -> str:
        return f"s{self.number}-{mark}"

    def pointer(self, mark: str) -> _Element:
        return el("reference", value=f"#{self.mark(mark)}")
