"""What a professional has on the desk for the length of their session: the records that they found, and those whose
glass they broke and have not left, and how they look at them. No health datum: ids, a mode, an end, a view's name."""

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


def look(request: HttpRequest, record_id: UUID, view: str) -> None:
    """Looks at this record through another profession's view, for this visit; "" through one's own again."""
    _keep(request, _desk(request) | {"looks": _put(_desk(request)["looks"], record_id, view)})


def look_of(request: HttpRequest, record_id: UUID) -> str:
    return str(_desk(request)["looks"].get(str(record_id), ""))


def see(request: HttpRequest, record_id: UUID, at: datetime) -> None:
    """What came before is not new any more, in this session; in the next one this visit says so."""
    _keep(request, _desk(request) | {"seen": _put(_desk(request)["seen"], record_id, at.isoformat())})


def seen(request: HttpRequest, record_id: UUID) -> datetime | None:
    told = _desk(request)["seen"].get(str(record_id))
    return datetime.fromisoformat(told) if told else None


def hush(request: HttpRequest, record_id: UUID, until: datetime) -> None:
    """This visit is kept from who represents the person."""
    _keep(request, _desk(request) | {"hushed": _put(_desk(request)["hushed"], record_id, until.isoformat())})


def hushed(request: HttpRequest, record_id: UUID) -> datetime | None:
    """Until when."""
    told = _desk(request)["hushed"].get(str(record_id))
    until = datetime.fromisoformat(told) if told else None
    return until if until and clock.now() < until else None


def _put(kept: dict[str, str], record_id: UUID, value: str) -> dict[str, str]:
    others = {key: told for key, told in kept.items() if key != str(record_id)}
    return dict([*others.items(), *([(str(record_id), value)] if value else [])][-_MOST:])


def _desk(request: HttpRequest) -> dict[str, Any]:
    desk: dict[str, Any] = {"found": [], "glass": {}, "looks": {}, "seen": {}, "hushed": {}} | request.session.get(
        _KEY, {}
    )
    return desk


def _keep(request: HttpRequest, desk: dict[str, Any]) -> None:
    request.session[_KEY] = desk
