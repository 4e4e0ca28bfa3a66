"""A version that is withheld from a reader betrays itself nowhere: not by what the one before it becomes when somebody
acts on it, nor by when that one was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

import orjson
import pytest

from carnet.kernel import clock
from tests import people
from tests.api.caller import JSON, Caller, refused, token
from tests.api.publish import simplified
from tests.formats.fhir.patch.bodies import concept, operation
from tests.people import Resident

UNANNOUNCED: Final = "INVISIBLE_PATIENT"
MASK: Final = [operation("add", "/securityLabel/-", concept("MASQUE_PS"))]


@dataclass(frozen=True)
class Withheld:
    """A report that its holder sees, and a correction of it that waits for its announcement."""

    patient: Resident
    holder: Caller
    depositor: Caller
    first: str
    since: datetime

    def read(self, who: Caller) -> JSON:
        answer = who.get(f"DocumentReference/{self.first}")
        assert answer.status_code == 200
        resource: JSON = answer.json()
        return resource

    def history(self) -> list[JSON]:
        bundle = self.holder.get(f"DocumentReference/{self.first}/_history").json()
        return [entry["resource"] for entry in bundle["entry"]]


@pytest.fixture
def withheld(server: str) -> Withheld:
    patient = people.a_patient()
    holder, depositor = Caller.of(server, patient.actor), Caller.of(server, people.software())
    old = f"urn:oid:2.25.{uuid4().int}"
    sent = depositor.post("DocumentReference", simplified(token(patient), b"1", unique_id=old))
    assert sent.status_code == 201
    first, since = sent.json()["id"], clock.now()
    relation = [{"code": "replaces", "target": {"reference": f"DocumentReference/{first}"}}]
    correction = simplified(token(patient), b"2", labels=("N", UNANNOUNCED), relatesTo=relation)
    assert depositor.post("DocumentReference", correction).status_code == 201
    return Withheld(patient, holder, depositor, first, since)


def labels(resource: JSON) -> set[str]:
    return {each["coding"][0]["code"] for each in resource["securityLabel"]}


def test_an_act_on_the_version_that_is_seen_answers_with_that_version(withheld: Withheld) -> None:
    answer = withheld.holder.patch(f"DocumentReference/{withheld.first}", MASK)
    assert answer.status_code == 200
    assert answer.json()["status"] == "current"
    assert "MASQUE_PS" in labels(answer.json())
    # And what is read afterwards is what was answered, under the same version.
    read = withheld.holder.get(f"DocumentReference/{withheld.first}")
    assert read.json() == answer.json()
    assert read.headers["ETag"] == answer.headers["ETag"] == f'W/"{read.json()["meta"]["versionId"]}"'
    assert withheld.read(withheld.depositor)["status"] == "superseded"


def test_an_act_that_changes_nothing_tells_nothing(withheld: Withheld) -> None:
    before = withheld.holder.get(f"DocumentReference/{withheld.first}")
    nothing = [operation("replace", "/securityLabel", [concept("N")])]
    answer = withheld.holder.patch(f"DocumentReference/{withheld.first}", nothing)
    assert answer.json() == before.json()
    assert answer.headers["ETag"] == before.headers["ETag"]


def test_the_version_that_is_told_is_the_one_that_counts(withheld: Withheld) -> None:
    told = withheld.holder.get(f"DocumentReference/{withheld.first}").headers["ETag"]
    answer = withheld.holder.patch(f"DocumentReference/{withheld.first}", MASK, **{"If-Match": told})
    assert answer.status_code == 200
    again = withheld.holder.patch(f"DocumentReference/{withheld.first}", MASK, **{"If-Match": told})
    refused(again, 412, "version-conflict")


def test_the_history_keeps_what_is_withheld_after_an_act_too(withheld: Withheld) -> None:
    for act in (MASK, [operation("replace", "/securityLabel", [concept("N")])]):
        withheld.holder.patch(f"DocumentReference/{withheld.first}", act)
    told = withheld.history()
    assert {each["status"] for each in told} == {"current"}
    assert ["MASQUE_PS" in labels(each) for each in told] == [False, True, False]
    for each in told:
        version = each["meta"]["versionId"]
        read = withheld.holder.get(f"DocumentReference/{withheld.first}/_history/{version}")
        assert read.json() == each


def test_when_it_was_overtaken_is_not_told(withheld: Withheld) -> None:
    whose = {"patient.identifier": token(withheld.patient)}
    later = withheld.holder.ids("DocumentReference", whose | {"_lastUpdated": f"gt{withheld.since.isoformat()}"})
    assert later == set()
    seen = withheld.depositor.ids("DocumentReference", whose | {"_lastUpdated": f"gt{withheld.since.isoformat()}"})
    assert withheld.first in seen


def test_who_sends_again_is_not_told_of_a_replacement_out_of_its_sight(server: str) -> None:
    """Of its laboratory's report the doctor who signed it made another, which the laboratory does not see."""
    patient, labo, doctor = people.a_patient(), Caller.of(server, people.software()), people.a_doctor()
    signed = {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": f"8{people.rpps_of(doctor)}"}
    body: JSON = orjson.loads(simplified(token(patient), b"1"))
    body["contained"][0]["identifier"] = [signed]
    sent = labo.post("DocumentReference", body)
    first = sent.json()["id"]
    relation = [{"code": "replaces", "target": {"reference": f"DocumentReference/{first}"}}]
    correction = simplified(token(patient), b"2", relatesTo=relation)
    signer = Caller.of(server, people.authorised(patient, doctor))
    assert signer.post("DocumentReference", correction).status_code == 201
    assert signer.get(f"DocumentReference/{first}").json()["status"] == "superseded"
    read, again = labo.get(f"DocumentReference/{first}"), labo.post("DocumentReference", body)
    assert (again.status_code, again.content) == (200, sent.content)
    assert (again.content, again.headers["ETag"]) == (read.content, read.headers["ETag"])
    # Nor by what is made of a relation that was not sent the first time.
    other: JSON = orjson.loads(simplified(token(patient), b"3"))
    assert labo.post("DocumentReference", other).status_code == 201
    refused(labo.post("DocumentReference", other | {"relatesTo": relation}), 409, "sent-otherwise")
