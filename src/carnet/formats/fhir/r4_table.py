"""The structure of FHIR R4, compiled from HL7's definitions (`tools/compile_r4.py`): types, elements, codes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

__all__ = ["Element", "Primitive", "Type", "resource_names", "types"]

_FILE: Final = "r4_structure.json"
# HL7's expression for base64 takes exponential time on blanks; the decoder knows better what base64 is.
_SAFE: Final = {"base64Binary": r"[0-9A-Za-z+/=\s]*"}


@dataclass(frozen=True, slots=True)
class Primitive:
    """`kind` is how it stands in JSON: boolean, integer, number or string."""

    name: str
    kind: str
    pattern: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Element:
    """`codes` when a required value set lists them; a `Resource` may be of any type.

    `choice` is the name of the one thing that stands here under a name of its type, like `value` in valueString.
    """

    type: Primitive | str
    many: bool
    codes: frozenset[str] | None = None
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Type:
    """`required` gives the names in JSON under which a demanded thing may stand, by the thing's name."""

    is_resource: bool = False
    elements: dict[str, Element] = field(default_factory=dict)
    required: dict[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def _document() -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads((files(__package__) / "data" / _FILE).read_text(encoding="utf-8"))
    return document


@cache
def resource_names() -> frozenset[str]:
    """Of all resources of R4, also those whose structure is not in the table."""
    return frozenset(_document()["resources"])


@cache
def types() -> Mapping[str, Type]:
    """By name; a backbone element by its path."""
    document = _document()
    codes = {name: frozenset(values) for name, values in document["codes"].items()}
    primitives = {name: _primitive(name, *facts) for name, facts in document["primitives"].items()}
    resources = resource_names()
    return {name: _type(name in resources, elements, primitives, codes) for name, elements in document["types"].items()}


def _primitive(name: str, kind: str, pattern: str = "") -> Primitive:
    expression = _SAFE.get(name, pattern)
    return Primitive(name, kind, re.compile(expression) if expression else None)


def _type(
    is_resource: bool,  # noqa: FBT001
    elements: Mapping[str, str],
    primitives: Mapping[str, Primitive],
    codes: Mapping[str, frozenset[str]],
) -> Type:
    found = Type(is_resource)
    for name, text in elements.items():
        kinds, least, most, *value_set = text.split(" ")
        standing = dict(_standing(name, kinds.split("|")))
        bare = name.removesuffix("[x]")
        listed = codes[value_set[0]] if value_set else None
        for json_name, kind in standing.items():
            choice = bare if bare != name else ""
            found.elements[json_name] = Element(primitives.get(kind, kind), most == "*", listed, choice)
        if least != "0":
            found.required[bare] = tuple(standing)
    return found


def _standing(name: str, kinds: list[str]) -> Iterator[tuple[str, str]]:
    """The names that an element has in JSON, each with its type: `value[x]` is valueString, valueCode …"""
    bare = name.removesuffix("[x]")
    for kind in kinds:
        yield (name if bare == name else bare + kind[0].upper() + kind[1:]), kind
