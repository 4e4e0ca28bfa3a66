"""An Appointment of the day: who comes, when, to which professional; and nothing of why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from carnet.formats import ins
from carnet.formats.fhir import body, times
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.writing import pruned
from carnet.formats.ins import Ins, InsError
from carnet.formats.rpps import PROFESSIONAL_OID

__all__ = ["BOOKED", "CANCELLED", "Asked", "Practitioner", "Told", "read", "write"]

BOOKED: Final = "booked"
CANCELLED: Final = "cancelled"
_TYPE: Final = "Appointment"
_FULL: Final = 15
_LONGEST: Final = 86_400
_NAME: Final = re.compile(r"[^\W\d_][^\W\d_ .’'-]*(?:[ .’'-]{1,2}[^\W\d_]+)*\.?")
_NAME_LIMIT: Final = 80
# Whatever else an Appointment may hold says why somebody comes.
_KEPT: Final = frozenset({"resourceType", "id", "meta", "language", "status", "start", "end", "participant"})
_OF_PARTICIPANT: Final = frozenset({"actor", "status", "required"})
_OF_ACTOR: Final = frozenset({"identifier", "reference", "display", "type"})
_OF_IDENTIFIER: Final = frozenset({"system", "value", "use"})


@dataclass(frozen=True, slots=True)
class Practitioner:
    """The one whom the token names: no other's day is laid out by it."""

    id: str
    rpps: str


@dataclass(frozen=True, slots=True)
class Asked:
    """`name` as the software calls the person, "" when it does not."""

    cancelled: bool
    ins: Ins
    name: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Told:
    id: str
    version: int
    changed_at: datetime
    asked: Asked
    practitioner: Practitioner


def read(payload: bytes, practitioner: Practitioner, *, any_key: bool = False) -> Asked:
    """Raise `FhirError` with every problem of the resource. `any_key`: the key of the INS is not checked, as public
    samples have it."""
    problems = Problems()
    root = Node(body.parse(payload, _TYPE).resource, _TYPE, problems)
    _nothing_else(root, _KEPT)
    status = root.text("status", required=True)
    if status and status not in {BOOKED, CANCELLED}:
        root.problem("appointment-status", "status")
    start, end = root.moment("start", required=True), root.moment("end", required=True)
    if start and end and not 0 < (end - start).total_seconds() <= _LONGEST:
        root.problem("appointment-day", "end")
    number, name = _patient(root, practitioner, any_key=any_key)
    if problems.failed or number is None or start is None or end is None:
        raise FhirError(problems.issues)
    return Asked(status == CANCELLED, number, name, start, end)


def _nothing_else(node: Node, kept: frozenset[str]) -> None:
    for name in sorted(node.fields.keys() - kept):
        node.problem("appointment-content", name)


def _patient(root: Node, practitioner: Practitioner, *, any_key: bool) -> tuple[Ins | None, str]:
    """Of the one participant who is no professional."""
    found: list[tuple[Ins | None, str]] = []
    for each in root.children("participant", required=True):
        _nothing_else(each, _OF_PARTICIPANT)
        actor = each.child("actor", required=True)
        _nothing_else(actor, _OF_ACTOR)
        if not _is_professional(actor, practitioner):
            found.append((_number(actor, any_key=any_key), _name(actor)))
    if root.has("participant") and len(found) != 1:
        root.problem("appointment-participant", "participant")
    return found[0] if len(found) == 1 else (None, "")


def _is_professional(actor: Node, own: Practitioner) -> bool:
    """Raises nothing: another professional's day is a problem of the resource."""
    reference = actor.text("reference")
    identifier = actor.child("identifier")
    system = identifier.text("system").removeprefix("urn:oid:")
    if not reference.startswith("Practitioner/") and system != PROFESSIONAL_OID:
        return False
    named = {reference.removeprefix("Practitioner/")} - {""}
    numbers = {identifier.text("value").removeprefix("8")} - {""}
    if named - {own.id} or numbers - {own.rpps} or not (named or numbers):
        actor.problem("appointment-participant")
    return True


def _number(actor: Node, *, any_key: bool) -> Ins | None:
    """A whole INS, and no id of a record: whoever lays out a day knows the person, and not whether there is one."""
    identifier = actor.child("identifier")
    _nothing_else(identifier, _OF_IDENTIFIER)
    value = identifier.text("value")
    try:
        found = ins.parse(value, identifier.text("system"))
    except InsError:
        found = None
    if found is None or len(value) != _FULL or not (found.key_ok or any_key) or actor.has("reference"):
        actor.problem("appointment-patient", "identifier")
        return None
    return found


def _name(actor: Node) -> str:
    text = " ".join(actor.text("display", limit=_NAME_LIMIT).split())
    if text and not _NAME.fullmatch(text):
        actor.problem("appointment-name", "display")
        return ""
    return text


def write(told: Told) -> bytes:
    """The text begins with resourceType and id, on which the searchset bundle relies."""
    return orjson.dumps(
        pruned(
            {
                "resourceType": _TYPE,
                "id": told.id,
                "meta": {"versionId": str(told.version), "lastUpdated": times.instant(told.changed_at)},
                "status": CANCELLED if told.asked.cancelled else BOOKED,
                "start": times.instant(told.asked.start),
                "end": times.instant(told.asked.end),
                "participant": list(_participants(told)),
            }
        )
    )


def _participants(told: Told) -> Iterable[dict[str, object]]:
    number = {"system": told.asked.ins.uri, "value": told.asked.ins.value15}
    yield {"actor": pruned({"identifier": number, "display": told.asked.name}), "status": "accepted"}
    own = {"system": f"urn:oid:{PROFESSIONAL_OID}", "value": f"8{told.practitioner.rpps}"}
    reference = f"Practitioner/{told.practitioner.id}"
    yield {"actor": pruned({"reference": reference, "identifier": own}), "status": "accepted"}
