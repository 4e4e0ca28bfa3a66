from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from carnet.formats.cda import CdaError, read
from carnet.formats.entry import Coded, Identifier, Reference
from tests.formats.cda.sample import HEADER, cda, level1

_RFC3986 = "urn:ietf:rfc:3986"


def _patient(ids: str, rest: str = "") -> str:
    return f"<recordTarget><patientRole>{ids}<patient>{rest}</patient></patientRole></recordTarget>"


def test_a_correct_header_is_read_without_a_warning() -> None:
    entry = read(cda())
    assert entry.warnings == ()
    assert entry.unique_id == "1.2.3.4^D1"
    assert entry.type == Coded("11502-2", "2.16.840.1.113883.6.1", "CR de biologie")
    assert entry.title == "Bilan sanguin"
    assert entry.created == datetime(2024, 1, 5, 8, 30, tzinfo=UTC)
    assert entry.created.utcoffset() == timedelta(hours=1)
    assert entry.media_type == "text/xml"
    assert entry.category is None
    assert entry.format == Coded("urn:ihe:lab:xd-lab:2008", "1.3.6.1.4.1.19376.1.2.3")
    assert entry.confidentiality == Coded("N", "2.16.840.1.113883.5.25")
    assert (entry.set_id, entry.version) == ("1.2.3.4.5", "3")
    assert entry.events == (Coded("18719-5", "2.16.840.1.113883.6.1"),)
    assert entry.period.start == datetime(2024, 1, 4, 7, tzinfo=UTC)
    assert entry.period.end == datetime(2024, 1, 4, 8, tzinfo=UTC)
    assert entry.facility == Coded("SA25", "1.2.250.1.71.4.2.4")
    assert entry.setting == Coded("AMBULATOIRE", "1.2.250.1.213.1.1.4.9")
    assert entry.references == (Reference("order", Identifier("1.2.3.7", "42")),)


def test_people_of_a_correct_header() -> None:
    entry = read(cda())
    patient, author = entry.patient, entry.authors[0]
    assert patient.ins == Identifier("1.2.250.1.213.1.4.10", "279035121518989")
    assert patient.local == Identifier("1.2.3.9", "IPP7")
    assert (patient.birth_family, patient.birth_given, patient.birth_givens) == ("DURAND", "ANNE", "ANNE MARIE")
    assert (patient.used_family, patient.used_given) == ("MARTIN", "ANNIE")
    assert (patient.sex, patient.birth_date, patient.birth_place) == ("F", "1979-03-28", "51215")
    assert author.identifier == Identifier("1.2.250.1.71.4.2.1", "810001001014")
    assert (author.prefix, author.given, author.family, author.role) == ("M", "Paul", "PETIT", "Rédacteur")
    assert author.profession == Coded("G15_10/SM26", "1.2.250.1.213.1.1.4.5", "Médecin généraliste")
    assert author.organisation is not None
    assert author.organisation.name == "Cabinet"
    assert author.at == datetime(2024, 1, 5, 8, 25, tzinfo=UTC)
    assert entry.authenticator is not None
    assert entry.authenticator.identifier == author.identifier
    assert entry.custodian is not None
    assert entry.custodian.identifier == Identifier("1.2.250.1.71.4.2.2", "1120456789")


def test_a_uuid_is_written_in_lower_case() -> None:
    root = "D52DE737-001D-4031-B571-0A0ED7C42300"
    assert read(cda(id=f'<id root="{root}"/>')).unique_id == root.lower()


@pytest.mark.parametrize(
    "id_",
    ["", '<id nullFlavor="UNK"/>', '<id root="D1"/>', '<id extension="D1"/>', '<id root="1.2" extension="a^b"/>',
     '<id root="1.2"/><id root="1.3"/>', f'<id root="1.2" extension="{"x" * 300}"/>'],
)  # fmt: skip
def test_an_identifier_that_cannot_name_the_document(id_: str) -> None:
    with pytest.raises(CdaError) as caught:
        read(cda(id=id_))
    assert (caught.value.code, caught.value.where) == ("bad-document-id", "/ClinicalDocument/id")


