"""The apps that a professional let in, and taking that back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.apps import actions as subscriptions
from carnet.formats import smart
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit
from carnet.people import app_consents
from carnet.web.auth.session import authenticate_anew
from carnet.web.pro.visit import desk_page, done, shown
from carnet.web.smart import scope_words


@desk_page(Audit.ACCOUNT, posted=True)
def apps(request: HttpRequest, actor: Actor) -> HttpResponse:
    if request.method == "POST":
        client_id = _id(request.POST.get("application", ""))
        gone = client_id is not None and app_consents.withdraw(actor, client_id)
        if gone and client_id is not None:
            subscriptions.end_through(authenticate_anew(request) or actor, Purpose.CARE, client_id)
        return done("/pro/applications?fait=retire" if gone else "/pro/applications")
    lines = [(each, _what(each.scope)) for each in app_consents.apps(actor)]
    context = {"lines": lines, "gone": request.GET.get("fait") == "retire"}
    return shown(request, "smart/apps.html", context)


def _what(scope: str) -> list[str]:
    found = smart.known(scope)
    return [*scope_words.reads(found), *scope_words.writes(found)][:6]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
