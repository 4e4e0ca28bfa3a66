"""What of a change is told to whom, and when a receiver that does not answer is given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

LONGEST: Final = timedelta(days=365)
"""Who subscribes says anew each year that they still want it."""
FAILURES: Final = 8
"""In a row, after which a subscription is in error: some three hours."""
TOGETHER: Final = 20
"""Events of one notification."""
BEATS: Final = (60, 7 * 86400)
"""Seconds between two heartbeats."""
EACH: Final = 5
MOST: Final = 3000
"""Subscriptions of one actor by one client: in one record, and in all."""
KEPT: Final = timedelta(days=30)
"""For which events that were told can be asked for again."""

_MASKED: Final = 1
_WITHDRAWN: Final = "withdrawn"


class Topic(StrEnum):
    DOCUMENTS = "documents"
    ENTRIES = "entries"


class State(StrEnum):
    REQUESTED = "requested"
    ACTIVE = "active"
    ERROR = "error"
    OFF = "off"


class Told(StrEnum):
    """As a FHIR history says it; nothing for what is not told."""

    NEW = "POST"
    CHANGED = "PUT"
    GONE = "DELETE"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A document (or what was read out of it) before and after: `made` when there was none before. `was_handed`: put
    into this reader's hands, or into others' alone; None: it was for whoever may read its type."""

    made: bool
    status: str
    was_status: str
    was_type: int | None
    was_labels: int
    was_standing: int
    was_handed: bool | None
    depositor_id: UUID
    author_id: UUID | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a grant opens, at the moment of sending."""

    actor_id: UUID
    types: str
    hidden: int


@dataclass(frozen=True, slots=True)
class Now:
    """What this reader finds there at the moment of sending: whether it is seen at all, and whether it is told that
    something replaced it. `mark`: the label bits that keep it from the record's own people, of which a line in the
    trail is marked. `document`: it is one, which a line names."""

    seen: bool
    replaced: bool = False
    mark: int = 0
    document: bool = False


def told(topic: Topic, change: Change, sight: Sight, now: Now, *, before: bool) -> Told:
    """By what the reader may see now, and would have seen of it before under the same right. `before`: this
    subscription has been told of it. What was hidden and is shown is new; what is hidden now, or whose labels alone
    moved, is nothing: nobody is told of a restriction. Of what is read out of documents the record is told to have
    changed."""
    if topic is Topic.ENTRIES:
        return Told.CHANGED if _told(change, sight, now, before=before) else Told.NOTHING
    return _told(change, sight, now, before=before)


def _told(change: Change, sight: Sight, now: Now, *, before: bool) -> Told:
    if change.status == _WITHDRAWN:
        return Told.GONE if _was_seen(change, sight) else Told.NOTHING
    if not now.seen:
        return Told.NOTHING
    if change.made or not _was_seen(change, sight):
        return Told.CHANGED if before else Told.NEW
    return Told.CHANGED if now.replaced and change.was_status != change.status else Told.NOTHING


def _was_seen(change: Change, sight: Sight) -> bool:
    """The second lock on documents, of the row as it was."""
    if change.made or change.was_type is None or change.was_status == _WITHDRAWN:
        return False
    if sight.actor_id in {change.depositor_id, change.author_id}:
        return True
    if change.was_handed is not None:
        return change.was_handed
    if sight.types[change.was_type : change.was_type + 1] != "1" or change.was_labels & sight.hidden:
        return False
    return not change.was_standing or not sight.hidden & _MASKED
