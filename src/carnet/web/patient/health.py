"""« Ma santé »: what a carer must know first, then each section in the person's own order; treatments by substance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.formats.terminology import choices
from carnet.health import profile as health
from carnet.health import stating, treatments
from carnet.health.profile import Kept, Profile, key_of
from carnet.health.queries import MOST, Line, Over
from carnet.health.sections import ADDED_TO, ANSWERED, KINDS, Section, arranged
from carnet.health.standing import told_unknown
from carnet.health.treatment_rules import Group, Intake, Told
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.web.about import about
from carnet.web.i18n import gettext
from carnet.web.patient import health_rows
from carnet.web.patient.family import of_a_minor
from carnet.web.patient.health_form import absence
from carnet.web.patient.health_rows import Shown, Voice, day_of, must_know, shown_section, voice_of, whose
from carnet.web.patient.health_words import SECTIONS
from carnet.web.patient.privacy_state import settings
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Helps, Visit, patient_form, patient_page
from carnet.web.render import page
from carnet.web.words import profession

HOME: Final = "/sante"
STEPS: Final = ("allergies", "traitements", "problemes", "sejours", "prevenir", "confiance")
_TREATED: Final = KINDS[Section.TREATMENTS]
_LINES: Final = 3
"""Of one substance on the page of all."""
_PAGE: Final = 50
_FIGURES: Final = 9
"""Of the number of a page, as much as is read."""


@dataclass(frozen=True, slots=True)
class Professional:
    id: UUID
    name: str
    more: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the page asks, and never answers itself. `kept`: from whom an answer is hidden, since something
    that is said of the medicine is."""

    key: str
    substance: str
    text: str
    kept: Kept


@patient_page(helps=Helps.READS_ALL)
def profile(request: HttpRequest, visit: Visit) -> HttpResponse:
    told = health.told(visit.actor, visit.purpose, visit.record_id, over=Over(), stays=True)
    owns, whole = _owns(visit), request.GET.get("tout", "")
    entries: dict[Section, Shown] = {
        each: shown_section(told, each, owns=owns, whole=each.value == whole)
        for each in ADDED_TO
        if each is not Section.TREATMENTS
    }
    groups = groups_of(told, all_of_them=False)
    entries[Section.TREATMENTS] = _treated(told)
    facts, none = must_know(entries.values())
    context: dict[str, Any] = {
        "section": "health",
        "sections": [entries.get(each) or _plain(told, each) for each in _sections(told, owns=owns)],
        "profile": told,
        "groups": [each for each in groups if each.current or each.planned],
        "must": facts,
        "none": none,
        "needs": entries[Section.NEEDS].subjects,
        "professionals": _professionals(visit) if owns else [],
        "suggestion": _suggestion(told, groups, visit) if owns else None,
        "few": health_rows.FEW,
        "voices": _LINES,
        "whole": whole,
        "left": steps_left(request, told.arrangement, visit) if owns else [],
        "says": visit.cover.says_all if visit.cover else True,
        "started": bool(told.arrangement.answered),
        "done": request.GET.get("fait", ""),
        "sources": choices.source(),
    }
    return page(request, "patient/health.html", context)


def _owns(visit: Visit) -> bool:
    """Whether it is the holder who reads, or who represents them."""
    return visit.purpose is not Purpose.CARER


def steps(request: HttpRequest) -> tuple[str, ...]:
    """The questions of the first filling: only who is of age has a person of trust by law (L. 1111-6)."""
    return tuple(each for each in STEPS if not (each == "confiance" and of_a_minor(request)))


def steps_left(request: HttpRequest, told: health.Arrangement, visit: Visit) -> list[str]:
    """The questions of the first filling that were neither answered nor passed over. What was answered in secret is
    known by a key that says nothing to others."""
    secret = told.dismissed if visit.purpose is Purpose.SELF else ()
    left = [each for each in steps(request) if each not in told.answered]
    return [each for each in left if key_of(visit.record_id, step_question(each)) not in secret]


def step_question(step: str) -> str:
    return f"step|{step}"


def _sections(told: Profile, *, owns: bool) -> Sequence[Section]:
    """What somebody wishes, and whom they let in, are not told to carers."""
    return [each for each in told.arrangement.order if owns or each not in {Section.WISHES, Section.PROFESSIONALS}]


def _plain(told: Profile, section: Section) -> Shown:
    asked = SECTIONS[section]
    pinned = section.value in told.arrangement.pinned
    return Shown(section, about(asked.title), asked.icon, about(asked.empty), pinned=pinned)


