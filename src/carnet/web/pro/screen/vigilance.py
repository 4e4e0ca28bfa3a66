"""What must be known before anything is done: allergies, a pregnancy, devices, directives, in an emergency the blood
group. What nobody says is not said either way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from carnet.formats.clinical.model import Allergy, Entry, Kind, Observation
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.folding.fold import fold
from carnet.health import columns
from carnet.health.profile_models import Own
from carnet.health.queries import Line
from carnet.health.screen import Screen
from carnet.health.sections import Section
from carnet.health.standing import Absence, absence_of, standing_of
from carnet.health.treatments import entry_of
from carnet.web.i18n import PARIS, day, gettext
from carnet.web.patient import result_words
from carnet.web.patient.health_rows import NOT_SO, Subject, Voice, allergy_state, day_of, is_grave, shown_section
from carnet.web.pro.screen import background
from carnet.web.pro.screen.items import Item, address, numeric, source_of
from carnet.web.words import marked

__all__ = ["DIRECTIVES", "IMPLANT", "TYPES", "Vigilance", "known"]

DIRECTIVES: Final = "EXPPAT_3"
IMPLANT: Final = "101881-1"
TYPES: Final = (DIRECTIVES, IMPLANT)
"""Documents that count whenever they are from."""

_STATUS: Final = "82810-3"
_DUE: Final = frozenset({"11778-8", "11779-6", "11780-4"})
_PREGNANT: Final = frozenset({"LA15173-0", "77386006"})
_NOT_PREGNANT: Final = frozenset({"LA26683-5", "60001007"})
# Of one sort, in codes of the International Patient Summary and of SNOMED CT.
_NONE: Final = {
    marked("Aucune allergie médicamenteuse connue"): frozenset({"no-known-medication-allergies", "409137002"}),
    marked("Aucune allergie alimentaire connue"): frozenset({"no-known-food-allergies", "429625007"}),
    marked("Aucune allergie connue dans l'environnement"): frozenset({"no-known-environmental-allergies", "428607008"}),
}
# Of HL7's RoleCode. CHILD and NCHILD may be told of one to be born.
_BORN: Final = frozenset({"SON", "NSON", "SONC", "DAU", "NDAU", "DAUC"})
_LOINC: Final = "2.16.840.1.113883.6.1"
_TERM: Final = timedelta(days=294)
_LATE: Final = timedelta(days=14)
_MOST: Final = 8
_FEW: Final = 5
_SOME: Final = 4
_MOST_NAMED: Final = 20
_MOST_UNWORN: Final = 20
_WRITTEN: Final = "ecrites"
_CALLED_OFF: Final = frozenset({"cancelled", "entered-in-error"})
_LETTER: Final = re.compile(r"\b(?:ab|a|b|o|0)\b")
_SIGN: Final = re.compile(r"pos|neg|[+-]")


@dataclass(frozen=True, slots=True)
class Vigilance:
    """`allergies` that somebody names; of many the others by `names` alone, and as `more` in a fold, so that what
    follows is not pushed out of sight; where nobody names any, `none`: who says that there are none of some sort, or
    that they do not know. `devices`: in a fold too, what the band has no room for, and what is not worn, of which the
    newest; `unshown`: how many are left out of it."""

    allergies: tuple[Item, ...]
    more: tuple[Item, ...]
    none: tuple[Item, ...]
    others: tuple[Item, ...]
    devices: tuple[Item, ...]
    unshown: int = 0
    names: str = ""


def known(screen: Screen, base: str, today: date, *, blood: tuple[str, ...]) -> Vigilance:
    profile = screen.profile(Kind.ALLERGY)
    stated = replace(profile, lines=tuple(each for each in profile.lines if not each.absence))
    section = shown_section(stated, Section.ALLERGIES, owns=False)
    real = [each for each in section.subjects if any(not voice.denied for voice in each.voices)]
    allergies = tuple(_allergies(screen, base, real))
    seen = _in_sight(allergies)
    worn, unworn = background.devices(screen, base)
    others = (
        *_pregnancy(screen, base, today),
        *worn[:_MOST],
        *_blood(screen, base, blood),
        *_papers(screen, base),
    )
    none = tuple(_none(screen, base))
    folded = (*worn[_MOST:], *unworn[:_MOST_UNWORN])
    left = max(len(unworn) - _MOST_UNWORN, 0)
    shown, more = [each for each, _ in allergies[:seen]], [each for each, _ in allergies[seen:]]
    return Vigilance(tuple(shown), tuple(more), none, others, folded, left, _names(more))


def _in_sight(allergies: Sequence[tuple[Item, bool]]) -> int:
    """How many have a line of their own: all of a few; of many the grave ones, and some at least."""
    if len(allergies) <= _FEW:
        return len(allergies)
    return min(max(sum(grave for _, grave in allergies), _SOME), _MOST)


def _names(more: Sequence[Item]) -> str:
    rest = len(more) - _MOST_NAMED
    names = [f"{each.title} ({each.tag})" if each.tag else each.title for each in more[:_MOST_NAMED]]
    return ", ".join([*names, *([f"+ {rest}"] if rest > 0 else [])])


def _allergies(screen: Screen, base: str, subjects: Sequence[Subject]) -> Iterator[tuple[Item, bool]]:
    """Those that hold, the grave ones first; then those that every source which names them says to be over. With each,
    whether it holds and is grave."""
    entries = {line.fact: entry for line in screen.of(Kind.ALLERGY) if isinstance(entry := entry_of(line), Allergy)}

    def named(subject: Subject) -> list[Voice]:
        return [each for each in subject.voices if not each.denied]

    def order(subject: Subject) -> tuple[bool, bool]:
        voices = named(subject)
        said = (entries[each.fact] for each in voices if each.fact in entries)
        return all(each.over for each in voices), not any(map(is_grave, said))

    for each in sorted(subjects, key=order):
        yield _allergy(each, named(each), entries, base), order(each) == (False, False)


def _allergy(subject: Subject, voices: Sequence[Voice], entries: Mapping[UUID, Allergy], base: str) -> Item:
    """That it is over is told beside its name, or that sources do not agree on it: it may be there still."""
    found = background.item(subject, base)
    if found.tag or not any(each.over for each in voices):
        return found
    if not all(each.over for each in voices):
        return replace(found, tag=gettext("Avis différents"), kind="warning")
    lead = entries.get(voices[0].fact)
    state = allergy_state(lead) if lead else ""
    return replace(background.item(subject, base, state=state), kind="")


def _none(screen: Screen, base: str) -> Iterator[Item]:
    """Each source in its own words: that there is none of one sort is no word on another, and that nothing is known is
    no word at all."""
    told: set[tuple[str, str]] = set()
    for line in screen.of(Kind.ALLERGY):
        entry = entry_of(line)
        if not line.absence or entry is None:
            continue
        href, source = source_of(screen.profile(Kind.ALLERGY), line, base)
        title, french = _said_none(entry, by_person=line.said_by == "person")
        if (title, source) not in told:
            told.add((title, source))
            yield Item(title, "", numeric(said_at(screen, line)), href, source, french=french)


def _said_none(entry: Entry, *, by_person: bool) -> tuple[str, bool]:
    """And whether they are the words of the source."""
    said = absence_of(entry)
    if said is Absence.UNKNOWN:
        return gettext("La personne dit ne pas le savoir") if by_person else gettext("Allergies : non renseigné"), False
    if said is Absence.NONE:
        return gettext("Aucune allergie connue"), False
    codes = {each.code for each in entry.code.codings}
    known = next((words for words, named in _NONE.items() if codes & named), "")
    return (gettext(known), False) if known else (entry.code.label or gettext("Allergies : non renseigné"), True)


def said_at(screen: Screen, line: Line) -> datetime:
    """The day that a fact names, else that of who says it."""
    return line.since or day_of(screen.profile(line.kind), line)


class _Noted(NamedTuple):
    """A blood group in a source's words; `letter` and `sign` as far as these say them."""

    line: Line
    words: str
    letter: str
    sign: str

    @property
    def group(self) -> tuple[str, ...]:
        return (self.letter, self.sign) if self.letter or self.sign else (fold(self.words),)


