"""What is built is read back as it was meant, keeps the schema, and is the same every time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from carnet.formats.cda import CdaError, Level1, attachments, read, read_body
from carnet.formats.cda.build import MEDIA_TYPES, Address, Contact, Details, Paragraph, Section, Telecom, level1, level3
from carnet.formats.cda.build.codes import loinc
from carnet.formats.cda.build.sections import conclusion
from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Organisation, Patient, Period, Reference
from tests.cases import cases
from tests.formats.cda.build.strategy import DICOM, details, entries, instants, texts
from tests.formats.cda.schema import complaints

_NATIONAL: Final = "1.2.250.1.71.4.2.1"
_HOUSE: Final = Organisation("Cabinet du Port", Identifier("1.2.250.1.71.4.2.2", "1990000019"))
DOCTOR: Final = Author(
    identifier=Identifier(_NATIONAL, "810001001014"),
    family="MARTIN",
    given="Philippe",
    suffix="DR",
    profession=Coded("G15_10/SM54", "1.2.250.1.213.1.1.4.5", "Médecin - Médecine générale (SM)"),
    organisation=_HOUSE,
    at=datetime(2026, 3, 1, 9, tzinfo=UTC),
)
ENTRY: Final = DocumentEntry(
    unique_id="1.2.3.4^D1",
    type=loinc("11488-4", "CR ou fiche de consultation ou de visite"),
    title="Consultation : « œil & main »",
    created=datetime(2026, 3, 1, 9, tzinfo=UTC),
    media_type="text/xml",
    patient=Patient(
        ins=Identifier("1.2.250.1.213.1.4.10", "279035121518989"),
        birth_family="PAT-TROIS",
        birth_given="DOMINIQUE",
        birth_givens="DOMINIQUE MARIE-LOUISE",
        sex="F",
        birth_date="1979-03-28",
        birth_place="51215",
    ),
    confidentiality=Coded("N", "2.16.840.1.113883.5.25", "Normal"),
    authors=(DOCTOR,),
    authenticator=DOCTOR,
    custodian=_HOUSE,
    events=(loinc("11488-4", "Consultation"),),
    period=Period(datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
    facility=Coded("SA08", "1.2.250.1.71.4.2.4", "Cabinet de groupe"),
    setting=Coded("AMBULATOIRE", "1.2.250.1.213.1.1.4.9", "Ambulatoire"),
    set_id="1.2.3.4^D",
    version="1",
)
# Independent of the table of the reader: what ASS_A12 says of files, and ASS_A11 of some models.
_FILE_FORMATS: Final = {
    "application/pdf": "urn:ihe:iti:xds-sd:pdf:2008",
    "text/plain": "urn:ihe:iti:xds-sd:text:2008",
    "text/rtf": "urn:ihe:iti-fr:xds-sd:rtf:2010",
    "image/jpeg": "urn:ihe:iti-fr:xds-sd:jpeg:2010",
    "image/tiff": "urn:ihe:iti-fr:xds-sd:tiff:2010",
    "image/png": "urn:asipSante:modelesHorsProfils:2011",
}
_MODELS: Final = ("urn:ihe:lab:xd-lab:2008", "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013")


def _format(code: str) -> Coded:
    return Coded(code, "1.3.6.1.4.1.19376.1.2.3" if code.startswith("urn:ihe:") else "1.2.250.1.213.1.1.4.2.282")


def _ids(data: bytes) -> Counter[str]:
    """Identifiers that must be the document's own: of its sections, entries and encounter, and of its text."""
    root = etree.fromstring(data)
    own = [each.get("ID") or "" for each in root.iter() if each.get("ID")]
    for name in ("section", "encompassingEncounter", "observation", "organizer", "substanceAdministration", "supply"):
        own += [each.get("root") or "" for each in root.iterfind(f".//{{*}}{name}/{{*}}id")]
    return Counter(own)


@given(data=st.data(), entry=entries(), content=st.binary(min_size=1), media_type=st.sampled_from(sorted(MEDIA_TYPES)))
@settings(max_examples=cases(150))
def test_a_file_travels_with_its_entry(
    data: st.DataObject, entry: DocumentEntry, content: bytes, media_type: str
) -> None:
    built = level1(entry, content, media_type, data.draw(details(entry)))
    assert replace(read(built), warnings=()) == replace(entry, format=_format(_FILE_FORMATS[media_type]))
    assert read_body(built) == Level1(media_type, content)
    assert complaints(etree.fromstring(built)) == []


