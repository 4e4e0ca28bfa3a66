"""Checking a vaccination certificate that somebody shows: whether the house signed it, and what it holds. Nothing is
kept, and nobody is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from carnet.health import attesting
from carnet.health.attesting import Checked, Verdict
from carnet.kernel.http import Audience, Audit, door
from carnet.web.i18n import gettext
from carnet.web.patient.certificate import issuer
from carnet.web.render import page

_MOST_CODES: Final = 12
_LONGEST: Final = 60_000


@dataclass(frozen=True, slots=True)
class Told:
    place: int
    checked: Checked

    @property
    def verdict(self) -> Verdict:
        return self.checked.verdict

    @property
    def issued(self) -> datetime | None:
        return datetime.fromtimestamp(self.checked.card.issued, UTC) if self.checked.card else None


@door(audience=Audience.OPEN, audit=Audit.NONE)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, [], [])
    text = request.POST.get("code", "")[:_LONGEST]
    codes = _codes(text)
    if not codes:
        return _page(request, [], [("code", gettext("Collez le texte d'un code, qui commence par shc:/"))], 422)
    told = [Told(place, attesting.check(each, issuer=issuer())) for place, each in enumerate(codes, 1)]
    return _page(request, told, [])


def _codes(text: str) -> list[str]:
    """One a line, or one after the other; figures that were broken into lines are one."""
    parts = [part for part in text.replace("shc:/", "\nshc:/").split("\nshc:/") if part.strip()]
    whole = [part if "." in part else f"shc:/{part}" for part in parts]
    return whole[:_MOST_CODES]


def _page(request: HttpRequest, told: list[Told], errors: list[tuple[str, str]], status: int = 200) -> HttpResponse:
    return page(request, "public/verify.html", {"told": told, "errors": errors}, status=status, anonymous=True)


@door(audience=Audience.OPEN, audit=Audit.NONE)
@require_safe
def keys(request: HttpRequest) -> HttpResponseBase:
    """For verifiers on other sites, and for those who keep it to check without a network."""
    answer = JsonResponse(attesting.jwks())
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
