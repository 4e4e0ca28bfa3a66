"""A doctor writes the medical summary: proposed from the record, read as others will read it, deposited, and read back
by the house; what others may not read stays out of it unless it is chosen, with what follows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final
from uuid import UUID

import httpx2
import orjson
import pytest
from lxml import etree

from carnet.consent import actions as consent
from carnet.formats.cda import entries as cda
from carnet.formats.cda import header
from carnet.formats.cda.build import vsm
from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dosage,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Prescription,
    Problem,
    Procedure,
    Product,
    RelativeCondition,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Quantity, Range, Span
from carnet.formats.entry import Author, Coded
from carnet.formats.fhir import entries as fhir
from carnet.formats.terminology.systems import LOINC
from carnet.health import queries, reading
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.ids import fhir_id as fhir_id_of
from carnet.people.rules import Capacity
from tests.api.caller import Caller, refused, token
from tests.cast import INS
from tests.health.stated import stating
from tests.people import Resident, a_doctor, a_patient, deposited, entry, rpps_of
from tests.sessions import COOKIE, session_of
from tests.web.browsing import browsing
from tests.web.pro.desk import Desk, at_desk, attended, hidden, plain, record

ICD: Final = "2.16.840.1.113883.6.3"
ATC: Final = "2.16.840.1.113883.6.73"
H: Final = {"h": "urn:hl7-org:v3"}
CARDIOLOGIST: Final = Author(family="COEUR", given="Alix", suffix="DR")


def named(code: str, system: str, label: str) -> Concept:
    return Concept(label, (Coded(code, system, label),))


HTA: Final = Problem(
    kind=Kind.PROBLEM, code=named("I10", ICD, "Hypertension artérielle"), when=Span("2015-03"), clinical="active"
)
ASTHMA: Final = Problem(
    kind=Kind.PROBLEM,
    code=named("J45.9", ICD, "Asthme de l'enfance"),
    when=Span("1992", "2004"),
    clinical="resolved",
)
PENICILLIN: Final = Allergy(
    kind=Kind.ALLERGY,
    code=named("J01CA04", ATC, "Amoxicilline"),
    type="allergy",
    categories=("medication",),
    clinical="active",
    criticality="high",
    when=Span("2001"),
)
RAMIPRIL: Final = Prescription(
    kind=Kind.PRESCRIPTION,
    code=Concept(),
    status="active",
    when=Span("2026-10-02"),
    by=CARDIOLOGIST,
    product=Product(named("C09AA05", ATC, "Ramipril 5 mg, comprimé")),
    dosages=(Dosage(text="1 comprimé le matin"),),
)
TSH: Final = Observation(
    kind=Kind.RESULT,
    code=named("3016-3", LOINC, "TSH"),
    status="final",
    when=Span("2026-09-12"),
    value=Quantity(Decimal("7.2"), "m[IU]/L", "m[IU]/L"),
    interpretations=(named("H", "2.16.840.1.113883.5.83", "Élevé"),),
    ranges=(Range(Quantity(Decimal("0.4"), "m[IU]/L", "m[IU]/L"), Quantity(Decimal(4), "m[IU]/L", "m[IU]/L")),),
)
WEIGHT: Final = Observation(
    kind=Kind.MEASURE,
    code=named("29463-7", LOINC, "Poids"),
    status="final",
    when=Span("2026-09-01"),
    value=Quantity(Decimal("82.5"), "kg", "kg"),
)
DTP: Final = Vaccination(
    kind=Kind.VACCINATION, code=named("J07CA02", ATC, "DTCaP"), status="completed", when=Span("2021-05-04"), lot="L88"
)
APPENDIX: Final = Procedure(
    kind=Kind.PROCEDURE,
    code=named("HHFA001", "1.2.250.1.215.300.1", "Appendicectomie"),
    status="completed",
    when=Span("1999-07-14"),
)
MOTHER: Final = FamilyHistory(
    kind=Kind.FAMILY,
    code=named("MTH", "2.16.840.1.113883.5.111", "Mère"),
    status="completed",
    conditions=(RelativeCondition(code=named("C50.9", ICD, "Cancer du sein"), onset=Quantity(Decimal(52), "a", "a")),),
)
PACEMAKER: Final = Device(kind=Kind.DEVICE, code=Concept("Stimulateur cardiaque"), status="active", when=Span("2020"))
SMOKES: Final = Observation(
    kind=Kind.SOCIAL, code=named("72166-2", LOINC, "Tabac"), status="final", value="Arrêté en 2019"
)
OPEN: Final = (HTA, ASTHMA, PENICILLIN, RAMIPRIL, TSH, WEIGHT, DTP, APPENDIX, MOTHER, PACEMAKER, SMOKES)
SECRET: Final = Problem(
    kind=Kind.PROBLEM, code=named("F32.9", ICD, "Épisode dépressif"), when=Span("2025"), clinical="active"
)


@dataclass
class Writing:
    """A doctor at the summary of one record, without scripts."""

    desk: Desk
    record_id: UUID

    @property
    def address(self) -> str:
        return f"{record(self.record_id)}/synthese"

    def chapter(self, part: str) -> str:
        return self.desk.opens(f"{self.address}/{part}").text

    def line(self, part: str, text: str) -> str:
        """The key of the line that says it."""
        page = self.chapter(part)
        found = [
            key
            for key, said in re.findall(r'<label class="[^"]*" for="garder-([0-9a-f]{32})"[^>]*>(.*?)</label>', page)
            if text in plain(said)
        ]
        assert len(found) == 1, plain(page)
        return str(found[0])

    def saves(self, part: str, **changes: str | list[str]) -> httpx2.Response:
        """The form as it stands in the page, with some changes."""
        page = etree.HTML(self.chapter(part))
        fields: dict[str, list[str]] = {}
        (form,) = [each for each in page.iter("form") if (each.get("action") or "").endswith(f"synthese/{part}")]
        for each in form.iter("input", "textarea", "select"):
            kind, name = each.get("type") or "", each.get("name") or ""
            if kind in {"checkbox", "radio"} and each.get("checked") is None:
                continue
            written = "".join(map(str, each.itertext())) if each.tag == "textarea" else each.get("value") or ""
            fields.setdefault(name, []).append(written)
        whole = {**fields, "acte": ["garder"]}
        for name, value in changes.items():
            whole[name] = [value] if isinstance(value, str) else value
        return self.desk.client.post(f"{self.address}/{part}", data=whole, follow_redirects=True)

    def keeps(self, part: str, text: str, *, kept: bool = True) -> None:
        key = self.line(part, text)
        page = self.chapter(part)
        now = set(
            re.findall(r'id="garder-[0-9a-f]{32}" name="garder" type="checkbox" value="([0-9a-f]{32})" checked', page)
        )
        assert self.saves(part, garder=sorted(now | {key} if kept else now - {key})).status_code == 200

    def previews(self) -> str:
        return self.desk.opens(f"{self.address}/apercu").text

    def deposits(self, **fields: str) -> httpx2.Response:
        page = self.previews()
        known = {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "depot", "vu")}
        return self.desk.client.post(f"{self.address}/apercu", data=known | fields, follow_redirects=True)


def is_read(patient: Resident) -> None:
    """The job reads what was deposited."""
    while reading.read_record(patient.record_id):
        pass


def told(patient: Resident) -> tuple[queries.Line, ...]:
    return queries.lines(patient.actor, Purpose.SELF, patient.record_id)


def document_of(page: httpx2.Response) -> str:
    assert page.status_code == 200
    assert "/documents/" in page.url.path, plain(page.text)
    return page.url.path


def bare(entries: tuple[Entry, ...]) -> list[Entry]:
    """Without places and numbers, which are the document's own."""
    return [replace(each, path="", identifiers=()) for each in entries if each.kind is not Kind.ENCOUNTER]


