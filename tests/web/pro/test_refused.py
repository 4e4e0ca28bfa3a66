"""A page that says no says by which rule, and what would change it: as far as that is for who reads it to know."""

from __future__ import annotations

import pytest

from carnet.kernel.actor import SYSTEM
from carnet.people.rules import Capacity
from carnet.records import actions as records
from carnet.records.rules import RecordState
from tests.people import a_doctor, a_patient, deposited, software
from tests.web.pro.desk import at_desk, record

ASK = "Son titulaire peut vous autoriser."


@pytest.mark.parametrize(
    ("capacity", "says", "article", "asks"),
    [
        (Capacity.CARE, "La personne ne vous a pas autorisé.", "L1111-17, R1111-46", True),
        (Capacity.OCCUPATIONAL, "n'accèdent au carnet qu'avec un accord exprès", "L4624-8", True),
        (Capacity.CHILD_PROTECTION, "accède au carnet d'un enfant", "L1111-18", False),
        (Capacity.INSURER, "Votre fonction ne le permet pas, même avec l'accord", "L1111-18", False),
    ],
)
def test_the_rule_stands_on_the_page(server: str, capacity: Capacity, says: str, article: str, *, asks: bool) -> None:
    patient = a_patient()
    there = deposited(software(), patient)
    with at_desk(server, a_doctor(capacity=capacity)) as desk:
        desk.finds(patient.ins)
        answer = desk.opens(f"{record(patient.record_id)}/documents/{there.id}")
        words = desk.text(f"{record(patient.record_id)}/documents/{there.id}")
    assert answer.status_code == 403
    assert says in words
    assert article in words
    assert "Règles de Carnet, version de" in words
    assert (ASK in words) is asks


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (RecordState.DECEASED, "Ce carnet est fermé depuis le décès de la personne"),
        (RecordState.CLOSED, "Ce carnet est fermé : on n'y lit et on n'y dépose plus rien."),
    ],
)
def test_nobody_is_sent_to_ask_the_holder_of_a_closed_record(server: str, state: RecordState, says: str) -> None:
    patient = a_patient()
    records.set_state(SYSTEM, record_id=patient.record_id, state=state)
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        address = f"{record(patient.record_id)}/deposer"
        answer, words = desk.opens(address), desk.text(address)
    assert answer.status_code == 403
    assert says in words
    assert ASK not in words
