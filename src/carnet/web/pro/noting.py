"""Noting without a document: a problem, an allergy, a vaccination, a measure, a target. It is signed by who notes it,
stands beside what others say, and is theirs to correct and to take back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.consent.access import Refused
from carnet.consent.standing import Standing, standing
from carnet.documents.changing import NotThere
from carnet.formats.clinical.model import Entry, Kind, Observation
from carnet.formats.fhir import entries as fhir
from carnet.formats.gs1 import BoxError
from carnet.formats.gs1 import read as read_box
from carnet.formats.terminology import choices
from carnet.formats.terminology.noting import Note
from carnet.health import boxes, goals, profile, stating
from carnet.health.profile import FactReport, Profile
from carnet.health.queries import Line
from carnet.health.schedule import diseases
from carnet.kernel.actor import Purpose
from carnet.kernel.http import Audit
from carnet.web.i18n import gettext, today
from carnet.web.patient import result_words
from carnet.web.patient.moments import written
from carnet.web.patient.vaccination_words import of_disease
from carnet.web.pro import note_figures, note_form, note_words, secrecy
from carnet.web.pro.note_at import At, sending, take_back
from carnet.web.pro.note_form import Fault, Fields
from carnet.web.pro.note_words import KINDS, SLUGS
from carnet.web.pro.restrictions import MASKED, SECRET
from carnet.web.pro.visit import Visit, done, record, record_page
from carnet.web.words import marked

DONE: Final = {
    "vaccination": marked("La vaccination est notée. La personne la lit dans son carnet de vaccination."),
    "mesure": marked("La mesure est notée. La personne la lit dans ses mesures."),
    "probleme": marked("Le problème de santé est noté. La personne le lit dans « Ma santé »."),
    "allergie": marked("L'allergie est notée. La personne la lit dans « Ma santé »."),
    "objectif": marked("L'objectif est fixé. La personne le lit à côté de ses résultats, avec votre nom."),
    "corrige": marked("La note est corrigée."),
    "retire": marked("La note est retirée du carnet."),
}
_KINDS: Final = (Kind.PROBLEM, Kind.ALLERGY, Kind.VACCINATION, Kind.MEASURE, Kind.RESULT)


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    what: str
    kind: str
    when: str
    tags: tuple[str, ...]
    reported: FactReport | None


@record_page()
def notes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What may be noted here, and what one noted."""
    stands = standing(visit.actor, visit.record_id)
    reads = stands.read.granted or visit.in_emergency
    told = profile.told(visit.actor, visit.purpose, visit.record_id, _KINDS) if reads else Profile()
    context = {
        "kinds": _kinds(stands),
        "rows": [_row(line, told) for line in told.lines if _own(line)],
        "may": bool(stands.notes),
        "done": gettext(DONE[fait]) if (fait := request.GET.get("fait", "")) in DONE else "",
    }
    return record(request, visit, "pro/notes.html", context)


def _own(line: Line) -> bool:
    return line.mine and line.said_by == "professional"


def _row(line: Line, told: Profile) -> Row:
    entry = fhir.read(fhir.load(line.fhir.encode()))
    said = told.said.get(line.sources[0])
    note = stating.note_of(entry) if entry else None
    value = _value(entry)
    hidden = [
        text
        for text, on in ((gettext("Masqué"), said and said.masked), (gettext("Secret"), said and said.secret))
        if on
    ]
    return Row(
        id=line.sources[0],
        what=f"{line.label} : {value}" if value else line.label,
        kind=gettext(KINDS[SLUGS[note]].what) if note else "",
        when=result_words.moment(line),
        tags=tuple(hidden),
        reported=_reported(line.sources[0], told),
    )


def _value(entry: Entry | None) -> str:
    target = goals.target_of(entry)
    if target:
        return result_words.aimed(target)
    return result_words.value(entry) if isinstance(entry, Observation) else ""


def _reported(statement_id: UUID, told: Profile) -> FactReport | None:
    """What the person says is wrong in it."""
    return next((each for each in told.reports if each.source_id == statement_id), None)


