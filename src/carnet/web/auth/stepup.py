"""Acts that ask for a proof of who acts, recent and sure enough (`assurance`): who has none goes to their provider once
more, which is asked for that level, and comes back to the form they came from."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from carnet.kernel.actor import Actor, ActorKind
from carnet.people import disowning, passkeys
from carnet.people.settling import until as settling_until
from carnet.web.auth import assurance, drafts, opening, session
from carnet.web.auth.assurance import Deed
from carnet.web.auth.provider import Provider
from carnet.web.render import page

_ALWAYS: Final = frozenset({Deed.CLOSE})
"""Done also while the support looks into a session that somebody says was not theirs: the one that asks may be it."""

View = Callable[..., HttpResponseBase]


def proof_of_now(deed: Callable[..., str]) -> Callable[[View], View]:
    """`deed` tells from the request's parameters which act a page is about: one of `Deed`, or anything else."""

    def declare(view: View) -> View:
        @wraps(view)
        def proven(request: HttpRequest, *args: Any, **parameters: Any) -> HttpResponseBase:
            asked = deed(**parameters)
            missing = unproven(request, Deed(asked)) if asked in set(Deed) else None
            return view(request, *args, **parameters) if missing is None else missing

        return proven

    return declare


def unproven(request: HttpRequest, deed: Deed) -> HttpResponse | None:
    """The page that asks for the proof of this act; None when there is one. What was written is kept for the way
    back."""
    waits = None if deed in _ALWAYS else unsettled(request, deed)
    if waits is not None:
        return waits
    who = session.authenticate(request)
    rule = assurance.rule(deed)
    late = time.time() - session.proven_at(request) > rule.minutes * 60
    weak = assurance.rank(_level(request)) < rule.rank
    if not late and not weak:
        return None
    if request.method == "POST" and who:
        drafts.keep(request, who.id)
    home = "/console/" if who and who.kind is ActorKind.OPERATOR else "/accueil"
    context = {"address": _address(request, deed), "weak": weak, "home": home}
    return page(request, "signin/confirm.html", context, status=_status(request))


def unsettled(request: HttpRequest, deed: Deed) -> HttpResponse | None:
    """The page that says that what lasts or leaves waits: somebody said of a session that it was not theirs, or came
    into the account by a code. None when nothing waits. A proof as for `deed` is the way on; what was written is kept
    for it."""
    who = session.authenticate(request)
    if who is None:
        return None
    stopped = disowning.waiting(who)
    if stopped:
        return page(request, "signin/frozen.html", {"number": stopped[0]}, status=_status(request))
    until = settling(request, who)
    if until is None:
        return None
    if request.method == "POST":
        drafts.keep(request, who.id)
    context = {"until": until, "address": _address(request, deed)}
    return page(request, "signin/settling.html", context, status=_status(request))


def settling(request: HttpRequest, who: Actor) -> datetime | None:
    """Until when this session waits, because somebody came into the account by a code."""
    if session.proven_level(request):
        return None
    key = opening.passkey(request.session)
    made_at = next((each.created_at for each in passkeys.of(who) if each.id == key), None) if key else None
    return settling_until(who, way=opening.way(request.session), made_at=made_at)


def _address(request: HttpRequest, deed: Deed) -> str:
    there = {"suite": request.get_full_path(), "acte": deed.value}
    return f"/connexion/confirmer?{urlencode(there, safe='/')}"


def _status(request: HttpRequest) -> int:
    return 200 if request.method in {"GET", "HEAD"} else 403


def beyond(request: HttpRequest, chosen: Provider, there: str) -> HttpResponse:
    """The provider cannot prove, or has not proven, what the act asks for: nothing is done, the session goes on."""
    context = {"name": chosen.name, "there": there, "errors": []}
    return page(request, "signin/beyond.html", context, status=403)


def _level(request: HttpRequest) -> str:
    """Of the last proof; of a session that does not say, the least that lets anybody in."""
    return session.proven_level(request) or opening.assurance(request.session) or session.least_level(request)
