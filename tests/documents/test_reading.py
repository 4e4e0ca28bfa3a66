"""What the page of a document knows: versions as its reader may see them, and who may see it by the decision."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.consent.rules import As
from carnet.documents import extracting, queries, reading
from carnet.documents.actions import Deposited
from carnet.formats import folding
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.kernel.render import samples

pytestmark = pytest.mark.usefixtures("house")


def uid() -> str:
    return f"2.25.{uuid4().int}"


def opened(reader: Actor, patient: people.Resident, document: Deposited) -> reading.Opened:
    purpose = Purpose.SELF if reader == patient.actor else Purpose.REPRESENTATIVE
    found = reading.opened(reader, purpose, patient.record_id, document.id)
    assert found is not None
    return found


def chain(patient: people.Resident, *labels: frozenset[str]) -> list[Deposited]:
    software, old, done = people.software(), "", []
    for number, each in enumerate(labels, 1):
        new = uid()
        entry = people.entry(new, title=f"v{number}", labels=each, replaces=(old,) if old else ())
        done.append(people.deposited(software, patient, str(number).encode(), of=entry))
        old = new
    return done


def test_the_versions_before_and_after_newest_first() -> None:
    patient = people.a_patient()
    _, second, _ = chain(patient, frozenset(), frozenset(), frozenset())
    found = opened(patient.actor, patient, second)
    assert [(each.title, each.step) for each in found.around] == [("v3", 1), ("v1", -1)]
    assert found.content.document.status == "superseded"
    assert b"".join(found.content.chunks) == b"2"
    assert (found.holder.name, found.holder.birth_date) == ("CAMILLE ESSAI", "1985-01-12")


def test_a_version_that_the_reader_may_not_see_is_no_version() -> None:
    patient = people.a_patient()
    first, second, third = chain(patient, frozenset(), frozenset(), frozenset({"INVISIBLE_PATIENT"}))
    assert [each.title for each in opened(patient.actor, patient, second).around] == ["v1"]
    assert opened(patient.actor, patient, second).content.document.status == "current"
    assert [each.title for each in opened(patient.actor, patient, first).around] == ["v2"]
    assert reading.opened(patient.actor, Purpose.SELF, patient.record_id, third.id) is None
    stranger = people.a_patient()
    assert reading.opened(stranger.actor, Purpose.SELF, stranger.record_id, first.id) is None


def test_reading_is_one_line_and_each_page_of_it_another() -> None:
    patient = people.a_patient()
    (only,) = chain(patient, frozenset())
    opened(patient.actor, patient, only)
    assert reading.part(patient.actor, Purpose.SELF, patient.record_id, only.id)
    lines = [line.action for line in people.trail(patient) if line.actor_id == patient.actor.id]
    assert lines == ["document-page", "document-open"]


@pytest.mark.parametrize("label", ["", "MASQUE_PS", "INVISIBLE_REPRESENTANTS_LEGAUX"])
def test_who_is_said_to_see_it_sees_it_and_nobody_else(label: str) -> None:
    """The second statement is what each of them finds when they look."""
    child = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    attending, authorised, blocked, nobody = (people.a_doctor() for _ in range(4))
    nurse = people.authorised(child, people.a_doctor(profession="60"))
    parent = people.a_person()
    consent.set_attending(SYSTEM, record_id=child.record_id, professional_id=attending.id, since=people.long_ago())
    people.authorised(child, authorised)
    people.authorised(child, blocked)
    consent.block(child.actor, Purpose.SELF, record_id=child.record_id, professional_id=blocked.id)
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    (only,) = chain(child, frozenset({label} - {""}))
    told = {seer.id for seer in opened(child.actor, child, only).seers}
    purposes = dict.fromkeys((attending, authorised, blocked, nobody, nurse), Purpose.CARE)
    purposes[parent] = Purpose.REPRESENTATIVE
    assert told == {who.id for who, purpose in purposes.items() if _finds(who, purpose, child, only)}
    assert attending.id in told


def _finds(who: Actor, purpose: Purpose, patient: people.Resident, document: Deposited) -> bool:
    try:
        return queries.read_document(who, purpose, patient.record_id, document.id) is not None
    except Refused:
        return False


def test_the_attending_doctor_comes_first() -> None:
    patient = people.a_patient()
    people.authorised(patient, people.a_doctor())
    doctor = people.a_doctor()
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=doctor.id, since=people.long_ago())
    (only,) = chain(patient, frozenset())
    found = opened(patient.actor, patient, only).seers
    assert [seer.capacity for seer in found] == [As.ATTENDING, As.AUTHORISED]
    assert found[0].profession == "Médecin"


def test_where_the_words_stand_is_known_from_what_was_read_after_the_deposit() -> None:
    patient = people.a_patient()
    pages = pikepdf.new()
    for text in ("Madame", "porte-clés", "une ferritine basse"):
        pages.pages.extend(pikepdf.open(BytesIO(samples.page(samples.lines(text)))).pages)
    entry = replace(people.entry(), media_type="application/pdf")
    done = people.deposited(people.software(), patient, samples.saved(pages), of=entry)

    def hit(words: str) -> int | None:
        found = reading.opened(patient.actor, Purpose.SELF, patient.record_id, done.id, folding.query(words))
        assert found
        return found.hit

    assert hit("ferritine") is None
    while extracting.extract(patient.record_id):
        pass
    assert [hit(words) for words in ("ferritines", "porte-clés", "clé", "madame ferritine", "absent", "")] == [
        *(3, 2, 2, 1, 0),
        None,
    ]
