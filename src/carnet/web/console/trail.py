"""The console's own trail: what operators did, newest first; never in whose record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.people import operators
from carnet.people.operators import Line, Position
from carnet.web.console.face import shown, support_page
from carnet.web.console.words import act, kind
from carnet.web.i18n import PARIS

_ADDRESS: Final = "/console/journal"
_PAGE: Final = 100


@support_page(_ADDRESS, Audit.ACCOUNT)
def trail(request: HttpRequest, who: Actor) -> HttpResponse:
    found = operators.lines(who, limit=_PAGE + 1, before=_before(request.GET.get("avant", "")))
    rows = [_row(list(same)) for _, same in groupby(found[:_PAGE], key=_what)]
    older = f"?{urlencode({'avant': _place(found[_PAGE - 1])})}" if len(found) > _PAGE else ""
    return shown(request, "console/trail.html", {"rows": rows, "older": older}, section=_ADDRESS)


def _what(line: Line) -> tuple[object, ...]:
    """What the same operator does again and again is one row."""
    return (line.actor_id, line.action, line.target_kind, line.outcome, line.at.astimezone(PARIS).date())


def _row(same: Sequence[Line]) -> dict[str, Any]:
    line = same[0]
    return {
        "at": line.at,
        "who": line.name or "",
        "act": act(line.action),
        "kind": kind(line.target_kind),
        "done": line.outcome == "done",
        "count": len(same),
    }


def _place(line: Line) -> str:
    return f"{line.at.isoformat()}_{line.id}"


def _before(text: str) -> Position | None:
    at, _, line = text.partition("_")
    try:
        instant = datetime.fromisoformat(at)
        return (instant, UUID(line)) if instant.tzinfo else None
    except ValueError:
        return None
