"""The words by which programs search find what a look through every visible document finds, and nothing else: by the
parameters as they come, against texts that are read with the naked eye."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

import pytest

from carnet.api.fhir import searching
from carnet.consent import actions as consent
from carnet.documents import changing, extracting, queries
from carnet.documents.powers import Cause
from carnet.formats.fhir import search as fhir_search
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.ids import from_fhir_id
from tests import people
from tests.api.caller import Caller, refused, token
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

WORDS = ("abricot", "bretelle", "Épistaxis", "écharpe", "l'hiver", "CRP", "12,5", "œdème", "aiguë", "x-ray")
LABELS = (frozenset[str](), frozenset({"MASQUE_PS"}), frozenset({"INVISIBLE_PATIENT"}))


@dataclass(frozen=True)
class Paper:
    id: UUID
    title: str
    text: str
    labels: frozenset[str]
    depositor: UUID


@dataclass(frozen=True)
class Library:
    patient: Resident
    papers: tuple[Paper, ...]
    readers: dict[str, tuple[Actor, Purpose]]

    def seen(self, name: str) -> list[Paper]:
        """In the words of the law, once more."""
        actor, _ = self.readers[name]
        hidden = {"patient": {"INVISIBLE_PATIENT"}, "doctor": {"MASQUE_PS"}, "attending": set[str]()}.get(name)
        return [
            each
            for each in self.papers
            if each.depositor == actor.id or (hidden is not None and not each.labels & hidden)
        ]


@pytest.fixture(scope="module")
def library(house: object) -> Library:
    drawn, patient, software = random.Random(20261126), people.a_patient(), people.software()
    doctor = people.authorised(patient, people.a_doctor())
    attending = people.a_doctor()
    attended(patient, attending)
    papers = []
    for _ in range(18):
        title, text = (" ".join(drawn.sample(WORDS, 2)), " ".join(drawn.sample(WORDS, 4)))
        entry = people.entry(title=title, labels=drawn.choice(LABELS), type_code="11502-2")
        done = people.deposited(software, patient, text.encode(), of=entry)
        papers.append(Paper(done.id, title, text, entry.labels, software.id))
    withdrawn = papers.pop()
    changing.withdraw(
        software,
        Purpose.DEPOSIT,
        record_id=patient.record_id,
        document_id=withdrawn.id,
        cause=Cause.WITHDRAWN,
    )
    while extracting.extract(patient.record_id):
        """Until all is read."""
    readers = {
        "patient": (patient.actor, Purpose.SELF),
        "doctor": (doctor, Purpose.CARE),
        "attending": (attending, Purpose.CARE),
        "software": (software, Purpose.DEPOSIT),
    }
    return Library(patient, tuple(papers), readers)


def attended(patient: Resident, doctor: Actor) -> None:
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=doctor.id)


def plain(text: str) -> list[str]:
    """Words without case and accents, as a person compares them."""
    spread = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return re.findall(r"[a-z0-9]+", "".join(each for each in spread if not unicodedata.combining(each)))


def holds(text: str, asked: str) -> bool:
    """Each word of what is asked: its pieces stand in a row, or are one word."""
    words = plain(text)
    joined = " ".join(words)
    return all(
        f" {' '.join(pieces)} " in f" {joined} " or "".join(pieces) in words or all(each in words for each in pieces)
        for pieces in map(plain, asked.split())
    )


def naive(papers: list[Paper], asked: list[tuple[str, str]]) -> set[UUID]:
    def meets(paper: Paper) -> bool:
        for name, value in asked:
            said = paper.title if name == "_text" else f"{paper.title} {paper.text}"
            if not any(holds(said, each) for each in value.split(",")):
                return False
        return True

    return {each.id for each in papers if meets(each)}


def found(library: Library, name: str, asked: list[tuple[str, str]]) -> set[UUID]:
    actor, purpose = library.readers[name]
    wanted = fhir_search.documents([("patient", "x"), *asked])
    got = queries.search(
        actor, purpose, library.patient.record_id, searching._asked(wanted, library.patient.record_id), limit=100
    )
    ids = {from_fhir_id(text.split(b'"id":"')[1].split(b'"')[0].decode()) for text in got.entries}
    assert got.total == len(ids), "nothing is counted that is not shown"
    return {pair[1] for pair in ids if pair}


def test_it_finds_what_a_look_through_all_that_is_seen_finds(library: Library) -> None:
    drawn = random.Random(56)
    some = 0
    # A comma within a word of ours means "or" in FHIR.
    words = [each for each in WORDS if "," not in each]
    for _ in range(60):
        asked = [
            (
                drawn.choice(("_content", "_content", "_text")),
                ",".join(
                    " ".join(drawn.sample(words, drawn.choice((1, 1, 2)))) for _ in range(drawn.choice((1, 1, 2)))
                ),
            )
            for _ in range(drawn.choice((1, 1, 2)))
        ]
        for name in library.readers:
            expected = naive(library.seen(name), asked)
            assert found(library, name, asked) == expected, (name, asked)
            some += bool(expected)
    assert some > 40


def test_pages_and_totals_are_those_of_what_is_found(library: Library, server: str) -> None:
    actor, purpose = library.readers["doctor"]
    caller = Caller.of(server, actor, purpose)
    query = {"patient.identifier": token(library.patient), "_content": "abricot,bretelle,echarpe"}
    expected = naive(library.seen("doctor"), [("_content", "abricot,bretelle,echarpe")])
    assert len(expected) > 4
    page = caller.found("DocumentReference", query | {"_count": "3"})
    ids: list[str] = []
    while True:
        assert page["total"] == len(expected)
        ids += [each["resource"]["id"] for each in page["entry"]]
        further = [each["url"] for each in page["link"] if each["relation"] == "next"]
        if not further:
            break
        assert "_content=" in further[0], "the words stay those of the search"
        page = caller.get(further[0]).json()
    assert len(ids) == len(set(ids)) == len(expected)
    form = {**query, "status": "current"}
    posted = caller.send("POST", "DocumentReference/_search", data=form)
    assert posted.json()["total"] == len(expected)
    assert caller.found("DocumentReference", query | {"type": "34112-3"})["total"] == 0
    refused(caller.get("DocumentReference", query | {"_content": ", !"}), 400, "search-value")
    refused(
        caller.get("DocumentReference", query | {"_content": " ".join(f"mot{n}" for n in range(60))}),
        400,
        "search-value",
    )
    refused(caller.get("DocumentReference", query | {"_content:exact": "mot"}), 400, "search-modifier")
    told = caller.get("metadata").json()["rest"][0]["resource"]
    named = {p["name"] for each in told if each["type"] == "DocumentReference" for p in each["searchParam"]}
    assert {"_content", "_text"} <= named
