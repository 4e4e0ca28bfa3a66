"""« Ma synthèse »: what it holds is chosen, looked at, and printed in French or English."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict

from carnet.documents import handing
from carnet.health import profile as health
from carnet.kernel import render, typeset
from carnet.web import headers, i18n
from carnet.web.errors import busy
from carnet.web.patient import summary_content as content
from carnet.web.patient.privacy_words import last_day
from carnet.web.patient.summary_content import Choice, Printed, Wanted
from carnet.web.patient.visit import Visit, patient_page
from carnet.web.reading.serving import named
from carnet.web.render import page

HOME: Final = "/sante/synthese"
WIDTH: Final = 1240
_RETRY: Final = 5


@patient_page()
def summary(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Chosen by its address, so that looking changes nothing."""
    offered = choices(visit)
    wanted = asked(request.GET, offered)
    try:
        made = content.printed_of(visit, wanted)
    except typeset.Busy:
        return busy(request, _RETRY)
    context: dict[str, Any] = {
        "section": "health",
        "choices": offered,
        "wanted": wanted,
        "made": made,
        "languages": i18n.LANGUAGES,
        "query": query(wanted),
        "home": HOME,
        "shared": handing.in_hands(visit.actor, visit.purpose, visit.record_id),
        "last_day": last_day,
        "fait": request.GET.get("fait", ""),
    }
    return page(request, "patient/summary.html", context)


@patient_page()
def pdf(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    made = _made(request, visit)
    if isinstance(made, HttpResponseBase):
        return made
    response = HttpResponse(made.pdf, content_type="application/pdf")
    response["Content-Security-Policy"] = headers.FILE
    return named(response, f"{made.title}.pdf", inline=request.GET.get("ouvrir") == "1")


@patient_page()
def sheet(request: HttpRequest, visit: Visit, number: int) -> HttpResponseBase:
    """A page of it as an image, for the page that shows it before it is printed."""
    made = _made(request, visit)
    if isinstance(made, HttpResponseBase):
        return made
    if not 1 <= number <= made.pages:
        raise Http404
    try:
        shown = render.page_image(made.pdf, number, WIDTH)
    except render.Busy:
        return busy(request, _RETRY)
    return named(HttpResponse(shown.data, content_type=render.IMAGE_TYPE), "page.webp")


def _made(request: HttpRequest, visit: Visit) -> Printed | HttpResponseBase:
    try:
        return content.printed_of(visit, asked(request.GET, choices(visit)))
    except typeset.Busy:
        return busy(request, _RETRY)


def choices(visit: Visit) -> list[Choice]:
    told = health.told_arrangement(visit.actor, visit.purpose, visit.record_id)
    return content.choices(told.order)


def asked(sent: QueryDict, offered: list[Choice]) -> Wanted:
    """Everything, as long as nothing was chosen; what is not offered counts as not chosen."""
    known = [each.name for each in offered]
    parts = sent.getlist("partie") if "choix" in sent else known
    language = sent.get("langue", i18n.language())
    return Wanted(
        parts=frozenset(parts) & frozenset(known),
        language=language if language in i18n.LANGUAGES else i18n.FRENCH,
        masked=sent.get("masques") == "1",
    )


def query(wanted: Wanted) -> str:
    pairs = [("choix", "1"), ("langue", wanted.language), *(("partie", each) for each in sorted(wanted.parts))]
    return urlencode([*pairs, ("masques", "1")] if wanted.masked else pairs)
