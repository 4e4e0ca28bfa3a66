"""A hidden source never shows: not in a hit, a count, a type, a suggestion nor in what a search takes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from carnet.consent import actions as consent
from carnet.consent.access import Refused, permit_to_read
from carnet.documents import extracting
from carnet.documents.changing import change, withdraw
from carnet.documents.powers import Cause
from carnet.documents.searching import Hits, search_inside
from carnet.formats.terminology import document_types
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import open_record
from carnet.people import actions as people_actions
from tests import people
from tests.documents.test_changing import MASK, UNMASK
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

LABELS = ("", "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")
READABLE, UNREADABLE = "11502-2", "15508-5"
"""Of a pharmacist: what births are about is not for him."""
PHARMACIST = "21"

# No two of them are near each other.
WORDS = (
    *("abricot", "bretelle", "cyclamen", "dromadaire", "escargot", "funambule", "girouette", "hippocampe"),
    *("igloo", "jonquille", "kangourou", "libellule", "mirabelle", "nougatine", "ornithorynque", "parapluie"),
)


@dataclass(frozen=True)
class Source:
    word: str
    label: str
    type_code: str
    depositor: str
    id: UUID


@dataclass(frozen=True)
class Reader:
    actor: Actor
    purpose: Purpose


@dataclass(frozen=True)
class Shelf:
    patient: Resident
    sources: tuple[Source, ...]
    readers: dict[str, Reader]


def may_see(name: str, source: Source) -> bool:
    """Who sees what, stated once more in the words of the law: labels, types, one's own."""
    if source.depositor == name:
        return True
    match name:
        case "attending":
            return True
        case "patient":
            return source.label != "INVISIBLE_PATIENT"
        case "parent":
            return source.label not in {"INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"}
        case "doctor":
            return source.label != "MASQUE_PS"
        case "pharmacist":
            return source.label != "MASQUE_PS" and source.type_code == READABLE
    return False


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """Of a minor: each label and type, by software and by a doctor who is blocked since."""
    patient = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    depositors = {"labo": people.software(), "blocked": people.a_doctor()}
    sources = []
    for word, (label, type_code, name) in zip(WORDS, product(LABELS, (READABLE, UNREADABLE), depositors), strict=True):
        entry = people.entry(type_code=type_code, labels=frozenset(filter(None, (label,))), title=f"Titre {word}")
        text = f"Un {word} commun, déposé en confiance".encode()
        sources.append(
            Source(word, label, type_code, name, people.deposited(depositors[name], patient, text, of=entry).id)
        )
    while extracting.extract(patient.record_id):
        pass
    return Shelf(patient, tuple(sources), readers_of(patient, depositors))


def readers_of(patient: Resident, depositors: dict[str, Actor]) -> dict[str, Reader]:
    labo, blocked = depositors["labo"], depositors["blocked"]
    attending, parent = people.a_doctor(), people.a_person()
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=attending.id)
    since = clock.now() - people.LONG_AGO
    people_actions.represent(SYSTEM, record_id=patient.record_id, representative_id=parent.id, since=since)
    doctor = people.authorised(patient, people.a_doctor())
    pharmacist = people.authorised(patient, people.a_doctor(profession=PHARMACIST))
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=blocked.id)
    return {
        "patient": Reader(patient.actor, Purpose.SELF),
        "parent": Reader(parent, Purpose.REPRESENTATIVE),
        "attending": Reader(attending, Purpose.CARE),
        "doctor": Reader(doctor, Purpose.CARE),
        "pharmacist": Reader(pharmacist, Purpose.CARE),
        "blocked": Reader(blocked, Purpose.CARE),
        "labo": Reader(labo, Purpose.DEPOSIT),
    }


READERS = pytest.mark.parametrize("name", ["patient", "parent", "attending", "doctor", "pharmacist", "blocked", "labo"])


def search(shelf: Shelf, name: str, asked: str) -> Hits:
    reader = shelf.readers[name]
    return search_inside(reader.actor, reader.purpose, shelf.patient.record_id, asked)


@READERS
def test_hits_and_counts_are_of_what_may_be_seen(shelf: Shelf, name: str) -> None:
    visible = [source for source in shelf.sources if may_see(name, source)]
    assert visible, "each of them sees something"
    common = search(shelf, name, "commun")
    assert {hit.document.id for hit in common.hits} == {source.id for source in visible}
    assert common.total == len(visible)
    categories = [kind.category for source in visible if (kind := document_types.by_code(source.type_code)) is not None]
    assert common.categories == {code: categories.count(code) for code in set(categories)}


