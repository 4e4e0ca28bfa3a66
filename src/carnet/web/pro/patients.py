"""The patients of a professional on their desk: those laid out for today, and those whose record they opened lately.

Somebody whom they may no longer read is not among the recent ones, and nothing says so. Who was laid out for today was
found by their number or traits: the list tells of them what finding them tells, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from carnet.consent.standing import still_read
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.people import day_list
from carnet.records.queries import Holder, existences
from carnet.web import i18n
from carnet.web.pro import band, desk, shelves
from carnet.web.pro.band import Band
from carnet.web.pro.visit import desk_page, done

_MOST_RECENT: Final = 30
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Patient:
    """`at`: when they were laid out, or last opened; `laid`: whether they stand in today's list by an act."""

    record_id: UUID
    band: Band
    at: datetime
    done: bool
    laid: bool


@dataclass(frozen=True, slots=True)
class Patients:
    """`today` in the order of the day, those that are done with last; `recent` of the days before, the latest first."""

    today: tuple[Patient, ...]
    recent: tuple[Patient, ...]


def of(actor: Actor) -> Patients:
    laid = {entry.record_id: entry for entry in day_list.of(actor)}
    since = clock.now() - timedelta(days=settings.CARNET.recent_days)
    opened = day_list.opened(actor, since, most=_MOST_RECENT)
    readable = still_read(actor, [each.record_id for each in opened])
    shown = [each for each in opened if each.record_id in readable]
    holders = existences(actor, [*laid, *(each.record_id for each in shown if each.record_id not in laid)])
    midnight = day_list.midnight()
    today = [
        *(
            _patient(holders[entry.record_id], entry.at, done=entry.done)
            for entry in laid.values()
            if entry.record_id in holders
        ),
        *(
            _patient(holders[each.record_id], each.at, laid=False)
            for each in reversed(shown)
            if each.at >= midnight and each.record_id not in laid and each.record_id in holders
        ),
    ]
    there = {each.record_id for each in today}
    recent = [
        _patient(holders[each.record_id], each.at)
        for each in shown
        if each.record_id in holders and each.record_id not in there
    ]
    return Patients(tuple(sorted(today, key=lambda each: each.done)), tuple(recent[:_SHOWN]))


def _patient(holder: Holder, at: datetime, *, done: bool = False, laid: bool = True) -> Patient:
    return Patient(holder.record_id, band.of(holder, i18n.today()), at, done, laid)


@desk_page(Audit.RECORD_WRITE, posted=True)
def today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is done to the list of the day; a record that they have neither found nor opened is none."""
    if request.method != "POST":
        return done("/pro/#file")
    record_id, act = shelves.as_id(request.POST.get("carnet", "")), request.POST.get("acte", "")
    if record_id is None or not _theirs(request, actor, record_id):
        raise Http404
    if act == "retirer":
        day_list.take_out(actor, record_id)
    elif act in {"vu", "attendre"}:
        day_list.tick(actor, record_id, done=act == "vu")
    else:
        day_list.add(actor, record_id)
    return done("/pro/#file" if act else f"/pro/carnets/{record_id}")


def _theirs(request: HttpRequest, actor: Actor, record_id: UUID) -> bool:
    return desk.holds(request, record_id) or day_list.holds(actor, record_id) or bool(still_read(actor, [record_id]))