def colleague(patient: Resident) -> Actor:
    friend = a_doctor()
    consent.authorise(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=friend.id)
    return friend


def test_what_is_written_is_deposited_read_and_told_again(server: str) -> None:
    # Given a record of which documents state many things, one of them masked
    patient = a_patient()
    doctor, friend = attended(patient, a_doctor()), colleague(patient)
    stating(patient, *OPEN)
    stating(patient, SECRET, of=entry(labels=frozenset({"MASQUE_PS"})))
    with at_desk(server, doctor) as desk, at_desk(server, friend) as other:
        sheet = Writing(desk, patient.record_id)
        # When its attending doctor begins the summary, it is proposed, without what others may not read
        begun = desk.text(sheet.address)
        for words in ("Hypertension artérielle", "Amoxicilline", "Ramipril 5 mg", "TSH : 7,2", "Appendicectomie"):
            assert words in begun
        assert "Épisode dépressif" not in begun
        assert "1 ligne que d'autres ne peuvent pas lire est laissée de côté" in begun
        restricted = plain(sheet.chapter("problemes"))
        assert "Épisode dépressif" in restricted
        assert "Masqué aux autres professionnels" in restricted
        # And what they correct, add and say is kept, for them alone, also after they signed out
        key = sheet.line("traitements", "Ramipril")
        assert sheet.saves("traitements", **{f"dose-{key}": "2 comprimés le matin"}).status_code == 200
        sheet.saves("problemes", quoi="Diabète de type 2", depuis="2020", remarque="Suivi partagé avec la cardiologie.")
        sheet.saves("vigilance", remarque="Pas de tension au bras gauche.")
        sheet.saves("grossesses", rien="aucun")
        faulty = sheet.saves("allergies", quoi="Latex", depuis="demain")
        assert faulty.status_code == 422
        assert 'href="#depuis"' in faulty.text
        desk.client.cookies.set(COOKIE, session_of(doctor))
        resumed = desk.text(sheet.address)
        assert "2 comprimés le matin" in resumed
        assert "Diabète de type 2" in resumed
        assert Writing(other, patient.record_id).desk.text(sheet.address).count("2 comprimés") == 0
        # Then they read it as others will, and deposit it
        shown = plain(sheet.previews())
        for words in ("Suivi partagé avec la cardiologie.", "Aucune grossesse connue.", "Mère"):
            assert words in shown
        address = document_of(sheet.deposits())
        content = desk.opens(f"{address}/original").content
        assert "Votre brouillon" not in desk.text(sheet.address)
        # And the house reads it: what it says are the facts of the record, with it among their sources
        is_read(patient)
        lines = {line.label: line for line in told(patient)}
        document_id = UUID(address.rpartition("/")[2])
        for label in ("Hypertension artérielle", "Amoxicilline", "TSH", "Appendicectomie", "DTCaP"):
            assert document_id in lines[label].sources, label
            assert len([each for each in told(patient) if each.label == label]) == 1
        assert document_id not in lines["Épisode dépressif"].sources
        # A colleague reads it once in the list, and the masked fact nowhere in it
        assert desk.text(record(patient.record_id)).count("Synthèse médicale") == 1
        assert "Hypertension artérielle" in other.text(address)
        assert other.opens(f"{address}/original").content == content
    # Software has the same as FHIR, under the one id that the document has
    fhir_id = fhir_id_of(patient.record_id, document_id)
    given = Caller.of(server, friend).get(f"Bundle/{fhir_id}")
    assert given.headers["Content-Type"] == "application/fhir+json"
    assert given.content == vsm.beside(content)
    assert Caller.of(server, friend).ids(
        "DocumentReference", {"patient.identifier": token(patient), "type": "SYNTH"}
    ) == {fhir_id}
    nowhere(content, "dépressif", "F32.9")
    keeps_to_its_model(content, patient, doctor)
    says_what_was_chosen(content)