_UNREADABLE_INS = _patient('<id root="1.2.250.1.213.1.4.8" extension="12"/>')
_TWO_INS = _patient(
    '<id root="1.2.250.1.213.1.4.8" extension="279035121518989"/>'
    '<id root="1.2.250.1.213.1.4.8" extension="177113523803171"/>'
)


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("code", "<code nullFlavor='UNK'/>", "missing-type"),
        ("time", "", "missing-creation-time"),
        ("time", '<effectiveTime value="hier"/>', "bad-time"),
        ("patient", "", "patient-count"),
        ("patient", HEADER["patient"] * 2, "patient-count"),
        ("patient", _UNREADABLE_INS, "bad-ins"),
        ("patient", _TWO_INS, "ambiguous-ins"),
        ("confidentiality", '<confidentialityCode code="MASQUE_PT"/>', "unknown-confidentiality"),
    ],
)
def test_what_cannot_be_taken_says_so(part: str, value: str, code: str) -> None:
    with pytest.raises(CdaError) as caught:
        read(cda(**{part: value}))
    assert caught.value.code == code
    assert caught.value.where.startswith("/ClinicalDocument/")
    assert "279035121518989" not in caught.value.message


@pytest.mark.parametrize("body", ["<observation/>", "<nonXMLBody/><structuredBody/>"])
def test_there_is_exactly_one_body(body: str) -> None:
    with pytest.raises(CdaError) as caught:
        read(cda(body))
    assert caught.value.code in {"missing-body", "ambiguous-body"}


@pytest.mark.parametrize(
    ("part", "value", "warning"),
    [
        ("title", "", "titre"),
        ("language", "", "langue"),
        ("confidentiality", "", "confidentialité"),
        ("author", "", "auteur"),
        ("templates", "", "modèle"),
        ("events", "", "début de l’acte"),
        ("encounter", "", "modalité d’exercice"),
        ("code", '<code code="11502-2"/>', "codeSystem"),
        ("patient", _patient('<id root="1.2.3" extension="7"/>', '<birthTime value="1979"/>'), "INS"),
        ("patient", HEADER["patient"].replace("8989", "8900"), "clé"),
        ("patient", HEADER["patient"].replace("19790328", "28/03/79"), "naissance"),
        ("authenticator", HEADER["authenticator"].replace("20240105", "?"), "legalAuthenticator/time"),
        ("related", '<relatedDocument typeCode="APND"/>', "lien"),
        ("related", '<relatedDocument typeCode="RPLC"><parentDocument/></relatedDocument>', "remplacé"),
        ("events", HEADER["events"].replace("20240104090000", "20230104090000"), "avant"),
    ],
)
def test_harmless_faults_are_warnings(part: str, value: str, warning: str) -> None:
    warnings = read(cda(**{part: value})).warnings
    assert any(warning in each for each in warnings), warnings
    assert all(each.endswith(".") for each in warnings)


def test_a_missing_title_is_the_label_of_the_type() -> None:
    assert read(cda(title='<title nullFlavor="NI"/>')).title == "CR de biologie"


@pytest.mark.parametrize(
    ("codes", "base", "labels"),
    [
        (["MASQUE_PS"], None, {"MASQUE_PS"}),
        (["R", "INVISIBLE_PATIENT"], "R", {"INVISIBLE_PATIENT"}),
        (["N", "NOPAT", "INVISIBLE_REP_LEGAUX"], "N", {"INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"}),
        (["INVISIBLE_REPRESENTANTS_LEGAUX", "V"], "V", {"INVISIBLE_REPRESENTANTS_LEGAUX"}),
    ],
)
def test_visibility_labels_in_the_confidentiality(codes: list[str], base: str | None, labels: set[str]) -> None:
    entry = read(cda(confidentiality="".join(f'<confidentialityCode code="{code}"/>' for code in codes)))
    assert (entry.confidentiality and entry.confidentiality.code) == base
    assert entry.labels == labels