def _blood(screen: Screen, base: str, series: tuple[str, ...]) -> Iterator[Item]:
    """As its sources state it: nobody transfuses by it. Where they differ each is told with its day, and none is
    chosen."""
    noted: dict[tuple[str, ...], _Noted] = {}
    for line in screen.of(Kind.RESULT):
        if line.series in series and line.state not in _CALLED_OFF:
            found = _noted(line)
            noted.setdefault((line.series, *found.group), found)
    if _differ(list(noted.values())):
        each = [f"{one.words} ({numeric(one.line.since) or gettext('sans date')})" for one in noted.values()]
        title = gettext("Groupes sanguins différents : %(groups)s") % {"groups": ", ".join(each)}
        yield Item(title, tag=gettext("Avis différents"), kind="warning")
    for one in noted.values():
        href, source = source_of(screen.profile(Kind.RESULT), one.line, base)
        title = gettext("Groupe sanguin noté : %(group)s") % {"group": one.words}
        yield Item(title, gettext("À contrôler avant toute transfusion"), numeric(one.line.since), href, source)


def _noted(line: Line) -> _Noted:
    entry = entry_of(line)
    words = result_words.value(entry if isinstance(entry, Observation) else None)
    plain = fold(words)
    letter, sign = _LETTER.search(plain), _SIGN.search(plain)
    return _Noted(
        line,
        words,
        letter[0].replace("0", "o") if letter else "",
        sign[0][0].replace("p", "+").replace("n", "-") if sign else "",
    )


