"""What is done, or tried in vain, about a document that a minor keeps secret leaves no line that the parents are told
(R1111-50)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from carnet.documents.trail import Asked, lines
from carnet.kernel.actor import Purpose
from carnet.kernel.ids import fhir_id
from tests import people
from tests.api.caller import Caller, refused, token
from tests.api.publish import simplified
from tests.api.test_linked import MINOR, SECRET, Family, a_family, order, publish
from tests.formats.fhir.patch.bodies import operation
from tests.people import Resident


@pytest.fixture
def family(server: str) -> Family:
    return a_family(server, MINOR)


def told(family: Family) -> list[tuple[str, str]]:
    """What others did with documents."""
    trail = lines(family.guardian, Purpose.REPRESENTATIVE, family.child.record_id, asked=Asked(others=True))
    return [(line.action, line.outcome) for line in trail if line.target_kind.startswith("document")]


def _vain(child: Resident, *labels: str, **changes: Any) -> bytes:
    """It replaces what is not there."""
    relation = [{"code": "replaces", "target": {"reference": f"DocumentReference/{fhir_id(child.record_id, uuid4())}"}}]
    return simplified(token(child), uuid4().hex.encode(), labels=("N", *labels), relatesTo=relation, **changes)


def test_a_refused_deposit_of_a_secret(family: Family) -> None:
    refused(family.gp.post("DocumentReference", _vain(family.child, SECRET)), 422, "replaced-unknown")
    assert told(family) == []
    refused(family.gp.post("DocumentReference", _vain(family.child)), 422, "replaced-unknown")
    assert told(family) == [("document-deposit", "refused")]


def test_a_refused_deposit_of_what_is_tied_to_a_secret(family: Family) -> None:
    publish(family.gp, family.child, SECRET, **order("O-1"))
    refused(family.labo.post("DocumentReference", _vain(family.child, **order("O-1"))), 422, "replaced-unknown")
    assert told(family) == []
    refused(family.labo.post("DocumentReference", _vain(family.child, **order("O-2"))), 422, "replaced-unknown")
    assert told(family) == [("document-deposit", "refused")]


def test_a_secret_that_is_only_checked(family: Family) -> None:
    secret = simplified(token(family.child), b"1", labels=("N", SECRET))
    assert family.gp.post("DocumentReference/$validate", secret).status_code == 200
    assert told(family) == []
    assert family.gp.post("DocumentReference/$validate", simplified(token(family.child), b"1")).status_code == 200
    assert told(family) == [("deposit-checked", "done")]


def test_an_act_on_a_secret_that_is_refused(family: Family, server: str) -> None:
    secret, _ = publish(family.gp, family.child, SECRET)
    doctor = Caller.of(server, people.authorised(family.child, people.a_doctor()))
    before = told(family)
    withdraw = [operation("replace", "/status", "entered-in-error")]
    refused(doctor.patch(f"DocumentReference/{secret}", withdraw), 403, "forbidden")
    assert told(family) == before
