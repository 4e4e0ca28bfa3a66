"""What must be known before anything is done: allergies, a pregnancy, devices, directives, in an emergency the blood
group. What nobody says is not said either way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from carnet.formats.clinical.model import Kind, Observation
from carnet.formats.clinical.values import Concept
from carnet.health import columns
from carnet.health.profile_models import Own
from carnet.health.queries import Line
from carnet.health.screen import Screen
from carnet.health.sections import Section
from carnet.health.treatments import entry_of
from carnet.web.i18n import PARIS, day, gettext
from carnet.web.patient import result_words
from carnet.web.patient.health_rows import must_know, shown_section
from carnet.web.pro.screen import background
from carnet.web.pro.screen.items import Item, address, numeric, source_of

__all__ = ["DIRECTIVES", "IMPLANT", "TYPES", "Vigilance", "known"]

DIRECTIVES: Final = "EXPPAT_3"
IMPLANT: Final = "101881-1"
TYPES: Final = (DIRECTIVES, IMPLANT)
"""Documents that count whenever they are from."""

_STATUS: Final = "82810-3"
_DUE: Final = frozenset({"11778-8", "11779-6", "11780-4"})
_PREGNANT: Final = frozenset({"LA15173-0", "77386006"})
_LOINC: Final = "2.16.840.1.113883.6.1"
_TERM: Final = timedelta(days=294)
_LATE: Final = timedelta(days=14)
_WRITTEN: Final = "ecrites"


@dataclass(frozen=True, slots=True)
class Vigilance:
    """`allergies` that somebody names; `none`: the answer of the person that there are none, "" for none."""

    allergies: tuple[Item, ...]
    none: str
    others: tuple[Item, ...]


def known(screen: Screen, base: str, today: date, *, blood: tuple[str, ...]) -> Vigilance:
    section = shown_section(screen.profile(Kind.ALLERGY), Section.ALLERGIES, owns=False)
    named, answer = must_know([section])
    real = [each for each in named if any(not voice.denied for voice in each.voices)]
    others = [
        *_blood(screen, base, blood),
        *_pregnancy(screen, base, today),
        *(background.item(each, base) for each in background.subjects(screen, Section.NEEDS, Kind.DEVICE)),
        *_papers(screen, base),
    ]
    said = [each for each in section.subjects if each not in real and not each.foreign]
    none = answer.text if answer else said[0].title if said else ""
    return Vigilance(tuple(background.item(each, base) for each in real), none, tuple(others))


def _blood(screen: Screen, base: str, series: tuple[str, ...]) -> Iterator[Item]:
    """As its source states it: nobody transfuses by it."""
    told: set[str] = set()
    for line in screen.of(Kind.RESULT):
        if line.series not in series or line.series in told:
            continue
        entry = entry_of(line)
        told.add(line.series)
        href, source = source_of(screen.profile(Kind.RESULT), line, base)
        value = result_words.value(entry if isinstance(entry, Observation) else None)
        title = gettext("Groupe sanguin noté : %(group)s") % {"group": value}
        yield Item(title, gettext("À contrôler avant toute transfusion"), numeric(line.since), href, source)


def _pregnancy(screen: Screen, base: str, today: date) -> Iterator[Item]:
    """By the newest word on it, as long as it may last; or by a term that is still to come."""
    for line in screen.of(Kind.PREGNANCY):
        entry = entry_of(line)
        if not isinstance(entry, Observation):
            continue
        until = _term(entry, line)
        if until is None or until < today:
            continue
        href, source = source_of(screen.profile(Kind.PREGNANCY), line, base)
        due = isinstance(entry.value, str) or entry.code.code_of(_LOINC) in _DUE
        more = gettext("Terme prévu le %(day)s") % {"day": day(until - _LATE)} if due else ""
        yield Item(gettext("Grossesse en cours"), more, numeric(line.since), href, source)
        return


def _term(entry: Observation, line: Line) -> date | None:
    code = entry.code.code_of(_LOINC)
    if code in _DUE:
        bounds = columns.bound(entry.value) if isinstance(entry.value, str) else None
        return bounds[0].astimezone(PARIS).date() + _LATE if bounds else None
    if code == _STATUS and isinstance(entry.value, Concept) and line.since:
        pregnant = any(each.code in _PREGNANT for each in entry.value.codings)
        return line.since.astimezone(PARIS).date() + _TERM if pregnant else None
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
