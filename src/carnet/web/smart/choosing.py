"""The patient of an app that was opened by itself, found as at the desk: kept for that very request of the app."""

from __future__ import annotations

import time
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest

_KEY: Final = "app_patients"
_MOST: Final = 5
_LIFETIME: Final = 15 * 60


def keep(request: HttpRequest, mark: str, record_id: UUID) -> None:
    """For a quarter of an hour."""
    held: dict[str, Any] = request.session.get(_KEY, {})
    newest = sorted(held.items(), key=lambda item: item[1]["at"], reverse=True)[: _MOST - 1]
    request.session[_KEY] = {mark: {"record": str(record_id), "at": int(time.time())}, **dict(newest)}


def chosen(request: HttpRequest, mark: str) -> UUID | None:
    held: dict[str, Any] | None = request.session.get(_KEY, {}).get(mark)
    return UUID(held["record"]) if held and time.time() - held["at"] <= _LIFETIME else None


def forget(request: HttpRequest, mark: str) -> None:
    held: dict[str, Any] = request.session.get(_KEY, {})
    request.session[_KEY] = {name: value for name, value in held.items() if name != mark}
