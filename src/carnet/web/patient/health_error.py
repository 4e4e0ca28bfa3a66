"""« C'est une erreur »: what a document or a professional's note states is reported to whoever made it, and followed
until they correct it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.documents.changing import NotThere
from carnet.formats.clinical.model import Kind
from carnet.health import disputing, goals
from carnet.health import profile as health
from carnet.health.disputing import WordsTooLong
from carnet.health.profile import FactReport, Profile
from carnet.health.profile_models import LONGEST_WORDS
from carnet.health.queries import Line
from carnet.health.sections import Section, section_of
from carnet.health.treatments import entry_of
from carnet.people import queries as people
from carnet.web.about import about
from carnet.web.auth import drafts
from carnet.web.i18n import gettext
from carnet.web.patient import measures, results
from carnet.web.patient import result_words as words_of
from carnet.web.patient.health import HOME
from carnet.web.patient.health_rows import voice_of, whose
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form, patient_page
from carnet.web.render import page

_PAGES: Final = {Kind.RESULT: ("resultats", results.PREFIX), Kind.MEASURE: ("mesures", measures.PREFIX)}


@dataclass(frozen=True, slots=True)
class Source:
    """Where it is written. `href` and `title` are a document's, "" for a note; `reported`: the error was told there."""

    id: UUID
    title: str
    who: str
    at: datetime
    href: str
    reported: bool

    @property
    def noted(self) -> bool:
        return not self.href


@patient_page()
def errors(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every error that was reported, and how far each has come."""
    followed = disputing.followed(visit.actor, visit.purpose, visit.record_id)
    return page(request, "patient/health_errors.html", {"section": "health", "followed": followed})


@patient_form()
def error(request: HttpRequest, visit: Visit, fact: UUID, source_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _page(request, visit, fact, source_id)
    target = {"record_id": visit.record_id, "fact": fact, "source_id": source_id}
    if request.POST.get("acte") == "reprendre":
        disputing.take_back(visit.actor, visit.purpose, **target)
        return done(f"{request.path}?fait=repris")
    words = request.POST.get("mots", "").replace("\r\n", "\n").strip()
    try:
        disputing.report(visit.actor, visit.purpose, **target, words=words)
    except WordsTooLong:
        text = gettext("Écrivez %(most)s caractères au plus : il y en a %(count)s.")
        return _page(request, visit, fact, source_id, words, text % {"most": LONGEST_WORDS, "count": len(words)})
    return done(f"{request.path}?fait=signale")


def _page(
    request: HttpRequest, visit: Visit, fact: UUID, source_id: UUID, words: str = "", fault: str = ""
) -> HttpResponse:
    told = health.told_of(visit.actor, visit.purpose, visit.record_id, fact)
    line = told.line(fact)
    report = next((each for each in told.reports if (each.fact, each.source_id) == (fact, source_id)), None)
    if report and report.answered_at:
        return _answered(request, report)
    sources = _sources(told, line) if line else {}
    if line is None or source_id not in sources:
        raise NotThere
    href, name = _back(line)
    context: dict[str, Any] = {
        "section": "health",
        "line": line,
        "voice": voice_of(told, line, entry_of(line), owns=True),
        "source": sources.pop(source_id),
        "report": report,
        # The same stands elsewhere: each document has its own author, who is told of it there.
        "others": list(sources.values()),
        "words": words or drafts.fields(request, visit.actor.id).get("mots", ""),
        "errors": [("mots", fault)] if fault else [],
        "most": LONGEST_WORDS,
        "back": href,
        "back_name": name,
        "done": request.GET.get("fait", ""),
    }
    return page(request, "patient/health_error.html", context, status=422 if fault else 200)


def _answered(request: HttpRequest, report: FactReport) -> HttpResponse:
    """The note is gone: nothing is left of what it said but who wrote it, and what they did."""
    author = people.names({report.depositor_id}).get(report.depositor_id, "")
    context = {"section": "health", "report": report, "author": author}
    return page(request, "patient/health_error_answered.html", context)


def _sources(told: Profile, line: Line) -> dict[UUID, Source]:
    """Whom an error is told to: nobody for what a person said, who corrects it themselves."""
    reported = {each.source_id for each in told.reports if each.fact == line.fact}
    if line.said_by == "professional":
        at, who = told.said[line.sources[0]].stated_at, whose(told, line)
        return {each: Source(each, "", who, at, "", each in reported) for each in line.sources}
    known = (told.documents[each] for each in line.sources if each in told.documents)
    return {
        each.id: Source(each.id, each.title, each.who, each.at, f"/documents/{each.id}", each.id in reported)
        for each in known
    }


def _back(line: Line) -> tuple[str, str]:
    """The page that the line stands on, and its name."""
    section = section_of(line.kind)
    if section is Section.TREATMENTS:
        return f"{HOME}/traitements", about("Ma santé")
    if section is not None:
        return f"{HOME}#{section}", about("Ma santé")
    if line.kind is Kind.VACCINATION:
        return f"{HOME}/vaccinations", gettext("Vaccinations")
    place, prefix = _PAGES[line.kind]
    series = goals.about(line.series) or line.series
    name = gettext("Résultats de laboratoire") if line.kind is Kind.RESULT else gettext("Mesures")
    of_its_own = series.startswith(prefix) or (series and line.kind is Kind.RESULT)
    return (f"{HOME}/{place}/{words_of.slug_of(series, prefix)}" if of_its_own else f"{HOME}/{place}"), name