@given(data=st.data(), entry=entries(), model=st.sampled_from(_MODELS))
@settings(max_examples=cases(80))
def test_a_structured_body_travels_with_its_entry(data: st.DataObject, entry: DocumentEntry, model: str) -> None:
    entry = replace(entry, format=_format(model))
    built = level3(entry, [conclusion("Rien à signaler.")], data.draw(details(entry)))
    assert replace(read(built), warnings=()) == entry
    assert complaints(etree.fromstring(built)) == []
    assert set(_ids(built).values()) == {1}
    assert attachments(built) == []


@given(entry=entries(), content=st.binary(min_size=1))
@settings(max_examples=cases(20))
def test_the_same_facts_give_the_same_bytes(entry: DocumentEntry, content: bytes) -> None:
    assert level1(entry, content, "application/pdf") == level1(replace(entry), bytes(content), "application/pdf")
    sections = [conclusion("Un."), conclusion("Deux.")]
    assert level3(entry, sections) == level3(replace(entry), list(sections))


@given(instants)
@settings(max_examples=cases(100))
def test_instants_are_kept_to_their_offset(at: datetime) -> None:
    entry = read(level1(replace(ENTRY, created=at), b"x", "text/plain"))
    assert entry.created == at
    assert entry.created.utcoffset() == at.utcoffset()


def test_an_offset_with_seconds_is_rounded_and_the_instant_kept() -> None:
    from zoneinfo import ZoneInfo

    before_legal_time = datetime(1890, 7, 14, 12, tzinfo=ZoneInfo("Europe/Paris"))
    assert read(level1(replace(ENTRY, created=before_legal_time), b"x", "text/plain")).created == before_legal_time


def test_a_complete_entry_is_read_without_a_warning() -> None:
    assert read(level1(ENTRY, b"%PDF-1.7", "application/pdf")).warnings == ()


@pytest.mark.parametrize("code", [*_MODELS, "urn:asip:ci-sis:vsm:2012", "urn:ans:ci-sis:cse-mde:2023"])
def test_the_format_of_the_entry_chooses_the_model(code: str) -> None:
    assert read(level3(replace(ENTRY, format=_format(code)), [conclusion("Bien.")])).format == _format(code)


def test_systems_of_fhir_become_oids() -> None:
    type_ = Coded("11488-4", "http://loinc.org", "Consultation")
    doctor = replace(DOCTOR, identifier=Identifier(f"urn:oid:{_NATIONAL}", "810001001014"))
    entry = read(level1(replace(ENTRY, type=type_, authors=(doctor,)), b"x", "text/plain"))
    assert entry.type.system == "2.16.840.1.113883.6.1"
    assert entry.authors == (DOCTOR,)


_FORBIDDEN = "\x00\x01\x08\x0b\x0c\x1b\x1f\ud800\udfff\ufffe\uffff"
_PLACES: Final[dict[str, Callable[[str], DocumentEntry]]] = {
    "title": lambda text: replace(ENTRY, title=text),
    "display": lambda text: replace(ENTRY, type=replace(ENTRY.type, display=text)),
    "patient": lambda text: replace(ENTRY, patient=replace(ENTRY.patient, used_given=text)),
    "author": lambda text: replace(ENTRY, authors=(replace(DOCTOR, family=text),)),
    "role": lambda text: replace(ENTRY, authors=(replace(DOCTOR, role=text),)),
    "house": lambda text: replace(ENTRY, custodian=replace(_HOUSE, name=text)),
}


@pytest.mark.parametrize("place", _PLACES)
@given(before=texts(), character=st.sampled_from(_FORBIDDEN), after=texts())
@settings(max_examples=cases(15))
def test_control_characters_are_refused_wherever_they_stand(
    place: str, before: str, character: str, after: str
) -> None:
    with pytest.raises(CdaError) as caught:
        level1(_PLACES[place](before + character + after), b"x", "text/plain")
    assert caught.value.code == "unwritable-character"
    assert character not in caught.value.message


