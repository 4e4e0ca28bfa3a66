"""A CDA document and the metadata that come with it must be of one document and one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from carnet.formats.cda import header
from carnet.formats.entry import Coded, DocumentEntry, Identifier, Patient, replace
from carnet.formats.fhir import against_header
from carnet.formats.fhir.node import Problems
from carnet.formats.terminology import labels, systems
from tests.corpus import cda_bytes, cda_facts, needs_corpus

INS = Identifier("1.2.250.1.213.1.4.10", "279035121518989")
HEADER = DocumentEntry(
    unique_id="1.2.3",
    type=Coded("11488-4", systems.LOINC),
    title="Consultation",
    created=datetime(2026, 6, 11, 22, 30, tzinfo=UTC),
    media_type="text/xml",
    patient=Patient(ins=INS),
    confidentiality=labels.base("N"),
)


def found(entry: DocumentEntry, own: DocumentEntry = HEADER) -> dict[str, str]:
    problems = Problems()
    against_header.check(entry, own, problems, "Bundle.entry[1].resource")
    return {each.expression.removeprefix("Bundle.entry[1].resource."): each.details_code for each in problems.issues}


@needs_corpus
@pytest.mark.parametrize("facts", cda_facts(), ids=lambda facts: facts["file"])
def test_every_real_document_agrees_with_itself(facts: dict[str, Any]) -> None:
    own = header.read(cda_bytes(facts))
    assert found(own, own) == {}
    if own.patient.ins:
        stranger = Patient(ins=Identifier(own.patient.ins.system, "101010100100153"))
        assert found(replace(own, patient=stranger), own) == {"subject": "header-patient"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda e: replace(e, patient=Patient(ins=replace(INS, value="177113523803171"))),
            {"subject": "header-patient"},
        ),
        (lambda e: replace(e, unique_id="1.2.3^x"), {"masterIdentifier": "header-unique-id"}),
        (lambda e: replace(e, type=Coded("11502-2", systems.LOINC)), {"type": "header-type"}),
        (lambda e: replace(e, type=Coded("11488-4", systems.A05)), {"type": "header-type"}),
        (
            lambda e: replace(e, created=e.created + timedelta(days=1)),
            {"content[0].attachment.creation": "header-date"},
        ),
        (lambda e: replace(e, confidentiality=labels.base("V")), {"securityLabel": "header-confidentiality"}),
        # A wrong key is the same person, one without number is compared by the record, a day is a day in Paris.
        (lambda e: replace(e, patient=Patient(ins=replace(INS, value=INS.value[:13] + "00"))), {}),
        (lambda e: replace(e, patient=Patient()), {}),
        (lambda e: replace(e, created=datetime(2026, 6, 12, 21, 59, tzinfo=UTC)), {}),
        (lambda e: replace(e, title="Autre", confidentiality=None, labels=frozenset({"MASQUE_PS"})), {}),
        (lambda e: replace(e, type=Coded("11488-4", "http://loinc.org")), {}),
    ],
)
def test_what_differs(change: Callable[[DocumentEntry], DocumentEntry], expected: dict[str, str]) -> None:
    assert found(change(HEADER)) == expected


def test_only_the_date_and_the_level_are_warnings() -> None:
    problems = Problems()
    other = replace(
        HEADER,
        unique_id="9",
        type=Coded("x"),
        created=datetime(2000, 1, 1, tzinfo=UTC),
        patient=Patient(ins=Identifier(INS.system, "177113523803171")),
        confidentiality=labels.base("R"),
    )
    against_header.check(other, HEADER, problems)
    assert {each.details_code for each in problems.warnings} == {"header-date", "header-confidentiality"}
    assert len(problems.issues) == 5
