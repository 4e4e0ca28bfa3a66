"""Where in the written resources each search parameter looks, by the expressions of the SearchParameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

Resource = dict[str, Any]
Pair = tuple[str | None, str]

MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/"
IS_ARCHIVED = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived"


def _codings(concept: Resource | None) -> Iterator[Pair]:
    yield from ((each.get("system"), each["code"]) for each in (concept or {}).get("coding", []))


def _all_codings(concepts: list[Resource]) -> Iterator[Pair]:
    for concept in concepts:
        yield from _codings(concept)


def _number(element: Resource) -> Iterator[Pair]:
    if element.get("value"):
        yield element.get("system"), element["value"]


def _numbers(elements: list[Resource]) -> Iterator[Pair]:
    for element in elements:
        yield from _number(element)


def _extension(resource: Resource, url: str) -> Iterator[Any]:
    for each in resource.get("extension", []):
        if each["url"] == url:
            yield from (value for name, value in each.items() if name != "url")


def _people(resource: Resource, *types: str) -> Iterator[Resource]:
    """The contained authors of these types (any without); a role stands for its practitioner."""
    local = {f"#{each['id']}": each for each in resource.get("contained", [])}
    source = resource.get("source")
    for reference in resource.get("author", [source] if source else []):
        found = local.get(reference.get("reference", ""))
        if found and found["resourceType"] == "PractitionerRole":
            found = local.get(found.get("practitioner", {}).get("reference", ""))
        if found and (not types or found["resourceType"] in types):
            yield found


def _organisations(resource: Resource) -> Iterator[Resource]:
    local = {f"#{each['id']}": each for each in resource.get("contained", [])}
    for each in _extension(resource.get("source", {}), MHD + "ihe-authorOrg"):
        yield local[each["reference"]]


def _people_numbers(*types: str) -> Callable[[Resource], Iterator[Pair]]:
    def of(resource: Resource) -> Iterator[Pair]:
        for person in _people(resource, *types):
            yield from _numbers(person.get("identifier", []))

    return of


def _people_names(parts: tuple[str, ...], *types: str) -> Callable[[Resource], Iterator[str]]:
    def of(resource: Resource) -> Iterator[str]:
        for person in _people(resource, *types):
            for name in person.get("name", []):
                for part in parts:
                    found = name.get(part, [])
                    yield from [found] if isinstance(found, str) else found

    return of


def _moment(*path: str) -> Callable[[Resource], Iterator[datetime]]:
    def of(resource: Resource) -> Iterator[datetime]:
        found: Any = resource
        for step in path:
            found = found.get(step, {})
            found = found[0] if isinstance(found, list) else found
        if found:
            yield datetime.fromisoformat(found)

    return of


TOKENS: dict[str, Callable[[Resource], Iterator[Pair]]] = {
    "type": lambda r: _codings(r["type"]),
    "category": lambda r: _all_codings(r["category"]),
    "facility": lambda r: _codings(r["context"].get("facilityType")),
    "setting": lambda r: _codings(r["context"].get("practiceSetting")),
    "format": lambda r: _codings(
        {"coding": [r["content"][0]["format"]]} if "code" in r["content"][0]["format"] else None
    ),
    "event": lambda r: _all_codings(r["context"].get("event", [])),
    "security-label": lambda r: _all_codings(r["securityLabel"]),
    "isArchived": lambda r: ((None, str(each).lower()) for each in _extension(r, IS_ARCHIVED)),
    "code": lambda r: _codings(r["code"]),
    "designationType": lambda r: _all_codings(list(_extension(r, MHD + "ihe-designationType"))),
}
NUMBERS: dict[str, Callable[[Resource], Iterator[Pair]]] = {
    "identifier": lambda r: _numbers([*r.get("identifier", []), r.get("masterIdentifier", {})]),
    "related:identifier": lambda r: _numbers([each["identifier"] for each in r["context"].get("related", [])]),
    "relatesto:identifier": lambda r: _numbers(
        [each["target"].get("identifier", {}) for each in r.get("relatesTo", [])]
    ),
    "sourceId": lambda r: _numbers(list(_extension(r, MHD + "ihe-sourceId"))),
    "authorOrg:identifier": lambda r: _numbers([n for each in _organisations(r) for n in each.get("identifier", [])]),
    **{f"{name}.identifier": _people_numbers() for name in ("author", "source")},
    **{
        f"{name}:{kind}.identifier": _people_numbers(kind)
        for name in ("author", "source")
        for kind in ("Practitioner", "Patient", "Device")
    },
}
_PARTS = {"family": ("family",), "given": ("given",), "name": ("family", "given", "prefix", "suffix")}
STRINGS: dict[str, Callable[[Resource], Iterator[str]]] = {
    "title": lambda r: (each for each in [r.get("title")] if each),
    "authorOrg.name": lambda r: (each["name"] for each in _organisations(r) if "name" in each),
    **{
        f"{name}{typed}.{part}": _people_names(fields, *types)
        for name in ("author", "source")
        for typed, types in (
            ("", ("Practitioner", "Patient")),
            (":Practitioner", ("Practitioner",)),
            (":PractitionerRole", ("Practitioner",)),
            (":Patient", ("Patient",)),
        )
        for part, fields in _PARTS.items()
    },
}
MOMENTS: dict[str, Callable[[Resource], Iterator[datetime]]] = {
    "creation": _moment("content", "attachment", "creation"),
    "date": _moment("date"),
    "_lastUpdated": _moment("meta", "lastUpdated"),
    "period-start": _moment("context", "period", "start"),
    "period-end": _moment("context", "period", "end"),
}
