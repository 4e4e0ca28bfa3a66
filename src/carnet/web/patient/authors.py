"""Who wrote a document, as its metadata (a FHIR DocumentReference) tell it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from carnet.formats.terminology import professions


@dataclass(frozen=True, slots=True)
class Author:
    """Each is "" when it is not known; `person`: the author is who the record is about."""

    name: str = ""
    profession: str = ""
    organisation: str = ""
    person: bool = False


def authors(fhir: str) -> tuple[Author, ...]:
    resource = _object(orjson.loads(fhir))
    contained = {f"#{each.get('id')}": each for each in map(_object, _list(resource.get("contained")))}
    found = (_author(_object(reference), contained) for reference in _list(resource.get("author")))
    return tuple(dict.fromkeys(each for each in found if each != Author()))


def _author(reference: Mapping[str, Any], contained: Mapping[str, Mapping[str, Any]]) -> Author:
    target = contained.get(str(reference.get("reference")))
    if target is None:
        return Author(_words(reference.get("display")))
    match target.get("resourceType"):
        case "PractitionerRole":
            return _role(target, contained)
        case "Patient":
            return Author(_name(target), person=True)
        case "Device":
            owner = contained.get(str(_object(target.get("owner")).get("reference")), {})
            return Author(_first(target.get("deviceName"), "name"), organisation=_words(owner.get("name")))
        case "Organization":
            return Author(organisation=_words(target.get("name")))
    return Author(_name(target))


def _role(role: Mapping[str, Any], contained: Mapping[str, Mapping[str, Any]]) -> Author:
    person, house = (_object(role.get(each)) for each in ("practitioner", "organization"))
    name = _name(contained.get(str(person.get("reference")), {})) or _words(person.get("display"))
    organisation = _words(contained.get(str(house.get("reference")), {}).get("name")) or _words(house.get("display"))
    speciality = next(filter(None, map(_concept, _list(role.get("specialty")))), "")
    return Author(name, speciality or next(filter(None, map(_concept, _list(role.get("code")))), ""), organisation)


def _name(person: Mapping[str, Any]) -> str:
    name = _object(next(iter(_list(person.get("name"))), None))
    parts = [*_list(name.get("prefix")), *_list(name.get("given")), name.get("family")]
    return " ".join(filter(None, map(_words, parts))) or _words(name.get("text"))


def _concept(value: Any) -> str:
    concept = _object(value)
    coding = _object(next(iter(_list(concept.get("coding"))), None))
    known = professions.display(_words(coding.get("system")), _words(coding.get("code")))
    return _words(concept.get("text")) or _words(coding.get("display")) or known


def _first(values: Any, key: str) -> str:
    return _words(_object(next(iter(_list(values)), None)).get(key))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""