def test_control_characters_are_refused_in_the_text_of_sections() -> None:
    for section in (conclusion("a\x00b"), Section(loinc("55110-1", "Conclusion"), "a\x1fb", blocks=(Paragraph("c"),))):
        with pytest.raises(CdaError) as caught:
            level3(ENTRY, [section])
        assert caught.value.code == "unwritable-character"


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (replace(ENTRY, unique_id="D1"), "bad-document-id"),
        (replace(ENTRY, unique_id=""), "bad-document-id"),
        (replace(ENTRY, set_id="1.2^a^b"), "bad-document-id"),
        (replace(ENTRY, replaces=("urn:oid:1.2.3",)), "bad-document-id"),
        (replace(ENTRY, type=Coded("")), "missing-type"),
        (replace(ENTRY, version="2 bis"), "bad-version"),
        (replace(ENTRY, confidentiality=Coded("U")), "unknown-confidentiality"),
        (replace(ENTRY, labels=frozenset({"MASQUE_PT"})), "unknown-confidentiality"),
        (replace(ENTRY, patient=Patient(ins=Identifier("1.2.250.1.213.1.4.8", "12"))), "bad-ins"),
        (replace(ENTRY, facility=Coded("a", "https://example.org/codes")), "system-without-oid"),
        (replace(ENTRY, custodian=Organisation("A", Identifier("https://a.example", "1"))), "system-without-oid"),
        (replace(ENTRY, references=(Reference("study", Identifier("1.2", "3")),)), "study-without-modality"),
    ],
)
def test_what_a_document_cannot_say_is_refused_by_name(entry: DocumentEntry, code: str) -> None:
    with pytest.raises(CdaError) as first:
        level1(entry, b"x", "text/plain")
    with pytest.raises(CdaError) as second:
        level3(entry, [conclusion("Bien.")])
    for caught in (first, second):
        assert caught.value.code == code
        assert caught.value.where.startswith("/ClinicalDocument/")
        assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"", "application/pdf", "empty-body"),
        (b"x", "text/html", "unsupported-media-type"),
        (b"x", "", "unsupported-media-type"),
    ],
)
def test_a_file_that_cannot_be_a_body(content: bytes, media_type: str, code: str) -> None:
    with pytest.raises(CdaError) as caught:
        level1(ENTRY, content, media_type)
    assert caught.value.code == code


def test_a_structured_body_has_a_section() -> None:
    with pytest.raises(CdaError) as caught:
        level3(ENTRY, [])
    assert caught.value.code == "empty-body"


def test_a_study_stands_beside_its_modality() -> None:
    study = Reference("study", Identifier("urn:ietf:rfc:3986", "urn:oid:1.2.840.99"))
    entry = replace(ENTRY, events=(*ENTRY.events, Coded("MR", DICOM, "IRM")), references=(study,))
    assert read(level1(entry, b"x", "text/plain", Details())).references == (study,)


def test_people_are_reached_where_the_details_say_and_at_their_house_otherwise() -> None:
    house = Contact(Address("31 quai des Goélands", "29200", "BREST"), (Telecom("tel:0261910003", "WP"),))
    known = Details(
        patient=Contact(Address("8 rue des Mariniers", "49000", "ANGERS"), (Telecom("tel:0639980089", "MC"),)),
        birth_city="DOMPREMY",
        contacts={_HOUSE.identifier: house} if _HOUSE.identifier else {},
    )
    root = etree.fromstring(level1(ENTRY, b"x", "text/plain", known))
    cities = {
        "patientRole/{*}addr": "ANGERS",
        "assignedAuthor/{*}addr": "BREST",
        "assignedAuthor/{*}representedOrganization/{*}addr": "BREST",
        "legalAuthenticator/{*}assignedEntity/{*}addr": "BREST",
        "representedCustodianOrganization/{*}addr": "BREST",
        "performer/{*}assignedEntity/{*}addr": "BREST",
        "healthCareFacility/{*}location/{*}addr": "BREST",
        "birthplace/{*}place/{*}addr": "DOMPREMY",
    }
    assert {path: root.findtext(f".//{{*}}{path}/{{*}}city") for path in cities} == cities
    telecoms = {each.get("value") for each in root.iterfind(".//{*}telecom")}
    assert telecoms == {"tel:0639980089", "tel:0261910003"}


def test_what_nobody_told_is_null() -> None:
    root = etree.fromstring(level1(ENTRY, b"x", "text/plain"))
    found = [each for name in ("addr", "telecom") for each in root.iterfind(f".//{{*}}patientRole/{{*}}{name}")]
    assert [each.get("nullFlavor") for each in found] == ["NASK", "NASK"]


def test_a_date_of_birth_may_be_partial() -> None:
    for known in ("1979", "1979-03", date(1979, 3, 28).isoformat()):
        entry = replace(ENTRY, patient=replace(ENTRY.patient, birth_date=known))
        assert read(level1(entry, b"x", "text/plain")).patient.birth_date == known
