"""Work that can wait: what has failed, tried again or given up; what waits. Types of errors, never their text."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.health import reading
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.kernel.jobs import Count, Failure
from carnet.people import tending
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.words import task

_ADDRESS: Final = "/console/taches"
_PAGE: Final = 50
_MOST: Final = 1000
_DIGITS: Final = 6
_ACTS: Final = {"reessayer": tending.try_again, "abandonner": tending.give_up}


@support_page(_ADDRESS, Audit.ACCOUNT, posted=True)
def jobs(request: HttpRequest, who: Actor) -> HttpResponse:
    if request.method == "POST":
        return _act(request, who)
    given_up = request.GET.get("abandonner", "")
    most = _MOST if given_up else _wanted(request)
    failures, counts = tending.work(who, limit=most + 1)
    rows = [_row(each) for each in failures[:most]]
    asked = next((row for row in rows if str(row["id"]) == given_up and not row["periodic"]), None)
    if asked:
        return shown(request, "console/give_up.html", {"row": asked}, section=_ADDRESS)
    context = {
        "rows": rows,
        # The first that this page did not hold before.
        "more": f"?nombre={most + _PAGE}#tache-{most}" if len(failures) > most and most < _MOST else "",
        "beyond": len(failures) > most >= _MOST,
        "waiting": [_waiting(each) for each in counts],
        # Where the documents of a software could not be read, never what stands there.
        "unread": reading.unread(),
        "done": request.GET.get("fait", ""),
    }
    return shown(request, "console/jobs.html", context, section=_ADDRESS)


def _wanted(request: HttpRequest) -> int:
    """How many the page holds: as many again with each « Voir la suite »."""
    typed = request.GET.get("nombre", "")
    return min(max(int(typed) if typed.isdecimal() and len(typed) < _DIGITS else 0, _PAGE), _MOST)


def _act(request: HttpRequest, who: Actor) -> HttpResponse:
    act = request.POST.get("acte", "")
    try:
        job_id = UUID(request.POST.get("tache", ""))
    except ValueError:
        return see_other(_ADDRESS)
    if act not in _ACTS:
        return see_other(_ADDRESS)
    return see_other(f"{_ADDRESS}?fait={act if _ACTS[act](who, job_id) else 'passe'}")


def _row(failure: Failure) -> dict[str, Any]:
    return {
        "id": failure.id,
        "task": task(failure.task),
        "failed": failure.state == "failed",
        "attempts": failure.attempts,
        "error": failure.error,
        "at": failure.run_at,
        "periodic": failure.periodic,
    }


def _waiting(count: Count) -> dict[str, Any]:
    return {
        "task": task(count.task),
        "waiting": count.waiting,
        "due": count.due,
        "failed": count.failed,
        "since": count.oldest_due,
    }
