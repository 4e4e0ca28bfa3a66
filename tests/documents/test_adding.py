"""What a person adds to a record, replaces and takes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import orjson
import pytest

from carnet.consent.access import Refused
from carnet.consent.rules import Reason
from carnet.documents import adding, drafts, queries, shelf
from carnet.documents.adding import About
from carnet.documents.changing import NotThere, set_label
from carnet.documents.drafts import Draft
from carnet.documents.rules import DepositRefused, Fault
from carnet.documents.shelf_rules import ShelfRefused
from carnet.documents.submission import Deposited
from carnet.formats.entry import Author, Identifier
from carnet.kernel import clock, render
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.ids import uuid7
from carnet.people import actions as family
from carnet.records.rules import RecordState
from tests import people
from tests.kernel.vault import samples
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

LIMIT = 25 * 1024 * 1024
ABOUT = About("Ordonnance de lunettes", "DOCPAT02", date(2025, 3, 12))


def begun(patient: Resident, *files: bytes, actor: Actor | None = None, replaces: UUID | None = None) -> Draft:
    pieces = [
        drafts.receive(f"page{n}.jpg", data, limit=LIMIT, until=clock.now() + drafts.LASTS)
        for n, data in enumerate(files)
    ]
    draft = drafts.extend(actor or patient.actor, patient.record_id, uuid7(), pieces, replaces=replaces)
    assert draft
    return draft


def added(patient: Resident, *files: bytes, about: About = ABOUT, replaces: UUID | None = None) -> Deposited:
    draft = begun(patient, *(files or (samples.image("JPEG"),)), replaces=replaces)
    return adding.add(patient.actor, Purpose.SELF, record_id=patient.record_id, draft=draft, about=about)


@pytest.mark.parametrize("label", ["INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"])
def test_a_parent_hides_what_they_added_from_professionals_alone(label: str) -> None:
    """Neither from the child nor from the other parent: these labels are a professional's word, or the child's."""
    child, mother, father = people.a_patient(birth_date="2015-01-01"), people.a_person(), people.a_person()
    for each in (mother, father):
        family.represent(SYSTEM, record_id=child.record_id, representative_id=each.id, since=people.long_ago())
    draft = begun(child, samples.image("JPEG"), actor=mother)
    done = adding.add(mother, Purpose.REPRESENTATIVE, record_id=child.record_id, draft=draft, about=ABOUT)

    def hides(actor: Actor, purpose: Purpose, label: str, *, on: bool = True) -> None:
        set_label(actor, purpose, record_id=child.record_id, document_id=done.id, label=label, on=on)

    with pytest.raises(Refused):
        hides(mother, Purpose.REPRESENTATIVE, label)
    hides(mother, Purpose.REPRESENTATIVE, "MASQUE_PS")
    for reader, purpose in ((child.actor, Purpose.SELF), (father, Purpose.REPRESENTATIVE)):
        assert titles(reader, purpose, child) == [ABOUT.title]
    # What the child keeps from them, the one who added it does not open to the other.
    hides(child.actor, Purpose.SELF, "INVISIBLE_REPRESENTANTS_LEGAUX")
    with pytest.raises(Refused):
        hides(mother, Purpose.REPRESENTATIVE, "INVISIBLE_REPRESENTANTS_LEGAUX", on=False)
    assert titles(father, Purpose.REPRESENTATIVE, child) == []


def titles(reader: Actor, purpose: Purpose, patient: Resident) -> list[str]:
    return [line.title for line in queries.list_documents(reader, purpose, patient.record_id)]


def test_photographs_become_one_pdf_in_the_patients_name() -> None:
    patient = people.a_patient()
    done = added(patient, samples.image("JPEG"), samples.image("PNG"), samples.image("JPEG"))
    found = queries.content(patient.actor, Purpose.SELF, patient.record_id, done.id)
    assert found
    assert found.document.media_type == "application/pdf"
    assert render.page_count(b"".join(found.chunks)) == 3
    assert found.document.mine
    assert found.document.service_start == datetime(2025, 3, 11, 23, tzinfo=UTC)
    resource = orjson.loads(done.fhir)
    (reference,) = resource["author"]
    author = next(each for each in resource["contained"] if f"#{each['id']}" == reference["reference"])
    assert author["resourceType"] == "Patient"
    assert author["identifier"][0]["value"] == patient.ins
    assert resource["category"][0]["coding"][0]["code"] == "42"


def test_professionals_see_it_as_the_patients_own_or_not_at_all() -> None:
    patient = people.a_patient()
    reader = people.authorised(patient, people.a_doctor())
    added(patient)
    added(patient, samples.pdf(), about=replace(ABOUT, title="Pour moi", masked=True))
    assert sorted(titles(patient.actor, Purpose.SELF, patient)) == ["Ordonnance de lunettes", "Pour moi"]
    (shown,) = queries.list_documents(reader, Purpose.CARE, patient.record_id)
    assert (shown.title, shown.author_label, shown.mine) == ("Ordonnance de lunettes", "Camille ESSAI", False)


def test_the_trail_tells_that_the_holder_added_it() -> None:
    patient = people.a_patient()
    added(patient)
    line = next(line for line in people.trail(patient) if line.action == "document-deposit")
    assert (line.actor_id, line.capacity, line.title) == (patient.actor.id, "holder", "Ordonnance de lunettes")


def test_a_representative_adds_to_the_record_of_a_child_and_a_stranger_does_not() -> None:
    child, parent = people.a_patient(birth_date="2018-05-14"), people.a_person()
    draft = begun(child, samples.pdf(), actor=parent)
    with pytest.raises(Refused):
        adding.add(parent, Purpose.REPRESENTATIVE, record_id=child.record_id, draft=draft, about=ABOUT)
    family.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    parent = people.actor(parent.id)
    done = adding.add(parent, Purpose.REPRESENTATIVE, record_id=child.record_id, draft=draft, about=ABOUT)
    assert titles(child.actor, Purpose.SELF, child) == ["Ordonnance de lunettes"]
    line = next(line for line in people.trail(child) if line.action == "document-deposit" and line.outcome == "done")
    assert (line.actor_id, line.capacity, line.target_id) == (parent.id, "representative", done.id)


@pytest.mark.parametrize("state", [RecordState.CLOSED, RecordState.OPPOSED])
def test_a_record_that_is_not_open_takes_nothing(state: RecordState) -> None:
    patient = people.a_patient(state=state)
    with pytest.raises(Refused):
        adding.may_add(patient.actor, Purpose.SELF, patient.record_id)
    with pytest.raises(Refused):
        added(patient)


def test_the_same_draft_twice_is_one_document() -> None:
    patient = people.a_patient()
    file = samples.pdf()
    draft = begun(patient, file)
    # A second click finds the draft as it was, received and not yet dropped by the first.
    again = replace(draft, pieces=(drafts.receive("page0.jpg", file, limit=LIMIT, until=draft.until),))
    twice = [
        adding.add(patient.actor, Purpose.SELF, record_id=patient.record_id, draft=each, about=ABOUT)
        for each in (draft, again)
    ]
    assert [done.new for done in twice] == [True, False]
    assert titles(patient.actor, Purpose.SELF, patient) == ["Ordonnance de lunettes"]


def test_a_new_version_takes_the_place_of_the_old_one_and_stays_as_masked() -> None:
    patient = people.a_patient()
    reader = people.authorised(patient, people.a_doctor())
    first = added(patient, about=replace(ABOUT, title="Premier", masked=True))
    second = added(patient, samples.pdf(), about=replace(ABOUT, title="Second"), replaces=first.id)
    assert titles(patient.actor, Purpose.SELF, patient) == ["Second"]
    assert titles(reader, Purpose.CARE, patient) == []
    old = queries.read_document(patient.actor, Purpose.SELF, patient.record_id, first.id)
    assert old
    assert old.status == "superseded"
    with pytest.raises(DepositRefused) as again:
        added(patient, replaces=first.id)
    assert again.value.fault is Fault.REPLACED_SUPERSEDED
    assert second.id != first.id


def test_it_goes_into_a_folder_and_its_next_version_stands_where_it_stood() -> None:
    patient = people.a_patient()
    first = added(patient, about=replace(ABOUT, folder="Mes yeux"))
    (folder,) = shelf.folders(patient.actor, Purpose.SELF, patient.record_id)
    assert folder.name == "Mes yeux"
    shelf.arrange(
        patient.actor,
        Purpose.SELF,
        record_id=patient.record_id,
        document_id=first.id,
        tags=["à montrer"],
        pinned=True,
        folder_id=folder.id,
    )
    second = added(patient, samples.pdf(), about=replace(ABOUT, folder=" mes YEUX "), replaces=first.id)
    place = shelf.place(patient.actor, Purpose.SELF, patient.record_id, second.id)
    assert place
    assert (place.folder_id, place.pinned, place.tags) == (folder.id, True, ("à montrer",))
    assert any(line.action == "folders-read" for line in people.trail(patient))


def test_a_folder_whose_name_is_too_long_adds_nothing() -> None:
    patient = people.a_patient()
    with pytest.raises(ShelfRefused):
        added(patient, about=replace(ABOUT, folder="x" * 51))
    assert titles(patient.actor, Purpose.SELF, patient) == []


def test_what_a_professional_deposited_is_not_theirs_to_replace_or_take_back() -> None:
    patient = people.a_patient()
    theirs = people.deposited(people.software(), patient)
    with pytest.raises(DepositRefused) as refused:
        added(patient, replaces=theirs.id)
    assert refused.value.fault is Fault.REPLACED_UNKNOWN
    with pytest.raises(Refused) as kept:
        adding.take_back(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=theirs.id)
    assert kept.value.reason is Reason.NOT_YOURS
    assert titles(patient.actor, Purpose.SELF, patient) == ["Analyses de sang"]


def test_what_is_taken_back_is_gone_for_everybody() -> None:
    patient = people.a_patient()
    reader = people.authorised(patient, people.a_doctor())
    done = added(patient)
    adding.take_back(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id)
    assert titles(patient.actor, Purpose.SELF, patient) == titles(reader, Purpose.CARE, patient) == []
    assert queries.content(patient.actor, Purpose.SELF, patient.record_id, done.id) is None
    with pytest.raises(NotThere):
        adding.take_back(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id)


@pytest.mark.parametrize(
    ("type_code", "author"),
    [
        ("11502-2", None),
        ("DOCPAT02", Author(Identifier("1.2.250.1.71.4.2.1", "810001001014"), family="MARTIN")),
        ("DOCPAT02", Author(family="MARTIN", suffix="DR")),
    ],
    ids=["a report of a laboratory", "in a doctor's name", "under a doctor's name without number"],
)
def test_nobody_adds_a_document_in_the_name_of_a_professional(type_code: str, author: Author | None) -> None:
    patient = people.a_patient()
    entry = people.entry(type_code=type_code)
    own = Author(Identifier("1.2.250.1.213.1.4.10", patient.ins))
    entry = replace(
        entry, authors=(author or own,), patient=replace(entry.patient, ins=own.identifier), unique_id=str(uuid4())
    )
    with pytest.raises(DepositRefused) as refused:
        people.deposited(patient.actor, patient, of=entry, purpose=Purpose.SELF)
    assert refused.value.fault is Fault.NOT_PERSONAL
    assert titles(patient.actor, Purpose.SELF, patient) == []


def test_a_type_that_is_not_for_persons_to_choose_is_refused() -> None:
    with pytest.raises(DepositRefused) as refused:
        added(people.a_patient(), about=replace(ABOUT, type_code="11502-2"))
    assert refused.value.fault is Fault.TYPE_UNKNOWN
