"""A FHIR element being read: its value, its FHIRPath, and the list of problems it adds to.

Nothing raises while reading: every problem of a resource is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from carnet.formats.fhir import errors, times
from carnet.formats.fhir.outcome import Issue

__all__ = ["Node", "Problems"]

_TEXT_LIMIT: Final = 4_000
_LIST_LIMIT: Final = 200
_ISSUE_LIMIT: Final = 100
_VISIT_LIMIT: Final = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOTHING: Final[Mapping[str, Any]] = {}


class Problems:
    """Each problem once, and no more than a person can read: a hostile body has no hold on memory or time."""

    def __init__(self, visits: int = _VISIT_LIMIT) -> None:
        self._limit = visits
        self._errors: dict[Issue, None] = {}
        self._warnings: dict[Issue, None] = {}
        self._settled: frozenset[str] = frozenset()
        self._visits = 0
        # As many errors as are told: the rest need not be looked for.
        self.full = False

    def visit(self) -> None:
        """Count one look at a value; raise `FhirError` when a resource is made to be looked at for ever."""
        self._visits += 1
        if self._visits > self._limit:
            raise errors.failure("too-large", detail="La ressource a trop d’éléments.")

    def add(self, code: str, expression: str, detail: str = "", *, severity: str = "", xds: str = "") -> None:
        found = errors.issue(code, expression=expression, detail=detail, severity=severity, xds=xds)
        kept = self._errors if found.is_error else self._warnings
        if len(kept) < _ISSUE_LIMIT and not (found.is_error and expression in self._settled):
            kept[found] = None
            self.full = len(self._errors) >= _ISSUE_LIMIT

    def settle(self) -> None:
        """No further error is told of a place that has one: it would only follow from it."""
        self._settled = frozenset(each.expression for each in self._errors)

    @property
    def issues(self) -> tuple[Issue, ...]:
        return (*self._errors, *self._warnings)

    @property
    def failed(self) -> bool:
        return bool(self._errors)

    @property
    def warnings(self) -> tuple[Issue, ...]:
        return tuple(self._warnings)

    def warnings_below(self, path: str) -> tuple[Issue, ...]:
        """Those of the element at that path, and of what it holds."""
        below = (f"{path}.", f"{path}[")
        return tuple(each for each in self._warnings if each.expression == path or each.expression.startswith(below))


@dataclass(frozen=True, slots=True)
class Node:
    """An object; an absent one reads as empty, so that a chain of children never fails."""

    fields: Mapping[str, Any]
    path: str
    problems: Problems

    def __bool__(self) -> bool:
        return bool(self.fields)

    @property
    def absent(self) -> bool:
        """Already told to be missing or wrong: what it lacks in turn is not told as well."""
        return self.fields is _NOTHING

    def has(self, name: str) -> bool:
        return self.fields.get(name) is not None

    def at(self, name: str) -> str:
        return f"{self.path}.{name}"

    def problem(self, code: str, name: str = "", detail: str = "", *, severity: str = "", xds: str = "") -> None:
        place = self.at(name) if name else self.path
        self.problems.add(code, place, detail, severity=severity, xds=xds)

    def text(self, name: str, *, required: bool = False, limit: int = _TEXT_LIMIT) -> str:
        """A clean text, or "", with a problem when it is wrong, or required and absent."""
        value = self.fields.get(name)
        if value is None:
            if required and not self.absent:
                self.problem("required", name)
            return ""
        return self._clean(value, self.at(name), limit)

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._list(name)
        found = (self._clean(value, f"{self.at(name)}[{i}]") for i, value in enumerate(values) if value is not None)
        return tuple(filter(None, found))

    def moment(self, name: str, *, required: bool = False) -> datetime | None:
        """A dateTime or an instant; a partial date is the start of its period, in Paris."""
        return self._dated(name, self.text(name, required=required), times.parse)

    def last_moment(self, name: str) -> datetime | None:
        """The end of an interval; a partial date is meant to its end, in Paris."""
        return self._dated(name, self.text(name), times.last)

    def _dated(self, name: str, text: str, read: Callable[[str], datetime | None]) -> datetime | None:
        found = read(text) if text else None
        if text and found is None:
            self.problem("value-date", name)
        return found

    def nothing(self) -> Node:
        return Node(_NOTHING, self.path, self.problems)

    def count(self, name: str) -> int | None:
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.problem("value-type", name, "Un nombre entier positif est attendu.")
            return None
        return value

    def flag(self, name: str) -> bool:
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            self.problem("value-type", name, "true ou false est attendu.")
        return value is True

    def child(self, name: str, *, required: bool = False) -> Node:
        value = self.fields.get(name)
        if value is None:
            if required and not self.absent:
                self.problem("required", name)
            return self._node(_NOTHING, self.at(name))
        return self._object(value, self.at(name))

    def children(self, name: str, *, required: bool = False, limit: int = _LIST_LIMIT) -> Iterator[Node]:
        values = self._list(name, limit)
        if required and not self.absent and self.fields.get(name) in (None, []):
            self.problem("required", name)
        for number, value in enumerate(values):
            yield self._object(value, f"{self.at(name)}[{number}]")

    def only(self, name: str, *, required: bool = False, excess: Literal["error", "warning"] = "error") -> Node:
        """The one element of a list; more of them is a problem."""
        found = list(self.children(name, required=required))
        if len(found) > 1:
            code = "too-many" if excess == "error" else "element-not-kept"
            self.problem(code, f"{name}[1]")
        return found[0] if found else self._node(_NOTHING, f"{self.at(name)}[0]")

    def _list(self, name: str, limit: int = _LIST_LIMIT) -> list[Any]:
        value = self.fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem("value-type", name, "Une liste est attendue.")
            return []
        if len(value) > limit:
            self.problem("too-many", name, f"Au plus {limit} éléments.")
            return []
        return value

    def _object(self, value: object, path: str) -> Node:
        self.problems.visit()
        if not isinstance(value, dict):
            self.problems.add("value-type", path, "Un objet est attendu.")
            return self._node(_NOTHING, path)
        if not value:
            self.problems.add("value-type", path, "Un objet vide n’est pas permis.")
            return self._node(_NOTHING, path)
        return self._node(value, path)

    def _node(self, fields: Mapping[str, Any], path: str) -> Node:
        return Node(fields, path, self.problems)

    def _clean(self, value: object, path: str, limit: int = _TEXT_LIMIT) -> str:
        self.problems.visit()
        if not isinstance(value, str):
            self.problems.add("value-type", path, "Un texte est attendu.")
            return ""
        text = value.strip()
        # Most are printable, which is told sooner.
        if not text or (not text.isprintable() and _CONTROL.search(text)):
            self.problems.add("value-characters", path)
            return ""
        if len(text) > limit:
            self.problems.add("value-too-long", path, f"Au plus {limit} caractères.")
            return ""
        return text
