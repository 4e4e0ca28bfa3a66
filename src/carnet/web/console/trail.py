"""The console's own trail: what operators did, newest first; never in whose record."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.people import operators
from carnet.people.operators import Line, Position
from carnet.web.console.face import shown, support_page
from carnet.web.console.words import act, kind

_ADDRESS: Final = "/console/journal"
_PAGE: Final = 100


@support_page(_ADDRESS, Audit.ACCOUNT)
def trail(request: HttpRequest, who: Actor) -> HttpResponse:
    found = operators.lines(who, limit=_PAGE + 1, before=_before(request.GET.get("avant", "")))
    rows = [
        {
            "at": line.at,
            "who": line.name or "",
            "act": act(line.action),
            "kind": kind(line.target_kind),
            "done": _done(line),
        }
        for line in found[:_PAGE]
    ]
    older = f"?{urlencode({'avant': _place(found[_PAGE - 1])})}" if len(found) > _PAGE else ""
    return shown(request, "console/trail.html", {"rows": rows, "older": older}, section=_ADDRESS)


def _done(line: Line) -> bool:
    return line.outcome == "done"


def _place(line: Line) -> str:
    return f"{line.at.isoformat()}_{line.id}"


def _before(text: str) -> Position | None:
    at, _, line = text.partition("_")
    try:
        instant = datetime.fromisoformat(at)
        return (instant, UUID(line)) if instant.tzinfo else None
    except ValueError:
        return None
