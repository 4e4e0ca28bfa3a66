"""« Vaccinations »: by disease what was done, what is to be done and from when, by the edition that the page names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.formats.folding.fold import fold
from carnet.health.profile import Said
from carnet.health.queries import Line
from carnet.health.schedule import Answer, State, Why
from carnet.health.vaccinations import Card, Given, card
from carnet.web.i18n import birth, figures_day, gettext, today
from carnet.web.patient import vaccination_adding
from carnet.web.patient import vaccination_words as words
from carnet.web.patient.health_rows import signature
from carnet.web.patient.remarks import Remark, Reported, remark, reported_by
from carnet.web.patient.result_words import person
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.render import page

_BESIDE: Final = frozenset({State.COMPLETE, State.UP_TO_DATE, State.UPCOMING})
_TO_DO: Final = (State.LATE, State.DUE)
_AHEAD: Final = (State.UPCOMING, State.UP_TO_DATE)
_COMING: Final = 3
_SOON: Final = timedelta(days=6 * 366)
"""What comes later than that is not told ahead."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A dose; `note`: why it does not count; `by`: who noted it without a document; `own`: `href` corrects it;
    `reported`: somebody said that it is wrong."""

    when: str
    name: str
    href: str
    confirmed: bool
    declared: bool
    note: str
    by: str
    own: bool
    reported: bool


@dataclass(frozen=True, slots=True)
class NotDone:
    """`reason`: in the words of who noted it."""

    name: str
    when: str
    word: str
    reason: str
    href: str
    by: str
    remark: Remark | None


@dataclass(frozen=True, slots=True)
class Row:
    """Diseases of which the same is said."""

    names: str
    state: State
    word: str
    kind: str
    icon: str
    under: str
    more: tuple[str, ...]
    stamps: tuple[Stamp, ...]
    next: str
    compulsory: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One vaccine to be done, for all its diseases, which `names` tells where its title does not. `never`: in what
    situations it must not be given."""

    title: str
    names: str
    when: str
    more: tuple[str, ...]
    late: bool
    compulsory: bool
    never: str = ""


