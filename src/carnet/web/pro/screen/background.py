"""Problems, what is over, what runs in the family, stays, pregnancies: each subject once, in the words of its newest
source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from carnet.formats.clinical.model import Device, Encounter, Entry, Kind
from carnet.formats.folding.fold import fold
from carnet.health.queries import Line
from carnet.health.screen import Screen
from carnet.health.sections import Section
from carnet.health.standing import Standing, standing_of
from carnet.health.stays import is_open, is_under_way
from carnet.health.treatments import entry_of
from carnet.web.i18n import PARIS, gettext, ngettext, today
from carnet.web.patient import stay_names
from carnet.web.patient.health_rows import NOT_SO, Subject, day_of, shown_section, voice_of
from carnet.web.pro.screen.items import Item, numeric, of_voice, source_of
from carnet.web.standing_words import standing_word
from carnet.web.words import marked

__all__ = ["Past", "devices", "functions", "past", "pregnancies", "problems", "state_of", "stays", "subjects"]

_MOST_STAYS: Final = 5
_MOST_PAST: Final = 12
_SEEN: Final = 8
_DAY: Final = 10
_EMERGENCY: Final = '"code":"EMER"'
# As long a source that somebody is there comes first.
_LONGEST: Final = timedelta(days=92)
_MAY_GO_ON: Final = timedelta(days=366)
FAMILY: Final = marked("Familial")
_TOLD: Final = frozenset({Standing.PLANNED, Standing.STOPPED})


@dataclass(frozen=True, slots=True)
class Past:
    """`folded`: the others, in a fold; `more`: what is left out, in words, "" where all of it is there."""

    rows: tuple[Item, ...]
    folded: tuple[Item, ...] = ()
    more: str = ""


def subjects(screen: Screen, section: Section, *kinds: Kind) -> tuple[Subject, ...]:
    return shown_section(screen.profile(*kinds), section, owns=False).subjects


def item(subject: Subject, base: str, *, end: str = "", state: str = "") -> Item:
    """Where sources say different things of one subject, that is told, and nobody is right. `state`: that it is but
    planned, or was given up."""
    lead = subject.voices[0]
    href, source = of_voice(lead, base)
    differs = {each.denied for each in subject.voices} == {True, False}
    return Item(
        title=subject.title,
        more=". ".join(part for part in lead.more.split(". ") if part != state),
        end=end,
        href=href,
        source=source,
        tag=gettext("Avis différents") if differs else state,
        kind="warning" if differs or state else "",
        french=subject.foreign,
    )


def _is_past(subject: Subject) -> bool:
    return all(each.denied or each.over for each in subject.voices)


def _denied(subject: Subject) -> bool:
    return all(each.denied for each in subject.voices)


def problems(screen: Screen, base: str) -> list[Item]:
    """Those that hold; that somebody has none is said by nobody else's problem."""
    return [item(each, base) for each in subjects(screen, Section.PROBLEMS, Kind.PROBLEM) if not _is_past(each)]


def past(screen: Screen, base: str) -> Past:
    """Diseases and what runs in the family come first and are all there, however many acts there are: the first in
    sight, so that what follows on the page is not pushed out, the others in a fold."""
    over = [each for each in subjects(screen, Section.PROBLEMS, Kind.PROBLEM) if _is_past(each) and not _denied(each)]
    done = [each for each in subjects(screen, Section.STAYS, Kind.PROCEDURE) if not _denied(each)]
    kin = [each for each in subjects(screen, Section.FAMILY, Kind.FAMILY) if not _denied(each)]
    life = [each for each in subjects(screen, Section.LIFE, Kind.SOCIAL) if not _denied(each)]
    found = [
        *(item(each, base) for each in over),
        *(item(each, base, end=gettext(FAMILY)) for each in kin),
        *_with_states(screen, done[:_MOST_PAST], base, Kind.PROCEDURE),
        *(item(each, base) for each in life[:_MOST_PAST]),
    ]
    rest = len(done[_MOST_PAST:]) + len(life[_MOST_PAST:])
    rest += screen.rest.get(Kind.PROCEDURE, 0) + screen.rest.get(Kind.SOCIAL, 0)
    more = ngettext("et %(count)s autre, plus ancien", "et %(count)s autres, plus anciens", rest) % {"count": rest}
    return Past(tuple(found[:_SEEN]), tuple(found[_SEEN:]), more if rest else "")


def devices(screen: Screen, base: str) -> tuple[list[Item], list[Item]]:
    """What is worn or implanted, first what is known by its number or has a place in the body; and what was prescribed
    alone (dressings, crutches), was given up, or was used until a day that is past: what was once worn comes first."""
    lines = {each.fact: each for each in screen.of(Kind.DEVICE)}
    now = today().isoformat()
    worn: list[tuple[bool, Item]] = []
    others: list[tuple[bool, Item]] = []
    for each in subjects(screen, Section.NEEDS, Kind.DEVICE):
        read = (entry_of(lines[voice.fact]) for voice in each.voices if voice.fact in lines)
        told = [entry for entry in read if isinstance(entry, Device)]
        if _denied(each):
            continue
        state = _state(each, lines)
        if state or (told and all(_has_ended(entry, now) for entry in told)):
            never = all(voice.planned for voice in each.voices)
            others.append((never, item(each, base, state=state)))
        else:
            placed = any(entry.unique or entry.body_site for entry in told)
            worn.append((not placed, item(each, base)))
    return _by_first(worn), _by_first(others)


