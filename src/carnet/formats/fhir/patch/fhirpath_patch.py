"""FHIRPath Patch: one `operation` of a Parameters resource read into an act.

| type | path | meaning |
|---|---|---|
| add | DocumentReference, name securityLabel | add the label |
| insert | securityLabel, with index | insert the label |
| replace | securityLabel[I], also .coding[0] and .coding[0].code | replace it (see apply.py) |
| replace | securityLabel.coding.where(system='…v3-Confidentiality').code | set the base code |
| delete | securityLabel[I] | remove it, unless it is the base code |
| add | DocumentReference, name extension, value in parts url and valueBoolean | isArchived |
| add | extension.where(url='…is-archived'), name value | isArchived |
| replace | extension.where(url='…').value, extension('…').value, extension[I].value | isArchived |
| delete | the same without .value | not archived |
| replace | status | withdraw, or nothing for current |

Instead of [I], a label may be named: securityLabel.where(coding.code='MASQUE_PS'); without either it must be the only
one. An extension named by its url need not be there (interoperability reference, g5).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.patch import parameters, values
from carnet.formats.fhir.patch.model import (
    IS_ARCHIVED,
    Act,
    AddLabel,
    Position,
    RemoveLabel,
    ReplaceLabel,
    SetArchived,
    SetBase,
)
from carnet.formats.terminology import systems

__all__ = ["act"]

_TYPES: Final = frozenset({"add", "insert", "replace", "delete"})
_ROOT = r"(?:DocumentReference\.)?"
_INDEX = r"\[(?P<index>0|[1-9][0-9]{0,8})\]"
_LABEL = re.compile(
    rf"{_ROOT}securityLabel(?:{_INDEX}|\.where\(\s*coding\.code\s*=\s*'(?P<code>\w+)'\s*\))?"
    r"(?P<inside>\.coding(?:\[0\])?(?:\.code)?)?"
)
_BASE = re.compile(rf"{_ROOT}securityLabel\.coding\.where\(\s*system\s*=\s*'(?P<system>[^']*)'\s*\)\.code")
_EXTENSION = re.compile(
    rf"{_ROOT}extension(?:{_INDEX}|\.where\(\s*url\s*=\s*'(?P<url>[^']*)'\s*\)|\(\s*'(?P<named>[^']*)'\s*\))"
    r"(?P<value>\.value(?:Boolean)?)?"
)
_STATUS = re.compile(rf"{_ROOT}status")
_PATH = re.compile(r"[A-Za-z][\w.\[\]()'=\s:/\-]*")


def act(given: object, place: str) -> Act:
    """`place` is `operation[I]`; raise `FhirError` for what is no legal operation."""
    parts = parameters.of(given, place)
    kind, path = parameters.value(parts.get("type")), parameters.value(parts.get("path"))
    if not isinstance(kind, str) or kind not in _TYPES:
        detail = "move n’a pas de sens ici." if kind == "move" else ""
        raise errors.failure("patch-operation", expression=f"{place}.type", detail=detail)
    if not isinstance(path, str):
        raise errors.failure("patch-operation", expression=f"{place}.path", detail="path est un texte.")
    if kind != "delete" and "value" not in parts:
        raise errors.failure("patch-operation", expression=f"{place}.value", detail="value manque.")
    return _Operation(kind, parts, place).read(path.strip())


@dataclass(frozen=True, slots=True)
class _Operation:
    kind: str
    parts: Mapping[str, Mapping[str, Any]]
    at: str

    @property
    def _value(self) -> tuple[Any, str]:
        return parameters.value(self.parts["value"]), f"{self.at}.value"

    @property
    def _name(self) -> Any:
        return parameters.value(self.parts.get("name"))

    def _refused(self, code: str, detail: str = "", *, part: str = "path") -> FhirError:
        return errors.failure(code, expression=f"{self.at}.{part}", detail=detail)

    def read(self, path: str) -> Act:
        if path == "DocumentReference":
            return self._added()
        if _STATUS.fullmatch(path):
            return self._status()
        if base := _BASE.fullmatch(path):
            return self._base(base["system"])
        if label := _LABEL.fullmatch(path):
            position: Position = int(label["index"]) if label["index"] else label["code"]
            return self._label(position, label["inside"] or "")
        if extension := _EXTENSION.fullmatch(path):
            return self._extension(extension)
        raise self._refused("patch-element" if _PATH.fullmatch(path) else "patch-path")

    def _added(self) -> Act:
        if self.kind != "add":
            raise self._refused("patch-element", "La fiche entière ne se remplace ni ne se retire ici.")
        match self._name:
            case "securityLabel":
                return AddLabel(values.label(*self._value), None)
            case "extension":
                return SetArchived(values.archived_extension(*self._value))
            case "status":
                raise self._refused("patch-target", "status est déjà là : remplacez-le.", part="name")
            case str():
                raise self._refused("patch-element", part="name")
        raise self._refused("patch-operation", "name manque.", part="name")

    def _status(self) -> Act:
        if self.kind != "replace":
            raise self._refused("patch-element", "status se remplace seulement.")
        return values.status(*self._value)

    # securityLabel

    def _base(self, system: str) -> Act:
        if self.kind != "replace" or systems.canonical(system) != systems.CONFIDENTIALITY:
            raise self._refused("patch-element", "Par le système, seul le code de confidentialité se remplace.")
        return SetBase(values.base(*self._value))

    def _label(self, position: Position, inside: str) -> Act:
        match self.kind:
            case "delete" if not inside:
                return RemoveLabel(position)
            case "insert" if not inside:
                return self._inserted(position)
            case "replace":
                return ReplaceLabel(position, self._replacement(inside))
            case "add" if not inside:
                raise self._refused("patch-path", "Un add se fait sur DocumentReference, avec name = securityLabel.")
        raise self._refused("patch-element", "L’étiquette se remplace en entier, ou par son code.")

    def _replacement(self, inside: str) -> str:
        value, place = self._value
        if inside.endswith(".code"):
            return values.code(value, place)
        return values.label({"coding": [value]} if inside else value, place)

    def _inserted(self, position: Position) -> Act:
        index = parameters.value(self.parts.get("index"))
        if position is not None:
            raise self._refused("patch-path", "insert vise securityLabel, et dit la place dans index.")
        if isinstance(index, bool) or not isinstance(index, int) or index < 0:
            raise self._refused("patch-operation", "insert demande un index à partir de 0.", part="index")
        return AddLabel(values.label(*self._value), index)

    # isArchived

    def _extension(self, found: re.Match[str]) -> Act:
        url = (found["url"] or found["named"] or "").strip()
        if not found["index"] and url != IS_ARCHIVED:
            raise self._refused("patch-element")
        standing = int(found["index"]) + 1 if found["index"] else 0
        match self.kind, bool(found["value"]):
            case "delete", False:
                return SetArchived(archived=None, standing=standing)
            case "replace", False:
                return SetArchived(values.archived_extension(*self._value), standing)
            case "replace", True:
                return SetArchived(values.archived(*self._value), standing)
            case "add", False if self._name in ("value", "value[x]", "valueBoolean"):
                return SetArchived(values.archived(*self._value), standing)
        raise self._refused("patch-element", "isArchived s’ajoute, se remplace ou se retire en entier.")
