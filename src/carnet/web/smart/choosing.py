"""The patient of an app that was opened by itself: found by the number or the strict traits, as at the desk."""

from __future__ import annotations

import time
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from carnet.consent.standing import looked_up
from carnet.kernel.actor import Actor, Purpose
from carnet.records.queries import existence, matching, record_of_ins
from carnet.web import i18n
from carnet.web.pro import finding
from carnet.web.pro.finding import Fault

_KEY: Final = "app_patients"
_MOST: Final = 5
_LIFETIME: Final = 15 * 60
NONE, SEVERAL = "none", "several"


def find(actor: Actor, fields: finding.Fields, *, by_number: bool) -> tuple[UUID | None, str, list[Fault]]:
    """The record, or why there is none to show, or what to mend."""
    return _by_number(actor, fields) if by_number else _by_traits(actor, fields)


def _by_number(actor: Actor, fields: finding.Fields) -> tuple[UUID | None, str, list[Fault]]:
    numbers, faults = finding.numbers(fields.ins, demonstration=settings.CARNET.demo)
    if faults:
        return None, "", faults
    known = (record_of_ins(each.oid, each.value15, remembered=True) for each in numbers)
    record_id = next((each for each in known if each), None)
    found = existence(actor, record_id)
    looked_up(actor, Purpose.CARE, record_id)
    return (found.record_id, "", []) if found and found.state.exists else (None, NONE, [])


def _by_traits(actor: Actor, fields: finding.Fields) -> tuple[UUID | None, str, list[Fault]]:
    traits, faults = finding.traits(fields, i18n.today())
    if traits is None:
        return None, "", faults
    found = matching(actor, traits)
    record_id = found[0].record_id if len(found) == 1 else None
    looked_up(actor, Purpose.CARE, record_id)
    return record_id, "" if record_id else SEVERAL if found else NONE, []


def keep(request: HttpRequest, mark: str, record_id: UUID) -> None:
    """For that very request of the app, for a quarter of an hour."""
    held: dict[str, Any] = request.session.get(_KEY, {})
    newest = sorted(held.items(), key=lambda item: item[1]["at"], reverse=True)[: _MOST - 1]
    request.session[_KEY] = {mark: {"record": str(record_id), "at": int(time.time())}, **dict(newest)}


def chosen(request: HttpRequest, mark: str) -> UUID | None:
    held: dict[str, Any] | None = request.session.get(_KEY, {}).get(mark)
    return UUID(held["record"]) if held and time.time() - held["at"] <= _LIFETIME else None


def forget(request: HttpRequest, mark: str) -> None:
    held: dict[str, Any] = request.session.get(_KEY, {})
    request.session[_KEY] = {name: value for name, value in held.items() if name != mark}
