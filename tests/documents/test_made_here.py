"""The CDA document that is built around a professional's file: its header says what CI-SIS asks, and deposited back it
is the same document. The official header schematrons are not in the material of the house: what is asked here is told
again by hand, apart from the code that writes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import orjson
import pytest
from lxml import etree

from carnet.documents import drafts, queries, texts, writing
from carnet.documents.writing import Written
from carnet.formats.cda import body, header
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.documents.test_texts import two_pages
from tests.formats.cda.schema import complaints
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

NS = {"h": "urn:hl7-org:v3"}
_PERFORMER = "documentationOf[1]/h:serviceEvent/h:performer/h:assignedEntity/h:representedOrganization"
_FACILITY = "componentOf/h:encompassingEncounter/h:location/h:healthCareFacility/h:code"
# Of the minimal header of the CI-SIS: exactly one of each, by its path.
ONE = (
    "realmCode[@code='FR']",
    "typeId[@root='2.16.840.1.113883.1.3'][@extension='POCD_HD000040']",
    "templateId[@root='2.16.840.1.113883.2.8.2.1']",
    "templateId[@root='1.2.250.1.213.1.1.1.1']",
    "templateId[@root='1.3.6.1.4.1.19376.1.2.20']",
    "id[starts-with(@root, '2.25.')]",
    "code[@code='11488-4'][@codeSystem='2.16.840.1.113883.6.1'][@displayName]",
    "title[text()='Consultation du jour']",
    "effectiveTime[@value]",
    "confidentialityCode[@code='N'][@codeSystem='2.16.840.1.113883.5.25']",
    "languageCode[@code='fr-FR']",
    "setId",
    "versionNumber[@value='1']",
    "recordTarget/h:patientRole/h:id[@root='1.2.250.1.213.1.4.10'][string-length(@extension)=15]",
    "recordTarget/h:patientRole/h:patient/h:name/h:family[@qualifier='BR']",
    "recordTarget/h:patientRole/h:patient/h:name/h:given[@qualifier='BR']",
    "recordTarget/h:patientRole/h:patient/h:administrativeGenderCode[@codeSystem='2.16.840.1.113883.5.1']",
    "recordTarget/h:patientRole/h:patient/h:birthTime[string-length(@value)=8]",
    "author/h:time[@value]",
    "author/h:assignedAuthor/h:id[@root='1.2.250.1.71.4.2.1'][starts-with(@extension, '8')]",
    "author/h:assignedAuthor/h:code[@code='G15_10'][@codeSystem='1.2.250.1.213.1.1.4.5']",
    "author/h:assignedAuthor/h:assignedPerson/h:name/h:family",
    "author/h:assignedAuthor/h:representedOrganization/h:id[@root='1.2.250.1.71.4.2.2']",
    "custodian/h:assignedCustodian/h:representedCustodianOrganization/h:id[@root='1.2.250.1.71.4.2.2']",
    "custodian/h:assignedCustodian/h:representedCustodianOrganization/h:name",
    "legalAuthenticator/h:time[@value]",
    "legalAuthenticator/h:signatureCode[@code='S']",
    "legalAuthenticator/h:assignedEntity/h:id[@root='1.2.250.1.71.4.2.1']",
    "documentationOf[1]/h:serviceEvent/h:effectiveTime/h:low[@value]",
    _PERFORMER + "/h:standardIndustryClassCode[@code='AMBULATOIRE'][@codeSystem='1.2.250.1.213.1.1.4.9']",
    "documentationOf[2]/h:serviceEvent/h:code[@code='DEQP003'][@codeSystem='1.2.250.1.215.300.1']",
    "componentOf/h:encompassingEncounter/h:effectiveTime/h:low",
    _FACILITY + "[@code='SA07'][@codeSystem='1.2.250.1.71.4.2.4']",
    "component/h:nonXMLBody/h:text[@mediaType='application/pdf'][@representation='B64']",
)


def a_doctor_of_a_practice() -> Actor:
    number = f"1{uuid4().int % 10**9:09d}"
    house = people_actions.add_organisation(organisation_id=uuid4(), identifier=number, name="Cabinet de l'Essai")
    return people.a_doctor(organisation_id=house)


def added(doctor: Actor, patient: Resident, data: bytes, **said: str) -> tuple[queries.Document, bytes]:
    piece = drafts.receive("courrier.pdf", data, limit=10**7, until=clock.now() + timedelta(hours=1))
    draft = drafts.extend(doctor, patient.record_id, uuid4(), [piece])
    assert draft is not None
    written = Written("Consultation du jour", "11488-4", date(2025, 10, 12), **said)  # type: ignore[arg-type]
    done = writing.add(doctor, record_id=patient.record_id, draft=draft, written=written)
    return read(doctor, patient, done.id)


def read(reader: Actor, patient: Resident, document_id: UUID) -> tuple[queries.Document, bytes]:
    content = queries.content(reader, Purpose.CARE, patient.record_id, document_id)
    assert content is not None
    return content.document, b"".join(content.chunks)


def file_in(data: bytes) -> bytes:
    found = body.read_file(data)
    assert found is not None
    return found.data


def test_the_header_says_what_is_asked_of_it() -> None:
    patient, doctor = people.a_patient(), a_doctor_of_a_practice()
    said = {"act": "DEQP003", "facility": "SA07", "setting": "AMBULATOIRE"}
    document, data = added(doctor, patient, two_pages(), **said)
    tree = etree.fromstring(data)
    assert complaints(tree) == []
    counted = {path: int(tree.xpath(f"count(/h:ClinicalDocument/h:{path})", namespaces=NS)) for path in ONE}  # type: ignore[arg-type]
    assert counted == dict.fromkeys(ONE, 1)
    # What it says of itself is what the record says of it.
    told = orjson.loads(document.fhir)
    assert told["context"]["facilityType"]["coding"][0]["code"] == "SA07"
    assert told["context"]["practiceSetting"]["coding"][0]["code"] == "AMBULATOIRE"
    assert {each["coding"][0]["code"] for each in told["context"]["event"]} == {"11488-4", "DEQP003"}


def test_deposited_back_it_is_the_same_document_and_the_same_file() -> None:
    patient, doctor, pdf = people.a_patient(), a_doctor_of_a_practice(), two_pages()
    document, data = added(doctor, patient, pdf, facility="SA07", setting="AMBULATOIRE")
    assert file_in(data) == pdf
    assert texts.read(data, "text/xml").pages == texts.read(pdf, "application/pdf").pages
    # The same again, from other software, under another number.
    number = header.read(data).unique_id
    copy = data.replace(number.encode(), f"2.25.{uuid4().int}".encode())
    entry = header.read(copy)
    done = people.deposited(people.software(), patient, copy, of=replace(entry, format=header.read(data).format))
    again, bytes_again = read(people.authorised(patient, people.a_doctor()), patient, done.id)
    assert bytes_again == copy
    apart = {"id", "masterIdentifier", "identifier", "date", "meta", "content"}
    one, other = ({k: v for k, v in orjson.loads(each.fhir).items() if k not in apart} for each in (document, again))
    assert one == other
    assert file_in(bytes_again) == pdf
