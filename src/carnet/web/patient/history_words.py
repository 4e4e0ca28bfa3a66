"""A line of the history in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from carnet.documents.queries import DocumentLine
from carnet.formats.clinical.model import Encounter, Kind
from carnet.formats.folding.fold import fold
from carnet.health.history import Fact, Line, Sort
from carnet.health.standing import did_happen
from carnet.health.stored import entry_of
from carnet.web import i18n, words
from carnet.web.i18n import gettext
from carnet.web.patient import fact_words, listing, stay_names
from carnet.web.patient.history_asked import WORDS

SHOWN: Final = 4
_LEADS: Final = (
    *(Sort.STAY, Sort.VISIT, Sort.PROCEDURE, Sort.VACCINE, Sort.RESULT, Sort.IMAGING, Sort.PHARMACY, Sort.PROBLEM),
    Sort.DOCUMENT,
)
_TITLED: Final = frozenset({Kind.VACCINATION, Kind.PROCEDURE, Kind.REIMBURSED, Kind.PROBLEM})
_MOST_NAMED: Final = 3
_IN_SHORT: Final = 2


@dataclass(frozen=True, slots=True)
class Paper:
    id: UUID
    title: str
    icon: str
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """Facts of one kind: the first `SHOWN`, and the others behind a word. `title` is "" where the line says it."""

    title: str
    icon: str
    first: tuple[fact_words.Told, ...]
    more: tuple[fact_words.Told, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """`href` opens the source: "" for what no document says. `french`: the title is in the words of the source."""

    id: str
    when: str
    title: str
    french: bool
    href: str
    about: str
    icon: str
    fresh: bool
    struck: bool
    own: bool
    groups: tuple[Group, ...]
    papers: tuple[Paper, ...]
    said_in: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """`year` None for what has no date."""

    year: int | None
    rows: tuple[Row, ...]


def by_year(lines: Iterable[Line]) -> list[Year]:
    """In their order, which is by date."""
    groups = groupby(lines, key=lambda line: line.first.year if line.first else None)
    return [Year(year, tuple(map(row, group))) for year, group in groups]


def row(line: Line) -> Row:
    lead = next((sort for sort in _LEADS if sort in line.sorts), Sort.DOCUMENT)
    head = _head(line, lead)
    title, french = _title(line, lead, head)
    opened = head or next(iter(line.stated_in), None)
    shown = [fact for fact in line.facts if fact.kind is not Kind.ENCOUNTER and not (french and _says(title, fact))]
    return Row(
        id=f"{line.first or 'sans-date'}-{line.key}",
        when=_when(line),
        title=title,
        french=french,
        href=f"/documents/{opened.id}" if opened else "",
        about=_about(line, head),
        icon="ambulance" if lead is Sort.STAY and line.urgent else WORDS[lead][1],
        fresh=line.fresh,
        struck=bool(line.facts) and not line.papers and all(fact.struck for fact in line.facts),
        own=any(fact.source is None for fact in line.facts),
        groups=tuple(_groups(shown)),
        papers=tuple(_paper(each) for each in line.papers) if len(line.papers) > 1 or title != _of(head) else (),
        said_in=tuple(_paper(each) for each in line.stated_in),
    )


def in_short(line: Line) -> str:
    """« TSH : 2,1 mUI/L, HbA1c : 6,9 %, et 8 autres »; "" where nothing was measured."""
    told = [fact_words.told(fact) for fact in line.facts if fact.kind is Kind.RESULT and not fact.struck]
    said = ", ".join(f"{each.label} {each.value}" for each in told[:_IN_SHORT] if each.value)
    if not said or len(told) <= _IN_SHORT:
        return said
    left = len(told) - _IN_SHORT
    return i18n.ngettext("%(said)s, et %(count)s autre", "%(said)s, et %(count)s autres", left) % {
        "said": said,
        "count": left,
    }


def _says(title: str, fact: Fact) -> bool:
    return fact.kind in _TITLED and fact.label in title


def _of(paper: DocumentLine | None) -> str:
    return listing.title(paper) if paper else ""


def _paper(line: DocumentLine) -> Paper:
    return Paper(line.id, listing.title(line), words.category_icon(line.category_label), listing.source(line))


def _head(line: Line, lead: Sort) -> DocumentLine | None:
    """The document that says most of what the line is: of its own kind, else the first."""
    icon = WORDS[lead][1]
    of_kind = (each for each in line.papers if words.category_icon(each.category_label) == icon)
    return next(of_kind, next(iter(line.papers), None))


def _title(line: Line, lead: Sort, head: DocumentLine | None) -> tuple[str, bool]:
    """What it is called, and whether those are the words of a source."""
    if lead is Sort.STAY and line.visit:
        return (gettext("Passage aux urgences"), False) if line.urgent else _stay(line)
    if lead is Sort.VISIT and line.visit and not (head and _is_visit(head)):
        return gettext("Consultation"), False
    if head:
        return listing.title(head), True
    return _told(line, lead)


def _stay(line: Line) -> tuple[str, bool]:
    """What it was for, as it is stated in what is told with it."""
    facts = [fact for fact in line.facts if not fact.struck]
    visits = [fact for fact in facts if fact.kind is Kind.ENCOUNTER]
    entries = [entry_of(fact.fhir) for fact in visits]
    telling = [*line.papers, *(each for each in line.stated_in if each.id in {fact.source for fact in visits})]
    operated = [fact.label for fact in facts if fact.kind is Kind.PROCEDURE and fact.label and _was_done(fact)]
    stated = stay_names.Stated(
        tuple(each for each in entries if isinstance(each, Encounter)),
        tuple(map(listing.title, telling)),
        tuple(operated),
    )
    return stay_names.name(stated) or (gettext("Séjour à l'hôpital"), False)


def _was_done(fact: Fact) -> bool:
    entry = entry_of(fact.fhir)
    return entry is not None and did_happen(entry, i18n.today().isoformat())


def _is_visit(paper: DocumentLine) -> bool:
    return words.category_icon(paper.category_label) == "report-medical"


def _told(line: Line, lead: Sort) -> tuple[str, bool]:
    """Of facts that stand without a document, and whether it is their own words alone."""
    named = list(dict.fromkeys(fact.label for fact in line.facts if fact.label and fact.kind in _TITLED))
    names = ", ".join(named[:_MOST_NAMED]) + ("…" if len(named) > _MOST_NAMED else "")
    if lead is Sort.VACCINE and names and not all(fold(each).startswith("vaccin") for each in named):
        return gettext("Vaccin : %(names)s") % {"names": names}, False
    if lead is Sort.PHARMACY:
        return gettext("Traitement retiré en pharmacie"), False
    if lead is Sort.RESULT:
        return gettext("Résultats d'analyses"), False
    return (names, True) if names else (gettext(WORDS[lead][0]), False)


def _about(line: Line, head: DocumentLine | None) -> str:
    """Where, and by whom."""
    said = [line.place] if line.visit else []
    said += [words.author(head.author_label), head.organisation_label] if head else []
    if not any(said):
        said = [listing.source(each) for each in line.stated_in[:1]]
        said.insert(0, gettext(fact_words.KINDS[Kind.PROBLEM][0]) if Sort.PROBLEM in line.sorts else "")
    return ", ".join(dict.fromkeys(part for part in said if part))


def _when(line: Line) -> str:
    if line.first is None:
        return ""
    last = line.last
    if last is None or last <= line.first or not line.visit:
        return i18n.day_of_year(line.first)
    if last.year != line.first.year:
        return gettext("Du %(first)s au %(last)s") % {"first": i18n.day(line.first), "last": i18n.day(last)}
    first = _number_of(line.first) if last.month == line.first.month else i18n.day_of_year(line.first)
    return gettext("Du %(first)s au %(last)s") % {"first": first, "last": i18n.day_of_year(last)}


def _number_of(day: date) -> str:
    return "1er" if day.day == 1 and i18n.language() == i18n.FRENCH else str(day.day)


def _groups(facts: Sequence[Fact]) -> Iterable[Group]:
    """By kind, in the order in which they are told; the kind is said where there are several."""
    kinds = list(dict.fromkeys(fact.kind for fact in facts))
    for kind in kinds:
        told = [fact_words.told(fact) for fact in facts if fact.kind is kind]
        title = gettext(fact_words.KINDS[kind][0]) if len(kinds) > 1 else ""
        most = len(told) if len(told) <= SHOWN + 1 else SHOWN
        yield Group(title, fact_words.KINDS[kind][1], tuple(told[:most]), tuple(told[most:]))
