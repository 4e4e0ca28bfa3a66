"""What an answer looks like: how many entries, in what order, with which total, from where on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from carnet.formats.fhir.search.parameters import Kind
from carnet.formats.fhir.search.results import DEFAULT_COUNT, MAX_COUNT, SortKey

__all__ = ["Paging", "Read"]

_NUMBER = re.compile(r"[0-9]{1,9}")
_SUMMARIES: Final = frozenset({"true", "text", "data", "count", "false"})
_TOTALS: Final = frozenset({"none", "estimate", "accurate"})
_OTHER_NAMES: Final = {"_lastupdated": "_lastUpdated"}


class Read(NamedTuple):
    """The value as far as it is understood ("" for nothing to repeat), and whether a part of it was not."""

    value: str
    ignored: bool = False


@dataclass(slots=True)
class Paging:
    """`sortable` are the fields by which the resource can be sorted; `names` are other names for them."""

    sortable: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    sort: tuple[SortKey, ...] = ()
    count: int = DEFAULT_COUNT
    summary_count: bool = False
    total: bool = True
    cursor: str = ""

    def read(self, kind: Kind, parts: tuple[str, ...]) -> Read | None:
        """None when the value cannot be read."""
        if kind is Kind.SORT:
            return self._sort(parts)
        if len(parts) != 1:
            return None
        match kind:
            case Kind.COUNT:
                return self._count(parts[0])
            case Kind.SUMMARY:
                return self._summary(parts[0])
            case Kind.TOTAL:
                return self._total(parts[0])
            case _:
                return self._cursor(parts[0])

    def _sort(self, parts: tuple[str, ...]) -> Read:
        wanted = [(part.startswith("-"), part.removeprefix("-")) for part in parts]
        names = {**_OTHER_NAMES, **self.names}
        named = [SortKey(names.get(name, name), descending) for descending, name in wanted]
        # What is sorted by a field is not sorted by it again.
        first = {key.field: key for key in reversed(named) if key.field in self.sortable}
        self.sort = tuple(key for key in dict.fromkeys(named) if first.get(key.field) is key)
        text = ",".join(f"-{key.field}" if key.descending else key.field for key in self.sort)
        return Read(text, ignored=any(key.field not in self.sortable for key in named))

    def _count(self, text: str) -> Read | None:
        if not _NUMBER.fullmatch(text):
            return None
        self.count = min(int(text), MAX_COUNT)
        self.summary_count = self.summary_count or not self.count
        return Read(str(self.count))

    def _summary(self, text: str) -> Read | None:
        if text not in _SUMMARIES:
            return None
        if text == "count":
            self.summary_count = True
        return Read(text if text == "count" else "", ignored=text not in {"count", "false"})

    def _total(self, text: str) -> Read | None:
        if text not in _TOTALS:
            return None
        self.total = text != "none"
        return Read(text)

    def _cursor(self, text: str) -> Read:
        self.cursor = text
        return Read("")

    def fields(self) -> dict[str, Any]:
        return {
            "sort": self.sort,
            "count": self.count,
            "summary_count": self.summary_count,
            "total": self.total or self.summary_count,
            "cursor": self.cursor,
        }
