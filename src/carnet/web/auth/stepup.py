"""Acts that ask for a proof of now: who has been signed in for a while goes to their provider once more, and comes back
to the form they came from."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Final
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseBase

from carnet.web.auth import drafts, session
from carnet.web.render import page


class Deed(StrEnum):
    """What a proof of now is asked for."""

    CLOSE = "fermer"
    ERASE = "effacer"
    COPY = "export"


ASKED_FOR: Final = frozenset(Deed)

View = Callable[..., HttpResponseBase]


def proof_of_now(deed: Callable[..., str]) -> Callable[[View], View]:
    """`deed` tells from the request's parameters which act a page is about: one of `Deed`, or anything else."""

    def declare(view: View) -> View:
        @wraps(view)
        def proven(request: HttpRequest, *args: Any, **parameters: Any) -> HttpResponseBase:
            if deed(**parameters) not in ASKED_FOR or session.fresh(request):
                return view(request, *args, **parameters)
            return _ask(request)

        return proven

    return declare


def _ask(request: HttpRequest) -> HttpResponseBase:
    """What was written is kept for the way back."""
    who = session.authenticate(request)
    if request.method == "POST" and who:
        drafts.keep(request, who.id)
    address = f"/connexion/confirmer?suite={quote(request.get_full_path())}"
    return page(request, "signin/confirm.html", {"address": address}, status=200 if request.method == "GET" else 403)
