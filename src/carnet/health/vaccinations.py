"""The vaccination card of a record: what its reader may see was given, and what the national schedule says of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from carnet.consent.access import reading
from carnet.formats.clinical.model import Kind, Vaccination
from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Author
from carnet.formats.health_card import Dose
from carnet.formats.terminology import document_types, systems
from carnet.formats.terminology.choices import ATC
from carnet.health import queries, schedule, situations, stored
from carnet.health.handing import for_anybody, without_own_secrets
from carnet.health.models import SaidBy
from carnet.health.queries import Line
from carnet.health.schedule.edition import Words
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import Permit, open_record, rows, statements

__all__ = ["KIND", "Card", "Given", "Holder", "card", "dose_of", "holder", "of", "outlook", "questions"]

_SQL = statements("carnet.health", "vaccinations.sql")
_PARIS: Final = ZoneInfo("Europe/Paris")
KIND: Final = Kind.VACCINATION
_BRING: Final = frozenset({ActorKind.PROFESSIONAL.value, ActorKind.CLIENT.value})
_WHOLE_DAY: Final = len("2018-05-14")
_SEXES: Final = {"F": "female", "M": "male"}
_NOT_GIVEN: Final = {
    "MEDPREC": schedule.Withheld.CONTRAINDICATED,
    "PATOBJ": schedule.Withheld.REFUSED,
    "RELIG": schedule.Withheld.REFUSED,
    "PHILISOP": schedule.Withheld.REFUSED,
}
"""Of HL7's reasons for which a vaccine was not given, those that say something of the next."""


@dataclass(frozen=True, slots=True)
class Given:
    """A vaccination as it is stated, done or not (`done`); `diseases` is empty where nothing tells what it protects
    from. `first` and `last` bound its day as precisely as it is known. `confirmed`: a professional says so, here or in
    a document of theirs; `declared`: somebody says so themselves; neither: a document that somebody else added does.
    `by`: the one who noted it without a document. `sources` are documents. `line`: as its sources state it."""

    key: str
    name: str
    diseases: frozenset[str]
    tags: frozenset[str]
    first: date | None
    last: date | None
    confirmed: bool
    declared: bool
    done: bool
    lot: str
    reason: str
    withheld: schedule.Withheld | None
    sources: tuple[UUID, ...]
    by: Author | None
    coding: tuple[str, str]
    line: Line


@dataclass(frozen=True, slots=True)
class Holder:
    """`birth_date` may tell the year or the month alone; `sex` is F, M or U."""

    name: str
    birth_date: str
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """`answers` is empty where the birth date is not whole: nothing is reckoned from a part of it. `situation`: the
    facts that somebody told, by the edition's names, with what says so."""

    holder: Holder
    edition: schedule.Edition
    given: Mapping[str, Given]
    answers: tuple[schedule.Answer, ...]
    situation: Mapping[str, Line]

    @property
    def others(self) -> tuple[Given, ...]:
        """What was given and no answer is about, newest first; what has no date last. Where nothing is reckoned, that
        of which nothing tells what it protects from."""
        told = {taken.dose.key for each in self.answers for taken in each.doses}
        found = [each for each in self._done if each.key not in told and (self.answers or not each.diseases)]
        return tuple(found)

    @property
    def received(self) -> dict[str, tuple[Given, ...]]:
        """By disease, whatever the schedule says of it."""
        diseases = sorted({disease for each in self._done for disease in each.diseases})
        return {one: tuple(each for each in self._done if one in each.diseases) for one in diseases}

    @property
    def not_done(self) -> tuple[Given, ...]:
        return _newest_first(each for each in self.given.values() if not each.done)

    @property
    def _done(self) -> tuple[Given, ...]:
        return _newest_first(each for each in self.given.values() if each.done)


def _newest_first(found: Iterable[Given]) -> tuple[Given, ...]:
    return tuple(sorted(found, key=lambda each: each.last or date.min, reverse=True))