def nowhere(content: bytes, *secrets: str) -> None:
    """Neither in the document nor in the one that goes with it."""
    beside = vsm.beside(content)
    assert beside
    for secret in secrets:
        assert secret.encode() not in content
        assert secret.encode() not in beside


def keeps_to_its_model(content: bytes, patient: Resident, doctor: Actor) -> None:
    """An independent table of what the model of 2013 asks for, in XPath."""
    written = header.read(content)
    assert written.type == vsm.TYPE
    assert written.format
    assert written.format.code == "urn:asip:ci-sis:vsm:2012"
    assert written.patient.ins
    assert written.patient.ins.value == patient.ins
    (author,) = written.authors
    assert author.identifier
    assert author.identifier.value == f"8{rpps_of(doctor)}"
    assert author.role == "Médecin traitant"
    root = etree.fromstring(content)
    section = "//h:section[h:templateId/@root='1.2.250.1.213.1.1.2.{}']"
    obs = "//h:observation[h:templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.4.{}']"
    for path, times in {
        "/h:ClinicalDocument/h:templateId[@root='1.2.250.1.213.1.1.1.13'][@extension='201310']": 1,
        "/h:ClinicalDocument/h:templateId[@root='1.2.250.1.213.1.1.1.1']": 1,
        "/h:ClinicalDocument/h:code[@code='SYNTH'][@codeSystem='1.2.250.1.213.1.1.4.12']": 1,
        "/h:ClinicalDocument/h:documentationOf/h:serviceEvent/h:code[@code='34117-2']": 1,
        section.format(29) + "[h:code/@code='46612-8']": 1,
        section.format(29) + "/h:component/h:section[h:templateId/@root='1.2.250.1.213.1.1.2.30']": 1,
        section.format(29) + "/h:component/h:section[h:templateId/@root='1.2.250.1.213.1.1.2.31']": 1,
        section.format(150) + "[h:code/@code='30954-2'][h:text]": 1,
        section.format(32) + "[h:code/@code='18776-5']/h:component/h:section[h:code/@code='10160-0'][h:text]": 1,
        section.format(132)
        + "/h:entry/h:act[h:templateId/@root='1.2.250.1.213.1.1.3.39'][h:statusCode/@code='active']": 2,
        section.format(134) + "/h:entry/h:act[h:statusCode/@code='completed']": 1,
        section.format(137) + obs.format(6) + "//h:playingEntity/h:code[@code='J01CA04']": 1,
        section.format(136) + "/h:entry/h:procedure/h:code[@code='HHFA001']": 1,
        section.format(139) + "/h:entry/h:organizer/h:subject/h:relatedSubject/h:code[@code='MTH']": 1,
        section.format(143) + "/h:entry/h:substanceAdministration[@moodCode='EVN'][h:statusCode/@code='completed']": 1,
        section.format(147) + "//h:lotNumberText[.='L88']": 1,
        "//h:observationMedia/h:value[@mediaType='application/fhir+json']": 1,
    }.items():
        found = root.xpath(path, namespaces=H)
        assert isinstance(found, list)
        assert len(found) == times, path
    marks = {each.get("ID") for each in root.iter() if each.get("ID")}
    pointers = [each.get("value") for each in root.iterfind(".//h:structuredBody//h:reference", H)]
    assert pointers
    assert {each.removeprefix("#") for each in pointers if each} <= marks


