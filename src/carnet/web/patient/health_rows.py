"""A profile as the page shows it: each subject once, and under it each voice apart, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from carnet.formats.clinical import keys
from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Encounter,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Problem,
    Procedure,
)
from carnet.formats.clinical.values import Concept, Quantity, Range, Ratio, Span, Value
from carnet.health import naming, situations, stays
from carnet.health.profile import Profile, Said, SourceDocument
from carnet.health.queries import Line
from carnet.health.schedule import edition_on
from carnet.health.sections import ANSWERED, KINDS, Section
from carnet.health.standing import Absence, Standing, absence_of, did_happen, standing_of, told_unknown
from carnet.health.treatments import entry_of
from carnet.web.about import about
from carnet.web.i18n import gettext, ngettext, today
from carnet.web.patient import stay_names
from carnet.web.patient.health_words import SECTIONS, WHOSE
from carnet.web.patient.moments import shown
from carnet.web.patient.remarks import Remark, remark
from carnet.web.patient.vaccination_words import told as words_of
from carnet.web.standing_words import standing_word
from carnet.web.words import marked

__all__ = [
    "Answer",
    "Link",
    "Shown",
    "Subject",
    "Voice",
    "allergy_state",
    "day_of",
    "is_grave",
    "must_know",
    "shown_section",
    "signature",
    "voice_of",
    "whose",
]

_ROLE: Final = "2.16.840.1.113883.5.111"
_AMBULATORY: Final = '"code":"AMB"'
_NAMED: Final = frozenset({Kind.PROBLEM, Kind.ALLERGY, Kind.DEVICE})
_SITE: Final = '"bodySite"'
_DAY: Final = 10
_RANK: Final = {"professional": 0, "document": 1, "person": 2}
FEW: Final = 5
_OVER: Final = frozenset({"resolved", "inactive"})
NOT_SO: Final = frozenset({Standing.REFUTED, Standing.NOT_DONE, Standing.IN_ERROR})
_STATES: Final = {
    "resolved": marked("Guéri"),
    "remission": marked("En rémission"),
    "inactive": marked("Ancien"),
    "recurrence": marked("De retour"),
    "relapse": marked("De retour"),
}
_STATES_OF_ALLERGIES: Final = {"resolved": marked("Guérie"), "inactive": marked("Ancienne")}


@dataclass(frozen=True, slots=True)
class Link:
    """A document that says it; `text` is its title, which is French."""

    id: UUID
    text: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Voice:
    """Whose words. `owns` as `shown_section`; `later`: its resource is that of the line, not `given`. Each part
    is found when it is asked for: of hundreds of voices a page tells some."""

    profile: Profile
    line: Line
    owns: bool
    given: Entry | None = None
    later: bool = False

    @property
    def kind(self) -> str:
        """Document, professional or person."""
        return self.line.said_by

    @cached_property
    def who(self) -> str:
        return whose(self.profile, self.line)

    @cached_property
    def _documents(self) -> list[SourceDocument]:
        known = self.profile.documents
        return [known[each] for each in self.line.sources if each in known]

    @cached_property
    def _said(self) -> Said | None:
        known = self.profile.said
        return next((known[each] for each in self.line.sources if each in known), None) if known else None

    @cached_property
    def at(self) -> datetime:
        if self._documents:
            return self._documents[0].at
        return self._said.stated_at if self._said else self.line.known_at

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return tuple(Link(each.id, each.title, each.who, each.at) for each in self._documents)

    @property
    def statement(self) -> UUID | None:
        """What may be corrected here, by its own."""
        own = self.line.said_by == "person" and (self.owns or self.line.mine)
        return self.line.sources[0] if own else None

    @property
    def masked(self) -> bool:
        return bool(self._said and self._said.masked)

    @property
    def secret(self) -> bool:
        return bool(self._said and self._said.secret)

    @cached_property
    def remark(self) -> Remark | None:
        """Where its author is told of an error."""
        return remark(self.line, {(each.fact, each.source_id) for each in self.profile.reports})

    @property
    def fact(self) -> UUID:
        return self.line.fact

    @property
    def struck(self) -> bool:
        return self.line.struck

    @property
    def reported(self) -> bool:
        return self.remark is not None and self.remark.reported

    @cached_property
    def entry(self) -> Entry | None:
        return entry_of(self.line) if self.later else self.given

    @cached_property
    def more(self) -> str:
        name = keys.words(self.line.label)
        return _sentences(each for each in _more(self.entry) if keys.words(each) != name) if self.entry else ""

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.entry, _day()) if self.entry else Standing.HOLDS

    @property
    def denied(self) -> bool:
        return self.line.absence or self.standing in NOT_SO

    @property
    def over(self) -> bool:
        entry = self.entry
        ended = isinstance(entry, Device) and self.standing is Standing.STOPPED
        return ended or getattr(entry, "clinical", "") in _OVER

    @property
    def planned(self) -> bool:
        return self.standing is Standing.PLANNED


@dataclass(frozen=True, slots=True)
class Subject:
    """`absence`: what its lines say not to be there, None for what is named."""

    title: str
    voices: tuple[Voice, ...]
    foreign: bool = False
    absence: Absence | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """« Je n'en ai pas », « je ne sais pas », by the person."""

    statement: UUID
    unsure: bool
    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """`rest`: how many more subjects there are than were made."""

    section: Section
    title: str
    icon: str
    empty: str
    add: str = ""
    answers: bool = False
    subjects: tuple[Subject, ...] = ()
    answer: Answer | None = None
    pinned: bool = False
    none: str = ""
    rest: int = 0

    @property
    def differs(self) -> bool:
        """The person says that there is none, or that they do not know, and others name some."""
        others = (voice.kind != "person" and not voice.denied for each in self.subjects for voice in each.voices)
        return self.answer is not None and any(others)


