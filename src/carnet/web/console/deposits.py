"""Deposits of software that were refused: how many a day, by which rule, and what the rule says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from django.http import HttpRequest, HttpResponse

from carnet.formats.fhir.errors import CATALOGUE, Problem
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.people import refusals
from carnet.people.refusals import Refusals
from carnet.web.console.face import shown, support_page

_ADDRESS: Final = "/console/depots"
_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    rows: tuple[Refusals, ...]


@support_page(_ADDRESS, Audit.ACCOUNT)
def deposits(request: HttpRequest, who: Actor) -> HttpResponse:
    typed = request.GET.get("debut", "")
    begin = int(typed) if typed.isdecimal() and len(typed) < _DIGITS else 0
    page = refusals.lately(who, begin=begin)
    found = page[: refusals.PAGE]
    days = [Day(day, tuple(rows)) for day, rows in groupby(found, key=lambda row: row.day)]
    rules: list[Problem] = [CATALOGUE[code] for code in sorted({row.code for row in found}) if code in CATALOGUE]
    more = f"?debut={begin + refusals.PAGE}" if len(page) > refusals.PAGE else ""
    context = {"days": days, "rules": rules, "more": more, "later": begin > 0}
    return shown(request, "console/deposits.html", context, section=_ADDRESS)
