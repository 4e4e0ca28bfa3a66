"""Simplified publish: the official examples, the tolerance of section g, and every refusal with its place."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.entry import Author, Identifier, Organisation
from carnet.formats.fhir import body, document_reference
from carnet.formats.fhir.document_reference import Submission
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.terminology import systems
from tests.cases import cases
from tests.corpus import CORPUS, needs_corpus

JSON = dict[str, Any]
TEST = "1.2.250.1.213.1.4.10"
INS = "279035121518989"
OTHER_INS = "177113523803171"
CONTENT = b"%PDF-1.7 a document"


def publication() -> JSON:
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.4"},
        "type": {"coding": [{"system": "http://loinc.org", "code": "11502-2"}]},
        "subject": {"reference": f"Patient?identifier=urn:oid:{TEST}|{INS}"},
        "date": "2026-06-12T10:00:00+02:00",
        "author": [{"reference": "#who"}],
        "custodian": {"display": "Laboratoire du Port"},
        "contained": [
            {
                "resourceType": "Practitioner",
                "id": "who",
                "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "801234567897"}],
            }
        ],
        "content": [
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "data": base64.b64encode(CONTENT).decode(),
                    "title": "Résultats",
                }
            }
        ],
    }


def read(resource: JSON, *, strict: bool = False) -> Submission:
    return document_reference.read(json.dumps(resource).encode(), strict=strict)


def refusals(resource: JSON, *, strict: bool = False) -> dict[str, str]:
    """Code of each error, by its expression."""
    with pytest.raises(FhirError) as caught:
        read(resource, strict=strict)
    assert all(issue.diagnostics for issue in caught.value.issues)
    return {issue.expression: issue.details_code for issue in caught.value.issues if issue.is_error}


def warnings(submission: Submission) -> dict[str, str]:
    return {issue.expression: issue.details_code for issue in submission.warnings}


def example(path: str) -> JSON:
    assert CORPUS is not None
    resource: JSON = json.loads((CORPUS / "fhir" / path).read_bytes())
    return resource


@needs_corpus
def test_the_pdsm4dmp_example() -> None:
    submission = read(example("pdsm4dmp/DocumentReference-example-td2-iti105-publication-simplifiee.json"))
    entry = submission.entry
    assert entry.unique_id == "1.2.250.1.213.1.4.8.99999.1"
    assert (entry.type.code, entry.type.system) == ("11488-4", systems.LOINC)
    assert entry.category is not None
    assert entry.category.code == "10"
    assert entry.media_type == "text/xml"
    assert entry.patient.ins == Identifier("1.2.250.1.213.1.4.8", "123456789012345")
    assert entry.created == datetime(2026, 6, 12, 8, 0, tzinfo=UTC)
    assert entry.authors[0].identifier == Identifier("1.2.250.1.71.4.2.1", "899700218896")
    assert len(submission.content) == 80
    assert submission.subject_reference is None
    assert set(warnings(submission).values()) == {"custodian-missing", "ins-key"}
    assert len(entry.warnings) == 2


@needs_corpus
def test_the_pdsm_example_states_a_wrong_size_and_hash() -> None:
    resource = example("pdsm/DocumentReference-PDSmSimplifiedExample.json")
    place = "DocumentReference.content[0].attachment"
    assert refusals(resource) == {f"{place}.size": "size-wrong", f"{place}.hash": "hash-wrong"}
    del resource["content"][0]["attachment"]["size"], resource["content"][0]["attachment"]["hash"]
    submission = read(resource)
    assert submission.content == b"Hello World"
    assert submission.subject_reference == "fr-patient-123"
    entry = submission.entry
    assert entry.patient.ins is None
    assert entry.unique_id == "abcd-efgh-ijkl-mnop"
    assert entry.facility is not None
    assert (entry.facility.code, entry.facility.system) == ("SA05", systems.FACILITY)
    assert entry.setting is not None
    assert entry.setting.system == systems.SETTING
    assert entry.format is not None
    assert entry.format.system == systems.FORMAT
    assert warnings(submission) == {
        "DocumentReference.masterIdentifier.value": "master-identifier-unusual",
        "DocumentReference.author[0]": "author-unresolved",
        "DocumentReference.authenticator": "author-unresolved",
        "DocumentReference.custodian": "author-unresolved",
    }


@needs_corpus
def test_the_mhd_example_lacks_what_pdsm_demands() -> None:
    found = refusals(example("mhd/DocumentReference-ex-DocumentReferenceSimplifiedPublish.json"))
    assert found == {
        "DocumentReference.type": "required",
        "DocumentReference.content[0].attachment.title": "required",
        "DocumentReference.date": "required",
        "DocumentReference.author": "required",
    }


def test_a_complete_publication() -> None:
    resource = publication()
    resource["content"][0]["attachment"] |= {
        "size": len(CONTENT),
        "hash": base64.b64encode(hashlib.sha1(CONTENT, usedforsecurity=False).digest()).decode(),
        "creation": "2026-06-11",
        "language": "fr",
    }
    resource["securityLabel"] = [
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "N"}]},
        {"coding": [{"code": "R"}]},
        {"coding": [{"code": "INVISIBLE_REP_LEGAUX"}]},
    ]
    submission = read(resource)
    entry = submission.entry
    assert submission.warnings == ()
    assert entry.labels == {"INVISIBLE_REPRESENTANTS_LEGAUX"}
    assert entry.confidentiality is not None
    assert entry.confidentiality.code == "R"
    assert entry.created.isoformat() == "2026-06-11T00:00:00+02:00"
    assert entry.custodian == Organisation("Laboratoire du Port")
    assert entry.language == "fr"


def _without(name: str) -> Callable[[JSON], object]:
    return lambda resource: resource.pop(name)


def _with(name: str, value: Any) -> Callable[[JSON], object]:
    return lambda resource: resource.update({name: value})


def _attached(**values: Any) -> Callable[[JSON], object]:
    return lambda resource: resource["content"][0]["attachment"].update(values)


REFUSED = [
    (_without("status"), "status", "required"),
    (_with("status", "superseded"), "status", "status-not-current"),
    (_with("status", 1), "status", "value-type"),
    (_without("masterIdentifier"), "masterIdentifier", "required"),
    (_with("masterIdentifier", {}), "masterIdentifier", "value-type"),
    (_with("masterIdentifier", {"system": "urn:ietf:rfc:3986"}), "masterIdentifier.value", "required"),
    (_with("masterIdentifier", {"system": "http://x", "value": "1"}), "masterIdentifier", "master-identifier-form"),
    (_with("masterIdentifier", {"value": "hello"}), "masterIdentifier", "master-identifier-form"),
    (_without("type"), "type", "required"),
    (_with("type", {"text": "x"}), "type", "type-unknown"),
    (_with("type", {"coding": [{"code": "11502-2"}]}), "type", "type-unknown"),
    (_with("type", {"coding": [{"system": "http://loinc.org", "code": "0"}]}), "type", "type-unknown"),
    (_without("subject"), "subject", "required"),
    (_with("subject", {"display": "Dominique"}), "subject", "subject-form"),
    (_with("subject", {"reference": "Group/1"}), "subject.reference", "subject-form"),
    (_with("subject", {"reference": "abc"}), "subject.reference", "subject-form"),
    (_with("subject", {"reference": "#who"}), "subject.reference", "subject-form"),
    (_with("subject", {"reference": "Patient?name=x"}), "subject.reference", "subject-form"),
    (_with("subject", {"reference": f"Patient?identifier=1.2.3|{INS}"}), "subject", "ins-invalid"),
    (_with("subject", {"identifier": {"system": TEST, "value": "1"}}), "subject.identifier", "ins-invalid"),
    (_without("date"), "date", "required"),
    (_with("date", "yesterday"), "date", "value-date"),
    (_with("date", "2026-02-30"), "date", "value-date"),
    (_with("date", "0001-01-01"), "date", "value-date"),
    (_without("author"), "author", "required"),
    (_with("author", []), "author", "value-type"),
    (_with("author", {"reference": "#who"}), "author", "value-type"),
    (_with("author", [{"display": "x"}] * 201), "author", "too-many"),
    (_without("content"), "content", "required"),
    (_with("content", [{}]), "content[0]", "value-type"),
    (_with("content", [{"format": {"code": "x"}}]), "content[0].attachment", "required"),
    (lambda r: r["content"].append(r["content"][0]), "content[1]", "too-many"),
    (_attached(data=None), "content[0].attachment.data", "required"),
    (_attached(data=12), "content[0].attachment.data", "value-type"),
    (_attached(data=""), "content[0].attachment.data", "document-empty"),
    (_attached(data="é"), "content[0].attachment.data", "value-base64"),
    (_attached(data="QUJD="), "content[0].attachment.data", "value-base64"),
    (_attached(data="QUJD===="), "content[0].attachment.data", "value-base64"),
    (_attached(data="A" * 9999), "content[0].attachment.data", "value-base64"),
    (_attached(data="\x007"), "content[0].attachment.data", "value-base64"),
    (_attached(url="Binary/1"), "content[0].attachment.url", "forbidden-element"),
    (_attached(size=1), "content[0].attachment.size", "size-wrong"),
    (_attached(size=-1), "content[0].attachment.size", "value-type"),
    (_attached(hash="QUJD"), "content[0].attachment.hash", "hash-wrong"),
    (_attached(hash="?"), "content[0].attachment.hash", "value-base64"),
    (_attached(title=None), "content[0].attachment.title", "required"),
    (_attached(title="a\x00b"), "content[0].attachment.title", "value-characters"),
    (_attached(title="x" * 5000), "content[0].attachment.title", "value-too-long"),
    (_attached(contentType="pdf"), "content[0].attachment.contentType", "value-type"),
    (_attached(creation="12/06/2026"), "content[0].attachment.creation", "value-date"),
    (_attached(language="français"), "content[0].attachment.language", "value-type"),
    (_with("docStatus", "final"), "docStatus", "forbidden-element"),
    (_with("implicitRules", "http://x"), "implicitRules", "modifier-not-supported"),
    (_with("modifierExtension", [{"url": "x"}]), "modifierExtension", "modifier-not-supported"),
    (_with("securityLabel", [{"coding": [{"code": "MASQUE_PT"}]}]), "securityLabel[0]", "label-unknown"),
    (_with("securityLabel", [{"text": "secret"}]), "securityLabel[0]", "label-unknown"),
    (_with("relatesTo", [{"code": "replaces"}]), "relatesTo[0].target", "required"),
    (_with("relatesTo", [{"code": "replaces", "target": {"display": "x"}}]), "relatesTo[0].target", "value-type"),
    (_with("contained", [1]), "contained[0]", "value-type"),
]


@pytest.mark.parametrize(("change", "place", "code"), REFUSED)
def test_refused_at_its_place(change: Callable[[JSON], object], place: str, code: str) -> None:
    resource = publication()
    change(resource)
    assert refusals(resource) == {f"DocumentReference.{place}": code}


def test_every_problem_at_once() -> None:
    resource = publication()
    resource |= {"status": "x", "date": "x", "securityLabel": [{"text": "x"}], "type": {"text": "x"}}
    assert len(refusals(resource)) == 4


def test_strict_demands_the_custodian() -> None:
    resource = publication()
    del resource["custodian"]
    assert warnings(read(resource)) == {"DocumentReference.custodian": "custodian-missing"}
    assert refusals(resource, strict=True) == {"DocumentReference.custodian": "custodian-missing"}
    with pytest.raises(FhirError) as caught:
        read(resource, strict=True)
    assert caught.value.status == 422


def test_strict_forbids_what_the_simplified_profile_forbids() -> None:
    resource = publication()
    resource["identifier"] = [{"type": {"coding": [{"code": "entryUUID"}]}, "value": "urn:uuid:x"}]
    resource["context"] = {"event": [{"text": "a"}, {"text": "b"}]}
    assert len(read(resource).entry.events) == 2
    assert refusals(resource, strict=True) == {
        "DocumentReference.identifier[0]": "forbidden-element",
        "DocumentReference.context.event": "too-many",
    }


@pytest.mark.parametrize(
    ("payload", "code", "status"),
    [
        (b"", "not-json", 400),
        (b"\xff", "not-json", 400),
        (b"<DocumentReference/>", "not-json", 400),
        (b"[" * 100_000, "not-json", 400),
        (b"[]", "not-a-resource", 400),
        (b'{"resourceType":1}', "not-a-resource", 400),
        (b'{"resourceType":"Patient"}', "wrong-resource-type", 400),
        (b'{"a":"' + b"x" * body.HEAD_LIMIT + b'"}', "too-large", 413),
    ],
)
def test_what_is_no_resource(payload: bytes, code: str, status: int) -> None:
    with pytest.raises(FhirError) as caught:
        document_reference.read(payload)
    assert caught.value.issues[0].details_code == code
    assert caught.value.status == status


def test_a_resource_made_to_be_read_for_ever() -> None:
    """Small, but every author leads to the same person with many codes: the work is bounded."""
    codings = [{"code": "x"}] * 200
    qualifications = [{"code": {"coding": codings}}] * 150
    resource = publication() | {"author": [{"reference": "#who"}] * 200}
    resource["contained"] = [{"resourceType": "Practitioner", "id": "who", "qualification": qualifications}]
    with pytest.raises(FhirError) as caught:
        read(resource)
    assert caught.value.issues[0].details_code == "too-large"


def test_many_problems_are_told_within_reason() -> None:
    resource = publication()
    resource["contained"] += [{"resourceType": "Patient", "id": f"p{n}", "name": "x"} for n in range(150)]
    resource["identifier"] = ["x"] * 150 + [{"value": ""}] * 50
    with pytest.raises(FhirError) as caught:
        read(resource)
    assert len(caught.value.issues) <= 200


# Whose document


@pytest.mark.parametrize(
    ("subject", "reference", "stated"),
    [
        ({"reference": "Patient/abc"}, "abc", None),
        ({"reference": "https://carnet.example/fhir/Patient/abc/_history/2"}, "abc", None),
        ({"reference": f"Patient?identifier=urn%3Aoid%3A{TEST}%7C{INS}"}, None, INS),
        ({"reference": f"https://x.example/fhir/Patient?identifier=urn:oid:{TEST}|{INS[:13]}"}, None, INS),
        ({"identifier": {"system": f"urn:oid:{TEST}", "value": INS}}, None, INS),
        ({"reference": "Patient/abc", "identifier": {"system": TEST, "value": INS}}, "abc", INS),
        ({"reference": "#pat"}, None, INS),
    ],
)
def test_subjects(subject: JSON, reference: str | None, stated: str | None) -> None:
    resource = publication() | {"subject": subject}
    number = {"system": f"urn:oid:{TEST}", "value": INS}
    resource["contained"].append({"resourceType": "Patient", "id": "pat", "identifier": [number]})
    submission = read(resource)
    assert submission.subject_reference == reference
    assert submission.entry.patient.ins == (Identifier(TEST, stated) if stated else None)


def test_source_patient_gives_traits_and_must_be_the_same_person() -> None:
    resource = publication()
    source: JSON = {
        "resourceType": "Patient",
        "id": "source",
        "identifier": [{"system": "urn:oid:1.2.3", "value": "IPP7"}, {"system": f"urn:oid:{TEST}", "value": INS}],
        "name": [
            {
                "use": "official",
                "family": "PAT-TROIS",
                "given": ["DOMINIQUE"],
                "extension": [
                    {
                        "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name",
                        "valueString": "DOMINIQUE MARIE",
                    }
                ],
            }
        ],
        "gender": "female",
        "birthDate": "1979-03-28",
    }
    resource["contained"].append(source)
    resource["context"] = {"sourcePatientInfo": {"reference": "#source"}}
    traits = read(resource).entry.patient
    assert traits.local == Identifier("1.2.3", "IPP7")
    assert (traits.birth_family, traits.birth_given, traits.birth_givens) == (
        "PAT-TROIS",
        "DOMINIQUE",
        "DOMINIQUE MARIE",
    )
    assert (traits.sex, traits.birth_date) == ("F", "1979-03-28")
    source["identifier"][1]["value"] = OTHER_INS
    assert refusals(resource) == {"DocumentReference.context.sourcePatientInfo": "patient-mismatch"}


# Who wrote it


def author_of(*contained: JSON, reference: JSON | None = None) -> Author:
    resource = publication() | {"author": [reference or {"reference": "#who"}]}
    resource["contained"] = list(contained) or resource["contained"]
    return read(resource).entry.authors[0]


def test_a_role_brings_person_organisation_and_profession() -> None:
    author = author_of(
        {
            "resourceType": "PractitionerRole",
            "id": "who",
            "practitioner": {"reference": "#person"},
            "organization": {"reference": "#house"},
            "code": [{"text": "Médecin traitant"}],
            "specialty": [{"coding": [{"system": systems.to_uri(systems.A02_AUTHOR), "code": "G15_10/SM26"}]}],
        },
        {
            "resourceType": "Practitioner",
            "id": "person",
            "identifier": [
                {"system": "urn:oid:9.9", "value": "local"},
                {"system": "https://rpps.esante.gouv.fr", "value": "01234567897"},
            ],
            "name": [{"family": "BOILEAU", "given": ["Charles", "Henri"], "prefix": ["M"], "suffix": ["DR"]}],
        },
        {
            "resourceType": "Organization",
            "id": "house",
            "name": "Centre",
            "identifier": [{"system": "https://finess.esante.gouv.fr", "value": "750803447"}],
        },
    )
    assert author.identifier == Identifier("1.2.250.1.71.4.2.1", "801234567897")
    assert (author.family, author.given, author.prefix, author.suffix) == ("BOILEAU", "Charles Henri", "M", "DR")
    assert author.role == "Médecin traitant"
    assert author.profession is not None
    assert (author.profession.system, author.profession.code) == (systems.A02_AUTHOR, "G15_10/SM26")
    assert author.organisation == Organisation("Centre", Identifier("1.2.250.1.71.4.2.2", "1750803447"))


def test_a_practitioner_by_qualification() -> None:
    qualification = [
        {"code": {"coding": [{"system": "http://x", "code": "DE"}]}},
        {
            "code": {
                "coding": [
                    {"system": "http://y", "code": "C"},
                    {"system": systems.to_uri("1.2.250.1.71.1.2.7"), "code": "70"},
                ]
            }
        },
    ]
    author = author_of({"resourceType": "Practitioner", "id": "who", "qualification": qualification})
    assert author.profession is not None
    assert (author.profession.system, author.profession.code) == (systems.G15, "70")


def test_devices_organisations_patients_and_names_alone() -> None:
    device = author_of(
        {
            "resourceType": "Device",
            "id": "who",
            "deviceName": [{"name": "Automate", "type": "other"}],
            "owner": {"display": "Labo"},
        }
    )
    assert (device.device, device.organisation) == ("Automate", Organisation("Labo"))
    assert author_of({"resourceType": "Organization", "id": "who", "name": "Labo"}) == Author(
        organisation=Organisation("Labo")
    )
    number = {"system": f"urn:oid:{TEST}", "value": INS}
    patient = author_of({"resourceType": "Patient", "id": "who", "identifier": [number], "name": [{"family": "X"}]})
    assert patient == Author(identifier=Identifier(TEST, INS), family="X")
    assert author_of(reference={"display": "Dr Martin"}) == Author(family="Dr Martin")
    assert author_of(reference={"type": "Organization", "display": "Labo"}).organisation == Organisation("Labo")
    logical = {"identifier": {"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1750803447"}}
    assert author_of(reference=logical).organisation is not None


def test_an_author_that_leads_nowhere_is_a_warning() -> None:
    resource = publication() | {"author": [{"reference": "Practitioner/9"}, {"reference": "#no"}]}
    resource["contained"] = [{"resourceType": "Basic", "id": "no"}]
    submission = read(resource)
    assert submission.entry.authors == ()
    assert set(warnings(submission)) == {"DocumentReference.author[0]", "DocumentReference.author[1]"}


# The rest


def test_identifiers_relations_and_context() -> None:
    kind = {"coding": [{"system": "urn:ietf:rfc:3986", "code": "urn:ihe:iti:xds:2013:order"}]}
    resource = publication()
    resource["masterIdentifier"] = {"system": "urn:oid:1.2.3", "value": "A-1"}
    resource["identifier"] = [
        {"type": {"coding": [{"code": "entryUUID"}]}, "system": "urn:ietf:rfc:3986", "value": "urn:uuid:x"},
        {"system": "urn:oid:1.2.3", "value": "A-1"},
        {"system": "http://x", "value": "1"},
    ]
    resource["relatesTo"] = [
        {"code": "replaces", "target": {"reference": "DocumentReference/old"}},
        {"code": "replaces", "target": {"identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.9"}}},
        {"code": "appends", "target": {"reference": "DocumentReference/other"}},
    ]
    resource["context"] = {
        "event": [{"coding": [{"system": "urn:oid:1.2.250.1.215.300.1", "code": "ACQH004"}]}],
        "period": {"start": "2026-06-01", "end": "2026-06-02T10:00:00Z"},
        "related": [
            {"identifier": {"system": "urn:oid:1.7", "value": "42", "type": kind}},
            {"reference": "Observation/1"},
        ],
    }
    resource["category"] = [{"coding": [{"code": "11"}]}]
    submission = read(resource)
    entry = submission.entry
    assert entry.unique_id == "1.2.3^A-1"
    assert (entry.replaces, submission.replaces_references) == (("1.9",), ("old",))
    assert entry.events[0].system == "1.2.250.1.215.300.1"
    assert entry.references[0].kind == "order"
    assert entry.references[0].identifier == Identifier("1.7", "42")
    assert entry.period.start is not None
    assert warnings(submission) == {
        "DocumentReference.identifier[0]": "entry-uuid-given",
        "DocumentReference.identifier[2]": "element-not-kept",
        "DocumentReference.relatesTo[2].code": "relation-not-processed",
        "DocumentReference.context.related[1]": "element-not-kept",
        "DocumentReference.category[0]": "class-derived",
    }
    partial = [issue.xds for issue in submission.warnings if issue.details_code == "relation-not-processed"]
    assert partial == ["PartialAppendContentNotProcessed"]


@pytest.mark.parametrize("kind", ["text/xml", "application/xml", "Application/XML; charset=utf-8"])
def test_one_name_for_xml(kind: str) -> None:
    resource = publication()
    resource["content"][0]["attachment"]["contentType"] = kind
    assert read(resource).entry.media_type == "text/xml"


# Large bodies

LARGE = bytes(range(256)) * 400


def large(text: Callable[[str], str]) -> bytes:
    resource = publication()
    resource["content"][0]["attachment"]["data"] = "@@"
    return json.dumps(resource).replace("@@", text(base64.b64encode(LARGE).decode())).encode()


@pytest.mark.parametrize(
    "text",
    [
        lambda data: data,
        lambda data: data.replace("/", "\\/"),
        lambda data: "\\n".join(data[i : i + 76] for i in range(0, len(data), 76)),
        lambda data: " ".join(data[i : i + 4] for i in range(0, len(data), 4)),
    ],
    ids=["plain", "escaped slashes", "lines", "blanks"],
)
def test_a_large_literal_is_cut_out_and_decoded(text: Callable[[str], str]) -> None:
    assert document_reference.read(large(text)).content == LARGE
    assert document_reference.read(bytearray(large(text))).content == LARGE


@pytest.mark.parametrize("data", ["é" * 5000, "A" * 5000 + "\\u0041", "A" * 5001, "A" * 5000 + '\\"', "=" * 5000])
def test_a_large_literal_that_is_no_base64(data: str) -> None:
    with pytest.raises(FhirError) as caught:
        document_reference.read(large(lambda _: data))
    assert caught.value.issues[0].details_code == "value-base64"


def test_texts_that_look_like_the_content_are_left_alone() -> None:
    resource = publication()
    resource["content"][0]["attachment"]["title"] = '"data":"' + "A" * 3900
    photo = {"contentType": "image/png", "data": base64.b64encode(LARGE[:9000]).decode()}
    resource["contained"][0]["photo"] = [photo]
    submission = read(resource)
    assert submission.content == CONTENT
    assert submission.entry.title.startswith('"data":"AAA')


def test_messages_never_repeat_the_resource() -> None:
    resource = publication()
    secret = "Confidentiel"
    resource |= {"status": secret, "date": secret, "subject": {"reference": secret}, "type": {"text": secret}}
    resource["contained"][0]["identifier"] = secret
    resource["securityLabel"] = [{"coding": [{"code": secret}]}]
    resource["content"][0]["attachment"] |= {"hash": secret, "contentType": secret, "title": secret + "\x01"}
    with pytest.raises(FhirError) as caught:
        read(resource)
    assert secret not in caught.value.body().decode() + str(caught.value)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8) | st.floats(allow_nan=False, width=16),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = [*publication(), "identifier", "category", "securityLabel", "relatesTo", "context", "authenticator"]


@settings(max_examples=cases(100), deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES[1:]), values, max_size=4))
def test_any_shape_is_read_or_refused_with_its_place(changes: JSON) -> None:
    resource = publication() | changes
    with contextlib.suppress(FhirError):
        assert read(resource).entry.unique_id


@settings(max_examples=cases(100), deadline=None)
@given(st.data())
def test_any_value_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    resource = publication()
    resource["context"] = {"event": [{"coding": [{"code": "x"}]}], "period": {"start": "2026"}, "related": [{}]}
    resource["relatesTo"] = [{"code": "replaces", "target": {"reference": "DocumentReference/1"}}]
    resource["securityLabel"] = [{"coding": [{"code": "N"}]}]
    place: Any = resource
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            place[key] = data.draw(values)
            break
        place = inner
    with contextlib.suppress(FhirError):
        read(resource)
