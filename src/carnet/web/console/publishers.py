"""Software that publishers registered: what waits for production, accepted or refused with words; and that which
operators added, whose conformance is read in the same place."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.people import publishers as people
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.listing import NAME, listing
from carnet.web.i18n import gettext

_ADDRESS: Final = "/console/editeurs"
_CARDS: Final = 20


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
    many = people.how_many(who)
    part = partial(listing, request, _ADDRESS, by=NAME)
    context: dict[str, Any] = {
        "waiting": part(partial(people.waiting, who), many.waiting, size=_CARDS),
        "decided": part(partial(people.decided, who), many.decided, name="apres-reponses"),
        "added": part(partial(people.added, who), many.added, name="apres-ajouts"),
        "errors": errors or [],
        "done": request.GET.get("fait", ""),
    }
    return shown(request, "console/publishers.html", context, section=_ADDRESS, status=422 if errors else 200)