@READERS
def test_a_word_of_a_hidden_source_is_an_unknown_word(shelf: Shelf, name: str) -> None:
    for source in shelf.sources:
        hits = search(shelf, name, source.word)
        if may_see(name, source):
            assert [hit.document.id for hit in hits.hits] == [source.id]
        else:
            assert hits == Hits(hits.terms)


@READERS
def test_a_typing_error_is_not_mended_with_a_hidden_word(shelf: Shelf, name: str) -> None:
    for source in shelf.sources:
        mistyped = source.word[:2] + source.word[3:]
        assert search(shelf, name, mistyped).suggestion == (source.word if may_see(name, source) else "")
        begun = search(shelf, name, source.word[:3])
        assert [hit.document.id for hit in begun.hits] == ([source.id] if may_see(name, source) else [])
        assert begun.suggestion == ""


@READERS
def test_a_hidden_word_takes_what_an_unknown_one_takes(shelf: Shelf, name: str) -> None:
    """Measured in pages that the database touches: the lines of hidden documents are not fetched."""
    reader = shelf.readers[name]
    permit = permit_to_read(reader.actor, reader.purpose, shelf.patient.record_id, action="documents-search")

    def touched(word: str) -> int:
        with open_record(permit, trace=None) as cursor:
            statement = "explain (analyze, buffers, format json) select * from record.documents_text"
            cursor.execute(
                f"{statement} where record_id = %s and strpos(words, %s) > 0", (permit.record_id, f" {word} ")
            )
            root = cursor.fetchall()[0][0][0]["Plan"]
            return int(root["Shared Hit Blocks"] + root["Shared Read Blocks"])

    hidden = [source.word for source in shelf.sources if not may_see(name, source)]
    touched("inconnu")  # what is not in memory yet
    assert {touched(word) for word in hidden} <= {touched("inconnu")}


def test_strangers_are_refused(shelf: Shelf) -> None:
    for actor in (people.a_doctor(), people.a_doctor(profession=PHARMACIST)):
        with pytest.raises(Refused):
            search_inside(actor, Purpose.CARE, shelf.patient.record_id, "commun")


def test_another_record_is_another_library(shelf: Shelf) -> None:
    other = people.a_patient()
    assert search_inside(other.actor, Purpose.SELF, other.record_id, "commun").total == 0


def test_what_becomes_hidden_is_found_no_more() -> None:
    patient = people.a_patient()
    software, doctor = people.software(), people.authorised(patient, people.a_doctor())
    done = people.deposited(software, patient, b"Une fracture ancienne")
    extracting.extract(patient.record_id)

    def found(word: str) -> tuple[int, str]:
        hits = search_inside(doctor, Purpose.CARE, patient.record_id, word)
        return hits.total, hits.suggestion

    def do(wanted: Any) -> None:
        change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id, wanted=wanted)

    assert (found("fracture"), found("fractre")) == ((1, ""), (0, "fracture"))
    do(MASK)
    assert (found("fracture"), found("fractre")) == ((0, ""), (0, ""))
    do(UNMASK)
    assert found("fracture") == (1, "")
    withdraw(software, Purpose.DEPOSIT, record_id=patient.record_id, document_id=done.id, cause=Cause.WITHDRAWN)
    assert (found("fracture"), found("fractre")) == ((0, ""), (0, ""))


def test_the_version_in_force_is_the_one_that_the_reader_may_know() -> None:
    patient, software, entry = people.a_patient(), people.software(), people.entry()
    attending = people.a_doctor()
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=attending.id)
    first = people.deposited(software, patient, b"Version une", of=entry)
    withheld = people.entry(labels=frozenset({"INVISIBLE_PATIENT"}), replaces=(entry.unique_id,))
    second = people.deposited(software, patient, b"Version deux", of=withheld)
    extracting.extract(patient.record_id)

    def found(actor: Actor, purpose: Purpose) -> list[UUID]:
        hits = search_inside(actor, purpose, patient.record_id, "version").hits
        assert {hit.document.status for hit in hits} == {"current"}
        return [hit.document.id for hit in hits]

    assert found(patient.actor, Purpose.SELF) == [first.id]
    assert found(attending, Purpose.CARE) == [second.id]
