"""What a professional's position is, before anything else is asked (L1111-17, L1111-18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

DEPUTIES: Final = ("locum", "resident", "assistant", "secretary")
"""The ways of working for a principal, as `consent.facts.DeputyKind` names them."""
WITH_AN_END: Final = frozenset({"locum", "resident"})


LEVELS: Final = ("eidas1", "eidas2", "eidas3")
"""Levels of assurance, the weakest first, as the providers name them."""


class Way(StrEnum):
    """How a session was opened; by a code that was handed over on paper, face to face; by a link of a professional's
    software, on the word that their provider gave to it."""

    PROVIDER = "provider"
    PASSKEY = "passkey"
    CODE = "code"
    LINK = "link"


def assurance_of_passkey(enrolled_under: str) -> str:
    """A sign-in by passkey counts as the one under which the key was added, and as substantial at most: keys that are
    copied from device to device are no high level."""
    return min(enrolled_under, "eidas2", key=LEVELS.index)


class Capacity(StrEnum):
    CARE = "care"
    OCCUPATIONAL = "occupational"
    CHILD_PROTECTION = "pmi"
    INSURER = "insurer"
    REGULATION = "regulation"
    SECRETARIAT = "secretariat"
    FIRE = "fire"
    COORDINATING = "coordinating"


Span = tuple[datetime, datetime | None]
"""From when, until when; None without end."""


def step(known: Iterable[Span], since: datetime, until: datetime | None) -> Literal["same", "begin", "end"]:
    """What somebody who says from when until when changes of what is known. The same said again changes nothing: it
    neither brings back what was ended since, nor puts an end off."""
    for begun, ended in known:
        if begun == since or (begun < since and (ended is None or ended > since)):
            return "end" if until is not None and (ended is None or until < ended) else "same"
    return "begin"


SETTLES_AFTER: Final = timedelta(days=2)


def settles_at(
    came_in_at: datetime | None, now: datetime, *, way: Way | None, made_at: datetime | None
) -> datetime | None:
    """Until when an account into which somebody came by a code lets nothing out, nor anybody else in. None for who
    proved by a provider who they are, and for who has a passkey made before (`made_at`), as long ago as a code settles:
    they were there already. A younger one may have been made after a first code, which this one has followed."""
    if came_in_at is None or now >= came_in_at + SETTLES_AFTER or way is Way.PROVIDER:
        return None
    if way is Way.PASSKEY and made_at is not None and made_at < came_in_at:
        return made_at + SETTLES_AFTER if now < made_at + SETTLES_AFTER else None
    return came_in_at + SETTLES_AFTER
