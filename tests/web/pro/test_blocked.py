"""Who is blocked and who was never given anything are told the same, page by page; what one of them declares is
refused in the words of any other refusal."""

from __future__ import annotations

import re

import pytest

from carnet.consent import actions as consent
from carnet.consent.facts import As, Clinician, Facts, Grant, Reason, Refusal, Span, Switches, Wish
from carnet.consent.queries import confidentiality
from carnet.consent.rules import decide
from carnet.consent.standing import without_a_block
from carnet.kernel import clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState
from tests.people import Resident, a_doctor, a_patient, authorised, deposited, entry, raw_trail, software, trail
from tests.web.pro.desk import Desk, at_desk, plain, record

AGREES = {"duree": "visite", "informee": "1", "expres": "1"}


def blocked(patient: Resident, doctor: Actor) -> Actor:
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    return doctor


def seen(desk: Desk, path: str) -> tuple[int, str, str]:
    """Everything of an answer but what is drawn by lot for each."""
    answer = desk.opens(path)
    lot = r'(name="(?:csrfmiddlewaretoken|depot)" value=")[^"]+|(/static/[^"]+)|nonce-[^\']+'
    return answer.status_code, answer.url.path, re.sub(lot, r"\1", answer.text)


def everything(server: str, patient: Resident, doctor: Actor, documents: list[str]) -> list[tuple[int, str, str]]:
    address = record(patient.record_id)
    pages = ["", "/accord", "/urgence", "/deposer", "?fait=accord", *(f"/documents/{each}" for each in documents)]
    with at_desk(server, doctor) as desk:
        before = [seen(desk, address)]
        desk.finds(patient.ins)
        return before + [seen(desk, address + page) for page in pages]


@pytest.mark.parametrize("capacity", list(Capacity))
def test_each_page_is_the_same_page(capacity: Capacity, server: str) -> None:
    """Whatever they had before the block: nothing, or a consent."""
    patient = a_patient()
    sorts: tuple[frozenset[str], ...] = (frozenset(), frozenset({"MASQUE_PS"}))
    there = [str(deposited(software(), patient, of=entry(labels=labels)).id) for labels in sorts]
    stranger = everything(server, patient, a_doctor(capacity=capacity), there)
    assert everything(server, patient, blocked(patient, a_doctor(capacity=capacity)), there) == stranger
    known = authorised(patient, a_doctor(capacity=capacity))
    assert everything(server, patient, blocked(patient, known), there) == stranger


def test_who_deposited_reads_their_own_alike(server: str) -> None:
    patient, stranger, other = a_patient(), a_doctor(), a_doctor()
    pages = []
    for doctor in (stranger, blocked(patient, other)):
        with at_desk(server, doctor) as desk:
            desk.finds(patient.ins)
            deposited(doctor, patient, of=entry(title="Mon courrier"), purpose=Purpose.CARE)
            status, path, text = seen(desk, f"{record(patient.record_id)}?documents=tous")
        assert text.count("Mon courrier") == 1
        pages.append((status, path, re.sub(r"/documents/[0-9a-f-]{36}", "", text)))
    assert pages[0] == pages[1]


def test_what_a_blocked_professional_declares_is_refused_and_opens_nothing(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    deposited(software(), patient)
    blocked(patient, doctor)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        before = seen(desk, record(patient.record_id))
        # Told as to anybody what is missing in the form, and nothing more.
        asked = desk.sends(f"{record(patient.record_id)}/accord", {"duree": "visite"})
        assert asked.status_code == 422
        assert "Informez la personne" in plain(asked.text)
        answer = desk.sends(f"{record(patient.record_id)}/accord", AGREES)
        words = plain(answer.text)
        assert answer.status_code == 403
        assert "Accès non autorisé" in words
        assert "bloqu" not in words.lower()
        assert seen(desk, record(patient.record_id)) == before
    assert ("declare", "refused") in raw_trail(patient.record_id)
    assert not confidentiality(patient.actor, Purpose.SELF, patient.record_id).given


def test_the_person_reads_the_attempt(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    blocked(patient, doctor)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        desk.sends(f"{record(patient.record_id)}/accord", AGREES)
    assert [line.actor_id for line in trail(patient) if line.action == "declare"] == [doctor.id]


def test_to_be_unblocked_is_not_to_be_let_in_and_a_new_consent_is(server: str) -> None:
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    deposited(software(), patient)
    blocked(patient, doctor)
    consent.unblock(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        assert "Analyses de sang" not in desk.reads(patient.record_id)
        answer = desk.sends(f"{record(patient.record_id)}/accord", AGREES)
        assert "Analyses de sang" in plain(answer.text)


def _facts(wish: Wish, purpose: Purpose, *, lifts: bool) -> Facts:
    now = clock.now()
    return Facts(
        wish=wish,
        purpose=purpose,
        actor=ActorKind.PROFESSIONAL,
        now=now,
        state=RecordState.ACTIVE,
        holder_birth="1985-01-12",
        own=Clinician(Capacity.CARE, blocked=(Span(now),), attending=(Span(now),)),
        switches=Switches(emergency_lifts_block=lifts),
    )


@pytest.mark.parametrize("lifts", [True, False])
def test_the_way_in_an_emergency_is_offered_as_to_anybody(lifts: bool) -> None:
    facts = _facts(Wish.BREAK_GLASS, Purpose.EMERGENCY, lifts=lifts)
    assert decide(without_a_block(facts)) == Grant(As.EMERGENCY)
    assert decide(facts) == (Grant(As.EMERGENCY) if lifts else Refusal(Reason.BLOCKED))


def test_a_block_that_has_ended_changes_nothing_of_what_is_told() -> None:
    facts = _facts(Wish.READ, Purpose.CARE, lifts=True)
    over = Facts(**{name: getattr(facts, name) for name in facts.__slots__} | {"own": Clinician(Capacity.CARE)})
    assert without_a_block(over) is over