def _differ(noted: Sequence[_Noted]) -> bool:
    """Two letters, or two signs; where the words say neither, two answers to one question."""
    unread = [each for each in noted if not each.letter and not each.sign]
    return (
        len({each.letter for each in noted if each.letter}) > 1
        or len({each.sign for each in noted if each.sign}) > 1
        or len({each.line.series for each in unread}) < len(unread)
    )


def _pregnancy(screen: Screen, base: str, today: date) -> Iterator[Item]:
    """By the newest word on it, as long as it may last, or until the term that is stated since; or by a term that is
    still to come. All until somebody says later that she is not pregnant (any more), or tells of the birth."""
    stated = [
        (said_at(screen, line), line, entry)
        for line in screen.of(Kind.PREGNANCY)
        if isinstance(entry := entry_of(line), Observation) and standing_of(entry) not in NOT_SO
    ]
    told = sorted((each for each in stated if not each[2].about), key=lambda each: each[0], reverse=True)
    over = max((at for at, line, entry in told if _is_not(entry, line)), default=None)
    born = max((_day(at) for at, line, entry in stated if _is_of_the_born(entry, line)), default=None)
    dues = [(at, line, due) for at, line, entry in told if (due := _term(entry, line, at)) is not None]
    terms = [(_day(at), due.day) for at, _, due in dues if due.day]
    holds = [
        (at, line, due)
        for at, line, due in dues
        if (over is None or at >= over) and (born is None or _day(at) > born) and _until(_day(at), due, terms) >= today
    ]
    if holds:
        _, line, _ = holds[0]
        href, source = source_of(screen.profile(Kind.PREGNANCY), line, base)
        day_of = next((due.day for _, _, due in holds if due.day), None)
        more = gettext("Terme prévu le %(day)s") % {"day": day(day_of)} if day_of else ""
        yield Item(gettext("Grossesse en cours"), more, numeric(said_at(screen, line)), href, source)


class _Due(NamedTuple):
    """Until when it may last, and the day of the term where a source states it."""

    until: date
    day: date | None = None


def _day(at: datetime) -> date:
    return at.astimezone(PARIS).date()


def _until(told: date, due: _Due, terms: Sequence[tuple[date, date]]) -> date:
    """A word that she is pregnant holds no longer than the newest term that is stated on its day or later, of what may
    be that pregnancy: neither over before the word, nor of one that began since. A term stated before the word may be
    that of an earlier one, and bounds nothing."""
    if due.day:
        return due.until
    term = next((day for at, day in terms if at >= told and told <= day + _LATE and day <= told + _TERM), None)
    return min(due.until, term + _LATE) if term else due.until


def _is_of_the_born(entry: Observation, line: Line) -> bool:
    """What is said, with its own day, of a child of hers that is born: of one to be born, nobody says « daughter » or
    « son »."""
    return line.since is not None and not line.absence and bool({each.code for each in entry.about.codings} & _BORN)


def _is_not(entry: Observation, line: Line) -> bool:
    """That she is not: so coded, or "pregnant" denied."""
    if entry.code.code_of(_LOINC) != _STATUS or not isinstance(entry.value, Concept):
        return False
    codes = {each.code for each in entry.value.codings}
    return bool(codes & _NOT_PREGNANT and not line.absence) or bool(codes & _PREGNANT and line.absence)


def _term(entry: Observation, line: Line, at: datetime) -> _Due | None:
    code = entry.code.code_of(_LOINC)
    if line.absence:
        return None
    if code in _DUE:
        moment = entry.value.start or entry.value.end if isinstance(entry.value, Span) else entry.value
        bounds = columns.bound(moment) if isinstance(moment, str) else None
        term = _day(bounds[0]) if bounds else None
        return _Due(term + _LATE, term) if term else None
    if code == _STATUS and isinstance(entry.value, Concept):
        pregnant = any(each.code in _PREGNANT for each in entry.value.codings)
        return _Due(_day(at) + _TERM) if pregnant else None
    return None


def _papers(screen: Screen, base: str) -> Iterator[Item]:
    written = next((each for each in screen.papers if each.is_one_of((DIRECTIVES,))), None)
    said = next((each for each in screen.words if each.kind is Own.DIRECTIVES and each.answer == _WRITTEN), None)
    title = gettext("Directives anticipées")
    if written:
        yield Item(title, "", numeric(written.at), address(base, written.line.id), gettext("Dans ce carnet"))
    elif said:
        yield Item(title, said.words, numeric(said.at), "", gettext("Dit par la personne"))
    card = next((each for each in screen.papers if each.is_one_of((IMPLANT,))), None)
    if card:
        source = card.line.author_label or card.line.organisation_label
        yield Item(gettext("Carte d'implant"), card.line.title, numeric(card.at), address(base, card.line.id), source)