@record_page(Audit.RECORD_WRITE, posted=True)
def note(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    if slug not in KINDS:
        raise Http404
    return _answer(request, At(visit, slug, secrecy.of(visit)))


@record_page(Audit.RECORD_WRITE, posted=True)
def amend(request: HttpRequest, visit: Visit, statement_id: UUID) -> HttpResponse:
    """One's own alone; what is not there, or another's, is a 404. Taking back asks nothing of what one may note now."""
    told = profile.told(visit.actor, visit.purpose, visit.record_id, _KINDS)
    line = told.spoken(statement_id)
    entry = fhir.read(fhir.load(line.fhir.encode())) if line and _own(line) else None
    kind = stating.note_of(entry) if entry else None
    if entry is None or kind is None:
        return _corrected_already(request, visit)
    said = told.said[statement_id]
    restricted = frozenset(name for name, on in ((MASKED, said.masked), (SECRET, said.secret)) if on)
    reported = _reported(statement_id, told)
    at = At(visit, SLUGS[kind], secrecy.of(visit), statement_id, entry, restricted, reported)
    if request.method == "POST" and request.POST.get("acte") == "retirer":
        return take_back(at, statement_id)
    return _answer(request, at)


def _corrected_already(request: HttpRequest, visit: Visit) -> HttpResponse:
    """By this same form, sent twice."""
    form = sending(request)
    if form and stating.has_stated(visit.actor, Purpose.CARE, record_id=visit.record_id, sending=form):
        return done(f"{visit.address}/noter?fait=corrige")
    raise NotThere


def _answer(request: HttpRequest, at: At) -> HttpResponse:
    """The form; for a profession that does not note this kind, what it notes instead."""
    visit, kind = at.visit, at.kind
    try:
        stating.may_state(visit.actor, Purpose.CARE, visit.record_id, kind.note)
    except Refused:
        stands = standing(visit.actor, visit.record_id)
        if not stands.deposit.granted or kind.note in stands.notes:
            raise
        return record(request, visit, "pro/unnoted.html", {"kind": kind, "kinds": _kinds(stands)}, status=403)
    return _ANSWER.get(kind.note, _words)(request, at)


def _kinds(stands: Standing) -> dict[str, note_words.Kind]:
    """What may be noted, by its place in the address."""
    return {slug: each for slug, each in KINDS.items() if each.note in stands.notes}


def _words(request: HttpRequest, at: At) -> HttpResponse:
    """A problem, an allergy, a vaccination."""
    note = at.kind.note
    if request.method != "POST":
        kept = note_form.fields_of(at.kept, labels=at.restricted) if at.kept else note_form.empty(note, today())
        return _form(request, at, kept)
    said = note_form.given(note, request.POST, request.POST.getlist)
    if note is Note.VACCINATION:
        said, proposed, faults = _of_box(at, said)
        if proposed or faults:
            return _form(request, at, said, faults, proposed=proposed)
    entry, faults = note_form.read(note, said, today(), represented=at.secrecy is not None)
    if entry is None:
        return _form(request, at, said, faults)
    answer = at.keep(request, entry, said.labels)
    if said["boite"]:
        boxes.remember(at.visit.actor.id, said["boite"], said["quoi"])
    return answer


def _of_box(at: At, said: Fields) -> tuple[Fields, bool, list[Fault]]:
    """What the code of the box tells, and whether that is a proposal to look at first. What is typed stays."""
    if not said["code"]:
        return said, False, []
    try:
        box = read_box(said["code"])
    except BoxError:
        return said, False, [("code", gettext("Ce code ne se lit pas. Scannez de nouveau, ou remplissez à la main."))]
    told = {"quoi": boxes.proposed(at.visit.actor.id, box.gtin), "lot": box.lot, "perime": written(box.expires)}
    filled = {name: value for name, value in told.items() if value and not said[name]}
    read = said.with_(boite=box.gtin, **filled)
    new = bool(filled) or not read["quoi"]
    return (read.with_(code="") if new else read), new, []


def _form(
    request: HttpRequest, at: At, said: Fields, errors: list[Fault] | None = None, *, proposed: bool = False
) -> HttpResponse:
    note = at.kind.note
    known = boxes.known_of(boxes.product(said["quoi"])) if note is Note.VACCINATION else frozenset()
    context = {
        "fields": said,
        "proposed": proposed,
        "options": _options(note),
        "lists": note_words,
        "known": [of_disease(key) for key in diseases() if key in known],
        "diseases": diseases().values(),
        "sites": [(code, gettext(name)) for code, name in note_words.SITES.items()],
        "routes": [(code, gettext(name)) for code, name in note_words.ROUTES.items()],
        "ranks": [*((rank, rank) for rank in note_words.RANKS), (note_words.BOOSTER, gettext("Rappel"))],
    }
    return at.page(request, "pro/note.html", context, errors)


def _options(note: Note) -> tuple[str, ...]:
    if note is Note.VACCINATION:
        return boxes.listed()
    of = choices.Of.PROBLEM if note is Note.PROBLEM else choices.Of.ALLERGEN
    return tuple(each.label for each in choices.find(of))


_ANSWER: Final[dict[Note, Callable[[HttpRequest, At], HttpResponse]]] = {
    Note.MEASURE: note_figures.measure,
    Note.TARGET: note_figures.target,
}
