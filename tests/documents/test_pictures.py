"""The pictures of which a document was made: for who added them, byte for byte, and for nobody else."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from PIL import Image

from carnet.consent.access import Refused
from carnet.documents import adding, drafts, pictures, queries, reading
from carnet.kernel import vault
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as family
from carnet.records import actions as records
from carnet.records.rules import RecordState
from tests import people
from tests.documents.test_adding import ABOUT, added, begun
from tests.kernel.render import samples
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

MARK = b"SECRETMAKER"


def photograph(kind: str = "JPEG", *, mark: str = MARK.decode()) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = mark
    return samples.picture(samples.arrow(), kind, exif=exif)


def bytes_of(
    reader: Actor, patient: Resident, document_id: UUID, number: int, purpose: Purpose = Purpose.SELF
) -> bytes | None:
    found = pictures.find(reader, purpose, patient.record_id, document_id, number)
    return b"".join(found[1]) if found else None


def test_the_originals_stay_and_the_document_tells_nothing_of_the_camera() -> None:
    patient = people.a_patient()
    given = [photograph("JPEG"), photograph("PNG"), photograph("JPEG", mark="OTHERMAKER")]
    done = added(patient, *given)
    content = queries.content(patient.actor, Purpose.SELF, patient.record_id, done.id)
    assert content
    assert MARK not in b"".join(content.chunks)
    opened = reading.opened(patient.actor, Purpose.SELF, patient.record_id, done.id)
    assert opened
    told = [(each.number, each.name, each.media_type, each.size) for each in opened.pictures]
    assert told == [
        (number, f"page{number - 1}.jpg", media_type, len(data))
        for number, media_type, data in zip((1, 2, 3), ("image/jpeg", "image/png", "image/jpeg"), given, strict=True)
    ]
    assert [bytes_of(patient.actor, patient, done.id, number) for number in (0, 1, 2, 3, 4)] == [None, *given, None]


def test_a_file_that_is_kept_as_it_is_has_no_picture_beside() -> None:
    patient = people.a_patient()
    done = added(patient, samples.page(samples.lines("a")))
    opened = reading.opened(patient.actor, Purpose.SELF, patient.record_id, done.id)
    assert opened
    assert opened.pictures == ()
    assert bytes_of(patient.actor, patient, done.id, 1) is None


def test_nobody_else_has_them_though_they_read_the_document() -> None:
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    done = added(patient, photograph())
    assert queries.read_document(doctor, Purpose.CARE, patient.record_id, done.id)
    assert bytes_of(doctor, patient, done.id, 1, Purpose.CARE) is None
    opened = reading.opened(doctor, Purpose.CARE, patient.record_id, done.id)
    assert opened
    assert opened.pictures == ()
    for stranger in (people.a_person(), people.a_doctor(), people.software()):
        with pytest.raises(Refused):
            bytes_of(stranger, patient, done.id, 1, Purpose.CARE)


def test_of_two_parents_the_one_who_took_them_has_them() -> None:
    child, mother, father = people.a_patient(birth_date="2015-01-01"), people.a_person(), people.a_person()
    for each in (mother, father):
        family.represent(SYSTEM, record_id=child.record_id, representative_id=each.id, since=people.long_ago())
    data = photograph()
    draft = begun(child, data, actor=mother)
    done = adding.add(mother, Purpose.REPRESENTATIVE, record_id=child.record_id, draft=draft, about=ABOUT)
    assert bytes_of(mother, child, done.id, 1, Purpose.REPRESENTATIVE) == data
    assert bytes_of(father, child, done.id, 1, Purpose.REPRESENTATIVE) is None
    assert bytes_of(child.actor, child, done.id, 1) is None


def test_what_is_taken_back_takes_its_pictures_along() -> None:
    patient = people.a_patient()
    done = added(patient, photograph())
    adding.take_back(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id)
    assert bytes_of(patient.actor, patient, done.id, 1) is None


def test_a_closed_record_gives_them_to_nobody() -> None:
    patient = people.a_patient()
    done = added(patient, photograph())
    records.set_state(SYSTEM, record_id=patient.record_id, state=RecordState.CLOSED)
    with pytest.raises(Refused):
        bytes_of(patient.actor, patient, done.id, 1)


def test_the_same_draft_twice_keeps_one_set() -> None:
    patient = people.a_patient()
    draft = begun(patient, photograph())
    kept = drafts.pictures(draft)
    done = adding.add(patient.actor, Purpose.SELF, record_id=patient.record_id, draft=draft, about=ABOUT)
    assert len(kept) == 1
    with pytest.raises(vault.Missing):
        list(kept[0].read())
    opened = reading.opened(patient.actor, Purpose.SELF, patient.record_id, done.id)
    assert opened
    assert len(opened.pictures) == 1


def test_a_new_version_has_its_own() -> None:
    patient = people.a_patient()
    old, new = photograph(mark="OLD"), photograph(mark="NEW")
    first = added(patient, old)
    second = added(patient, new, replaces=first.id)
    assert bytes_of(patient.actor, patient, first.id, 1) == old
    assert bytes_of(patient.actor, patient, second.id, 1) == new


def test_opening_one_stands_in_the_trail() -> None:
    patient = people.a_patient()
    done = added(patient, photograph())
    before = len(people.trail(patient))
    assert bytes_of(patient.actor, patient, done.id, 1)
    assert bytes_of(patient.actor, patient, uuid4(), 1) is None
    lines = people.trail(patient)
    assert len(lines) == before + 2
    assert [(line.action, line.outcome) for line in lines[:2]] == [
        ("document-open", "refused"),
        ("document-open", "done"),
    ]
