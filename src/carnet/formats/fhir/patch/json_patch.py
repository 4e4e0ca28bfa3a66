"""JSON Patch (RFC 6902): one operation read into an act.

| path | add | replace | remove |
|---|---|---|---|
| /securityLabel | the labels become these | the labels become these | refused: the base code stays |
| /securityLabel/- | add the label | | |
| /securityLabel/I | insert the label | replace it (see apply.py) | remove it, unless it is the base code |
| /securityLabel/I/coding, …/coding/0, …/coding/0/code | | as /securityLabel/I | |
| /extension, /extension/I, /extension/-, /extension/I/valueBoolean | isArchived | isArchived | not archived |
| /extension[url:'…is-archived'], with or without /valueBoolean | isArchived | isArchived | not archived |
| /status | as replace | withdraw, or nothing for current | |

`test` compares anything below these three elements. The selector in brackets is the guides' own: it needs no
extension to be there (interoperability reference, g5).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.patch import values
from carnet.formats.fhir.patch.model import (
    IS_ARCHIVED,
    Act,
    AddLabel,
    Expect,
    ExpectArchived,
    RemoveLabel,
    ReplaceLabel,
    SetArchived,
    SetLabels,
)

__all__ = ["act"]

_SELECTOR = re.compile(r"""/extension\[\s*url\s*[:=]\s*(?P<quote>['"])(?P<url>[^'"]*)(?P=quote)\s*\](?P<rest>/.*)?""")
_BAD_ESCAPE = re.compile(r"~(?![01])")
# More digits lead nowhere in lists that hold four labels at most.
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_OPERATIONS: Final = frozenset({"add", "replace", "remove", "test"})
_ELEMENTS: Final = frozenset({"status", "securityLabel", "extension"})


def act(given: object, place: str) -> Act:
    """`place` is `operation[I]`; raise `FhirError` for what is no legal operation."""
    if not isinstance(given, dict):
        raise errors.failure("patch-operation", expression=place, detail="Un objet est attendu.")
    kind, path = given.get("op"), given.get("path")
    if not isinstance(kind, str) or kind not in _OPERATIONS:
        detail = "move et copy n’ont pas de sens ici." if kind in ("move", "copy") else ""
        raise errors.failure("patch-operation", expression=f"{place}.op", detail=detail)
    if not isinstance(path, str):
        raise errors.failure("patch-operation", expression=f"{place}.path", detail="path est un texte.")
    if kind != "remove" and "value" not in given:
        raise errors.failure("patch-operation", expression=f"{place}.value", detail="value manque.")
    return _Operation(kind, given, place).read(path)


@dataclass(frozen=True, slots=True)
class _Operation:
    kind: str
    given: Mapping[str, Any]
    at: str

    @property
    def _value(self) -> tuple[Any, str]:
        return self.given["value"], f"{self.at}.value"

    def _refused(self, code: str, detail: str = "") -> FhirError:
        return errors.failure(code, expression=f"{self.at}.path", detail=detail)

    def read(self, path: str) -> Act:
        if selector := _SELECTOR.fullmatch(path):
            return self._selected(selector["url"].strip(), selector["rest"] or "")
        tokens = self._tokens(path)
        if not tokens or tokens[0] not in _ELEMENTS:
            raise self._refused("patch-element")
        if self.kind == "test":
            return Expect(tokens, self.given["value"])
        match tokens:
            case ("status",):
                return self._status()
            case ("securityLabel",):
                return self._labels()
            case ("securityLabel", index, *rest):
                return self._label(index, rest)
            case ("extension",):
                return self._extensions()
            case ("extension", index, *rest):
                return self._extension(index, rest)
        raise self._refused("patch-element")

    def _tokens(self, path: str) -> tuple[str, ...]:
        if (path and not path.startswith("/")) or _BAD_ESCAPE.search(path):
            raise self._refused("patch-path")
        return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])

    def _status(self) -> Act:
        if self.kind == "remove":
            raise self._refused("patch-element", "status est obligatoire.")
        return values.status(*self._value)

    def _index(self, written: str) -> int:
        if not _INDEX.fullmatch(written):
            raise self._refused("patch-path", "L’indice n’est pas lisible.")
        return int(written)

    # securityLabel

    def _labels(self) -> Act:
        if self.kind == "remove":
            raise self._refused("patch-base-label")
        return SetLabels(values.label_list(*self._value))

    def _label(self, written: str, rest: list[str]) -> Act:
        if rest:
            return self._inside_label(self._index(written), rest)
        if self.kind == "add":
            index = None if written == "-" else self._index(written)
            return AddLabel(values.label(*self._value), index)
        position = self._index(written)
        return RemoveLabel(position) if self.kind == "remove" else ReplaceLabel(position, values.label(*self._value))

    def _inside_label(self, index: int, rest: list[str]) -> Act:
        value, place = self._value if self.kind == "replace" else (None, "")
        match self.kind, rest:
            case "replace", ["coding"]:
                return ReplaceLabel(index, values.label({"coding": value}, place))
            case "replace", ["coding", "0"]:
                return ReplaceLabel(index, values.label({"coding": [value]}, place))
            case "replace", ["coding", "0", "code"]:
                return ReplaceLabel(index, values.code(value, place))
        raise self._refused("patch-element", "L’étiquette se remplace en entier, ou par son code.")

    # isArchived

    def _selected(self, url: str, rest: str) -> Act:
        if url != IS_ARCHIVED or rest not in ("", "/valueBoolean"):
            raise self._refused("patch-element")
        if self.kind == "remove":
            return SetArchived(archived=None)
        found = values.archived(*self._value) if rest else values.archived_extension(*self._value)
        return ExpectArchived(found) if self.kind == "test" else SetArchived(found)

    def _extensions(self) -> Act:
        if self.kind == "remove":
            return SetArchived(archived=None, standing=1)
        return SetArchived(values.archived_extensions(*self._value))

    def _extension(self, written: str, rest: list[str]) -> Act:
        if rest not in ([], ["valueBoolean"]):
            raise self._refused("patch-element")
        if self.kind == "remove":
            if rest:
                raise self._refused("patch-element", "Retirez l’extension entière.")
            return SetArchived(archived=None, standing=self._index(written) + 1)
        if rest:
            return SetArchived(values.archived(*self._value), self._index(written) + 1)
        return SetArchived(values.archived_extension(*self._value), self._standing(written))

    def _standing(self, written: str) -> int:
        if self.kind == "replace":
            return self._index(written) + 1
        # An insertion may stand right behind the last one.
        return 0 if written == "-" else self._index(written)
