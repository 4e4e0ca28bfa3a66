"""The trail of one's own record, a page of it at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent import reviewing
from carnet.consent.trail import Position, TrailLine
from carnet.documents import trail
from carnet.documents.trail import Asked
from carnet.kernel.actor import ActorKind
from carnet.people import queries as people
from carnet.web.i18n import PARIS, gettext
from carnet.web.patient.adding_form import as_day
from carnet.web.patient.sentences import Day, Sentence, days, sentence, whole
from carnet.web.patient.visit import Visit, patient_page
from carnet.web.render import page
from carnet.web.words import marked

OTHERS, MINE, ALL = "autres", "moi", "tous"
_READ: Final = [
    *("document-open", "document-read", "document-page", "documents-list", "documents-search"),
    *("entries-list", "entries-search", "everything-read", "new-since-read", "summary-deposited", "summary-read"),
]
_GAVE: Final = ["document-deposit", "document-deposit-again", "document-superseded"]
CHOICES: Final = {
    OTHERS: Asked(others=True),
    "lectures": Asked(others=True, actions=_READ, outcome="done"),
    "depots": Asked(others=True, actions=_GAVE, outcome="done"),
    "urgences": Asked(others=True, actions=["break-glass"]),
    "refus": Asked(others=True, outcome="refused"),
    MINE: Asked(others=False),
    ALL: Asked(),
}
_NAMES: Final = {
    OTHERS: marked("Les autres"),
    "lectures": marked("Lectures"),
    "depots": marked("Dépôts"),
    "urgences": marked("Urgences"),
    "refus": marked("Refusés"),
    MINE: marked("Vos actions"),
    ALL: marked("Tout"),
}
ROLES: Final = {
    "soignants": [ActorKind.PROFESSIONAL.value],
    "logiciels": [ActorKind.CLIENT.value],
    "proches": [ActorKind.PERSON.value],
    "assistance": [ActorKind.OPERATOR.value],
}
_ROLE_NAMES: Final = {
    "soignants": marked("Soignants"),
    "logiciels": marked("Logiciels"),
    "proches": marked("Proches"),
    "assistance": marked("Assistance"),
}
_KINDS: Final = {ActorKind.PROFESSIONAL: marked("Soignant"), ActorKind.PERSON: marked("Proche")}
_PAGE = 100
_RECENT = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for: a choice, one actor or those of one role, and the days from `since` to `until`, both
    included; or the instants of an emergency."""

    chosen: str = OTHERS
    person: UUID | None = None
    role: str = ""
    since: date | None = None
    until: date | None = None
    begin: datetime | None = None
    end: datetime | None = None

    def href(self, before: str = "") -> str:
        asked = {
            "qui": self.chosen,
            "personne": self.person,
            "role": self.role,
            "du": self.since and _typed(self.since),
            "au": self.until and _typed(self.until),
            "debut": self.begin and self.begin.isoformat(),
            "fin": self.end and self.end.isoformat(),
            "avant": before,
        }
        return "?" + urlencode({name: str(value) for name, value in asked.items() if value})

    @property
    def narrowed(self) -> bool:
        return bool(self.person or self.role or self.since or self.until or self.begin or self.end)

    def asked(self) -> Asked:
        """Of one person everything is asked, whatever the choice says of others."""
        return replace(
            CHOICES[self.chosen],
            actor_id=self.person,
            kinds=ROLES.get(self.role),
            since=_midnight(self.since) if self.since else self.begin,
            until=_midnight(self.until + timedelta(days=1)) if self.until else self.end,
        )


@dataclass(frozen=True, slots=True)
class Log:
    """`older` is where the next page goes on, or "" at the beginning of the record; `whole`: this one page holds all
    lines of the choice, so that « nobody else » may be said; `person`: the name of the one asked for."""

    wanted: Wanted
    days: tuple[Day, ...]
    older: str
    whole: bool
    person: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)

    @property
    def chosen(self) -> str:
        return self.wanted.chosen


