"""The holder's own order: hers and her representatives', and out of sight of everybody else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from carnet.consent.access import Refused
from carnet.documents import shelf, shelf_list
from carnet.documents.actions import Deposited
from carnet.documents.changing import NotThere
from carnet.documents.shelf_rules import Fault, ShelfRefused
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

SECRET = frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})
TABLES = ("documents_folder", "documents_shelf", "documents_report")


@pytest.fixture
def patient() -> Resident:
    return people.a_patient()


def place(
    patient: Resident, done: Deposited, actor: Actor | None = None, purpose: Purpose = Purpose.SELF
) -> shelf.Place:
    found = shelf.place(actor or patient.actor, purpose, patient.record_id, done.id)
    assert found
    return found


def arranged(
    patient: Resident,
    done: Deposited,
    *,
    actor: Actor | None = None,
    purpose: Purpose = Purpose.SELF,
    folder: str = "",
    tags: tuple[str, ...] = (),
    pinned: bool = False,
) -> None:
    shelf.arrange(
        actor or patient.actor,
        purpose,
        record_id=patient.record_id,
        document_id=done.id,
        tags=tags,
        pinned=pinned,
        new_folder=folder,
    )


def parent_of(patient: Resident) -> Actor:
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=patient.record_id, representative_id=parent.id, since=people.long_ago())
    return people.actor(parent.id)


def listed(patient: Resident, actor: Actor | None = None, purpose: Purpose = Purpose.SELF) -> shelf_list.Shelved:
    return shelf_list.documents(actor or patient.actor, purpose, patient.record_id, shelf_list.Wanted())


def test_pin_folder_and_tags_are_kept(patient: Resident) -> None:
    done = people.deposited(people.software(), patient)
    arranged(patient, done, pinned=True)
    assert place(patient, done).pinned
    arranged(patient, done, folder="Mon genou", tags=("kiné", "2026"))
    found = place(patient, done)
    assert (found.pinned, found.tags) == (False, ("kiné", "2026"))
    assert [folder.name for folder in found.folders] == ["Mon genou"]
    assert found.folder_id == found.folders[0].id
    line = listed(patient).lines[0]
    assert (line.folder_id, line.tags) == (found.folder_id, found.tags)


def test_a_folder_of_the_same_name_is_the_same_folder(patient: Resident) -> None:
    one, two = (people.deposited(people.software(), patient) for _ in range(2))
    arranged(patient, one, folder="Genou")
    arranged(patient, two, folder=" genou ")
    assert [(folder.name, folder.count) for folder in listed(patient).counts.folders] == [("Genou", 2)]


def test_a_folder_is_renamed_and_taken_away_without_its_documents(patient: Resident) -> None:
    done = people.deposited(people.software(), patient)
    arranged(patient, done, folder="Genou")
    folder = place(patient, done).folders[0].id
    shelf.rename_folder(patient.actor, Purpose.SELF, record_id=patient.record_id, folder_id=folder, name="Épaule")
    assert [each.name for each in place(patient, done).folders] == ["Épaule"]
    shelf.remove_folder(patient.actor, Purpose.SELF, record_id=patient.record_id, folder_id=folder)
    assert (place(patient, done).folder_id, place(patient, done).folders) == (None, ())
    assert [line.id for line in listed(patient).lines] == [done.id]
    with pytest.raises(NotThere):
        shelf.rename_folder(patient.actor, Purpose.SELF, record_id=patient.record_id, folder_id=folder, name="Dos")


def test_what_is_asked_in_vain_changes_nothing(patient: Resident) -> None:
    done = people.deposited(people.software(), patient)
    with pytest.raises(ShelfRefused) as refused:
        shelf.arrange(
            patient.actor,
            Purpose.SELF,
            record_id=patient.record_id,
            document_id=done.id,
            tags=(),
            pinned=True,
            folder_id=uuid4(),
        )
    assert refused.value.fault is Fault.FOLDER_UNKNOWN
    with pytest.raises(NotThere):
        arranged(people.a_patient(), done, pinned=True)
    assert not place(patient, done).pinned


def test_an_act_of_the_holder_leaves_one_line(patient: Resident) -> None:
    done = people.deposited(people.software(), patient)
    arranged(patient, done, folder="Genou", tags=("kiné",))
    found = [line for line in people.trail(patient) if line.action == "shelf-changed"]
    assert [(line.target_id, line.title) for line in found] == [(done.id, "Analyses de sang")]


def test_nobody_but_the_holder_and_her_representatives_changes_it(patient: Resident) -> None:
    doctor, software = people.authorised(patient, people.a_doctor()), people.software()
    done = people.deposited(software, patient)
    for actor, purpose in ((doctor, Purpose.CARE), (software, Purpose.DEPOSIT), (people.a_person(), Purpose.SELF)):
        with pytest.raises(Refused):
            arranged(patient, done, actor=actor, purpose=purpose, folder="Genou")
    assert place(patient, done).folders == ()


def test_a_professional_with_the_right_to_read_sees_no_row_of_it(patient: Resident) -> None:
    """Asked in SQL with the doctor's own settings, and with the patient's, which shows that the rows are there."""
    doctor = people.authorised(patient, people.a_doctor())
    done = people.deposited(people.software(), patient)
    arranged(patient, done, folder="Genou", tags=("kiné",))
    assert place(patient, done, doctor, Purpose.CARE).tags == ()
    assert place(patient, done, doctor, Purpose.CARE).folders == ()
    assert listed(patient, doctor, Purpose.CARE).counts.folders == ()
    with database.connect(config.load(), "writer") as writer:
        seen = {}
        for trail in ("no", "yes"):
            writer.execute(
                "select set_config('carnet.record', %s, true), set_config('carnet.trail', %s, true),"
                " set_config('carnet.types', repeat('1', 256), true), set_config('carnet.hidden', '0', true)",
                (str(patient.record_id), trail),
            )
            seen[trail] = [writer.execute(f"select 1 from record.{name}").rowcount for name in TABLES]
    assert seen == {"no": [0, 0, 0], "yes": [1, 1, 0]}


def test_a_representative_shares_it_but_not_a_minors_secret() -> None:
    minor = people.a_patient(birth_date=f"{clock.now().year - 15}-01-12")
    parent = parent_of(minor)
    shown = people.deposited(people.software(), minor)
    secret = people.deposited(people.software(), minor, of=people.entry(labels=SECRET))
    arranged(minor, secret, folder="À moi", tags=("à moi",))
    arranged(minor, shown, folder="École", tags=("école",))
    hers, theirs = listed(minor), listed(minor, parent, Purpose.REPRESENTATIVE)
    assert [folder.name for folder in hers.counts.folders] == ["À moi", "École"]
    assert [folder.name for folder in theirs.counts.folders] == ["École"]
    assert dict(theirs.counts.tags) == {"école": 1}
    assert shelf.place(parent, Purpose.REPRESENTATIVE, minor.record_id, secret.id) is None
    assert [folder.name for folder in place(minor, shown, parent, Purpose.REPRESENTATIVE).folders] == ["École"]
    with pytest.raises(NotThere):
        arranged(minor, secret, actor=parent, purpose=Purpose.REPRESENTATIVE, tags=("vu",))
    # Her line about it is told to her alone.
    assert people.marks(minor.record_id, minor.actor.id) == {0, 4}
