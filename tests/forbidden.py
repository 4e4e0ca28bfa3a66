"""Looks for what must never stand in a log, however it is written there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable
from urllib.parse import unquote_plus

_SHORTEST_NAME = 3
_SHORTEST_TOKEN = 8


def forbidden_in(
    text: str, *, names: Iterable[str] = (), ins: Iterable[str] = (), tokens: Iterable[str] = ()
) -> list[str]:
    """The given values that occur in `text`: names in any case and accents, numbers with or without their key
    and spaces, all of them also percent-encoded or JSON-escaped."""
    plain = _unescaped(text)
    words, digits = _folded(plain), re.sub(r"(?<=\d)[ .\u00a0\u202f-](?=\d)", "", plain)
    runs = set(re.findall("[a-z]+", words))
    found = [name for name in names if len(name) >= _SHORTEST_NAME and _has_word(words, _folded(name), runs)]
    found += [number for number in ins if number[:13] in digits]
    return found + [token for token in tokens if len(token) >= _SHORTEST_TOKEN and token in plain]


def _unescaped(text: str) -> str:
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return f"{plain}\n{unquote_plus(plain)}"


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in spread if not unicodedata.combining(letter)).casefold()


def _has_word(text: str, word: str, runs: Container[str]) -> bool:
    """`runs`: those of letters in the text. A log is long, and most names are quickly seen not to be in it."""
    if not all(run in runs for run in re.findall("[a-z]+", word)):
        return False
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) is not None