def _treated(told: Profile) -> Shown:
    """The section of treatments without its lines, which `groups` joins: what the person, or a document, denies."""
    denied = tuple(line for line in told.lines if line.kind in _TREATED and line.absence)
    return shown_section(
        Profile(denied, told.documents, told.said, arrangement=told.arrangement), Section.TREATMENTS, owns=True
    )


def groups_of(told: Profile, *, all_of_them: bool) -> tuple[Group, ...]:
    lines = [line for line in told.lines if line.kind in _TREATED]
    return treatments.groups(
        lines, clock.now(), partial(whose, told), all_of_them=all_of_them, dated=partial(day_of, told)
    )


def _professionals(visit: Visit) -> list[Professional]:
    """The médecin traitant, then whom the person authorised, each once."""
    found = settings(visit)
    rows = {
        each.professional.id: Professional(each.professional.id, each.professional.name, gettext("Médecin traitant"))
        for each in found.attending
    }
    for each in found.given:
        who = profession(each.professional.profession) if each.professional else ""
        rows.setdefault(each.to.id, Professional(each.to.id, each.name, who))
    return list(rows.values())


def _suggestion(told: Profile, groups: Sequence[Group], visit: Visit) -> Suggestion | None:
    """The first that was not put aside. Nothing is concluded from a treatment: the person is asked."""
    if denies_treatments(told):
        return None
    dismissed = frozenset(told.arrangement.dismissed)
    for group in groups:
        key = treatments.question_of(group.substance)
        if treatments.lacks_reason(group) and key_of(visit.record_id, key) not in dismissed:
            kept = health.kept(visit.actor, visit.purpose, visit.record_id, told.sources_of(group.facts))
            return Suggestion(key, group.name, _question(group), kept)
    return None


def denies_treatments(told: Profile) -> bool:
    """Whether the person answered that they take none: that they do not know is no such answer."""
    line = answer_line(told, Section.TREATMENTS)
    entry = treatments.entry_of(line) if line else None
    return entry is not None and not told_unknown(entry)


def _question(group: Group) -> str:
    """That a medicine is taken is told to nobody who did not say so themselves."""
    what = group.name[:1].lower() + group.name[1:]
    if group.own:
        return about("Vous prenez : %(what)s. Pour quelle raison ?", what=what)
    if any(each.told is Told.PRESCRIBED for each in group.current):
        return about("On vous a prescrit : %(what)s. Pour quelle raison ?", what=what)
    if any(each.told is Told.DISPENSED for each in group.current):
        return about("Une pharmacie vous a remis : %(what)s. Pour quelle raison ?", what=what)
    return about("Une source dit que vous prenez : %(what)s. Pour quelle raison ?", what=what)


@patient_page(helps=Helps.TREATMENTS)
def medicines(request: HttpRequest, visit: Visit) -> HttpResponse:
    told = health.told(visit.actor, visit.purpose, visit.record_id, _TREATED, over=Over(_LINES))
    groups = groups_of(told, all_of_them=True)
    asked = request.GET.get("quoi", "")
    one = next((each for each in groups if key_of(visit.record_id, each.substance) == asked), None) if asked else None
    if asked and one is None:
        raise Http404
    if one is not None:
        return _one_medicine(request, visit, one)
    context: dict[str, Any] = {
        "section": "health" if visit.cover is None or visit.cover.reads_all else "treatments",
        "current": [_card(told, each, visit) for each in groups if each.current],
        "foreseen": [_card(told, each, visit) for each in groups if each.planned and not each.current],
        "stopped": [_card(told, each, visit) for each in groups if not (each.current or each.planned)],
        "voices": _voices(
            told, [line for each in groups if each.current or each.planned for line in each.lines[:_LINES]], visit
        ),
        "says": visit.cover.says_treatments if visit.cover else True,
        "shown": _treated(told),
        "done": request.GET.get("fait", ""),
    }
    return page(request, "patient/health_medicines.html", context)


@dataclass(frozen=True, slots=True)
class Medicine:
    """A group as the page shows it: its first lines, how many there are beside them, and where all are."""

    group: Group
    lines: Sequence[Intake]
    rest: int
    href: str


def _card(told: Profile, group: Group, visit: Visit) -> Medicine:
    rest = len(group.lines[_LINES:]) + sum(told.more.get(line.fact, 0) for line in group.lines)
    return Medicine(
        group, group.lines[:_LINES], rest, f"{HOME}/traitements?quoi={key_of(visit.record_id, group.substance)}"
    )


