"""The rules of FHIR's search once more, stated on the resource itself: slow, without index, without canonical form.

Shares no code with `carnet.formats.fhir.search`. Systems are compared through the table of code systems as it
stands in its file, dates by writing the instant as the value is written.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import carnet.formats.terminology

Resource = dict[str, Any]
Pair = tuple[str | None, str]

_SYSTEMS = json.loads(
    (Path(carnet.formats.terminology.__file__).parent / "data" / "code_systems.json").read_text(encoding="utf-8")
)["systems"]
_MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/"
IS_ARCHIVED = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived"


def finds(resource: Resource, params: list[tuple[str, str]]) -> bool:
    return all(_holds(resource, name, value) for name, value in params)


def _holds(resource: Resource, name: str, value: str) -> bool:
    parts = _split(value.strip(), ",")
    name, _, modifier = name.partition("~")
    if name in TOKENS:
        found = any(_token_is(part, pair) for part in parts for pair in TOKENS[name](resource))
        return found != (modifier == "not")
    if name in NUMBERS:
        found = any(_number_is(part, pair) for part in parts for pair in NUMBERS[name](resource))
        return found != (modifier == "not")
    if name in STRINGS:
        return any(text_is(_plain(part), text, modifier) for part in parts for text in STRINGS[name](resource))
    if name in MOMENTS:
        return any(moment_is(part, moment) for part in parts for moment in MOMENTS[name](resource))
    if name == "period":
        return any(_period_is(part, resource["context"]["period"]) for part in parts)
    if name == "relatesto":
        return any(each["target"].get("reference") == part for each in resource.get("relatesTo", []) for part in parts)
    if name == "patient":
        return resource["subject"]["reference"] == f"Patient/{value}"
    assert name in {"_id", "status"}
    return (resource[name.strip("_")] in parts) != (modifier == "not")


# Values


def _split(text: str, mark: str) -> list[str]:
    """At the marks that no backslash protects."""
    parts, protected = [""], False
    for each in text:
        if each == mark and not protected:
            parts.append("")
        else:
            parts[-1] += each
        protected = each == "\\" and not protected
    return parts


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _same_system(first: str, second: str) -> bool:
    return bool(_names(first) & _names(second))


def _names(system: str) -> set[str]:
    bare = re.sub("^urn:(oid|uuid):", "", system)
    found = {bare, bare.lower() if re.fullmatch(r"[0-9A-Fa-f-]{36}", bare) else bare}
    for row in _SYSTEMS:
        known = {row["oid"], row["short"], *row["uris"]} - {""}
        if bare in known:
            found |= known
    return found | {each.replace("http://profiles", "https://profiles") for each in found}


def _asked(part: str) -> tuple[str | None, str]:
    pieces = _split(part, "|")
    if len(pieces) == 1:
        return None, _plain(part)
    return _plain(pieces[0]), _plain("|".join(pieces[1:]))


def _token_is(part: str, pair: Pair) -> bool:
    system, code = _asked(part)
    if system is not None and not (
        _same_system(system, pair[0] or "") if system and pair[0] else system == (pair[0] or "")
    ):
        return False
    return code == pair[1] or (code == "" and bool(system))


def _number_is(part: str, pair: Pair) -> bool:
    """As `_token_is`, a URN and its bare form being the same, a directory's number and the national one too."""
    system, code = _asked(part)
    for address, oid, digit in (
        ("https://rpps.esante.gouv.fr", "1.2.250.1.71.4.2.1", "8"),
        ("https://finess.esante.gouv.fr", "1.2.250.1.71.4.2.2", "1"),
    ):
        if system == address:
            system, code = oid, digit + code if code else ""
    if system is not None and not (
        _same_system(system, pair[0] or "") if system and pair[0] else system == (pair[0] or "")
    ):
        return False
    return _bare(code) == _bare(pair[1]) or (code == "" and bool(system))


def _bare(value: str) -> str:
    lowered = value.lower()
    if re.fullmatch(r"urn:oid:[0-2](\.[0-9]+)+", value):
        return value[8:]
    if re.fullmatch(r"urn:uuid:[0-9a-z][0-9a-z.-]{0,63}", lowered):
        return lowered[9:]
    return lowered if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", lowered) else value


def text_is(asked: str, text: str, modifier: str, plain: Callable[[str], str] | None = None) -> bool:
    """`plain` takes away case, accents and punctuation."""
    plain = plain or simple
    if modifier == "exact":
        return unicodedata.normalize("NFC", asked) == unicodedata.normalize("NFC", text)
    if modifier == "contains":
        return plain(asked) in plain(text)
    return plain(text).startswith(plain(asked))


def simple(text: str) -> str:
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    kept = "".join(each for each in spread if not unicodedata.combining(each))
    for letter, written in zip("œæøðđłıþ", ("oe", "ae", "o", "d", "d", "l", "i", "th"), strict=True):
        kept = kept.replace(letter, written)
    return " ".join("".join(" " if unicodedata.category(each).startswith("P") else each for each in kept).split())


# Dates: an instant compares with a value as its own text, cut to the precision of the value and told in its zone


def as_text(moment: datetime, pattern: str) -> str:
    zone = re.search(r"T.*(Z|[+-]\d\d:\d\d)$", pattern)
    if zone is None:
        return moment.astimezone(ZoneInfo("Europe/Paris")).isoformat(timespec="microseconds")[: len(pattern)]
    sign, hours, minutes = (
        (1, 0, 0) if zone[1] == "Z" else (-1 if zone[1][0] == "-" else 1, int(zone[1][1:3]), int(zone[1][4:]))
    )
    told = moment.astimezone(timezone(sign * timedelta(hours=hours, minutes=minutes)))
    return told.isoformat(timespec="microseconds")[: len(pattern) - len(zone[1])] + zone[1]


def _prefix(part: str) -> tuple[str, str]:
    return (part[:2], part[2:]) if part[:2].isalpha() else ("eq", part)


def moment_is(part: str, moment: datetime) -> bool:
    prefix, value = _prefix(part)
    text = as_text(moment, value)
    return {
        "eq": text == value,
        "ne": text != value,
        "gt": text > value,
        "sa": text > value,
        "ge": text >= value,
        "lt": text < value,
        "eb": text < value,
        "le": text <= value,
    }[prefix]


def _period_is(part: str, period: dict[str, str]) -> bool:
    prefix, value = _prefix(part)
    start = as_text(datetime.fromisoformat(period["start"]), value)
    end = as_text(datetime.fromisoformat(period["end"]), value) if "end" in period else "9999"
    return {
        "eq": start <= value <= end,
        "ne": not start <= value <= end,
        "gt": end > value,
        "ge": end >= value,
        "lt": start < value,
        "le": start <= value,
        "sa": start > value,
        "eb": end < value,
    }[prefix]


# Elements


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
    for each in _extension(resource.get("source", {}), _MHD + "ihe-authorOrg"):
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
    "designationType": lambda r: _all_codings(list(_extension(r, _MHD + "ihe-designationType"))),
}
NUMBERS: dict[str, Callable[[Resource], Iterator[Pair]]] = {
    "identifier": lambda r: _numbers([*r.get("identifier", []), r.get("masterIdentifier", {})]),
    "related:identifier": lambda r: _numbers([each["identifier"] for each in r["context"].get("related", [])]),
    "relatesto:identifier": lambda r: _numbers(
        [each["target"].get("identifier", {}) for each in r.get("relatesTo", [])]
    ),
    "sourceId": lambda r: _numbers(list(_extension(r, _MHD + "ihe-sourceId"))),
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
