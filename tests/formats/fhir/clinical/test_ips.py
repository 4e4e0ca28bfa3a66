"""The International Patient Summary: what it must have, and back without loss."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnet.formats.clinical.model import Allergy, Entry, Kind, Problem
from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Author, Coded, Organisation, Patient
from carnet.formats.fhir import entries, fhir_document, ips, structure
from carnet.formats.fhir.node import Problems
from tests.cases import cases
from tests.formats.fhir import entries as documents
from tests.formats.fhir.clinical.strategies import BY_CLASS

NUMBER = UUID("0b7c2a52-9a3b-4d55-8f0e-0d6f3c8f1f11")
WRITTEN = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
facts = st.one_of(*BY_CLASS.values())
summaries = st.builds(
    ips.Summary,
    number=st.uuids(),
    written=st.just(WRITTEN),
    patient=documents.patients,
    author=documents.persons | documents.devices | documents.themselves,
    entries=st.lists(facts, max_size=6).map(tuple),
    custodian=documents.optional(documents.organisations),
    attester=documents.optional(documents.persons | documents.themselves),
    language=st.sampled_from(["fr", "en"]),
)


@given(summaries)
@settings(max_examples=cases(25), suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
def test_comes_back_as_it_was(summary: ips.Summary) -> None:
    data = entries.dump(ips.write(summary))
    problems = Problems()
    structure.check(entries.load(data), "Bundle", problems, "Bundle", strict=True, clinical=True)
    assert [(each.expression, each.details_code) for each in problems.issues] == []
    document = fhir_document.open_document(data)
    assert document.bundle.problems.issues == ()
    found = ips.read(data)
    assert found.faults == ()
    assert _told(found.entries) == _told(ips.completed(summary).entries)


def _told(found: tuple[Entry, ...]) -> Counter[str]:
    return Counter(repr(replace(each, path="")) for each in found)


def summary(*found: Entry, language: str = "fr") -> ips.Summary:
    return ips.Summary(
        number=NUMBER,
        written=WRITTEN,
        patient=Patient(birth_family="PAT-TROIS", birth_given="DOMINIQUE", sex="F", birth_date="1979-03-28"),
        author=Author(device="Carnet", organisation=Organisation("Carnet")),
        custodian=Organisation("Carnet"),
        entries=found,
        language=language,
    )


def sections(of: ips.Summary) -> dict[str, dict[str, object]]:
    composition = ips.write(of)["entry"][0]["resource"]
    return {each["code"]["coding"][0]["code"]: each for each in composition["section"]}


@pytest.mark.parametrize(("language", "told"), [("fr", "Aucune information disponible"), ("en", "No information")])
def test_what_must_be_there_says_that_nothing_is_known(language: str, told: str) -> None:
    found = sections(summary(language=language))
    assert list(found) == ["10160-0", "48765-2", "11450-4"]
    for each in found.values():
        assert "entry" not in each
        assert each["emptyReason"]["coding"][0]["code"] == "unavailable"  # type: ignore[index]
        assert told in each["text"]["div"]  # type: ignore[index]


def test_a_statement_of_absence_stays_what_its_source_said() -> None:
    none = Concept("", (Coded("no-known-allergies", "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"),))
    stated = Allergy(kind=Kind.ALLERGY, code=none, absence=True)
    found = sections(summary(stated))["48765-2"]
    assert "emptyReason" not in found
    assert stated in [replace(each, path="") for each in ips.read(entries.dump(ips.write(summary(stated)))).entries]


def test_silence_of_one_document_does_not_speak_against_another() -> None:
    reason = Concept("rien", (Coded("nilknown", "http://terminology.hl7.org/CodeSystem/list-empty-reason"),))
    asthma = Problem(kind=Kind.PROBLEM, code=Concept("Asthme"))
    silent = Problem(kind=Kind.PROBLEM, code=reason, absence=True)
    assert "emptyReason" not in sections(summary(silent, asthma))["11450-4"]
    assert sections(summary(silent))["11450-4"]["emptyReason"]["text"] == "rien"  # type: ignore[index]


def test_what_is_over_stands_in_the_history_and_errors_nowhere() -> None:
    old = Problem(kind=Kind.PROBLEM, code=Concept("Angine"), clinical="resolved")
    wrong = Problem(kind=Kind.PROBLEM, code=Concept("Diabète"), verification="entered-in-error")
    written = ips.write(summary(old, wrong))
    assert set(sections(summary(old, wrong))) == {"10160-0", "48765-2", "11450-4", "11348-0"}
    assert "Diabète" not in entries.dump(written).decode()


def test_the_same_summary_is_written_the_same() -> None:
    one = summary(Problem(kind=Kind.PROBLEM, code=Concept("Asthme <i>&</i>")))
    assert entries.dump(ips.write(one)) == entries.dump(ips.write(one))
    assert "Asthme &lt;i&gt;&amp;&lt;/i&gt;" in entries.dump(ips.write(one)).decode()
