"""Documents that people say are not theirs, and those, with the notes of professionals, in which they say that a line
is wrong, for the support: which, from whom, since when, and nothing of what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.documents import reporting
from carnet.documents.reporting import Case
from carnet.health import disputing
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.kernel.ids import from_short, short
from carnet.people import queries as people
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.listing import id_of, listing, number_of

_ADDRESS = "/console/signalements"
_ACTS = {"retirer": True, "classer": False}
_PASSED_ON = "transmis"
_NOTHING = UUID(int=0)
"""No document has this number: nothing is found under what is no number."""


@support_page(_ADDRESS, Audit.RECORD_WRITE, posted=True)
def reports(request: HttpRequest, who: Actor) -> HttpResponse:
    if request.method == "POST":
        return _settle(request, who)
    asked = id_of(request, "retirer")
    if asked and (case := reporting.open_case(who, asked)):
        (row,) = _rows([(case, case.document_id, False)])
        return shown(request, "console/withdraw.html", {"row": row}, section=_ADDRESS)
    return _listed(request, who)


def _listed(request: HttpRequest, who: Actor) -> HttpResponse:
    number = number_of(request)
    about = (from_short(number.lower()) or _NOTHING) if number else None

    def whole(*, after: UUID | None, named: str, limit: int) -> Sequence[Case]:
        del named
        return reporting.open_cases(who, about=about, after=after, limit=limit)

    def lines(*, after: UUID | None, named: str, limit: int) -> Sequence[disputing.Case]:
        del named
        return disputing.open_cases(who, about=about, after=after, limit=limit)

    documents = listing(request, _ADDRESS, whole, reporting.how_many(who))
    facts = listing(request, _ADDRESS, lines, disputing.how_many(who), name="apres-lignes")
    context = {
        "documents": documents,
        "rows": _rows([(case, case.document_id, False) for case in documents.rows]),
        "facts": facts,
        "fact_rows": _rows([(case, case.source_id, case.noted) for case in facts.rows]),
        "done": request.GET.get("fait", ""),
    }
    return shown(request, "console/reports.html", context, section=_ADDRESS)


def _rows(cases: Sequence[tuple[Case | disputing.Case, UUID, bool]]) -> list[dict[str, Any]]:
    """Of each case what it is about, and whether that is a note."""
    names = people.names({case.depositor_id for case, _, _ in cases})
    return [
        {
            "id": case.id,
            "document": short(about),
            "noted": noted,
            "who": names.get(case.depositor_id, ""),
            "at": case.at,
        }
        for case, about, noted in cases
    ]


def _settle(request: HttpRequest, who: Actor) -> HttpResponse:
    act = request.POST.get("acte", "")
    try:
        case_id = UUID(request.POST.get("signalement", ""))
    except ValueError:
        act = ""
    if act in _ACTS:
        reporting.settle(who, case_id, remove=_ACTS[act])
    elif act == _PASSED_ON:
        disputing.close(who, case_id)
    return see_other(f"{_ADDRESS}?fait={act}" if act in {*_ACTS, _PASSED_ON} else _ADDRESS)
