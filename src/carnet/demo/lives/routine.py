"""What happens to everybody: vaccines and examinations of their age, screening, small troubles, yearly papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from carnet.demo import vocabulary as models
from carnet.demo.authors import PAEDIATRICIAN
from carnet.demo.cast import INF_PETIT, PHARM_LEROY
from carnet.demo.lives.ailments import AILMENTS, Ailment
from carnet.demo.lives.calendar import EXAMINATIONS, VACCINES, working_day
from carnet.demo.lives.growth import ADULT
from carnet.demo.lives.habits import HABITS
from carnet.demo.lives.steps import Treatment, Visit
from carnet.demo.lives.teller import Teller
from carnet.demo.lives.writing import write
from carnet.demo.model import Document, Professional
from carnet.demo.pharmacopoeia import COVID, FLU
from carnet.formats.cda.build.clinical import Dose, Vaccine
from carnet.formats.cda.build.sections import conclusion, findings, measures

__all__ = ["ailments", "examinations", "habits", "influenza", "reimbursements", "vaccinations"]

_MONTH: Final = 30.4375
_SENIOR: Final = 65
_COVID_DAYS: Final = ((date(2021, 6, 1), 1, "INITIMMUNIZ"), (date(2021, 7, 8), 2, "INITIMMUNIZ"),
                      (date(2021, 12, 13), 3, "BOOSTER"))  # fmt: skip
_HALF_YEAR: Final = 183
_TRIES: Final = 400
# Type of document: what was reimbursed, and how much.
_REIMBURSED: Final = {
    models.CONSULTATION.type.code: ("Consultation", "16,55 €"),
    models.BIOLOGY.type.code: ("Analyses de biologie", "14,58 €"),
    models.DISPENSATION.type.code: ("Médicaments", "9,12 €"),
    models.DENTAL_CHECK.type.code: ("Soins dentaires", "17,35 €"),
    models.IMAGING.type.code: ("Imagerie", "38,20 €"),
}


def vaccinations(teller: Teller, start: date) -> None:
    """The calendar of vaccines, and Covid-19 for grown people in 2021."""
    for due in VACCINES:
        day = teller.body.born + timedelta(days=round(due.month * _MONTH) + teller.chance.randint(0, 9))
        if start <= day and due.since <= day.year <= due.until:
            _vaccinate(teller, day, due.doses, teller.doctor)
    for day, rank, kind in _COVID_DAYS:
        if start <= day and teller.age(day) >= ADULT:
            _vaccinate(teller, day, ((COVID, rank, kind),), INF_PETIT)


def influenza(teller: Teller, start: date, most: int) -> None:
    """Each autumn from 65 on, or with a disease that asks for it; the last autumns first."""
    for year in range(teller.until.year, start.year - 1, -1):
        day = date(year, 10, 14) + timedelta(days=teller.chance.randint(0, 20))
        needed = teller.age(day) >= _SENIOR or (teller.course.flu and day > teller.onset)
        if needed and start <= day and teller.count < most:
            by = PHARM_LEROY if teller.age(day) >= ADULT else teller.doctor
            _vaccinate(teller, day, ((FLU, 1, "IMMUNIZ"),), by)


def _vaccinate(teller: Teller, wanted: date, doses: Sequence[tuple[Vaccine, int, str]], by: Professional) -> None:
    if day := teller.free(wanted, models.VACCINATION):
        at = date.fromisoformat(day)
        given = [
            Dose(vaccine, at, f"{vaccine.atc.code[3:]}{at:%y}-{teller.chance.randint(100, 999)}", rank, kind)
            for vaccine, rank, kind in doses
        ]
        teller.chart.vaccination(day, by, given)


def examinations(teller: Teller, start: date) -> None:
    for examination in EXAMINATIONS:
        wanted = teller.body.born + timedelta(days=examination.day)
        day = teller.free(wanted, models.CHILD_VISIT) if wanted >= start else None
        if day:
            sections = (
                measures(date.fromisoformat(day), teller.measured(date.fromisoformat(day))),
                findings(teller.say(examination.found, date.fromisoformat(day))),
                conclusion("Bonne croissance, bon développement. Vaccinations à jour."),
            )
            by = PAEDIATRICIAN if examination.day < _MONTH else teller.doctor
            teller.chart.write(day, models.CHILD_VISIT, examination.title, by, sections)


_CHRONIC: Final = frozenset({"diabetes", "hypertension", "polypathology", "asthma"})


def habits(teller: Teller, start: date, most: int) -> None:
    for habit in HABITS:
        course = teller.course.key
        if teller.body.sex not in habit.sexes or habit.without == course:
            continue
        if habit.without == "chronic" and course in _CHRONIC:
            continue
        day = start + timedelta(days=teller.chance.randint(10, habit.every))
        while day <= teller.until and teller.count < most:
            if habit.ages[0] <= teller.age(day) <= habit.ages[1] and not teller.absorbed(day):
                write(habit.happening, teller, day)
            day += timedelta(days=habit.every)


def ailments(teller: Teller, start: date, wanted: int) -> None:
    """Small troubles until there are `wanted` documents: never two of one kind in the same half year."""
    span = (teller.until - start).days
    recent: dict[str, list[date]] = {}
    for _ in range(_TRIES):
        if teller.count >= wanted:
            return
        day = start + timedelta(days=teller.chance.randint(0, span))
        ailment = teller.chance.choice(AILMENTS)
        before = recent.setdefault(ailment.title, [])
        if _befalls(ailment, teller, day) and all(abs((day - each).days) > _HALF_YEAR for each in before):
            before.append(day)
            write(Visit(ailment.title, ailment.reason, ailment.found, ailment.decided), teller, day)
            if ailment.lines:
                write(Treatment(ailment.lines, ailment.days), teller, working_day(day))


def _befalls(ailment: Ailment, teller: Teller, day: date) -> bool:
    return (
        ailment.ages[0] <= teller.age(day) <= ailment.ages[1]
        and teller.body.sex in ailment.sexes
        and ailment.needs not in teller.course.avoided
        and not teller.absorbed(day)
    )


def reimbursements(teller: Teller, year: int) -> None:
    """The insurer's statement of a year, from the documents of that year."""
    rows = [row for document in teller.chart.documents if document.at.year == year for row in _rows(document)]
    if rows:
        rows.sort(key=lambda row: (row[0][3:5], row[0][:2]))
        teller.chart.reimbursements(f"{year + 1}-01-20", str(year), rows)


def _rows(document: Document) -> Iterator[tuple[str, str, str, str]]:
    paid = _REIMBURSED.get(document.model.type.code)
    if paid and not document.replaces:
        by = document.author.name if document.author else ""
        yield f"{document.at:%d/%m/%Y}", paid[0], by, paid[1]
