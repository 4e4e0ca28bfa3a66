"""Accesses to look into, for the support: who, when, which way, by when, and nothing of why or of what was read."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from carnet.consent import reviewing
from carnet.consent.reviewing import Case, Kind, Verdict
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.notify import told
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.listing import Listing, id_of, number_of
from carnet.web.i18n import gettext
from carnet.web.words import marked

_ADDRESS: Final = "/console/acces"
_KINDS: Final = {
    Kind.EMERGENCY: marked("Accès en urgence"),
    Kind.REGULATION: marked("Accès du Samu (15)"),
    Kind.DISPUTE: marked("Accès contesté"),
}


@support_page(_ADDRESS, Audit.RECORD_WRITE, posted=True)
def reviews(request: HttpRequest, who: Actor) -> HttpResponse:
    """The list; and, before a verdict is final, a page that says what it means."""
    case, verdict = _asked(request.POST if request.method == "POST" else request.GET, who)
    if request.method == "POST":
        if not case or not verdict:
            return see_other(_ADDRESS)
        reviewing.close(who, case.id, verdict)
        return see_other(f"{_ADDRESS}?fait={verdict.value}")
    kinds = {kind: gettext(words) for kind, words in _KINDS.items()}
    if case and verdict:
        return shown(
            request, "console/verdict.html", {"case": case, "kinds": kinds, "verdict": verdict}, section=_ADDRESS
        )
    context = _listed(request, who) | {"kinds": kinds, "now": clock.now(), "done": request.GET.get("fait", "")}
    return shown(request, "console/reviews.html", context, section=_ADDRESS)


def _listed(request: HttpRequest, who: Actor) -> dict[str, Any]:
    """A page of them, or the one of a number."""
    waiting = reviewing.waiting(who)
    number, after = number_of(request), id_of(request, "apres")
    if number:
        found = waiting.numbered.get("".join(filter(str.isalnum, number)).upper())
        case = reviewing.open_case(who, found) if found else None
        cases = [case] if case else []
    else:
        cases = reviewing.open_cases(who, after=after, limit=reviewing.PAGE + 1)
    more = f"?apres={cases[reviewing.PAGE - 1].id}" if len(cases) > reviewing.PAGE else ""
    return {
        "listing": Listing(_ADDRESS, cases[: reviewing.PAGE], waiting.count, number, after is not None, more),
        "told": told.of_emergencies((each.id, each.record_id, each.at) for each in cases),
        "late": waiting.late,
    }


def _asked(fields: QueryDict, who: Actor) -> tuple[Case | None, Verdict | None]:
    """None for what makes no sense."""
    try:
        case = reviewing.open_case(who, UUID(fields.get("cas", "")))
    except ValueError:
        case = None
    return case, next((each for each in Verdict if each.value == fields.get("avis")), None)
