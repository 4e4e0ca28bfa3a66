"""Software acts for a named professional: who may be named, and what the patient and the operator read of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from carnet.kernel import clock
from carnet.people import actions
from carnet.people.actions import add_deputy
from carnet.web.patient import sentences
from tests import people
from tests.api.oauth.software import Software, a_doctor_of, acting_for, bearer
from tests.api.oauth.test_token import refused
from tests.cast import TEST_OID
from tests.conftest import carnet

RPPS_OID = "1.2.250.1.71.4.2.1"
HOUSE_OID = "1.2.250.1.71.4.2.2"


@pytest.fixture
def software(server: str) -> Software:
    return Software(server, scope="system/*.cruds user/*.cruds", acts=True)


def listed(software: Software, token: str, patient: people.Resident, **headers: str) -> httpx2.Response:
    query = {"patient.identifier": f"urn:oid:{TEST_OID}|{patient.ins}", "status": "current"}
    return httpx2.get(f"{software.base}/fhir/DocumentReference", params=query, headers=bearer(token, **headers))


def test_both_stand_in_the_trail(software: Software) -> None:
    doctor, rpps = a_doctor_of(software)
    patient = people.a_patient()
    people.authorised(patient, doctor)
    token = software.token("user/DocumentReference.rs", extensions=acting_for(rpps))
    assert listed(software, token, patient).status_code == 200
    line = next(line for line in people.trail(patient) if line.action == "documents-search")
    assert (line.actor_id, line.actor_kind, line.capacity) == (doctor.id, "professional", "authorised")
    assert (line.door, line.software) == (f"fhir:{software.name}", "Logiciel Épreuve")
    assert line.organisation_name == "Clinique de l'Essai"
    told = sentences.sentence(line, patient.actor.id)
    assert "Dr Ange Essai" in told.text
    assert "Par l’intermédiaire du logiciel «\u00a0Logiciel Épreuve\u00a0»." in told.more
    shown = carnet("audit", "show", patient.ins).stdout
    assert f"fhir:{software.name}" in shown


def test_a_refused_attempt_names_the_software_too(software: Software) -> None:
    doctor, rpps = a_doctor_of(software)
    patient = people.a_patient()
    token = software.token(extensions=acting_for(rpps))
    assert listed(software, token, patient).status_code == 403
    line = next(line for line in people.trail(patient) if line.outcome == "refused")
    assert (line.actor_id, line.software) == (doctor.id, "Logiciel Épreuve")
    assert "Logiciel Épreuve" in sentences.sentence(line, patient.actor.id).more


def test_without_a_professional_the_software_acts_itself(software: Software) -> None:
    """Also when it presents its house alone, as UDAP has systems do."""
    patient = people.a_patient()
    alone: dict[str, Any] = {"version": "1", "organization_id": software.organisation, "purpose_of_use": ["TREAT"]}
    for extensions in (None, {"hl7-b2b": alone}):
        answer = software.ask(extensions=extensions)
        assert answer.json()["scope"] == "system/*.cruds"
        assert listed(software, answer.json()["access_token"], patient).status_code == 200
    line = next(line for line in people.trail(patient) if line.action == "documents-search")
    assert (line.actor_id, line.door, line.software) == (software.id, "fhir", "")


@pytest.mark.parametrize(
    "stated",
    [
        {"hl7-b2b": {"version": "1", "subject_id": "8RPPS"}},
        {"hl7-b2b": {"version": "1", "subject_id": f"urn:oid:{RPPS_OID}#8RPPS", "organization_id": "HOUSE"}},
        {"hl7-b2b": {"version": "1", "subject_id": f"urn:oid:{RPPS_OID}|8RPPS", "purpose_of_use": ["TREAT"]}},
        {"hl7-b2b": {"version": "1", "subject_id": f"urn:oid:{RPPS_OID}:8RPPS", "subject_role": "10"}},
        {"ihe_iua": {"subject_name": "Dr Essai", "national_provider_identifier": "8RPPS"}},
        {
            "ihe_iua": {
                "national_provider_identifier": "8RPPS",
                "subject_organization_id": f"urn:oid:{HOUSE_OID}#HOUSE",
                "purpose_of_use": [{"system": "urn:oid:2.16.840.1.113883.1.11.20448", "code": "TREAT"}],
            }
        },
        {
            "hl7-b2b": {
                "version": "1",
                "subject_id": "8RPPS",
                "purpose_of_use": ["urn:oid:2.16.840.1.113883.5.8#TREAT"],
            }
        },
    ],
)
def test_each_way_to_name_a_professional(stated: dict[str, dict[str, Any]], software: Software) -> None:
    doctor, rpps = a_doctor_of(software)
    token = software.token(extensions=_filled(stated, rpps, software))
    told = software.post("introspect", token=token).json()
    assert (told["sub"], told["scope"]) == (str(doctor.id), "user/*.cruds")


def test_introspection_tells_whom_a_token_acts_for(software: Software) -> None:
    doctor, rpps = a_doctor_of(software)
    for stated, code in (("TREAT", "TREAT"), ("BTG", "ETREAT")):
        token = software.token(extensions=acting_for(rpps, purpose_of_use=[stated]))
        told = software.post("introspect", token=token).json()["extensions"]["ihe_iua"]
        assert told == {
            "subject_name": doctor.name,
            "national_provider_identifier": f"urn:oid:1.2.250.1.71.4.2.1#8{rpps}",
            "subject_organization": told["subject_organization"],
            "subject_organization_id": f"urn:oid:1.2.250.1.71.4.2.2#{software.organisation}",
            "purpose_of_use": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": code}],
        }
        assert told["subject_organization"]
    # Of its own token no professional is named.
    own = software.post("introspect", token=software.token()).json()["extensions"]["ihe_iua"]
    assert own.keys() == {"subject_organization", "subject_organization_id", "purpose_of_use"}
    assert own["purpose_of_use"] == [{"system": "urn:carnet:purpose", "code": "deposit"}]


def test_introspection_tells_a_stranger_nothing(software: Software, server: str) -> None:
    _, rpps = a_doctor_of(software)
    token = software.token(extensions=acting_for(rpps))
    assert Software(server).post("introspect", token=token).json() == {"active": False}


def _filled(stated: Any, rpps: str, software: Software) -> Any:
    if isinstance(stated, dict):
        return {name: _filled(value, rpps, software) for name, value in stated.items()}
    return stated.replace("RPPS", rpps).replace("HOUSE", software.organisation) if isinstance(stated, str) else stated


@pytest.mark.parametrize(
    ("code", "extensions"),
    [
        ("extension-form", "hl7-b2b"),
        ("extension-form", {}),
        ("extension-form", {"other": {}}),
        ("extension-form", {"hl7-b2b": [], "x": 1}),
        ("extension-form", {"hl7-b2b": {"version": 1, "subject_id": "8RPPS"}}),
        ("extension-form", {"hl7-b2b": {"version": "1"}, "ihe_iua": {}}),
        ("professional-form", {"hl7-b2b": {"version": "1", "subject_id": "RPPS"}}),
        ("professional-form", {"hl7-b2b": {"version": "1", "subject_id": ["8RPPS"]}}),
        ("professional-form", {"hl7-b2b": {"version": "1", "subject_id": "8RPPS\u0000"}}),
        ("professional-form", {"hl7-b2b": {"version": "1", "subject_name": "Dr Essai"}}),
        ("professional-form", {"ihe_iua": {"national_provider_identifier": "urn:oid:1.2.3#8RPPS"}}),
        ("purpose-unknown", {"hl7-b2b": {"version": "1", "subject_id": "8RPPS", "purpose_of_use": ["HMARKT"]}}),
        ("purpose-unknown", {"hl7-b2b": {"version": "1", "subject_id": "8RPPS", "purpose_of_use": []}}),
        (
            "purpose-unknown",
            {"hl7-b2b": {"version": "1", "subject_id": "8RPPS", "purpose_of_use": ["TREAT", "ETREAT"]}},
        ),
        ("organisation-other", {"hl7-b2b": {"version": "1", "subject_id": "8RPPS", "organization_id": "1000000000"}}),
        ("organisation-other", {"hl7-b2b": {"version": "1", "subject_id": "8RPPS", "organization_id": 5}}),
        ("organisation-other", {"hl7-b2b": {"version": "1", "organization_id": "1000000000"}}),
    ],
)
def test_a_professional_badly_named(code: str, extensions: Any, software: Software) -> None:
    _, rpps = a_doctor_of(software)
    refused(software.ask(extensions=_filled(extensions, rpps, software)), code)


def test_nobody_has_that_number(software: Software) -> None:
    refused(software.ask(extensions=acting_for("99999999999")), "professional-unknown")


def test_who_is_inactive_is_unknown(software: Software) -> None:
    doctor, rpps = a_doctor_of(software)
    actions.deactivate(actor_id=doctor.id)
    refused(software.ask(extensions=acting_for(rpps)), "professional-unknown")


def test_who_works_elsewhere(software: Software, server: str) -> None:
    _, rpps = a_doctor_of(Software(server))
    refused(software.ask(extensions=acting_for(rpps)), "professional-elsewhere")
    refused(software.ask(extensions=acting_for(people.rpps_of(people.a_doctor()))), "professional-elsewhere")
    assert people.security_log(software.id) == ["professional-elsewhere"] * 2


def test_a_client_without_the_right(server: str) -> None:
    plain = Software(server, scope="system/*.cruds user/*.cruds")
    _, rpps = a_doctor_of(plain)
    refused(plain.ask(extensions=acting_for(rpps)), "acting-not-allowed")


@pytest.mark.parametrize(
    ("since", "until", "counts"), [(-1, None, True), (-1, 1, True), (-2, -1, False), (1, None, False)]
)
def test_a_deputy_counts_while_it_lasts(since: int, until: int | None, counts: bool, software: Software) -> None:
    principal, _ = a_doctor_of(software)
    deputy, now = people.a_doctor(), clock.now()
    add_deputy(
        deputy_id=deputy.id,
        principal_id=principal.id,
        kind="locum",
        since=now + timedelta(days=since),
        until=now + timedelta(days=until) if until else None,
    )
    answer = software.ask(extensions=acting_for(people.rpps_of(deputy)))
    if counts:
        assert answer.status_code == 200
    else:
        refused(answer, "professional-elsewhere")


def test_an_emergency_still_needs_its_reason(software: Software) -> None:
    """The purpose comes with the token; without a reason in words nothing is even decided."""
    _, rpps = a_doctor_of(software)
    patient = people.a_patient()
    token = software.token(extensions=acting_for(rpps, purpose_of_use=["ETREAT"]))
    answer = listed(software, token, patient)
    assert (answer.status_code, answer.json()["issue"][0]["details"]["coding"][0]["code"]) == (400, "reason-required")
    listed(software, token, patient, **{"X-Carnet-Reason": "Patiente inconsciente"})
    assert people.trail(patient)[0].purpose == "emergency"


def test_the_demonstration_hospital_acts_for_its_emergency_doctor(server: str) -> None:
    """As the page for integrators has it: the cast's own client, with a key that was registered for it."""
    from carnet.people import client_queries, queries

    hospital = client_queries.client_by_key("hopital")
    doctor = queries.actor_by_key("dr-urgence")
    assert hospital
    assert doctor
    assert hospital.acts_for_professionals
    found = client_queries.professional_in("10001005056", hospital.organisation_id)
    assert found
    assert (found[0].id, found[1]) == (doctor.id, True)