def test_labels_in_a_translation_count() -> None:
    code = '<confidentialityCode code="N"><translation code="MASQUE_PS"/></confidentialityCode>'
    assert read(cda(confidentiality=code)).labels == {"MASQUE_PS"}


def test_numbers_that_are_no_ins_are_neither_ins_nor_local() -> None:
    ids = "".join(f'<id root="1.2.250.1.213.1.4.{last}" extension="279035121518989"/>' for last in (2, 13))
    patient = read(cda(patient=_patient(ids))).patient
    assert (patient.ins, patient.local) == (None, None)


def test_the_lasting_ins_comes_before_the_waiting_one() -> None:
    ids = "".join(f'<id root="1.2.250.1.213.1.4.{last}" extension="279035121518989"/>' for last in (9, 8))
    assert read(cda(patient=_patient(ids))).patient.ins == Identifier("1.2.250.1.213.1.4.8", "279035121518989")


def test_a_device_and_an_organisation_may_be_authors() -> None:
    device = (
        "<author><assignedAuthor><id root='1.2.3' extension='4'/><assignedAuthoringDevice>"
        "<manufacturerModelName>.</manufacturerModelName><softwareName>Logiciel</softwareName>"
        "</assignedAuthoringDevice></assignedAuthor></author>"
    )
    house = "<author><assignedAuthor><representedOrganization><name>CPAM</name></representedOrganization>"
    authors = read(cda(author=device + house + "</assignedAuthor></author><author/>")).authors
    assert [(each.device, each.organisation and each.organisation.name) for each in authors] == [
        ("Logiciel", None),
        ("", "CPAM"),
    ]


def test_replacements_keep_their_dangling_links() -> None:
    parents = '<id root="1.2.3.4" extension="D0"/><id root="90E1C8EC-F951-4B26-A305-A34848818DD6"/>'
    related = f'<relatedDocument typeCode="RPLC"><parentDocument>{parents}</parentDocument></relatedDocument>'
    assert read(cda(related=related)).replaces == ("1.2.3.4^D0", "90e1c8ec-f951-4b26-a305-a34848818dd6")


def test_accession_and_study_are_told_from_orders() -> None:
    order = (
        '<inFulfillmentOf><order><id root="1.2.3.7" extension="42"/>'
        '<a:accessionNumber xmlns:a="urn:dicom-org:ps3-20" root="1.2.3.8" extension="43"/></order></inFulfillmentOf>'
    )
    event = '<documentationOf><serviceEvent><id root="1.2.840.1"/><code code="24727-0"><translation code="CT" {}/>'
    imaging = event.format('codeSystem="1.2.840.10008.2.16.4"') + "</code></serviceEvent></documentationOf>"
    other = event.format('codeSystem="1.2.3"') + "</code></serviceEvent></documentationOf>"
    assert read(cda(orders=order, events=imaging + other)).references == (
        Reference("order", Identifier("1.2.3.7", "42")),
        Reference("accession", Identifier("1.2.3.8", "43")),
        Reference("study", Identifier(_RFC3986, "urn:oid:1.2.840.1")),
    )


def test_the_principal_event_gives_time_and_setting_whatever_its_rank() -> None:
    plain = '<documentationOf><serviceEvent><code code="18723-7"/></serviceEvent></documentationOf>'
    entry = read(cda(events=plain + HEADER["events"]))
    assert [each.code for each in entry.events] == ["18723-7", "18719-5"]
    assert entry.period.start is not None
    assert entry.setting is not None


@pytest.mark.parametrize(
    ("media_type", "code", "system"),
    [
        ("application/pdf", "urn:ihe:iti:xds-sd:pdf:2008", "1.3.6.1.4.1.19376.1.2.3"),
        ("text/rtf", "urn:ihe:iti-fr:xds-sd:rtf:2010", "1.3.6.1.4.1.19376.1.2.3"),
        ("image/png", "urn:asipSante:modelesHorsProfils:2011", "1.2.250.1.213.1.1.4.2.282"),
    ],
)
def test_the_format_of_a_joined_file_is_that_of_the_file(media_type: str, code: str, system: str) -> None:
    assert read(level1(media_type=media_type)).format == Coded(code, system)
