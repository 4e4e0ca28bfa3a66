"""Software that publishers registered: what waits for production, accepted or refused with words; and that which
operators added, whose conformance is read in the same place."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.people import publishers as people
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.i18n import gettext

_ADDRESS: Final = "/console/editeurs"


@support_page(_ADDRESS, Audit.ACCOUNT, posted=True)
def publishers(request: HttpRequest, who: Actor) -> HttpResponse:
    if request.method == "POST":
        return _act(request, who)
    return _shown(request, who)


def _act(request: HttpRequest, who: Actor) -> HttpResponse:
    act, words = request.POST.get("acte", ""), " ".join(request.POST.get("mots", "").split())
    try:
        request_id = UUID(request.POST.get("demande", ""))
    except ValueError:
        return see_other(_ADDRESS)
    if act == "refuser" and not (words and words.isprintable()):
        field = f"mots-{request_id}"
        return _shown(request, who, [(field, gettext("Dites à l'éditeur pourquoi, et comment y remédier"))])
    if act == "accepter":
        done = people.accept(who, request_id)
    elif act == "refuser":
        done = people.refuse(who, request_id, words)
    else:
        return see_other(_ADDRESS)
    return see_other(f"{_ADDRESS}?fait={act if done else 'passe'}")


def _shown(request: HttpRequest, who: Actor, errors: list[tuple[str, str]] | None = None) -> HttpResponse:
    found = people.requests(who)
    context: dict[str, Any] = {
        "waiting": [each for each in found if each.state == "waiting"],
        "decided": [each for each in found if each.state != "waiting"],
        "added": people.added(who),
        "errors": errors or [],
        "done": request.GET.get("fait", ""),
    }
    return shown(request, "console/publishers.html", context, section=_ADDRESS, status=422 if errors else 200)