@dataclass(slots=True)
class _Gathered:
    title: str
    foreign: bool
    absence: Absence | None
    voices: list[Voice] = field(default_factory=list)


def shown_section(profile: Profile, section: Section, *, owns: bool, whole: bool = True) -> Shown:
    """`owns`: the reader is the holder or represents them, and corrects what theirs say too. Of stays, the newest alone
    unless the `whole` section is asked for."""
    asked = SECTIONS[section]
    lines = [line for line in profile.lines if line.kind in KINDS.get(section, ()) and _belongs(line)]
    unmade = 0
    if section is Section.STAYS and not whole:
        lines, unmade = _newest(lines)
    own = [line for line in lines if line.absence and line.said_by == "person"]
    answers = [_answer(profile, line, entry) for line in own if (entry := entry_of(line)) is not None]
    rest = [line for line in lines if not (line.absence and line.said_by == "person")]
    return Shown(
        section,
        about(asked.title),
        asked.icon,
        about(asked.empty),
        gettext(asked.add),
        section in ANSWERED,
        _subjects(profile, section, rest, owns=owns),
        answers[0] if answers else None,
        section.value in profile.arrangement.pinned,
        about(asked.none) if asked.none else "",
        unmade,
    )


def _newest(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """The lines of the first subjects, and how many subjects there are beside. What happened once is told by its name
    and day: nothing of the others need be looked into. The person's own answers come too."""
    keys_ = {line.fact: (keys.words(line.label), line.since.date() if line.since else None) for line in lines}
    dated = sorted((line for line in lines if line.since), key=lambda line: line.since or line.known_at, reverse=True)
    order = list(dict.fromkeys(keys_[line.fact] for line in [*dated, *lines] if not line.absence))
    first = set(order[:FEW])
    return [line for line in lines if line.absence or keys_[line.fact] in first], len(order[FEW:])


def _belongs(line: Line) -> bool:
    """Of the visits that documents tell of, those where somebody stayed a night, or stays."""
    if line.kind is not Kind.ENCOUNTER or line.said_by != "document":
        return True
    if _AMBULATORY in line.fhir:
        return False
    return stays.has_nights(line.since, line.until) or stays.is_open(entry_of(line))


def _answer(profile: Profile, line: Line, entry: Entry) -> Answer:
    unsure = told_unknown(entry)
    text = gettext("Je ne sais pas") if unsure else entry.code.label or line.label
    return Answer(line.sources[0], unsure, whose(profile, line), line.known_at, about(text))


def _subjects(profile: Profile, section: Section, lines: Iterable[Line], *, owns: bool) -> tuple[Subject, ...]:
    found: dict[str, _Gathered] = {}
    keyed: dict[str, str] = {}
    for line in lines:
        if _is_named(line):
            title, foreign, absence, entry = line.label, True, None, None
            # Of one disease there are hundreds of lines.
            key = keyed.get(title) or keyed.setdefault(title, _key(line, None, title))
        elif (entry := entry_of(line)) is not None:
            title, foreign = _title(line, entry)
            absence = absence_of(entry) if line.absence else None
            key = _key(line, entry, title)
        else:
            continue
        subject = found.setdefault(key, _Gathered(title, foreign, absence))
        subject.voices.append(voice_of(profile, line, entry, owns=owns, later=entry is None))
    subjects = [_subject(profile, each) for each in found.values()]
    return tuple(sorted(subjects, key=lambda each: _least(each.voices)))


def _subject(profile: Profile, found: _Gathered) -> Subject:
    voices = _ordered(found.voices)
    title, foreign = _of_stay(profile, voices) or (found.title, found.foreign)
    return Subject(title, voices, foreign, found.absence)


def _of_stay(profile: Profile, voices: Sequence[Voice]) -> tuple[str, bool] | None:
    """The name of a stay to which its sources give none: what it was for, else where it was. What a person calls it
    themselves stays."""
    if any(each.line.kind is not Kind.ENCOUNTER or each.kind == "person" or each.line.absence for each in voices):
        return None
    entries = tuple(each.entry for each in voices if isinstance(each.entry, Encounter))
    if not all(map(stay_names.is_bare, entries)):
        return None
    titles = tuple(link.text for each in voices for link in each.links)
    found = stay_names.name(stay_names.Stated(entries, titles, tuple(_operated(profile, voices))))
    place = next(filter(None, map(naming.place, entries)), "")
    at_place = (gettext("Séjour : %(what)s") % {"what": place}, True) if place else None
    return found or at_place


def _operated(profile: Profile, voices: Sequence[Voice]) -> Iterator[str]:
    """What the same documents say to have been operated on a day of the stay."""
    sources = {source for each in voices for source in each.line.sources}
    spans = [(each.line.since, each.line.until) for each in voices]
    for line in profile.lines:
        if line.kind is not Kind.PROCEDURE or line.struck or line.absence or sources.isdisjoint(line.sources):
            continue
        during = any(stays.is_within(line.since, since, until) for since, until in spans)
        if during and line.label and (entry := entry_of(line)) and did_happen(entry, _day()):
            yield line.label


def _is_named(line: Line) -> bool:
    """Whether its row says what it is about: a name, at no place on the body."""
    return bool(line.label) and not line.absence and line.kind in _NAMED and _SITE not in line.fhir


def _ordered(voices: Sequence[Voice]) -> tuple[Voice, ...]:
    return tuple(sorted(voices, key=lambda voice: (voice.struck, -voice.at.timestamp(), _RANK[voice.kind])))


def _least(voices: Sequence[Voice]) -> tuple[bool, float]:
    """What holds before what is over or denied, then the newest."""
    past = all(each.struck or each.denied or each.over for each in voices)
    return past, -max(each.at.timestamp() for each in voices)


def _title(line: Line, entry: Entry) -> tuple[str, bool]:
    """Its words, and whether they are a source's, in French. A source that says that something is not there says it in
    its own words: nobody else's « I have none » is put into its mouth, and « not known » is never « none »."""
    if line.absence and absence_of(entry) is Absence.UNKNOWN:
        return gettext("Non renseigné"), False
    if isinstance(entry, FamilyHistory) and not line.absence:
        relation = WHOSE.get(entry.code.code_of(_ROLE))
        who = gettext(relation) if relation else line.label
        what = ", ".join(each.code.label for each in entry.conditions if each.code.label)
        return (gettext("%(who)s : %(what)s") % {"who": who, "what": what} if what else who), bool(what)
    if isinstance(entry, Observation):
        name = gettext(entry.code.label) if entry.kind is Kind.SOCIAL else line.label or gettext("Sans nom")
        return _about_whom(name, entry.about), entry.kind is not Kind.SOCIAL
    if line.absence:
        named = entry.code.text or next((each.display for each in entry.code.codings if each.display), "")
        return (named, True) if named else (gettext("Aucun, selon cette source"), False)
    return line.label or gettext("Sans nom"), True


def _about_whom(name: str, about: Concept) -> str:
    """With whose fact it is, where it is not the patient's own."""
    if not about:
        return name
    relation = WHOSE.get(about.code_of(_ROLE))
    who = gettext(relation) if relation else about.label
    return gettext("%(what)s (%(who)s)") % {"what": name, "who": who.lower()}


def _key(line: Line, entry: Entry | None, title: str) -> str:
    """One subject is what is named alike, at one place on the body: two diseases of one code are two."""
    parts = [line.kind if line.absence else "", keys.words(title), *map(keys.words, _sites(entry))]
    if isinstance(entry, Encounter | Procedure):
        parts.append(entry.when.start[:10])
    return keys.key(*parts)


def _sites(entry: Entry | None) -> tuple[str, ...]:
    match entry:
        case Problem():
            found = (entry.body_site, *entry.other_sites)
        case Procedure():
            found = entry.body_sites
        case Device():
            found = (entry.body_site,)
        case _:
            found = ()
    return tuple(each.label for each in found if each.label)


def whose(profile: Profile, line: Line) -> str:
    """Whose words a line is in, by name."""
    if line.said_by == "document":
        document = next((profile.documents[each] for each in line.sources if each in profile.documents), None)
        return document.who if document else ""
    if line.mine:
        return gettext("Vous")
    said = next((profile.said[each] for each in line.sources if each in profile.said), None)
    return signature(said) if said else gettext("Un proche")


def day_of(profile: Profile, line: Line) -> datetime:
    """Of its source, for what has no date of its own."""
    documents = (profile.documents[each].at for each in line.sources if each in profile.documents)
    return next(documents, line.known_at)


def signature(said: Said) -> str:
    """By name, and that they help when they do."""
    who = said.who or gettext("Un proche")
    return gettext("%(who)s, personne aidante") % {"who": who} if said.helps else who


def voice_of(profile: Profile, line: Line, entry: Entry | None, *, owns: bool, later: bool = False) -> Voice:
    """`later`: in the place of `entry`, the resource of the line is read when it is asked for."""
    return Voice(profile, line, owns, entry, later)


def _day() -> str:
    return today().isoformat()


def _sentences(parts: Iterable[str]) -> str:
    return ". ".join(each[:1].upper() + each[1:] for each in parts if each)


def _more(entry: Entry) -> Iterator[str]:
    """First what changes the meaning of its name: that it is denied, not sure, only planned."""
    yield standing_word(entry, _day())
    when = _when(entry)
    if when:
        yield when
    yield from filter(None, _said_of(entry))
    if entry.note:
        yield entry.note.rstrip(".")


def _said_of(entry: Entry) -> Iterable[str]:
    match entry:
        case Problem():
            state = gettext(_STATES[entry.clinical]) if entry.clinical in _STATES else ""
            return ("" if entry.verification == "refuted" else state, entry.severity.label, *_sites(entry))
        case Allergy():
            return _allergic(entry)
        case Encounter():
            where = entry.location or (entry.provider.name if entry.provider else "")
            return (where, *(each.label for each in entry.reasons))
        case Procedure():
            return (*_sites(entry), entry.location)
        case Device():
            return _sites(entry)
        case Observation():
            return _observed(entry)
        case FamilyHistory():
            return _ages(entry)
    return ()


def _observed(entry: Observation) -> Iterator[str]:
    """What is denied is told with its value, which may be why."""
    yield _said_for_vaccines(entry) or _value(entry.value)
    yield from (f"{each.code.label} {_value(each.value)}".strip() for each in entry.components)
    if entry.absence and entry.value is not False:
        yield gettext("Noté comme absent par cette source")


def _said_for_vaccines(entry: Observation) -> str:
    """A situation is kept by its name in the schedule, whose words are of both languages."""
    words = edition_on(today()).sayable.get(situations.fact_of(entry))
    return words_of(words) if words else ""


def _value(value: Value | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return gettext("Oui") if value else gettext("Non")
        case Concept():
            return value.label
        case Quantity():
            return f"{value.comparator} {value.value:f} {value.unit}".replace(".", ",").strip()
        case Range():
            low, high = _value(value.low), _value(value.high)
            return value.text or " – ".join(filter(None, (low, high)))
        case Ratio():
            return f"{_value(value.numerator)} / {_value(value.denominator)}"
        case Span():
            return " – ".join(filter(None, (shown(value.start), shown(value.end))))
    return str(value)


def allergy_state(entry: Allergy) -> str:
    """That it is no more; "" for what holds, and for what is denied altogether."""
    told = standing_of(entry) not in NOT_SO and entry.clinical in _STATES_OF_ALLERGIES
    return gettext(_STATES_OF_ALLERGIES[entry.clinical]) if told else ""


def is_grave(entry: Allergy) -> bool:
    return entry.criticality == "high" or any(each.severity == "severe" for each in entry.reactions)


def _allergic(entry: Allergy) -> Iterator[str]:
    yield allergy_state(entry)
    if entry.type == "intolerance":
        yield gettext("Intolérance")
    if is_grave(entry):
        yield gettext("Réaction grave")
    said = [each.label for reaction in entry.reactions for each in reaction.manifestations if each.label]
    if said:
        yield ", ".join(said)


def _ages(entry: FamilyHistory) -> Iterator[str]:
    for each in entry.conditions:
        if isinstance(each.onset, Quantity):
            years = int(each.onset.value)
            yield ngettext("À %(count)s an", "À %(count)s ans", years) % {"count": years}
        if each.note:
            yield each.note.rstrip(".")


def _when(entry: Entry) -> str:
    start, end = shown(entry.when.start), shown(entry.when.end)
    if start and end and start != end:
        days = len(entry.when.start) >= _DAY and len(entry.when.end) >= _DAY
        words = gettext("Du %(start)s au %(end)s") if days else gettext("De %(start)s à %(end)s")
        return words % {"start": start, "end": end}
    if end and not start:
        return gettext("Jusqu'à %(end)s") % {"end": end}
    if not start:
        return ""
    lasts = isinstance(entry, Problem | Allergy) or entry.kind in {Kind.FUNCTION, Kind.DEVICE}
    if not lasts:
        return start[:1].upper() + start[1:]
    words = gettext("Depuis le %(start)s") if len(entry.when.start) >= _DAY else gettext("Depuis %(start)s")
    return words % {"start": start}


def must_know(sections: Iterable[Shown]) -> tuple[tuple[Subject, ...], Answer | None]:
    """The allergies that somebody names and nobody of those denies, or the person's answer that there are none."""
    for each in sections:
        if each.section is Section.ALLERGIES:
            named = tuple(
                subject
                for subject in each.subjects
                if any(not (voice.denied or voice.struck) for voice in subject.voices)
            )
            return named, each.answer
    return (), None
