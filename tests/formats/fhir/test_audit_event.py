"""AuditEvent, against the structure of R4 and the published profiles of BALP, but for the network."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.entry import Identifier
from carnet.formats.fhir import audit_event, structure
from carnet.formats.fhir.audit_event import Agent, Event
from carnet.formats.fhir.node import Problems
from carnet.kernel.actor import ActorKind, Purpose
from carnet.web.patient.document_acts import ON_DOCUMENTS
from carnet.web.patient.record_acts import ON_THE_RECORD
from tests.cases import cases
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir import profile

JSON = dict[str, Any]
NOW = datetime(2026, 6, 12, 8, 30, tzinfo=UTC)
ACTIONS = sorted({*ON_DOCUMENTS, *ON_THE_RECORD, "break-glass", "standing-read", "something-new"})
RPPS = Identifier("1.2.250.1.71.4.2.1", "810001001014")
DOCTOR = Agent("professional", "Dr Ange Essai", RPPS)
# Basic audit is of RESTful interactions on something of a patient's; the trail has no addresses in the network.
PROFILES = {"R": "PatientRead", "C": "PatientCreate", "U": "PatientUpdate"}


def written(event: Event) -> JSON:
    text = audit_event.write(event, fhir_id="a-b-c", patient_id="a")
    assert text.startswith(b'{"resourceType":"AuditEvent","id":"a-b-c"')
    resource: JSON = json.loads(text)
    return resource


@settings(max_examples=cases(200))
@given(
    st.builds(
        Event,
        at=st.just(NOW),
        agent=st.builds(
            Agent,
            kind=st.sampled_from([each.value for each in ActorKind]),
            name=st.just("Quelqu'un"),
            number=st.none() | st.just(RPPS),
            own=st.booleans(),
        ),
        purpose=st.sampled_from([each.value for each in Purpose]),
        capacity=st.sampled_from(["holder", "none", "emergency"]),
        action=st.sampled_from(ACTIONS),
        refused=st.booleans(),
        organisation=st.sampled_from(["", "Clinique"]),
        software=st.sampled_from(["", "Logiciel"]),
        document=st.none() | st.just(("a-d", "Bilan")),
        reason=st.sampled_from(["", "Coma"]),
    )
)
def test_what_is_written_is_fhir(event: Event) -> None:
    resource = written(event)
    problems = Problems()
    structure.check(resource, "AuditEvent", problems, "AuditEvent", strict=True)
    assert problems.issues == ()
    assert list(profile.empty_places(resource, "")) == []


@needs_corpus
@pytest.mark.parametrize(
    ("action", "letter"), [("document-read", "R"), ("document-deposit", "C"), ("document-masked", "U")]
)
@pytest.mark.parametrize("software", ["", "Logiciel"])
def test_the_shapes_of_basic_audit(software: str, action: str, letter: str) -> None:
    """Every slice that is demanded, with its pattern; a network address alone is missing."""
    assert CORPUS is not None
    path = CORPUS / "fhir/definitions/balp" / f"StructureDefinition-IHE.BasicAudit.{PROFILES[letter]}.json"
    elements = {each["id"]: each for each in json.loads(path.read_bytes())["snapshot"]["element"]}
    resource = written(Event(NOW, DOCTOR, "care", "authorised", action, software=software, document=("a-d", "Bilan")))
    assert resource["type"].items() >= elements["AuditEvent.type"]["patternCoding"].items()
    assert resource["action"] == elements["AuditEvent.action"]["patternCode"] == letter
    assert resource["outcome"] == elements["AuditEvent.outcome"]["patternCode"]
    agents = {each["type"]["coding"][0]["code"] for each in resource["agent"]}
    demanded = {
        name: elements[f"AuditEvent.agent:{name}.type"]["patternCodeableConcept"]["coding"][0]["code"]
        for name in ("client", "server")
    }
    assert demanded["server"] in agents
    assert (demanded["client"] in agents) == bool(software), "without software a person came with a browser"
    assert ("IRCP" if letter == "R" else "AUT") in agents
    kinds = {(each["type"]["code"], each["role"]["code"]) for each in resource["entity"]}
    assert kinds == {("1", "1"), ("2", "3")}


def test_every_action_in_words_has_a_shape() -> None:
    """What the pages have a sentence for is more than an operation here, but for what nobody has a word for."""
    plain = {name for name in ACTIONS if audit_event.act_of(name).subtype.code == "operation"}
    assert plain == {"something-new", "deposit-checked", "documents-reindexed", "readers-told"}
