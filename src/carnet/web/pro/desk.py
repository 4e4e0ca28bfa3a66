"""What a professional has on the desk for the length of their session: the records that they found, and those whose
glass they broke and have not left. No health datum: ids, a mode, an end."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest

from carnet.kernel import clock
from carnet.kernel.actor import Purpose

_KEY: Final = "pro"
_MOST: Final = 100


def lay(request: HttpRequest, record_id: UUID) -> None:
    """The person was found by their number or traits: their page may be opened as long as the session lasts."""
    desk = _desk(request)
    found = [each for each in desk["found"] if each != str(record_id)]
    _keep(request, desk | {"found": [*found, str(record_id)][-_MOST:]})


def holds(request: HttpRequest, record_id: UUID) -> bool:
    return str(record_id) in _desk(request)["found"]


def enter(request: HttpRequest, record_id: UUID, mode: Purpose, until: datetime) -> None:
    """From now on this record is read in an emergency."""
    desk = _desk(request)
    _keep(request, desk | {"glass": desk["glass"] | {str(record_id): [mode.value, until.isoformat()]}})


def leave(request: HttpRequest, record_id: UUID) -> None:
    desk = _desk(request)
    if str(record_id) in desk["glass"]:
        _keep(request, desk | {"glass": {key: told for key, told in desk["glass"].items() if key != str(record_id)}})


def emergency(request: HttpRequest, record_id: UUID) -> tuple[Purpose, datetime] | None:
    """The emergency in which this record is read now, and its end."""
    told = _desk(request)["glass"].get(str(record_id))
    if told is None:
        return None
    mode, until = Purpose(told[0]), datetime.fromisoformat(told[1])
    return (mode, until) if clock.now() < until else None


def _desk(request: HttpRequest) -> dict[str, Any]:
    desk: dict[str, Any] = {"found": [], "glass": {}} | request.session.get(_KEY, {})
    return desk


def _keep(request: HttpRequest, desk: dict[str, Any]) -> None:
    request.session[_KEY] = desk