def says_what_was_chosen(content: bytes) -> None:
    read = cda.read(content)
    assert read.faults == ()
    by_code = {each.code.label: each for each in read.entries if each.kind is not Kind.ENCOUNTER}
    for stated in (HTA, ASTHMA, PENICILLIN, TSH, DTP, APPENDIX, PACEMAKER, SMOKES, MOTHER, WEIGHT):
        (wanted,) = bare((vsm.carried(stated, read.author),))
        (found,) = bare((by_code[stated.code.label],))
        assert found == wanted
    ramipril = by_code["Ramipril 5 mg, comprimé"]
    assert [each.text for each in ramipril.dosages] == ["2 comprimés le matin"]  # type: ignore[attr-defined]
    # The record's words, corrected, are the author's own; what they did not touch stays another's.
    assert ramipril.by is None
    assert by_code["Diabète de type 2"].code.code_of(ICD)
    assert by_code["Diabète de type 2"].when == Span("2020")
    assert vsm.remarks(content) == {
        vsm.Part.PROBLEMS: "Suivi partagé avec la cardiologie.",
        vsm.Part.WATCH: "Pas de tension au bras gauche.",
    }
    beside = vsm.beside(content)
    assert beside
    composition = orjson.loads(beside)["entry"][0]["resource"]
    assert composition["type"]["coding"][0]["code"] == "60591-5"
    watched = next(each for each in composition["section"] if each["code"]["coding"][0]["code"] == "44944-7")
    assert "Pas de tension au bras gauche." in watched["text"]["div"]
    assert "Suivi partagé avec la cardiologie." in beside.decode()
    same = {(each.kind, each.code.label, each.when) for each in fhir.read_document(beside).entries}
    assert same == {(each.kind, each.code.label, each.when) for each in by_code.values()}
    states = [each.status for each in fhir.read_document(beside).entries if each.kind is Kind.TREATMENT]
    assert states == ["active"]


