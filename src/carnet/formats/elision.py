"""« d'Alix », « de Léa »: what « de » and « que » become before a name. Pure.

A vowel takes the apostrophe, and « y » before a consonant (Yves, not Yann). Of « h », which is mute in some names and
not in others, those few where usage leaves no doubt: every other one keeps the whole word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_MUTE: Final = re.compile(r"(?:h[eé]l[eèéo]|henri|hermine|hippolyt|honor|hortense|hubert|hyacinthe)", re.IGNORECASE)
_PLACE: Final = re.compile(r"\b(?P<word>[Dd]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)e (?=%\((?P<name>\w+)\)s)")
_APOSTROPHE: Final = "’"


def elides(name: str) -> bool:
    bare = unicodedata.normalize("NFD", name[:2].replace("œ", "oe").replace("Œ", "oe")).casefold()
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    if letters[:1] == "y":
        return letters[1:2].isalpha() and letters[1:2] not in "aeiou"
    return letters[:1] in set("aeiouæ") or _MUTE.match(name) is not None


def of(name: str) -> str:
    """« d'Alix », « de Léa »."""
    return f"d{_APOSTROPHE}{name}" if elides(name) else f"de {name}"


def elided(text: str, values: Mapping[str, object]) -> str:
    """A French sentence with places for `values`, made ready for them."""
    if "e %(" not in text:
        return text
    return _PLACE.sub(lambda found: _before(found, str(values.get(found["name"], ""))), text)


def _before(found: re.Match[str], name: str) -> str:
    return f"{found['word']}{_APOSTROPHE}" if elides(name) else found[0]