def card(actor: Actor, purpose: Purpose, record_id: UUID, today: date, *, for_others: bool = False) -> Card:
    """By the facts in this reader's sight, and by nothing else. `for_others`: without what is kept from anybody."""

    def read(permit: Permit) -> Card:
        told = queries.read_lines(for_anybody(permit) if for_others else permit, kinds=[KIND, situations.KIND])
        return _card(permit, without_own_secrets(permit, told) if for_others else told, today)

    return reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")


def outlook(permit: Permit, today: date) -> Card:
    """The same card for the home, beside what else it reads of the facts. It tells what is to be done: who confirms a
    dose is not looked for."""
    return of(queries.read_lines(permit, kinds=[KIND, situations.KIND], beside=True), holder(permit), today)


def _card(permit: Permit, told: tuple[Line, ...], today: date) -> Card:
    shots = [line for line in told if line.kind is KIND]
    return of(told, holder(permit), today, _of_professionals(permit, shots))


def _of_professionals(permit: Permit, told: Iterable[Line]) -> frozenset[UUID]:
    """Of the documents that state these lines, those of a type that professionals write, brought by one or by the
    software of an organisation: what a person adds is a picture of something, whatever type they choose."""
    ids = sorted({source for line in told if line.said_by == SaidBy.DOCUMENT for source in line.sources})
    with open_record(permit, trace=None) as cursor:
        cursor.execute(_SQL["sources"], {"record_id": permit.record_id, "ids": ids})
        found = rows(cursor)
    return frozenset(row["id"] for row in found if row["kind"] in _BRING and _written_by_them(row["type_ordinal"]))


def _written_by_them(ordinal: int) -> bool:
    kind = document_types.by_ordinal(ordinal)
    return kind is not None and kind.written_by == "professional"


def holder(permit: Permit) -> Holder:
    """Beside a reading that leaves the line of this act."""
    with open_record(permit, trace=None) as cursor:
        cursor.execute(_SQL["holder"], {"record_id": permit.record_id})
        (row,) = rows(cursor)
    name = f"{row['used_given'] or row['birth_given']} {row['used_family'] or row['birth_family']}"
    return Holder(name, row["birth_date"] or "", row["sex"] or "")


def of(told: tuple[Line, ...], whose: Holder, today: date, confirming: Collection[UUID] = ()) -> Card:
    """Pure. `told`: vaccinations, and what somebody says of their situation. `confirming`: the documents whose word is
    a professional's."""
    edition = schedule.edition_on(today)
    read = _Reader()
    shots = [line for line in told if line.kind is KIND]
    given = {each.key: each for each in (_given(line, read, confirming) for line in shots) if each is not None}
    situation = {fact: line for fact, line in situations.said(told).items() if fact in edition.sayable}
    if len(whose.birth_date) < _WHOLE_DAY:
        return Card(whose, edition, given, (), situation)
    person = schedule.Person(date.fromisoformat(whose.birth_date), _SEXES.get(whose.sex, ""), yes=frozenset(situation))
    doses = tuple(schedule.Dose(e.diseases, e.first, e.last, e.tags, e.key) for e in given.values() if e.done)
    withheld = tuple(
        schedule.NotDone(e.diseases, e.withheld, e.first, e.key)
        for e in given.values()
        if e.withheld is not None and not e.done
    )
    return Card(whose, edition, given, _answers(person, doses, withheld, today), situation)


def questions(whose: Holder, today: date) -> Mapping[str, Words]:
    """What the schedule asks of somebody of this age, of whom nothing is known, that a person can say themselves."""
    edition = schedule.edition_on(today)
    if len(whose.birth_date) < _WHOLE_DAY:
        return {}
    person = schedule.Person(date.fromisoformat(whose.birth_date), _SEXES.get(whose.sex, ""))
    found = _answers(person, (), (), today)
    return situations.sayable(edition, {fact for each in found for facts in each.asks for fact in facts})