def test_what_others_may_not_read_is_included_by_an_explicit_choice_alone(server: str) -> None:
    # Given what is masked, what is not yet announced, and the same fact said openly by another document
    patient = a_patient()
    doctor, friend = attended(patient, a_doctor()), colleague(patient)
    unsaid = Problem(kind=Kind.PROBLEM, code=named("C34.9", ICD, "Nodule du poumon"), when=Span("2026"))
    stating(patient, SECRET, of=entry(labels=frozenset({"MASQUE_PS"})))
    stating(
        patient, replace(HTA, note="Découverte après l'épisode dépressif"), of=entry(labels=frozenset({"MASQUE_PS"}))
    )
    stating(patient, HTA)
    stating(patient, unsaid, of=entry(labels=frozenset({"INVISIBLE_PATIENT"})), by=doctor)
    with at_desk(server, doctor) as desk, at_desk(server, friend) as other, browsing(server) as person:
        person.client.cookies.set(COOKIE, session_of(patient.actor))
        sheet = Writing(desk, patient.record_id)
        # Then the open source speaks, and not the newest one that is masked
        assert sheet.previews().count("Découverte après") == 0
        assert "Pas encore annoncé au patient" in plain(sheet.chapter("problemes"))
        # When the doctor keeps the masked one, the consequence is said, and must be understood
        sheet.keeps("problemes", "Épisode dépressif")
        page = plain(sheet.previews())
        assert "La synthèse entière sera masquée aux autres professionnels" in page
        asked = sheet.deposits()
        assert asked.status_code == 422
        assert 'href="#compris"' in asked.text
        # When both would leave nobody to read it, it cannot be
        sheet.keeps("problemes", "Nodule du poumon")
        assert "plus personne ne la lirait que vous" in plain(sheet.previews())
        assert sheet.deposits(compris="1").status_code == 422
        sheet.keeps("problemes", "Nodule du poumon", kept=False)
        # Then it is masked as what it holds is: the person reads it, a colleague finds nothing
        address = document_of(sheet.deposits(compris="1"))
        document_id = address.rpartition("/")[2]
        assert "Épisode dépressif" in person.text(f"/documents/{document_id}")
        assert other.opens(address).status_code == 404
        fhir_id = fhir_id_of(patient.record_id, UUID(document_id))
        assert b"F32.9" in Caller.of(server, doctor).get(f"Bundle/{fhir_id}").content
        refused(Caller.of(server, friend).get(f"Bundle/{fhir_id}"), 404)
        assert "Synthèse médicale" not in other.text(record(patient.record_id))


def test_a_minors_secret_stays_from_the_parents(server: str) -> None:
    patient = a_patient(birth_date="2012-03-04")
    doctor = attended(patient, a_doctor())
    secret = frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})
    stating(patient, replace(SECRET, code=Concept("Contraception")), of=entry(labels=secret), by=doctor)
    stating(patient, PENICILLIN)
    with at_desk(server, doctor) as desk:
        sheet = Writing(desk, patient.record_id)
        assert "Secret vis-à-vis des représentants légaux" in plain(sheet.chapter("problemes"))
        content = desk.opens(f"{document_of(sheet.deposits())}/original").content
        nowhere(content, "Contraception")
        # Read while one writes the next, it would change what that one looks at.
        is_read(patient)
        sheet.keeps("problemes", "Contraception")
        assert "ils n'en verront aucune trace" in plain(sheet.previews())
        kept = document_of(sheet.deposits(compris="1"))
        assert "Contraception" in desk.text(kept)
        assert "Secret vis-à-vis des parents" in desk.text(kept) or "représentants" in desk.text(kept)


