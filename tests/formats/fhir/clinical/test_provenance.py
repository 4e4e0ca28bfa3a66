"""A fact leads to the documents that state it, and to who wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from carnet.formats.clinical.model import Kind, Observation, Problem
from carnet.formats.clinical.values import Concept
from carnet.formats.fhir import entries, structure
from carnet.formats.fhir.node import Problems
from tests.fhirvalidator.typical import DOCTOR

FIRST = datetime(2026, 6, 1, tzinfo=UTC)
LAST = datetime(2026, 6, 2, tzinfo=UTC)
IDS = entries.Written("p-1", "Patient/p", LAST)


def test_each_document_is_a_source_and_each_author_is_told_once() -> None:
    sources = [
        entries.Stated("DocumentReference/a", LAST, (DOCTOR,)),
        entries.Stated("DocumentReference/b", FIRST, (DOCTOR, replace(DOCTOR, family="DURAND"))),
    ]
    written = entries.write_provenance("Observation/o", sources, IDS)
    assert [each["what"]["reference"] for each in written["entity"]] == ["DocumentReference/a", "DocumentReference/b"]
    assert {each["role"] for each in written["entity"]} == {"source"}
    assert len(written["agent"]) == 2
    assert written["recorded"].startswith("2026-06-02")
    assert written["target"] == [{"reference": "Observation/o"}]
    assert _problems(written) == []


def test_without_an_author_it_says_so() -> None:
    written = entries.write_provenance("Observation/o", [entries.Stated("DocumentReference/a", LAST)])
    assert written["agent"][0]["who"] == {"display": "Non précisé"}
    assert _problems(written) == []


def _problems(resource: dict[str, object]) -> list[str]:
    problems = Problems()
    structure.check(resource, "Provenance", problems, "it", strict=True, clinical=True)
    return [each.expression for each in problems.issues]


def test_no_word_of_the_machine_reaches_the_reader() -> None:
    hidden = Observation(kind=Kind.RESULT, code=Concept("Glucose"), absence=True, path="/ClinicalDocument/secret")
    text = entries.dump(entries.write(hidden, replace(IDS, language="fr"))).decode()
    assert "secret" not in text
    told = entries.write(hidden, replace(IDS, language="fr"))["text"]["div"]
    assert "absence" not in told
    assert "Glucose" in told


def test_a_document_with_clinical_faults_is_still_a_document() -> None:
    """At deposit a fact that is no FHIR is let pass; it is told when the document is read."""
    problem = entries.write(Problem(kind=Kind.PROBLEM, code=Concept("x")), IDS) | {"nonsense": 1}
    bundle = {"resourceType": "Bundle", "type": "document", "entry": [{"resource": problem}]}
    lenient, strict = Problems(), Problems()
    structure.check(bundle, "Bundle", lenient, "Bundle")
    structure.check(bundle, "Bundle", strict, "Bundle", clinical=True)
    assert not lenient.failed
    assert [each.expression for each in strict.issues] == ["Bundle.entry[0].resource.nonsense"]