@lru_cache(maxsize=64)
def _answers(
    person: schedule.Person, doses: tuple[schedule.Dose, ...], withheld: tuple[schedule.NotDone, ...], today: date
) -> tuple[schedule.Answer, ...]:
    """Several pages of a visit tell the same card: what the schedule says to these doses is a pure function of them;
    which there are in sight is read each time."""
    return schedule.answers(schedule.edition_on(today), person, doses, today, withheld)


class _Reader:
    """Of many doses of one vaccine, all that differs is which, when and of what lot: the rest is read once."""

    _APART = ("id", "meta", "identifier", "occurrenceDateTime", "recorded", "lotNumber", "protocolApplied")

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[Vaccination, schedule.Vaccine] | None] = {}

    def __call__(self, line: Line) -> tuple[Vaccination, schedule.Vaccine, str] | None:
        resource = orjson.loads(line.fhir)
        lot = resource.get("lotNumber", "")
        targets = [each.get("targetDisease") for each in resource.get("protocolApplied", ())]
        same = {name: value for name, value in resource.items() if name not in self._APART}
        key = orjson.dumps([same, targets])
        if key not in self._known:
            self._known[key] = self._said(line.fhir)
        found = self._known[key]
        return (*found, lot) if found else None

    @staticmethod
    def _said(text: str) -> tuple[Vaccination, schedule.Vaccine] | None:
        entry = stored.entry_of(text)
        if not isinstance(entry, Vaccination):
            return None
        return entry, schedule.protects(_concepts(entry), entry.targets)


def _concepts(entry: Vaccination) -> tuple[Concept, ...]:
    return (entry.code, entry.product.code) if entry.product else (entry.code,)


def _given(line: Line, read: _Reader, confirming: Collection[UUID]) -> Given | None:
    """None for what is no vaccination: what was struck, entered in error, or says that there is none."""
    if line.struck or line.absence or line.state == "entered-in-error":
        return None
    found = read(line)
    if found is None:
        return None
    entry, vaccine, lot = found
    done = line.state != "not-done"
    return Given(
        key=str(line.fact),
        name=_name(_concepts(entry), line.label),
        diseases=vaccine.diseases,
        tags=vaccine.tags,
        first=_day(line.since),
        last=_day(line.until - timedelta(microseconds=1)) if line.until else None,
        confirmed=line.said_by == SaidBy.PROFESSIONAL or any(each in confirming for each in line.sources),
        declared=line.said_by == SaidBy.PERSON,
        done=done,
        lot=lot,
        reason=entry.reason.label,
        withheld=None if done else _withheld(entry.reason),
        sources=line.sources if line.said_by == SaidBy.DOCUMENT else (),
        by=entry.by if line.said_by == SaidBy.PROFESSIONAL else None,
        coding=_coding(_concepts(entry)),
        line=line,
    )


def _name(concepts: tuple[Concept, ...], label: str) -> str:
    """The product's own name before that of its class."""
    return next((each.text for each in reversed(concepts) if each.text), label)


def _coding(concepts: tuple[Concept, ...]) -> tuple[str, str]:
    """The code of the product, or of its class, that others are likely to know: ATC before what a country has alone."""
    known = [each for concept in reversed(concepts) for each in concept.codings if each.code]
    first = next((each for each in known if each.system == ATC), known[0] if known else None)
    return (systems.to_uri(first.system), first.code) if first else ("", "")


def dose_of(given: Given, by: str) -> Dose:
    """As a certificate has it: what is known of its day, and no more."""
    first, last = given.first, given.last
    assert first is not None  # noqa: S101  (without a date it is on no certificate)
    if last is None or first == last:
        day = first.isoformat()
    else:
        day = f"{first:%Y-%m}" if last - first < timedelta(days=31) else f"{first:%Y}"
    return Dose(given.name, day, given.coding, given.lot, by)


def _withheld(reason: Concept) -> schedule.Withheld | None:
    return next((_NOT_GIVEN[each.code] for each in reason.codings if each.code in _NOT_GIVEN), None)


def _day(at: datetime | None) -> date | None:
    return at.astimezone(_PARIS).date() if at else None
