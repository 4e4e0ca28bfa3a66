"""The history tells what happened, line by line, by what its reader may see; so does the search among facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.consent.access import Refused
from carnet.documents.changing import change, withdraw
from carnet.documents.powers import Cause
from carnet.formats import folding
from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dispensation,
    Encounter,
    Entry,
    Kind,
    Procedure,
    Product,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Coded, Organisation
from carnet.formats.terminology import analytes, measures
from carnet.formats.terminology.systems import LOINC
from carnet.health import history, queries
from carnet.health.history import History, Position, Sort, Wanted
from carnet.health.searching import Found, find
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.web.i18n import PARIS
from tests import people
from tests.cases import cases
from tests.documents.test_changing import MASK, UNMASK
from tests.documents.test_searching_hidden import READERS, WORDS, Reader, Source, may_see, readers_of
from tests.health.stated import kept, result, stating
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

FLU = Concept("Vaccin grippal", (Coded("J07BB02", "2.16.840.1.113883.6.73", "Influenza, antigène purifié"),))


def read(patient: Resident, wanted: Wanted | None = None, reader: Actor | None = None, **options: Any) -> History:
    purpose = Purpose.CARE if reader else Purpose.SELF
    return history.history(reader or patient.actor, purpose, patient.record_id, wanted, **options)


def told(patient: Resident, wanted: Wanted | None = None, reader: Actor | None = None) -> list[tuple[str, set[Sort]]]:
    return [(str(line.first), set(line.sorts)) for line in read(patient, wanted, reader).lines]


def a_stay(first: str, last: str, place: str = "Clinique de l'Essai", setting: str = "IMP") -> Encounter:
    kind = Coded(setting, "2.16.840.1.113883.5.4")
    where = Organisation(place)
    return Encounter(
        kind=Kind.ENCOUNTER,
        code=Concept("Hospitalisation"),
        status="finished",
        when=Span(first, last),
        encounter_class=kind,
        provider=where,
    )


def a_vaccine(day: str) -> Vaccination:
    return Vaccination(kind=Kind.VACCINATION, code=FLU, status="completed", when=Span(day))


def days_ago(number: int) -> str:
    return str((clock.now() - timedelta(days=number)).date())


def test_a_report_and_its_results_are_one_line_and_what_is_older_stands_on_its_day() -> None:
    patient = people.a_patient()
    done = stating(patient, result(day=days_ago(1)), result("3.4", day="2023-09-01"), result("1.1", day=""))
    report, older, undated = read(patient).lines
    assert ([paper.id for paper in report.papers], len(report.facts)) == ([done.id], 1)
    assert (str(older.first), older.papers, [paper.id for paper in older.stated_in]) == ("2023-09-01", (), [done.id])
    assert (undated.first, [fact.source for fact in undated.facts]) == (None, [done.id])
    counts = read(patient).counts
    assert (counts.total, counts.years[2023], counts.undated, counts.sorts) == (3, 1, 1, {Sort.RESULT: 3})
    assert told(patient, Wanted(year=2023)) == [("2023-09-01", {Sort.RESULT})]
    assert told(patient, Wanted(undated=True)) == [("None", {Sort.RESULT})]
    assert told(patient, Wanted(sort=Sort.VACCINE)) == []


def test_a_stay_holds_what_was_written_there_and_a_scan_at_the_hospital_is_none() -> None:
    patient = people.a_patient()
    today = days_ago(0)
    letter = stating(patient, a_stay(days_ago(3), today), result(day=days_ago(2)), of=people.entry(type_code="34112-3"))
    scan = stating(patient, a_stay(today, today), of=people.entry(type_code="18748-4"))
    (line,) = read(patient).lines
    assert line.sorts == {Sort.STAY, Sort.RESULT, Sort.IMAGING}
    assert {paper.id for paper in line.papers} == {letter.id, scan.id}
    assert (str(line.first), str(line.last), line.place) == (days_ago(3), today, "Clinique de l'Essai")
    other = people.a_patient()
    stating(other, a_stay(today, today), of=people.entry(type_code="18748-4"))
    assert told(other) == [(today, {Sort.IMAGING})]


def test_what_was_not_done_or_is_absent_is_no_event() -> None:
    patient = people.a_patient()
    done = stating(
        patient,
        replace(a_vaccine("2020-01-01"), status="not-done"),
        Allergy(kind=Kind.ALLERGY, code=Concept("Aucune allergie connue"), absence=True, when=Span("2020-01-02")),
    )
    assert [[paper.id for paper in line.papers] for line in read(patient).lines] == [[done.id]]
    expecting = people.a_patient()
    coming = stating(
        expecting,
        replace(a_stay("2027-01-02", "2027-01-06"), status="planned"),
        Procedure(kind=Kind.PROCEDURE, code=Concept("Prothèse"), status="preparation", when=Span("2027-01-03")),
        Device(kind=Kind.DEVICE, code=Concept("Lit médicalisé"), status="intended", when=Span("2027-01-03")),
    )
    (line,) = read(expecting).lines
    assert [paper.id for paper in line.papers] == [coming.id]
    assert "2027" not in str(line.first)


def test_a_corrected_value_is_struck_beside_the_one_that_holds() -> None:
    patient, laboratory, first = people.a_patient(), people.software(), people.entry()
    day = days_ago(0)
    stating(patient, result("9.2", day=day), of=first, by=laboratory)
    after = stating(patient, result("2.9", day=day), of=people.entry(replaces=(first.unique_id,)), by=laboratory)
    (line,) = read(patient).lines
    assert [paper.id for paper in line.papers] == [after.id]
    values = {str(fact.value.normalize()): fact.struck for fact in line.facts if fact.value}
    assert values == {"2.9": False, "9.2": True}


def test_a_hidden_source_leaves_no_line_no_number_no_year() -> None:
    patient, doctor, laboratory = people.a_patient(), people.a_doctor(), people.software()
    people.authorised(patient, doctor)
    shown = stating(patient, result(day=days_ago(0)))
    hidden = stating(patient, result("9.9", day="2019-04-01"), a_vaccine("2018-10-01"), by=laboratory)
    everything = read(patient)
    change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=hidden.id, wanted=MASK)
    seen = read(patient, reader=doctor)
    assert [paper.id for line in seen.lines for paper in line.papers] == [shown.id]
    assert (seen.counts.total, set(seen.counts.years), seen.counts.sorts) == (1, {clock.now().year}, {Sort.RESULT: 1})
    assert read(patient).counts == everything.counts
    for wanted in (Wanted(year=2019), Wanted(text="grippal"), Wanted(sort=Sort.VACCINE)):
        assert read(patient, wanted).counts.total > 0
        assert read(patient, wanted, doctor) == replace(seen, **nothing(wanted, read(patient, wanted, doctor)))
    change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=hidden.id, wanted=UNMASK)
    assert read(patient, reader=doctor).counts.total == everything.counts.total
    withdraw(laboratory, Purpose.DEPOSIT, record_id=patient.record_id, document_id=hidden.id, cause=Cause.WITHDRAWN)
    assert read(patient).counts == seen.counts


def nothing(wanted: Wanted, got: History) -> dict[str, Any]:
    """Of a choice that leaves nothing, the other choices are those of what is in sight."""
    assert (got.lines, got.next, got.counts.total) == ((), None, 0)
    assert not got.counts.years.get(wanted.year or 0)
    return {"lines": (), "counts": got.counts, "terms": got.terms}


def test_what_came_since_the_last_visit_is_new_until_it_is_opened() -> None:
    patient, before = people.a_patient(), clock.now()
    stating(patient, result(day=days_ago(0)), a_vaccine("2015-05-05"))
    found = read(patient, since=before)
    assert (found.counts.fresh, [line.fresh for line in found.lines]) == (1, [True, False])
    assert read(patient, Wanted(fresh=True), since=before).counts.total == 1
    assert read(patient, since=clock.now()).counts.fresh == 0
    latest = history.latest(patient.actor, Purpose.SELF, patient.record_id, since=before)
    assert (latest.fresh_count, latest.since) == (1, 2015)
    assert latest.results
    assert latest.results.key == found.lines[0].key


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_pages_hold_each_line_once_whatever_comes_meanwhile(limit: int) -> None:
    patient = people.a_patient()
    stating(patient, *(result(str(number), day=f"20{number:02}-03-04") for number in range(10, 22)), result(day=""))
    whole = [(line.first, line.key) for line in read(patient, limit=100).lines]
    seen, after = list[tuple[date | None, UUID]](), None
    while True:
        page = read(patient, after=after, limit=limit)
        seen += [(line.first, line.key) for line in page.lines]
        if len(seen) == limit:
            stating(patient, result("1.5", day=days_ago(0)))
        after = page.next
        if after is None:
            break
    assert [key for key in seen if key in whole] == whole
    assert len(seen) == len(set(seen))
    assert read(patient, after=Position(None, UUID(int=2**128 - 1))).lines == ()


def test_a_stranger_is_refused() -> None:
    patient = people.a_patient()
    stating(patient, result())
    with pytest.raises(Refused):
        read(patient, reader=people.a_doctor())
    with pytest.raises(Refused):
        find(people.a_doctor(), Purpose.CARE, patient.record_id, "tsh")


# Search among facts

NAMES = ("HbA1c", "hémoglobine glyquée", "TSH", "ferritine", "vaccin", "grippal", "metformine", "hospitalisation")


class Library:
    """What each document says."""

    def __init__(self, patient: Resident, said: dict[UUID, tuple[Entry, ...]]) -> None:
        self.patient, self.said = patient, said


@pytest.fixture(scope="module")
def library() -> Library:
    """Facts of every sort; some stand in several documents, and some are named otherwise there."""
    patient, laboratory, chance = people.a_patient(), people.software(), Random(5)
    every = [analyte for analyte in analytes.every() if analyte.short in {"HbA1c", "TSH"} or chance.random() < 0.1]
    medicine = Product(Concept("METFORMINE 500 mg comprimé", (Coded("3400930000000", "CIP", "Metformine"),)))
    said = {}
    for number in range(14):
        entries: list[Entry] = [a_vaccine("2021-10-02")] if number % 3 == 0 else []
        for analyte in chance.sample(every, 3):
            name = chance.choice((analyte.label, analyte.short, "Dosage"))
            code = Concept(name, (Coded(analyte.codes[0].code, LOINC, analyte.english),))
            day = chance.choice(("2021-03-04", "2022-03-04"))
            entries.append(replace(result(chance.choice(("1", "2")), day=day), code=code))
        if number % 5 == 0:
            entries += [
                a_stay("2020-01-01", "2020-01-04"),
                Dispensation(kind=Kind.DISPENSATION, code=Concept(), product=medicine),
            ]
        distinct = tuple(dict.fromkeys(entries))
        said[stating(patient, *distinct, by=laboratory).id] = distinct
    return Library(patient, said)


def naive(library: Library, asked: str) -> set[UUID]:
    """One fact after the other, each by what its resource and our tables call it."""
    terms = folding.query(asked)
    lines = queries.lines(library.patient.actor, Purpose.SELF, library.patient.record_id)
    return {
        line.fact
        for line in lines
        if terms and any(all(folding.matches(term, words) for term in terms) for words in called(library, line))
    }


def called(library: Library, line: queries.Line) -> Iterator[set[str]]:
    """By each of its sources: of each, the entries that say it."""
    for source in line.sources:
        for entry in library.said[source]:
            if entry.kind is line.kind and says(entry, line):
                yield {word.folded for name in named(entry) for word in folding.words(name)}


def says(entry: Entry, line: queries.Line) -> bool:
    """What one document says of one analyte is one fact here."""
    if entry.kind is not Kind.RESULT:
        return True
    analyte, value = analytes.of(entry.code), getattr(entry, "value", None)
    if analyte is None or value is None:
        return False
    same = line.series == f"analyte:{analyte.key}" and value.value == line.value
    return same and line.since is not None and entry.when.start == str(line.since.astimezone(PARIS).date())


def named(entry: Entry) -> Iterator[str]:
    written = orjson.dumps(entry, default=str).decode()
    yield from (text for text in strings(orjson.loads(written)))
    analyte = analytes.of(entry.code)
    if analyte:
        yield from (analyte.label, analyte.short, analyte.english)
    measure = measures.of(entry.code)
    if measure:
        yield from (measure.label, measure.english)


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name in {"text", "display", "code", "name"} and isinstance(value, str):
                yield value
            else:
                yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


@settings(max_examples=cases(40))
@given(st.lists(st.sampled_from((*NAMES, "dosage", "glycated", "inconnu", "le")), min_size=1, max_size=2).map(" ".join))
def test_what_is_found_is_what_who_reads_every_fact_finds(library: Library, asked: str) -> None:
    found = find(library.patient.actor, Purpose.SELF, library.patient.record_id, asked, limit=100)
    expected = naive(library, asked)
    assert found.total == len(expected) == sum(hit.times for hit in found.hits)
    assert {hit.id for hit in found.hits} <= expected
    assert len({(hit.kind, hit.series, hit.label.lower()) for hit in found.hits}) == len(found.hits)
    few = find(library.patient.actor, Purpose.SELF, library.patient.record_id, asked, limit=2)
    assert (few.total, few.hits) == (found.total, found.hits[:2])


@pytest.mark.parametrize(("asked", "meant"), [("metfromine", "metformine"), ("gripal", "grippal"), ("xylophone", "")])
def test_a_typing_error_is_mended_with_words_of_the_facts(library: Library, asked: str, meant: str) -> None:
    found = find(library.patient.actor, Purpose.SELF, library.patient.record_id, asked)
    assert (found.total, found.suggestion.lower()) == (0, meant)


@pytest.mark.parametrize(("asked", "whole"), [("metform", "metformine"), ("gripp", "grippal")])
def test_who_is_still_typing_finds_the_facts_that_go_on_so(library: Library, asked: str, whole: str) -> None:
    begun, found = (
        find(library.patient.actor, Purpose.SELF, library.patient.record_id, each) for each in (asked, whole)
    )
    assert {hit.id for hit in begun.hits} >= {hit.id for hit in found.hits} != set()
    assert begun.suggestion == ""


@pytest.mark.parametrize("asked", ["", "?!", "\x00"])
def test_without_a_word_nothing_is_asked(library: Library, asked: str) -> None:
    before = people.acts_of_people(library.patient.record_id)
    assert find(library.patient.actor, Purpose.SELF, library.patient.record_id, asked) == Found()
    assert people.acts_of_people(library.patient.record_id) == before


# Hidden sources, for every reader of the documents' own test


@dataclass(frozen=True)
class Shelf:
    patient: Resident
    sources: tuple[Source, ...]
    readers: dict[str, Reader]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    patient = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    depositors = {"labo": people.software(), "blocked": people.a_doctor()}
    labels, types = ("", "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"), ("11502-2", "15508-5")
    sources = []
    for number, (word, (label, code, name)) in enumerate(zip(WORDS, product(labels, types, depositors), strict=True)):
        entry = people.entry(type_code=code, labels=frozenset(filter(None, (label,))), title="Un titre")
        of = Concept(f"Dosage {word} commun", (Coded(word, "1.2.3", word),))
        fact = replace(result(day=f"{2001 + number}-03-04"), code=of)
        done = people.deposited(depositors[name], patient, of=entry)
        kept(patient, done.id, fact, by=depositors[name])
        sources.append(Source(word, label, code, name, done.id))
    return Shelf(patient, tuple(sources), readers_of(patient, depositors))


@READERS
def test_facts_of_hidden_sources_are_nowhere(shelf: Shelf, name: str) -> None:
    who = shelf.readers[name]
    of = who.actor, who.purpose, shelf.patient.record_id
    visible = [source for source in shelf.sources if may_see(name, source)]
    assert find(*of, "commun").total == len(visible)
    whole = history.history(*of, limit=100)
    years = {2001 + number for number, source in enumerate(shelf.sources) if may_see(name, source)}
    assert set(whole.counts.years) - {clock.now().year} == years
    assert {fact.source for line in whole.lines for fact in line.facts} == {source.id for source in visible}
    for source in shelf.sources:
        found, said = find(*of, source.word), history.history(*of, Wanted(text=source.word))
        mistyped = source.word[:2] + source.word[3:]
        if may_see(name, source):
            assert [hit.sources for hit in found.hits] == [(source.id,)]
            assert said.counts.total == 1
            assert find(*of, mistyped).suggestion == source.word
        else:
            assert (found, find(*of, mistyped).suggestion) == (Found(found.terms), "")
            assert (said.lines, said.counts) == ((), history.Counts())
