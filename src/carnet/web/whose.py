"""What belongs to the holder, told by the holder's name: to who reads a child's record, « votre carnet » is « le carnet
de Léa », and “your record” “Léa’s record”. Pure."""

from __future__ import annotations

import re
from typing import Final

from carnet.formats.elision import of as of_name

__all__ = ["named"]

# Each with its article, alone, after « de » and after « à ».
_THINGS: Final = {
    "carnet": ("le", "du", "au"),
    "médecin traitant": ("le", "du", "au"),
    "futur médecin traitant": ("le", "du", "au"),
    "soignants": ("les", "des", "aux"),
    "documents": ("les", "des", "aux"),
    "données de santé": ("les", "des", "aux"),
    "réglages de confidentialité": ("les", "des", "aux"),
    "soins": ("les", "des", "aux"),
    "santé": ("la", "de la", "à la"),
    "vie": ("la", "de la", "à la"),
}
_FRENCH: Final = re.compile(
    r"(?:\b(?P<before>de|à) )?\b(?P<your>votre|vos|mon|ma|mes) (?P<thing>" + "|".join(_THINGS) + r")\b", re.IGNORECASE
)
_ENGLISH: Final = re.compile(
    r"\b(?:your|my) (?P<thing>(?:whole )?(?:health )?record|(?:future )?regular doctor|(?:care )?professionals"
    r"|documents|privacy settings|health data|health|care|life)\b",
    re.IGNORECASE,
)


def named(words: str, name: str, *, french: bool) -> str:
    if french:
        return _FRENCH.sub(lambda found: _french(found, name), words)
    return _ENGLISH.sub(lambda found: f"{name}’s {found['thing']}", words)


def _french(found: re.Match[str], name: str) -> str:
    alone, of, to = _THINGS[found["thing"].lower()]
    before = (found["before"] or "").lower()
    article = {"": alone, "de": of, "à": to}[before]
    first = article[:1].upper() if found[0][:1].isupper() else article[:1]
    return f"{first}{article[1:]} {found['thing']} {of_name(name)}"
