"""An index made anew finds what the one of the deposit found."""

from __future__ import annotations

from uuid import UUID

import pytest

from carnet.documents import queries
from carnet.documents.actions import submit
from carnet.documents.changing import change, withdraw
from carnet.documents.powers import Cause
from carnet.documents.reindexing import Reindexed, records, reindex
from carnet.documents.submission import NewDocument, NewFolder, Submission
from carnet.formats.entry import Author, Identifier, Organisation, Reference
from carnet.formats.fhir import patch
from carnet.formats.fhir.search import documents as parse
from carnet.formats.submission import Folder, SubmissionSet
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.people.queries import find_record
from tests import people
from tests.cast import INS
from tests.conftest import carnet
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

HIDE = patch.read(
    "application/json-patch+json",
    b'[{"op":"replace","path":"/securityLabel/0","value":{"coding":[{"code":"MASQUE_PS"}]}}]',
)
Index = dict[UUID, tuple[list[int], list[str]]]


def kept(record_id: UUID) -> Index:
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(
            "select id, tokens, names from record.documents_document where record_id = %s", (record_id,)
        ).fetchall()
    # In whatever order: those of generated copies stand in that of their pattern.
    return {row[0]: (sorted(row[1]), row[2]) for row in found}


def blank(record_id: UUID) -> None:
    """As documents stand that came before there was an index."""
    with database.connect(config.load(), "owner") as owner:
        for table in ("documents_document", "documents_list"):
            owner.execute(
                f"update record.{table} set tokens = '{{}}', names = '{{}}' where record_id = %s", (record_id,)
            )
        owner.commit()


def found(actor: Actor, patient: Resident, **criteria: str) -> int:
    asked = parse([("patient", "any"), *criteria.items()])
    wanted = queries.Asked(criteria={"tokens": asked.tokens, "names": asked.names})
    return queries.search(actor, Purpose.DEPOSIT, patient.record_id, wanted).total


def a_rich_record() -> tuple[Actor, Resident]:
    """Replaced, masked, withdrawn, ordered, without an author, replacing what is not here."""
    software, patient = people.software(), people.a_patient()
    first = people.entry(title="Avant")
    people.deposited(software, patient, b"1", of=first)
    people.deposited(software, patient, b"2", of=people.entry(replaces=(first.unique_id,)))
    masked = people.deposited(software, patient, b"3")
    change(software, Purpose.DEPOSIT, record_id=patient.record_id, document_id=masked.id, wanted=HIDE)
    wrong = people.deposited(software, patient, b"4")
    withdraw(software, Purpose.DEPOSIT, record_id=patient.record_id, document_id=wrong.id, cause=Cause.WITHDRAWN)
    order = Reference("order", Identifier("1.2.3.4", "PRESC-7"))
    people.deposited(software, patient, b"5", of=people.entry(authors=(), references=(order,)))
    people.deposited(software, patient, b"6", of=people.entry(replaces=("1.2.3.4.5",)))
    return software, patient


def test_searches_find_again_what_came_before_the_index() -> None:
    software, patient = a_rich_record()
    before = kept(patient.record_id)
    questions = (
        {"type": "11502-2"},
        {"author.family": "ess"},
        {"related": "1.2.3.4|PRESC-7"},
        {"security-label": "MASQUE_PS"},
    )
    answers = [found(software, patient, **each) for each in questions]
    assert answers == [5, 4, 1, 1]
    blank(patient.record_id)
    assert [found(software, patient, **each) for each in questions] == [0, 0, 0, 0]
    assert reindex(patient.record_id) == Reindexed(documents=6, changed=6, lists=6)
    assert [found(software, patient, **each) for each in questions] == answers
    assert kept(patient.record_id) == before
    assert reindex(patient.record_id) == Reindexed(documents=6, changed=0)


def lists_of(record_id: UUID) -> Index:
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(
            "select id, tokens, names from record.documents_list where record_id = %s", (record_id,)
        ).fetchall()
    # In whatever order: those of generated copies stand in that of their pattern.
    return {row[0]: (sorted(row[1]), row[2]) for row in found}


def test_lists_are_found_again_too() -> None:
    """Submission sets of the house and of a depositor, with a folder."""
    software, patient = a_rich_record()
    submission = Submission(
        (NewDocument(people.entry(), b"7", full_url="urn:uuid:7"),),
        SubmissionSet(
            source_id="1.2.3",
            date=clock.now(),
            unique_id="1.2.3.4",
            title="Séjour",
            author=Author(identifier=Identifier("1.2.250.1.71.4.2.1", "810001001014"), family="Martin"),
            organisation=Organisation("Clinique", Identifier("1.2.250.1.71.4.2.2", "1750100125")),
        ),
        (NewFolder(Folder(title="Cœur", date=clock.now()), documents=("urn:uuid:7",)),),
    )
    submit(software, Purpose.DEPOSIT, record_id=patient.record_id, submission=submission)
    before = lists_of(patient.record_id)
    assert len(before) == 8
    blank(patient.record_id)
    assert reindex(patient.record_id).lists == 8
    assert lists_of(patient.record_id) == before
    assert reindex(patient.record_id).lists == 0


def test_nothing_else_moves_and_it_stands_in_the_trail() -> None:
    software, patient = a_rich_record()
    documents = queries.search(software, Purpose.DEPOSIT, patient.record_id, queries.Asked()).entries
    blank(patient.record_id)
    out = carnet("reindex", patient.ins).stdout
    assert out == "Carnets : 1 ; documents : 6 ; index refaits : 6.\n"
    assert queries.search(software, Purpose.DEPOSIT, patient.record_id, queries.Asked()).entries == documents
    assert people.raw_trail(patient.record_id).count(("documents-reindexed", "done")) == 1
    assert carnet("reindex", "inconnu", check=False).returncode == 1


@pytest.mark.long
def test_the_whole_house() -> None:
    """Every document of the demonstration's stories, whose CDA headers are much richer."""
    _, patient = a_rich_record()
    # Others may have laid copies in the house that no deposit indexed.
    cast = {find_record(each) for each in INS.values()} | {patient.record_id}
    stories = {record_id: (kept(record_id), lists_of(record_id)) for record_id in records() if record_id in cast}
    assert len(stories) >= len(INS) - 1
    for record_id in stories:
        blank(record_id)
    carnet("reindex")
    assert {record_id: (kept(record_id), lists_of(record_id)) for record_id in stories} == stories
    assert patient.record_id in stories