@pytest.mark.parametrize(
    ("key", "restricted", "secrets"),
    [
        ("hugo", {"resultats": ("VIH", "Chlamydia", "Neisseria")}, ("VIH", "Chlamydia", "Neisseria")),
        ("dominique", {}, ("psychiatrie", "tristesse", "Carcinome", "in situ")),
    ],
)
def test_of_the_cast_nothing_that_is_kept_from_others_is_told(
    key: str, restricted: dict[str, tuple[str, ...]], secrets: tuple[str, ...], server: str
) -> None:
    """Hugo's secret visit, and what Dominique masked or was not told yet, are not in what their doctor deposits."""
    with at_desk(server, "dr-martin") as desk:
        sheet = Writing(desk, UUID(desk.finds(INS[key]).url.path.rpartition("/")[2]))
        for part, words in restricted.items():
            page = sheet.chapter(part)
            assert plain(page).count("La garder restreint la synthèse entière") >= len(words)
            for word in words:
                assert f'value="{sheet.line(part, word)}" checked' not in page
        shown = plain(sheet.previews())
        assert "Vaccin" in shown
        for secret in secrets:
            assert secret not in shown


def test_a_new_version_replaces_the_last_and_says_what_changed(server: str) -> None:
    patient = a_patient()
    doctor, friend = attended(patient, a_doctor()), colleague(patient)
    stating(patient, *OPEN)
    with at_desk(server, doctor) as desk, at_desk(server, friend) as other, browsing(server) as person:
        person.client.cookies.set(COOKIE, session_of(patient.actor))
        sheet = Writing(desk, patient.record_id)
        sheet.saves("plan", remarque="Revoir dans six mois.")
        first = document_of(sheet.deposits())
        is_read(patient)
        # What was left out stays out, the words go on, and what is new is proposed
        stating(patient, Problem(kind=Kind.PROBLEM, code=named("E11.9", ICD, "Diabète de type 2"), when=Span("2026")))
        begun = desk.text(sheet.address)
        assert "Elle remplacera votre synthèse" in begun
        assert "Revoir dans six mois." in begun
        assert "Diabète de type 2" in begun
        key = sheet.line("traitements", "Ramipril")
        sheet.saves("traitements", **{f"dose-{key}": "2 comprimés le matin"})
        sheet.keeps("vaccinations", "DTCaP", kept=False)
        shown = plain(sheet.previews())
        changes = shown.partition("Ce qui change depuis votre synthèse")[2].partition("Qui la lira")[0]
        for words in (
            "Ajouté Diabète de type 2",
            "Retiré DTCaP",
            "Avant : Ramipril 5 mg, comprimé : 1 comprimé le matin",
            "Maintenant : Ramipril 5 mg, comprimé : 2 comprimés le matin",
        ):
            assert words in changes
        assert "Hypertension" not in changes
        second = document_of(sheet.deposits())
        content = desk.opens(f"{second}/original").content
        before = desk.opens(f"{first}/original").content
        assert header.read(content).replaces == (header.read(before).unique_id,)
        assert (header.read(content).set_id, header.read(content).version) == (header.read(before).set_id, "2")
        # Others read what changed too, from the page of the new version; the list has it once
        for reader, page, at in (
            (other, second, f"{second}/changements"),
            (person, f"/documents/{second.rpartition('/')[2]}", f"/documents/{second.rpartition('/')[2]}/changements"),
        ):
            assert "Ce qui a changé depuis la version précédente" in reader.text(page)
            assert "Ajouté Diabète de type 2" in reader.text(at)
        assert other.text(record(patient.record_id)).count("Synthèse médicale") == 1
        assert other.opens(f"{first}/changements").status_code == 404
        assert deposited(doctor, patient, purpose=Purpose.CARE)
        # A summary that is deposited already is not deposited twice, nor one that changed since it was read
        stale = sheet.previews()
        stating(patient, Problem(kind=Kind.PROBLEM, code=Concept("Migraine"), when=Span("2026")))
        known = {name: hidden(stale, name) for name in ("csrfmiddlewaretoken", "depot", "vu")}
        again = desk.client.post(f"{sheet.address}/apercu", data=known, follow_redirects=True)
        assert again.status_code == 422
        assert "relisez-le, puis déposez" in plain(again.text)


def test_who_is_no_doctor_does_not_write_one(server: str) -> None:
    patient = a_patient()
    nurse = a_doctor(profession="60", capacity=Capacity.CARE)
    consent.authorise(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=nurse.id)
    with at_desk(server, nurse) as desk:
        desk.finds(patient.ins)
        for page in ("", "/allergies", "/apercu"):
            assert desk.opens(f"{record(patient.record_id)}/synthese{page}").status_code == 403
        assert desk.opens(f"{record(patient.record_id)}/synthese/rien").status_code == 404