def _by_first(found: Iterable[tuple[bool, Item]]) -> list[Item]:
    return [each for _, each in sorted(found, key=lambda each: each[0])]


def _has_ended(entry: Device, now: str) -> bool:
    end = entry.when.end[:_DAY]
    return bool(end) and end < now[: len(end)]


def _with_states(screen: Screen, found: Sequence[Subject], base: str, kind: Kind) -> list[Item]:
    lines = {each.fact: each for each in screen.of(kind)}
    states = sorted(((each, _state(each, lines)) for each in found), key=lambda each: bool(each[1]))
    return [item(each, base, state=state) for each, state in states]


def _state(subject: Subject, lines: Mapping[UUID, Line]) -> str:
    """In a word, where no source says more."""
    told = [state_of(lines[each.fact]) for each in subject.voices if each.fact in lines]
    return told[0] if told and all(told) else ""


def state_of(line: Line) -> str:
    """That it is but planned, or was given up; "" for what was, or is."""
    entry = entry_of(line)
    now = today().isoformat()
    return standing_word(entry, now) if entry and standing_of(entry, now) in _TOLD else ""


def functions(screen: Screen, base: str) -> list[Item]:
    return [item(each, base) for each in subjects(screen, Section.NEEDS, Kind.FUNCTION) if not _denied(each)]


def pregnancies(screen: Screen, base: str) -> list[Item]:
    """What is observed of pregnancies and births, newest first."""
    profile = screen.profile(Kind.PREGNANCY, Kind.BIRTH)
    found = []
    for line in profile.lines:
        entry = entry_of(line)
        href, source = source_of(profile, line, base)
        more = voice_of(profile, line, entry, owns=False).more if entry else ""
        found.append(Item(line.label, more, numeric(line.since), href, source, french=True))
    return found[:_MOST_PAST]


def stays(screen: Screen, base: str, now: datetime) -> list[Item]:
    """Where the person is now, as far as a source of these months says it; then the last ones. Of several documents
    about one stay the newest, and first one that tells its end."""
    read = [(line, entry) for line in screen.of(Kind.ENCOUNTER) if _was(entry := entry_of(line))]
    found = _once(sorted(read, key=lambda each: (_by_day(each[0]), not each[0].until or is_open(each[1]))))
    stands = sorted(found, key=lambda each: not _is_there(screen, each[0], each[1], now))
    return [_stay(screen, line, entry, base, now) for line, entry in stands[:_MOST_STAYS]]


def _was(entry: Entry | None) -> bool:
    """Not called off, nor written in error."""
    return entry is not None and standing_of(entry) not in NOT_SO


def _by_day(line: Line) -> float:
    return -line.since.astimezone(PARIS).toordinal() if line.since else 0


def _once(read: Iterable[tuple[Line, Entry | None]]) -> Iterator[tuple[Line, Entry | None]]:
    seen: set[tuple[str, str]] = set()
    for line, entry in read:
        key = (numeric(line.since), fold(getattr(entry, "location", "") or ""))
        if key not in seen:
            seen.add(key)
            yield line, entry


def _is_there(screen: Screen, line: Line, entry: Entry | None, now: datetime) -> bool:
    return is_under_way(entry) and now - day_of(screen.profile(Kind.ENCOUNTER), line) < _LONGEST


def _may_go_on(line: Line, now: datetime) -> bool:
    """Of a stay that began longer ago nobody waits for the end any more."""
    return line.since is None or now - line.since < _MAY_GO_ON


def _stay(screen: Screen, line: Line, entry: Entry | None, base: str, now: datetime) -> Item:
    profile = screen.profile(Kind.ENCOUNTER)
    href, source = source_of(profile, line, base)
    state = state_of(line)
    if is_under_way(entry):
        # It was so when this source was written: nobody may have told the end since.
        state = gettext("En cours au %(day)s") % {"day": numeric(day_of(profile, line))}
    more = voice_of(profile, line, entry, owns=False).more.split(". ") if entry else []
    if not state and is_open(entry) and _may_go_on(line, now):
        more.append(gettext("Fin non précisée"))
    urgent = _EMERGENCY in line.fhir.replace(" ", "")
    tags = [gettext("Urgences") if urgent else "", state]
    title, foreign = _named(screen, line, entry)
    return Item(
        title,
        ". ".join(part for part in more if part and part != state),
        "",
        href,
        source,
        tag=", ".join(filter(None, tags)),
        kind="warning" if state else "info" if urgent else "",
        french=foreign,
    )


def _named(screen: Screen, line: Line, entry: Entry | None) -> tuple[str, bool]:
    """The name that its source gives, else what it was for, and whether these are a source's words."""
    own = (line.label or gettext("Séjour"), True)
    if line.said_by != "document" or not isinstance(entry, Encounter) or not stay_names.is_bare(entry):
        return own
    titles = tuple(screen.documents[each].title for each in line.sources if each in screen.documents)
    return stay_names.name(stay_names.Stated((entry,), titles)) or own
