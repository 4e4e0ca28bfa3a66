"""The code on a medicine's box (GS1 General Specifications, 3.2: element strings), as the text that a scanner types:
which article it is, its lot and its end of use.

A field of variable length ends with the group separator (ASCII 29) unless it is the last. Scanners that type as a
keyboard often lose that character: then what every possible reading agrees on is read, and the rest is left open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Final

__all__ = ["Box", "BoxError", "cip_of", "read"]

_SEPARATOR: Final = "\x1d"
_ALSO: Final = ("\u241d", "^]", "<GS>", "\\x1d", "\r\n", "\n", "\t", "|")
_HEADS: Final = ("]d2", "]C1", "]Q3", "\x1d")
# Article, end of use, production date, lot, serial number, national number (France). The last three vary in length.
_SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "01": re.compile(r"[0-9]{14}"),
    "17": re.compile(r"[0-9]{6}"),
    "11": re.compile(r"[0-9]{6}"),
    "10": re.compile(r"[!-~]{1,20}"),
    "21": re.compile(r"[!-~]{1,20}"),
    "711": re.compile(r"[!-~]{1,20}"),
}
_FIXED: Final = {"01": 14, "17": 6, "11": 6}
_LONGEST: Final = 20
_MOST: Final = 120
_WRITTEN: Final = re.compile(r"\((\d{2,4})\)")
_FRENCH: Final = "034009"
_CENTURY: Final = 2000


class BoxError(ValueError):
    """The text is of no medicine's box, or is damaged. The message repeats nothing of what was read."""


@dataclass(frozen=True, slots=True)
class Box:
    """`gtin` of 14 digits; `expires` a day, or a month where the box tells no day; "" for what is not told."""

    gtin: str
    lot: str = ""
    expires: str = ""


def read(text: str) -> Box:
    """Raises `BoxError`."""
    found = list(_readings(_plain(text)))
    if not found:
        raise BoxError("Ce texte n’est pas celui d’une boîte de médicament : scannez-la de nouveau.")
    agreed = reduce(lambda one, other: dict(one.items() & other.items()), found)
    return Box(agreed["01"], agreed.get("10", ""), _day(agreed.get("17", "")) or "")


def cip_of(gtin: str) -> str:
    """The French presentation code of 13 digits that the article is, "" for another country's."""
    return gtin[1:] if gtin.startswith(_FRENCH) else ""


def _plain(text: str) -> str:
    text = text.strip()
    for each in _ALSO:
        text = text.replace(each, _SEPARATOR)
    for head in _HEADS:
        text = text.removeprefix(head)
    if _WRITTEN.match(text):
        # As people read it under the code: (01)…(17)…(10)…
        text = _WRITTEN.sub(lambda found: f"{_SEPARATOR}{found[1]}", text.replace(" ", ""))
    return text.strip(_SEPARATOR)[: _MOST + 1]


def _readings(text: str) -> Iterator[dict[str, str]]:
    """Every way to read the text whole, of which the article is a part."""
    if len(text) <= _MOST:
        yield from (found for found in _from(text, {}) if "01" in found)


def _from(text: str, known: dict[str, str]) -> Iterator[dict[str, str]]:
    text = text.removeprefix(_SEPARATOR)
    if not text:
        yield known
    for name, shape in _SHAPES.items():
        if name in known or not text.startswith(name):
            continue
        rest = text[len(name) :]
        for length in _lengths(name, rest):
            value = rest[:length]
            if shape.fullmatch(value) and _holds(name, value):
                yield from _from(rest[length:], {**known, name: value})


def _lengths(name: str, rest: str) -> list[int]:
    if name in _FIXED:
        return [_FIXED[name]]
    if _SEPARATOR in rest:
        return [rest.index(_SEPARATOR)]
    return list(range(1, min(len(rest), _LONGEST) + 1))


def _holds(name: str, value: str) -> bool:
    if name == "01":
        return _check_digit(value)
    return name not in {"11", "17"} or _day(value) is not None


def _check_digit(gtin: str) -> bool:
    weighed = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(gtin[:-1]))
    return (10 - weighed % 10) % 10 == int(gtin[-1])


def _day(digits: str) -> str | None:
    """ "" for nothing, None for what is no day. Day 00 is the whole month."""
    if not digits:
        return ""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    with suppress(ValueError):
        found = date(_CENTURY + year, month, day or 1)
        return f"{found:%Y-%m-%d}" if day else f"{found:%Y-%m}"
    return None