@patient_page()
def accesses(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who looked. Without a choice, what others did."""
    wanted, errors = _wanted(request)
    shown = page_of(visit, wanted, request.GET.get("avant", ""))
    cases = reviewing.cases(visit.actor, visit.purpose, visit.record_id)
    context: dict[str, Any] = {
        "section": "accesses",
        "log": shown,
        "cases": cases,
        # The newest about each.
        "disputed": {case.professional.id: case for case in reversed(cases)},
        "form": {name: request.GET.get(name, "")[:20] for name in ("du", "au")},
        "errors": errors,
    }
    return page(request, "patient/accesses.html", context, status=422 if errors else 200)


@patient_page()
def people_met(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who is in the trail, to see all that one of them did."""
    found = trail.met(visit.actor, visit.purpose, visit.record_id)
    return page(request, "patient/accesses_people.html", {"section": "accesses", "found": found, "roles": _KINDS})


def _wanted(request: HttpRequest) -> tuple[Wanted, list[tuple[str, str]]]:
    """What cannot be read asks nothing; of a day it is said."""
    chosen, role = request.GET.get("qui", ""), request.GET.get("role", "")
    days = {name: _day(request.GET.get(name, "")) for name in ("du", "au")}
    unclear = [name for name, day in days.items() if request.GET.get(name, "").strip() and day is None]
    wanted = Wanted(
        chosen=chosen if chosen in CHOICES else OTHERS,
        person=_uuid(request.GET.get("personne", "")),
        role=role if role in ROLES else "",
        since=days["du"],
        until=days["au"],
        begin=_instant(request.GET.get("debut", "")),
        end=_instant(request.GET.get("fin", "")),
    )
    return wanted, [(name, gettext("Écrivez la date comme ceci : 12 3 2026")) for name in unclear]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    found = as_day(text)
    # Years that no clock of the trail has would leave what the database can hold.
    return found if found and 1900 < found.year < 3000 else None  # noqa: PLR2004


def _typed(day: date) -> str:
    return f"{day.day} {day.month} {day.year}"


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and 1900 < found.year < 3000 else None  # noqa: PLR2004


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def page_of(visit: Visit, wanted: Wanted, before: str) -> Log:
    """A hundred lines, and those with which the visits in them began: a visit that were cut would be told with other
    numbers as the page moves on."""

    def ends(lines: Sequence[TrailLine], more: bool) -> int | None:  # noqa: FBT001
        return whole(lines, visit.actor.id, _PAGE, more=more)

    shown, more = trail.page(
        visit.actor,
        visit.purpose,
        visit.record_id,
        asked=wanted.asked(),
        ends=ends,
        least=_PAGE,
        before=_position(before),
    )
    older = f"{shown[-1].at.isoformat()}_{shown[-1].id}" if more else ""
    return Log(
        wanted,
        tuple(days(shown, visit.actor.id)),
        older,
        whole=not before and not older,
        person=people.names([wanted.person]).get(wanted.person, "") if wanted.person and shown else "",
        choices={code: gettext(_NAMES[code]) for code in _in_sight(wanted.chosen)},
        roles={code: gettext(name) for code, name in _ROLE_NAMES.items()},
    )


def _in_sight(chosen: str) -> list[str]:
    """The chosen one first: on a phone the others are scrolled to."""
    return sorted(_NAMES, key=lambda code: code != chosen)


@dataclass(frozen=True, slots=True)
class Others:
    """The latest thing that somebody else did in the record, so far as it may be told, and what was refused to others
    since the visit before this one, newest first."""

    last: Sentence | None
    refused: tuple[Sentence, ...]


def of_others(visit: Visit) -> Others:
    found = _lines(visit, CHOICES[OTHERS], None, _RECENT)
    told = [sentence(line, visit.actor.id) for line in found]
    refused = [
        said
        for line, said in zip(found, told, strict=True)
        if line.outcome == "refused" and visit.since and line.at > visit.since
    ]
    return Others(told[0] if told else None, tuple(refused))


def _lines(visit: Visit, asked: Asked, before: Position | None, limit: int) -> list[TrailLine]:
    return trail.lines(visit.actor, visit.purpose, visit.record_id, asked=asked, limit=limit, before=before)


def _position(text: str) -> Position | None:
    """What `Log.older` wrote; anything else is the beginning."""
    at, _, identifier = text.partition("_")
    try:
        found = datetime.fromisoformat(at), UUID(identifier)
    except ValueError:
        return None
    return found if found[0].tzinfo and 1900 < found[0].year < 3000 else None  # noqa: PLR2004
