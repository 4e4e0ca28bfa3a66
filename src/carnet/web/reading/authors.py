"""Who wrote a document, as its metadata (a FHIR DocumentReference) tell it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from carnet.formats.fhir import relations
from carnet.formats.fhir.loose import as_list, as_object, as_text
from carnet.formats.terminology import professions


@dataclass(frozen=True, slots=True)
class Author:
    """Each is "" when it is not known; `person`: the author is who the record is about; `relation`:
    what who added it for them is to them."""

    name: str = ""
    profession: str = ""
    organisation: str = ""
    person: bool = False
    relation: str = ""


def authors(fhir: str) -> tuple[Author, ...]:
    resource = as_object(orjson.loads(fhir))
    contained = {f"#{each.get('id')}": each for each in map(as_object, as_list(resource.get("contained")))}
    found = (_author(as_object(reference), contained) for reference in as_list(resource.get("author")))
    return tuple(dict.fromkeys(each for each in found if each != Author()))


def _author(reference: Mapping[str, Any], contained: Mapping[str, Mapping[str, Any]]) -> Author:
    target = contained.get(str(reference.get("reference")))
    if target is None:
        return Author(as_text(reference.get("display")))
    match target.get("resourceType"):
        case "PractitionerRole":
            return _role(target, contained)
        case "Patient":
            return Author(_name(target), person=True)
        case "RelatedPerson":
            return Author(_name(target), relation=_relation(target))
        case "Device":
            owner = contained.get(str(as_object(target.get("owner")).get("reference")), {})
            return Author(_first(target.get("deviceName"), "name"), organisation=as_text(owner.get("name")))
        case "Organization":
            return Author(organisation=as_text(target.get("name")))
    return Author(_name(target))


def _relation(target: Mapping[str, Any]) -> str:
    concepts = map(as_object, as_list(target.get("relationship")))
    codes = (as_object(each) for concept in concepts for each in as_list(concept.get("coding")))
    return next(filter(None, (relations.read(as_text(c.get("system")), as_text(c.get("code"))) for c in codes)), "")


def _role(role: Mapping[str, Any], contained: Mapping[str, Mapping[str, Any]]) -> Author:
    person, house = (as_object(role.get(each)) for each in ("practitioner", "organization"))
    name = _name(contained.get(str(person.get("reference")), {})) or as_text(person.get("display"))
    organisation = as_text(contained.get(str(house.get("reference")), {}).get("name")) or as_text(house.get("display"))
    speciality = next(filter(None, map(_concept, as_list(role.get("specialty")))), "")
    return Author(name, speciality or next(filter(None, map(_concept, as_list(role.get("code")))), ""), organisation)


def _name(person: Mapping[str, Any]) -> str:
    name = as_object(next(iter(as_list(person.get("name"))), None))
    parts = [*as_list(name.get("prefix")), *as_list(name.get("given")), name.get("family")]
    return " ".join(filter(None, map(as_text, parts))) or as_text(name.get("text"))


def _concept(value: Any) -> str:
    concept = as_object(value)
    coding = as_object(next(iter(as_list(concept.get("coding"))), None))
    known = professions.display(as_text(coding.get("system")), as_text(coding.get("code")))
    return as_text(concept.get("text")) or as_text(coding.get("display")) or known


def _first(values: Any, key: str) -> str:
    return as_text(as_object(next(iter(as_list(values)), None)).get(key))
