"""The rules of FHIR's search once more, stated on the resource itself: slow, without index, without canonical form.

Shares no code with `carnet.formats.fhir.search`. Systems are compared through the table of code systems as it
stands in its file, dates by writing the instant as the value is written.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import carnet.formats.terminology
from tests.formats.fhir.search.elements import MOMENTS, NUMBERS, STRINGS, TOKENS, Pair, Resource

_SYSTEMS = json.loads(
    (Path(carnet.formats.terminology.__file__).parent / "data" / "code_systems.json").read_text(encoding="utf-8")
)["systems"]


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
    return _system_is(system, pair) and (code == pair[1] or (code == "" and bool(system)))


def _system_is(asked: str | None, pair: Pair) -> bool:
    held = pair[0] or ""
    if not asked or not held:
        return asked is None or asked == held
    return _same_system(asked, held)


def _number_is(part: str, pair: Pair) -> bool:
    """As `_token_is`, a URN and its bare form being the same, a directory's number and the national one too."""
    system, code = _asked(part)
    for address, oid, digit in (
        ("https://rpps.esante.gouv.fr", "1.2.250.1.71.4.2.1", "8"),
        ("https://finess.esante.gouv.fr", "1.2.250.1.71.4.2.2", "1"),
    ):
        if system == address:
            system, code = oid, digit + code if code else ""
    return _system_is(system, pair) and (_bare(code) == _bare(pair[1]) or (code == "" and bool(system)))


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
