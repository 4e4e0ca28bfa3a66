"""Simplified publish: whose document it is, and who wrote it."""

from __future__ import annotations

import pytest

from carnet.formats.entry import Author, Identifier, Organisation
from carnet.formats.terminology import systems
from tests.formats.fhir.bundles import INS, JSON, OTHER_INS, TEST
from tests.formats.fhir.publications import publication, read, refusals, warnings


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
