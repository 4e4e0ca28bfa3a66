"""Writes each kind of happening as the documents it leaves behind."""

from __future__ import annotations

from datetime import date, timedelta
from functools import singledispatch

from carnet.demo import vocabulary as models
from carnet.demo.cast import DR_URGENCE, PHARM_LEROY
from carnet.demo.lives.steps import (
    Blood,
    Emergency,
    Film,
    Happening,
    Letter,
    Paper,
    Photograph,
    Stay,
    Summary,
    Treatment,
    Visit,
)
from carnet.demo.lives.teller import Teller
from carnet.demo.model import Picture
from carnet.demo.words import moment
from carnet.formats.cda.build.clinical import Problem, Result
from carnet.formats.cda.build.sections import (
    allergies,
    conclusion,
    course,
    findings,
    letter,
    measures,
    plan,
    problems,
    reason,
    treatments,
)

__all__ = ["write"]

_DAY = timedelta(days=1)
_WARD_HOURS = ("18:05", "19:20")


@singledispatch
def write(happening: Happening, teller: Teller, day: date) -> None:
    """On that day or as soon after as doctors work. What would fall after the end of the story is left out."""
    raise TypeError(f"Nobody writes a {type(happening).__name__}.")


@write.register
def _visit(visit: Visit, teller: Teller, wanted: date) -> None:
    if day := teller.free(wanted, visit.model):
        at = date.fromisoformat(day)
        taken = [measures(at, teller.measured(at))] if visit.weighed else []
        sections = (
            reason(teller.say(visit.reason, at)),
            findings(teller.say(visit.found, at)),
            *taken,
            plan(*[teller.say(each, at) for each in visit.decided]),
        )
        teller.chart.write(day, visit.model, visit.title, visit.by or teller.doctor, sections)


@write.register
def _letter(written: Letter, teller: Teller, wanted: date) -> None:
    if day := teller.free(wanted, written.model):
        at = date.fromisoformat(day)
        paragraphs = [teller.say(each, at) for each in ("Chère consœur, cher confrère,", *written.paragraphs)]
        sections = (letter(*paragraphs), conclusion(teller.say(written.concluded, at)))
        teller.chart.write(day, written.model, written.title, written.by, sections, clock="15:00")


@write.register
def _blood(blood: Blood, teller: Teller, wanted: date) -> None:
    day = teller.free(wanted, models.BIOLOGY)
    if day is None:
        return
    results = [teller.result(trend, date.fromisoformat(day)) for trend in blood.trends]
    if blood.hospital:
        teller.chart.hospital_results(day, results, title=blood.title, hours=_WARD_HOURS)
        return
    later = teller.free(date.fromisoformat(day) + _DAY, models.BIOLOGY) if teller.misprint else None
    if later is None:
        teller.chart.city_results(day, results, title=blood.title)
        return
    teller.misprint = False
    first, *others = results
    typed = Result(first.analyte, f"{float(first.value) * 1.3:.{blood.trends[0].decimals}f}")
    wrong = teller.chart.city_results(day, [typed, *others], title=blood.title)
    title = f"{blood.title} (rectificatif)"
    teller.chart.city_results(later, results, title=title, replaces=wrong, sampled=day)


@write.register
def _treatment(treatment: Treatment, teller: Teller, wanted: date) -> None:
    day = teller.free(wanted, models.PRESCRIPTION)
    if day is None:
        return
    start = date.fromisoformat(day)
    lines = [teller.line(each, start, start + timedelta(days=treatment.days), treatment.repeats)
             for each in treatment.lines]  # fmt: skip
    teller.chart.prescription(day, treatment.by or teller.doctor, lines, *treatment.notes)
    if delivered := teller.free(start, models.DISPENSATION):
        teller.chart.dispensation(delivered, PHARM_LEROY, lines)


@write.register
def _film(film: Film, teller: Teller, wanted: date) -> None:
    if day := teller.free(wanted, models.IMAGING):
        teller.chart.imaging(
            day,
            film.title,
            act=film.act,
            reason=film.reason,
            technique=film.technique,
            found=film.found,
            concluded=film.concluded,
        )


@write.register
def _stay(stay: Stay, teller: Teller, entered: date) -> None:
    left = entered + timedelta(days=stay.nights)
    if day := teller.claimed(left, stay.model):
        clock = "11:00" if stay.nights else "18:10"
        teller.chart.write(
            day,
            stay.model,
            stay.title,
            stay.by,
            (reason(stay.reason), course(*stay.course), plan(*stay.decided)),
            clock=clock,
            acts=(stay.act,) if stay.act else (),
            started=moment(entered.isoformat(), "08:30"),
            ended=moment(day, "10:30" if stay.nights else "17:40"),
        )


@write.register
def _emergency(emergency: Emergency, teller: Teller, wanted: date) -> None:
    if day := teller.claimed(wanted, models.EMERGENCY):
        sections = (reason(emergency.reason), findings(emergency.found), conclusion(emergency.concluded))
        teller.chart.write(day, models.EMERGENCY, emergency.title, DR_URGENCE, sections, clock="21:30")


@write.register
def _paper(paper: Paper, teller: Teller, wanted: date) -> None:
    if day := teller.free(wanted, paper.model):
        by = paper.by or teller.doctor
        text = [teller.say(each, date.fromisoformat(day)) for each in paper.paragraphs]
        teller.chart.scan(day, paper.model, paper.title, by, *text)


@write.register
def _photograph(photograph: Photograph, teller: Teller, wanted: date) -> None:
    if day := teller.free(wanted, photograph.model):
        body = Picture(photograph.picture)
        teller.chart.write(day, photograph.model, photograph.title, photograph.by, body, clock="14:30")


@write.register
def _summary(_: Summary, teller: Teller, wanted: date) -> None:
    day = teller.free(wanted, models.SUMMARY)
    if day is None:
        return
    at = date.fromisoformat(day)
    since = teller.onset + timedelta(days=12)
    sections = (
        problems([Problem(code, since) for code in teller.course.problems]),
        allergies(()),
        treatments([teller.line(each, since, None) for each in teller.course.lasting]),
        measures(at, teller.measured(at)),
    )
    teller.chart.write(day, models.SUMMARY, "Synthèse médicale", teller.doctor, sections)
