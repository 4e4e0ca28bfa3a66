"""Problems, what is over, what runs in the family, stays, pregnancies: each subject once, in the words of its newest
source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from carnet.formats.clinical.model import Kind
from carnet.formats.folding.fold import fold
from carnet.health.queries import Line
from carnet.health.screen import Screen
from carnet.health.sections import Section
from carnet.health.treatments import entry_of
from carnet.web.i18n import gettext
from carnet.web.patient.health_rows import Subject, shown_section, voice_of
from carnet.web.pro.screen.items import Item, numeric, of_voice, source_of
from carnet.web.words import marked

__all__ = ["functions", "past", "pregnancies", "problems", "stays", "subjects"]

_MOST_STAYS: Final = 5
_MOST_PAST: Final = 12
_EMERGENCY: Final = '"code":"EMER"'
FAMILY: Final = marked("Familial")


def subjects(screen: Screen, section: Section, *kinds: Kind) -> tuple[Subject, ...]:
    return shown_section(screen.profile(*kinds), section, owns=False).subjects


def item(subject: Subject, base: str, *, end: str = "") -> Item:
    """Where sources say different things of one subject, that is told, and nobody is right."""
    lead = subject.voices[0]
    href, source = of_voice(lead, base)
    differs = {each.denied for each in subject.voices} == {True, False}
    return Item(
        title=subject.title,
        more=lead.more,
        end=end,
        href=href,
        source=source,
        tag=gettext("Avis différents") if differs else "",
        kind="warning" if differs else "",
        french=subject.foreign,
    )


def _is_past(subject: Subject) -> bool:
    return all(each.denied or each.over for each in subject.voices)


def _denied(subject: Subject) -> bool:
    return all(each.denied for each in subject.voices)


def problems(screen: Screen, base: str) -> list[Item]:
    """Those that hold; that somebody has none is said by nobody else's problem."""
    return [item(each, base) for each in subjects(screen, Section.PROBLEMS, Kind.PROBLEM) if not _is_past(each)]


def past(screen: Screen, base: str) -> list[Item]:
    over = [each for each in subjects(screen, Section.PROBLEMS, Kind.PROBLEM) if _is_past(each) and not _denied(each)]
    done = [each for each in subjects(screen, Section.STAYS, Kind.PROCEDURE) if not _denied(each)]
    kin = [each for each in subjects(screen, Section.FAMILY, Kind.FAMILY) if not _denied(each)]
    life = [each for each in subjects(screen, Section.LIFE, Kind.SOCIAL) if not _denied(each)]
    found = [
        *(item(each, base) for each in (*done, *over)),
        *(item(each, base, end=gettext(FAMILY)) for each in kin),
        *(item(each, base) for each in life),
    ]
    return found[:_MOST_PAST]


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


def stays(screen: Screen, base: str) -> list[Item]:
    """The last ones; of several documents about one stay the newest."""
    seen: set[tuple[str, str]] = set()
    found = (_stay(screen, line, base) for line in _once(screen.of(Kind.ENCOUNTER), seen))
    return list(islice(found, _MOST_STAYS))


def _once(lines: Iterable[Line], seen: set[tuple[str, str]]) -> Iterator[Line]:
    for line in lines:
        entry = entry_of(line)
        place = fold(getattr(entry, "location", "") or "")
        key = (numeric(line.since), place)
        if key not in seen:
            seen.add(key)
            yield line


def _stay(screen: Screen, line: Line, base: str) -> Item:
    profile = screen.profile(Kind.ENCOUNTER)
    entry = entry_of(line)
    href, source = source_of(profile, line, base)
    more = voice_of(profile, line, entry, owns=False).more if entry else ""
    urgent = _EMERGENCY in line.fhir.replace(" ", "")
    return Item(
        line.label or gettext("Séjour"),
        more,
        "",
        href,
        source,
        tag=gettext("Urgences") if urgent else "",
        kind="info" if urgent else "",
        french=True,
    )