def _one_medicine(request: HttpRequest, visit: Visit, group: Group) -> HttpResponse:
    """All the lines of one substance, in pages."""
    over = Over(MOST, tuple({line.label for line in group.lines}))
    told = health.told(visit.actor, visit.purpose, visit.record_id, _TREATED, over=over)
    whole = next(each for each in groups_of(told, all_of_them=True) if each.substance == group.substance)
    pages = -(-len(whole.lines) // _PAGE)
    number = int(asked) if (asked := request.GET.get("page", "1")[:_FIGURES]).isascii() and asked.isdigit() else 1
    if not 1 <= number <= pages:
        raise Http404
    lines = whole.lines[(number - 1) * _PAGE : number * _PAGE]
    card = Medicine(whole, lines, 0, f"{HOME}/traitements?quoi={key_of(visit.record_id, whole.substance)}")
    context: dict[str, Any] = {
        "section": "health" if visit.cover is None or visit.cover.reads_all else "treatments",
        "one": card,
        "number": number,
        "pages": pages,
        "voices": _voices(told, lines, visit),
    }
    return page(request, "patient/health_medicine.html", context)


def _voices(told: Profile, lines: Sequence[Intake], visit: Visit) -> dict[UUID, Voice]:
    by_fact: dict[UUID, Line] = {line.fact: line for line in told.lines}
    return {each.fact: voice_of(told, by_fact[each.fact], None, owns=_owns(visit)) for each in lines}


@patient_form()
def answer(request: HttpRequest, visit: Visit, part: str) -> HttpResponse:
    """« Je n'en ai pas », « je ne sais pas »; said otherwise later, the new answer takes the place of the old one."""
    section = _section(part)
    if section not in ANSWERED:
        raise Http404
    if request.method != "POST":
        return done(f"{HOME}#{part}")
    said = request.POST.get("reponse", "")
    told = health.told(visit.actor, visit.purpose, visit.record_id, KINDS[section])
    before = own_answer(told, section)
    if said == "retirer":
        if before:
            stating.retract(visit.actor, visit.purpose, record_id=visit.record_id, statement_id=before)
        return done(f"{HOME}?fait=retire#{part}")
    if said not in {"aucun", "inconnu"}:
        raise Http404
    entry = absence(section, unsure=said == "inconnu")
    was = told.said.get(before) if before else None
    stating.state(
        visit.actor,
        visit.purpose,
        record_id=visit.record_id,
        entry=entry,
        masked=bool(was and was.masked),
        secret=bool(was and was.secret),
        instead_of=before,
    )
    return done(f"{HOME}?fait=repondu#{part}")


def own_answer(told: Profile, section: Section) -> UUID | None:
    """The words by which the person said that there is none, or that they do not know."""
    line = answer_line(told, section)
    return line.sources[0] if line else None


def answer_line(told: Profile, section: Section) -> Line | None:
    mine = (each for each in told.lines if each.said_by == "person" and each.absence and each.kind in KINDS[section])
    return next(mine, None)


def _section(part: str) -> Section:
    try:
        return Section(part)
    except ValueError:
        raise Http404 from None


@patient_form()
def arrange(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The order of the sections: one step up or down at a time, pinned or not; each is kept at once."""
    told = health.told_arrangement(visit.actor, visit.purpose, visit.record_id)
    if request.method == "POST":
        _arrange(request, visit, told)
        return done(f"{HOME}/ranger?fait=1")
    rows = [
        {"name": each.value, "title": about(SECTIONS[each].title), "pinned": each.value in told.pinned}
        for each in told.order
    ]
    context = {"section": "health", "rows": rows, "done": request.GET.get("fait") == "1"}
    return page(request, "patient/health_arrange.html", context)


def _arrange(request: HttpRequest, visit: Visit, told: health.Arrangement) -> None:
    order, pinned = list(told.order), set(told.pinned)
    act, _, name = request.POST.get("acte", "").partition(":")
    if act == "defaut":
        order, pinned = list(arranged((), ())), set()
    else:
        section = _section(name)
        place = order.index(section)
        if act == "epingler":
            pinned ^= {section.value}
        elif act in {"monter", "descendre"}:
            other = place - 1 if act == "monter" else place + 1
            if 0 <= other < len(order):
                order[place], order[other] = order[other], order[place]
    kept = [each for each in order if each.value in pinned]
    health.arrange(visit.actor, visit.purpose, record_id=visit.record_id, order=order, pinned=kept)