@patient_page(helps=Helps.READS_ALL)
def vaccinations(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = card(visit.actor, visit.purpose, visit.record_id, today())
    shared = {
        "section": "health",
        "says": visit.cover is None or visit.cover.says_all,
        "done": request.GET.get("fait", ""),
    }
    told = Told(_declared(found, visit), reported_by(visit))
    return page(request, "patient/vaccinations.html", context(found, told) | shared)


@dataclass(frozen=True, slots=True)
class Declared:
    """Of a dose that was declared here: where it is corrected, "" for who may not, and who declared it for whom."""

    href: str
    by: str


Declarations = Mapping[str, Declared]


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader is told of doses beside their card."""

    declared: Declarations
    reported: Reported | None


def _declared(found: Card, visit: Visit) -> Declarations:
    """By the key of the dose; looked for only where there is one."""
    if not any(each.declared for each in found.given.values()):
        return {}
    told = vaccination_adding.declared(visit)
    return {key: _of(visit, line, said) for key, (line, said) in told.items()}


def _of(visit: Visit, line: Line, said: Said | None) -> Declared:
    may = vaccination_adding.may_amend(visit, line) and (visit.cover is None or visit.cover.says_all)
    by = gettext("Ajouté par %(who)s") % {"who": signature(said)} if said and not line.mine else ""
    hidden = gettext("Masqué aux soignants") if said and said.masked else ""
    kept = gettext("Gardé pour vous") if said and said.secret else ""
    href = f"{vaccination_adding.HOME}/{line.sources[0]}" if may else ""
    return Declared(href, ". ".join(filter(None, (by, hidden, kept))))


def context(found: Card, told: Told) -> dict[str, Any]:
    by_state = {each.state: [a for a in found.answers if a.state is each.state] for each in found.answers}
    on_card = [each for each in found.answers if _on_card(each)]
    asked = [*by_state.get(State.ASK, []), *by_state.get(State.OFFERED, []), *_asked_beside(found)]
    return {
        "edition": found.edition,
        "holder": found.holder,
        "reckoned": bool(found.answers),
        "empty": not found.given,
        "steps": steps_of(found),
        "coming": coming(found),
        "rows": [_row(each, found, told) for each in _alike(on_card, _same)],
        "asked": [_asked(each, found) for each in _alike(asked, lambda each: words.asked(each, found.edition))],
        "situation": words.said(found),
        "elsewhere": names([a for a in found.answers if a not in on_card and a not in asked]),
        "others": [_stamp(each, told) for each in found.others],
        "declared": any(each.declared for each in found.given.values()),
        "written": any(not (each.confirmed or each.declared) for each in found.given.values()),
        "received": [] if found.answers else _received(found, told),
        "not_done": [_not_done(each, told) for each in found.not_done],
        "remarks": _remarks(found, told),
    }


def _remarks(found: Card, told: Told) -> list[tuple[str, str, Remark]]:
    """Of each dose that somebody else states: its name, its day, where its author is told of an error."""
    doses = sorted((each for each in found.given.values() if each.done), key=_newest_first)
    said = [(each.name, moment(each), remark(each.line, told.reported)) for each in doses]
    return [(name, when, to) for name, when, to in said if to]


def _newest_first(given: Given) -> int:
    return -(given.last or date.min).toordinal()


def _received(found: Card, told: Told) -> list[tuple[str, list[Stamp]]]:
    """Diseases of which the same doses are known, together."""
    by_doses: dict[tuple[Given, ...], list[str]] = {}
    for disease, doses in found.received.items():
        by_doses.setdefault(doses, []).append(disease)
    return [(names_of(diseases), [_stamp(each, told) for each in doses]) for doses, diseases in by_doses.items()]


def _not_done(given: Given, told: Told) -> NotDone:
    by = gettext("Noté par %(who)s") % {"who": person(given.by)} if given.by else ""
    to = remark(given.line, told.reported)
    return NotDone(given.name, moment(given), words.not_done(given), given.reason, _document(given.sources), by, to)


def _on_card(each: Answer) -> bool:
    if each.doses or each.state in {*_TO_DO, State.UNKNOWN, State.REFUSED, State.CONTRAINDICATED}:
        return True
    return each.state is State.UPCOMING and each.soonest is not None and each.soonest <= today() + _SOON


def _asked_beside(found: Card) -> list[Answer]:
    """What is done but for a situation that nobody told of: a booster in pregnancy."""
    return [each for each in found.answers if each.asks and each.state in _BESIDE]


def in_situations(found: Card) -> list[tuple[str, str]]:
    """Vaccines that depend on what nobody told, with whom they are for; none that are but possible."""
    asked = [each for each in found.answers if each.asks and each.state in {State.ASK, *_BESIDE}]
    return [_asked(each, found) for each in _alike(asked, lambda each: words.asked(each, found.edition))]


def steps_of(found: Card) -> list[Step]:
    """A vaccine for several diseases is done once."""
    to_do = [each for each in found.answers if each.state in _TO_DO and each.line]
    groups = _alike(to_do, lambda each: (words.of_line(each.line), each.state, each.since, each.number, each.of))
    steps = [_step(each, found) for each in groups]
    return sorted(steps, key=lambda each: not each.late)


def _step(alike: list[Answer], found: Card) -> Step:
    first = alike[0]
    never = words.not_if(first, found.edition, found.holder)
    because = words.because(first, found)
    more = [because, *never, words.dose(first.number, first.of), *words.doubts(first), *words.nothing_known(first)]
    title, against = words.of_line(first.line), names(alike)
    return Step(
        title=title,
        names="" if fold(against) in fold(title) else against,
        when=words.since(first),
        more=tuple(filter(None, more)),
        never=" ".join(never),
        late=first.state is State.LATE,
        compulsory=any(each.compulsory for each in alike),
    )


def coming(found: Card) -> list[tuple[date, str]]:
    """The next days from which something is planned, not too far ahead, and what."""
    planned: dict[date, list[str]] = {}
    for each in found.answers:
        if each.state in _AHEAD and each.soonest and today() < each.soonest <= today() + _SOON:
            titles = planned.setdefault(each.soonest, [])
            titles += [title for title in [words.of_line(each.line)] if title not in titles]
    return [(day, words.in_a_row(titles)) for day, titles in sorted(planned.items())[:_COMING]]


def _row(alike: list[Answer], found: Card, told: Told) -> Row:
    first = alike[0]
    word, kind, icon = words.STATES[first.state]
    return Row(
        names=names(alike),
        state=first.state,
        word=gettext(word),
        kind=kind,
        icon=icon,
        under=words.under(first),
        more=(*words.doubts(first), *words.withheld(first, found.given)),
        stamps=tuple(_stamp(found.given[each.dose.key], told, each.why) for each in first.doses),
        next=words.next_dose(first),
        compulsory=bool(first.compulsory),
    )


def _asked(alike: list[Answer], found: Card) -> tuple[str, str]:
    return names(alike), words.asked(alike[0], found.edition)


def _stamp(given: Given, told: Told, why: Why | None = None) -> Stamp:
    own = told.declared.get(given.key, Declared("", ""))
    to = remark(given.line, told.reported)
    return Stamp(
        when=moment(given),
        name=given.name,
        href=own.href or _document(given.sources),
        confirmed=given.confirmed,
        declared=given.declared,
        note=words.why(why),
        by=gettext("Noté par %(who)s") % {"who": person(given.by)} if given.by else own.by,
        own=bool(own.href),
        reported=bool(to and to.reported),
    )


def _document(sources: tuple[UUID, ...]) -> str:
    return f"/documents/{sources[0]}" if sources else ""


def moment(given: Given) -> str:
    """As precisely as it is known: 14/05/2006, mai 2006, 2006."""
    if given.first is None or given.last is None:
        return gettext("Date inconnue")
    if given.first == given.last:
        return figures_day(given.first)
    whole_month = given.last - given.first < timedelta(days=31)
    return birth(f"{given.first:%Y-%m}") if whole_month else f"{given.first:%Y}"


def names(alike: Iterable[Answer]) -> str:
    """« Diphtérie, tétanos, poliomyélite »; several groups of one germ are said once."""
    return words.listed([words.of_disease(each.disease) for each in alike])


def names_of(diseases: Iterable[str]) -> str:
    """The same of the diseases of one vaccine."""
    return words.listed([words.of_disease(each) for each in sorted(diseases)])


def _alike(found: list[Answer], same: Callable[[Answer], Hashable]) -> list[list[Answer]]:
    """Grouped where the same is said, in the order of the schedule."""
    groups: dict[Hashable, list[Answer]] = {}
    for each in found:
        groups.setdefault(same(each), []).append(each)
    return list(groups.values())


def _same(each: Answer) -> Hashable:
    line = words.of_line(each.line)
    doses = tuple((taken.dose.key, taken.why) for taken in each.doses)
    return each.state, line, each.since, each.soonest, each.until, each.asks, each.doubts, doses, bool(each.compulsory)
