"""« Grandir »: at which age a child is asked, may sign in, and is alone in charge; what each sees before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpRequest, HttpResponse

from carnet.consent import parents
from carnet.kernel.actor import Purpose
from carnet.records.ages import AGES
from carnet.records.rules import Handover, Stage, birthday, earliest_birth, handover, stage
from carnet.web.i18n import PARIS, gettext, today
from carnet.web.patient.visit import Visit, patient_page
from carnet.web.render import page


@dataclass(frozen=True, slots=True)
class Step:
    """A birthday, and what it changes; `reached`: whether it has been."""

    age: int
    day: date
    text: str
    reached: bool

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, time(12), PARIS)


@patient_page()
def growing(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = parents.around(visit.actor, visit.purpose, visit.record_id)
    birth = earliest_birth(found.birth)
    context = {
        "section": "accesses",
        "own": visit.purpose is Purpose.SELF,
        "stage": stage(birth, today()).value,
        "stages": Stage,
        "handover": handover(birth, today()).value,
        "handovers": Handover,
        "steps": [_step(birth, *each) for each in _changes()],
        "guarded": any(each.kind == "guardian" for each in found.representatives),
        "told": AGES.parents_told,
        "ages": AGES,
    }
    return page(request, "patient/growing.html", context)


def _step(birth: date, age: int, text: str) -> Step:
    day = birthday(birth, age)
    return Step(age, day, text, reached=day <= today())


def _changes() -> list[tuple[int, str]]:
    return [
        (
            AGES.asked,
            gettext("Son accord est recherché avant ce qui compte, et ce qui en est dit est inscrit."),
        ),
        (AGES.own_access, gettext("La personne peut ouvrir son carnet elle-même, à côté de ses parents.")),
        (AGES.alone, gettext("Elle est seule à l'ouvrir : l'accès de ses parents s'arrête ce jour-là.")),
    ]
