"""« Rendez-vous »: the visits to come that documents in the reader's sight announce. Carnet keeps no diary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse

from carnet.formats.clinical.model import Encounter, Kind
from carnet.formats.clinical.values import Moment
from carnet.health import profile as health
from carnet.health import stays
from carnet.health.profile import Profile
from carnet.health.queries import Line
from carnet.health.treatments import entry_of
from carnet.web.i18n import day, gettext, hour, today
from carnet.web.patient.health_rows import Link, day_of, whose
from carnet.web.patient.moments import shown
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.render import page

_DAY: Final = 10
_UNDATED: Final = "9"


@dataclass(frozen=True, slots=True)
class Row:
    """`when`: the day, and the hour where it is told; "" for no day. `off`: it was cancelled. `links` lead to the
    documents that say so."""

    what: str
    when: str
    where: str
    off: bool
    who: str
    links: tuple[Link, ...]


@patient_page(helps=Helps.APPOINTMENTS)
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    told = health.told(visit.actor, visit.purpose, visit.record_id, (Kind.ENCOUNTER,))
    context = {
        "section": "health" if visit.cover is None or visit.cover.reads_all else "appointments",
        "rows": [_row(told, line, entry) for line, entry in _to_come(told)],
    }
    return page(request, "patient/appointments.html", context)


def _to_come(told: Profile) -> list[tuple[Line, Encounter]]:
    """The next first, what has no day last."""
    found = [
        (line, entry)
        for line in told.lines
        if not (line.struck or line.absence)
        and isinstance(entry := entry_of(line), Encounter)
        and stays.is_to_come(entry, today().isoformat())
    ]
    return sorted(found, key=lambda each: each[1].when.start or _UNDATED)


def _row(told: Profile, line: Line, entry: Encounter) -> Row:
    documents = [told.documents[each] for each in line.sources if each in told.documents]
    return Row(
        what=line.label or gettext("Rendez-vous"),
        when=_when(entry.when.start),
        where=entry.location or (entry.provider.name if entry.provider else ""),
        off=stays.is_called_off(entry),
        who=whose(told, line),
        links=tuple(Link(each.id, each.title, each.who, day_of(told, line)) for each in documents),
    )


def _when(start: Moment) -> str:
    if len(start) <= _DAY:
        return shown(start)
    at = datetime.fromisoformat(start)
    return gettext("%(day)s à %(hour)s") % {"day": day(at), "hour": hour(at)}
