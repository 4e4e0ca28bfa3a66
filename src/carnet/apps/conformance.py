"""How software fares in a sandbox: each interaction of the guides as done right, done wrong, or never tried. Counts,
codes of the public catalogues and where a fault lay: nothing of what was sent, and of whom. One row for each
interaction, however often it is done."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any, Final, Literal
from uuid import UUID

from carnet.formats import smart
from carnet.kernel.actor import Actor
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.people.operators import note, support_only

State = Literal["right", "wrong", "never"]
_SQL = statements("carnet.apps", "conformance.sql")

GUIDES: Final[Mapping[str, str]] = {
    "token": "SMART Backend Services",
    "token-professional": "UDAP, IHE IUA (ITI-71)",
    "token-exchange": "RFC 8693",
    "smart-launch": "SMART App Launch 2",
    "smart-refresh": "SMART App Launch 2",
    "td0.2": "DMP TD0.2",
    "validate": "FHIR R4",
    "iti-65": "IHE MHD, PDSm (TD2.1)",
    "iti-105": "IHE MHD, PDSm",
    "iti-106": "IHE MHD",
    "iti-66": "IHE MHD, PDSm",
    "iti-67": "IHE MHD, PDSm (TD3.1)",
    "iti-68": "IHE MHD, PDSm (TD3.2)",
    "read": "FHIR R4",
    "patient": "FHIR R4",
    "td3.3": "DMP TD3.3, PDSm",
    "withdraw": "Carnet",
    "history": "FHIR R4",
    "entries": "FHIR R4",
    "summary": "IPS",
    "everything": "FHIR R4",
    "new-since": "Carnet",
    "consent": "FHIR R4",
    "audit": "IHE BALP",
    "subscription": "Subscriptions R5 Backport",
    "notification": "Subscriptions R5 Backport",
    "appointment": "FHIR R4",
}
"""Every interaction, in the order of a report, and the guide that it is of."""

_EVERY: Final = 1.0
"""Seconds within which what goes well is counted together: a sandbox is not slowed by its counting."""
_MOST: Final = 5
_MOST_HELD: Final = 10_000
_DEPOSITS: Final = ("iti-105", "iti-65", "iti-106")
_READINGS: Final = ("entries", "iti-67", "iti-68", "read", "summary", "everything", "new-since", "patient")
_LONGEST_PLACE: Final = 200

_lock = Lock()
_held: dict[tuple[UUID, str], tuple[int, float]] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """`state` is that of the last time. `codes` and `places` are those of the last fault, kept after it was mended."""

    interaction: str
    needed: bool = False
    right: int = 0
    right_at: datetime | None = None
    wrong: int = 0
    wrong_at: datetime | None = None
    codes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    status: int = 0

    @property
    def guide(self) -> str:
        return GUIDES[self.interaction]

    @property
    def state(self) -> State:
        if self.right_at is None and self.wrong_at is None:
            return "never"
        well = self.right_at is not None and (self.wrong_at is None or self.right_at >= self.wrong_at)
        return "right" if well else "wrong"


@dataclass(frozen=True, slots=True)
class Report:
    lines: tuple[Line, ...]

    @property
    def missing(self) -> tuple[Line, ...]:
        """What production needs, and was not done right the last time."""
        return tuple(each for each in self.lines if each.needed and each.state != "right")

    @property
    def ready(self) -> bool:
        return not self.missing and any(each.needed for each in self.lines)


@dataclass(frozen=True, slots=True)
class Software:
    """`asked` is the scope asked for in production, where its publisher registered it."""

    id: UUID
    key: str
    name: str
    scope: str
    asked: str


def software(actor: Actor, client_id: UUID) -> Software | None:
    """For an operator, who leaves a line."""
    support_only(actor)
    found = query(READER, _SQL["named"], {"id": client_id})
    if not found:
        return None
    note(actor, "conformance-read", "client", client_id)
    row = found[0]
    return Software(row["id"], row["key"] or "", row["name"], row["scope"], row["asked"] or "")


def right(client_id: UUID, interaction: str) -> None:
    """Counted at once the first time, then together with what follows within some seconds."""
    key, now = (client_id, interaction), time.monotonic()
    with _lock:
        count, since = _held.get(key, (0, now - _EVERY))
        due = now - since >= _EVERY
        if due and len(_held) > _MOST_HELD:
            _held.clear()
        _held[key] = (0, now) if due else (count + 1, since)
    if due:
        _write("right", client_id, interaction, {"count": count + 1})


def wrong(client_id: UUID, interaction: str, *, codes: Iterable[str], places: Iterable[str], status: int) -> None:
    with _lock:
        # What goes well next has mended it, and is told at once.
        _held.pop((client_id, interaction), None)
    said = {
        "codes": sorted(set(codes))[:_MOST],
        "places": [each[:_LONGEST_PLACE] for each in dict.fromkeys(places)][:_MOST],
        "status": status,
    }
    _write("wrong", client_id, interaction, said)


def _write(statement: str, client_id: UUID, interaction: str, said: dict[str, Any]) -> None:
    if interaction in GUIDES:
        query(WRITER, _SQL[statement], {"client_id": client_id, "interaction": interaction, **said})


def report(client_id: UUID, scope: str) -> Report:
    """`scope` is what is asked for in production: by it some interactions are needed."""
    rows = query(READER, _SQL["of_client"], {"client_id": client_id})
    found = {row["interaction"]: Line(**row | {name: tuple(row[name]) for name in ("codes", "places")}) for row in rows}
    lines = [found.get(code, Line(code)) for code in GUIDES]
    needed = _needed(scope, {each.interaction for each in lines if each.state == "right"})
    return Report(tuple(replace(each, needed=each.interaction in needed) for each in lines))


def _needed(scope: str, well: Collection[str]) -> set[str]:
    """By what the software asks for. Of the ways to deposit one is enough: the one that goes well, or the usual one."""
    asked = smart.known(scope)
    if asked.words & smart.OF_APPS or asked.within("patient"):
        return _needed_of_app(asked, well)

    def wants(resource: str, letters: str) -> bool:
        return any(asked.allow(context, resource, each) for context in ("system", "user") for each in letters)

    needed = {"token"}
    if wants("DocumentReference", "c"):
        needed |= {"td0.2", "validate", next((each for each in _DEPOSITS if each in well), _DEPOSITS[0])}
    if wants("DocumentReference", "u"):
        needed.add("td3.3")
    if wants("DocumentReference", "s"):
        needed.add("iti-67")
    if wants("Binary", "r"):
        needed.add("iti-68")
    if wants("Subscription", "c"):
        needed |= {"subscription", "notification"}
    return needed


def _needed_of_app(asked: smart.Scopes, well: Collection[str]) -> set[str]:
    """It is opened in a browser, and asks for no token by itself. Of the ways to read one is enough, likewise."""
    needed = {"smart-launch"}
    if asked.words & {smart.ONLINE, smart.OFFLINE}:
        needed.add("smart-refresh")
    if asked.permissions:
        papers = {each.resource for each in asked.permissions} <= {"DocumentReference", "Binary", "Patient"}
        needed.add(next((each for each in _READINGS if each in well), "iti-67" if papers else "entries"))
    return needed
