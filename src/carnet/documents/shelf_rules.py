"""What a folder's name and a document's tags may be. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

LONGEST_FOLDER = 50
LONGEST_TAG = 30
MOST_TAGS = 10


class Fault(StrEnum):
    """Stable codes; the pages put words to each."""

    NAME_MISSING = "folder-name-missing"
    NAME_LONG = "folder-name-long"
    FOLDER_UNKNOWN = "folder-unknown"
    TAG_LONG = "tag-long"
    TAGS_MANY = "tags-many"


class ShelfRefused(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def plain(text: str) -> str:
    """One line, composed (NFC), without control or format characters, spaces at its ends or double ones."""
    kept = "".join(
        " " if unicodedata.category(char)[0] in "CZ" else char for char in unicodedata.normalize("NFC", text)
    )
    return " ".join(kept.split())


def folder_name(text: str) -> str:
    name = plain(text)
    if not name:
        raise ShelfRefused(Fault.NAME_MISSING)
    if len(name) > LONGEST_FOLDER:
        raise ShelfRefused(Fault.NAME_LONG)
    return name


def tags_in(text: str) -> tuple[str, ...]:
    """Tags as a person writes them: between commas or semicolons."""
    return tags_of(re.split(r"[,;]", text))


def tags_of(words: Iterable[str]) -> tuple[str, ...]:
    """Each once, whatever its case, as it was first written, in the order given."""
    tags: dict[str, str] = {}
    for word in words:
        if tag := plain(re.sub(r"[,;]", " ", word)):
            tags.setdefault(tag.casefold(), tag)
    if any(len(tag) > LONGEST_TAG for tag in tags.values()):
        raise ShelfRefused(Fault.TAG_LONG)
    if len(tags) > MOST_TAGS:
        raise ShelfRefused(Fault.TAGS_MANY)
    return tuple(tags.values())
