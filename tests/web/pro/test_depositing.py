"""A professional deposits a file: it becomes a document signed by them, seen by whom they say."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from carnet.consent import actions as consent
from carnet.documents import queries
from carnet.formats.cda import header
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.people import actions as people
from carnet.people.rules import Capacity
from carnet.web import i18n
from tests.people import Resident, a_doctor, a_patient, a_person, actor, raw_trail, represents, rpps_of
from tests.sessions import COOKIE, session_of
from tests.web.browsing import browsing
from tests.web.pro.desk import Desk, at_desk, attended, hidden, plain, record
from tests.web.pro.test_documents import status_for

SAID: dict[str, str | list[str]] = {"type": "11488-4", "titre": "Consultation du jour", "jour": "25 11 2025"}
NOTE = ("note.txt", b"Tension : 12/8.\n\nPoids stable.")


def document_of(path: str) -> str:
    return path.rpartition("/")[2]


def test_a_text_becomes_a_signed_document(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        page = desk.deposits(patient.record_id, SAID, NOTE)
        words = plain(page.text)
        assert "Le document est déposé dans le carnet." in words
        assert "Tension : 12/8." in words
        assert "Déposé par vous" in words
        assert "25 novembre 2025" in words
        data = desk.opens(f"{page.url.path}/original").content
    written = header.read(data)
    assert written.patient.ins
    assert written.patient.ins.value == patient.ins
    assert written.type.code == "11488-4"
    (author,) = written.authors
    assert author.identifier
    assert author.identifier.value == f"8{rpps_of(doctor)}"
    assert author.profession
    assert author.profession.code.startswith("G15_10")
    assert ("document-deposit", "done") in raw_trail(patient.record_id)
    assert status_for(server, patient, document_of(page.url.path)) == 200


@pytest.mark.parametrize(
    ("text", "day", "why"),
    [
        ("Compte rendu du 12/03/2024\nPatiente née le 02/01/1960, toux.", "12 3 2024", "Proposé d'après le texte"),
        ("Vue le 12 mars 2024 et le 2 avril 2024.", "", "Proposé : aujourd'hui"),
    ],
)
def test_the_day_of_a_pasted_text_is_proposed_and_theirs_to_change(text: str, day: str, why: str, server: str) -> None:
    patient = a_patient()
    today = i18n.today()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        page = desk.deposits(patient.record_id, {"texte": text, "acte": "recevoir"})
        assert _day(page.text) == (day or f"{today.day} {today.month} {today.year}")
        assert why in plain(page.text)


def _day(page: str) -> str:
    (field,) = re.findall(r'<input[^>]*id="jour"[^>]*>', page)
    (value,) = re.findall(r'value="([^"]*)"', field)
    return str(value)


def test_a_photograph_becomes_pages(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        page = desk.deposits(patient.record_id, SAID, ("photo.png", png()))
        assert "Page unique" in plain(page.text)
        shown = desk.opens(f"{page.url.path}/pages/1?largeur=800")
        assert shown.headers["content-type"] == "image/webp"
        assert desk.opens(f"{page.url.path}/contenu").content.startswith(b"%PDF-")


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("fields", "at", "sentence"),
    [
        ({"type": ""}, "type", "Choisissez le type de document"),
        ({"type": "DOCPAT02"}, "type", "Choisissez le type de document"),
        ({"titre": " "}, "titre", "Saisissez un titre"),
        ({"titre": "a" * 121}, "titre", "120 caractères au plus"),
        ({"jour": ""}, "jour", "Saisissez la date de l'acte"),
        ({"jour": "hier"}, "jour", "Écrivez la date comme ceci"),
        ({"jour": "1 1 2099"}, "jour", "Écrivez une date passée"),
        ({"etiquettes": ["masque", "annonce"]}, "etiquettes", "Choisissez l'un ou l'autre"),
        ({"etiquettes": ["secret"]}, "etiquettes", "que pour une personne mineure ou représentée"),
        ({"auteur": str(uuid4())}, "auteur", "Choisissez pour qui vous déposez"),
    ],
)
def test_faults_are_told_at_their_field_and_the_file_is_kept(
    fields: dict[str, str | list[str]], at: str, sentence: str, server: str
) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        page = desk.deposits(patient.record_id, SAID | fields, NOTE)
        assert page.status_code == 422
        assert f'href="#{at}"' in page.text
        assert sentence in plain(page.text)
        assert "Reçu : note.txt" in plain(page.text)
    assert ("document-deposit", "done") not in raw_trail(patient.record_id)


def test_a_form_that_was_mended_needs_no_second_file(server: str) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        faulty = desk.deposits(patient.record_id, SAID | {"titre": ""}, NOTE).text
        again: dict[str, str | list[str]] = {name: hidden(faulty, name) for name in ("depot", "csrfmiddlewaretoken")}
        page = desk.posts(f"{record(patient.record_id)}/deposer", SAID | again)
        assert "Tension : 12/8." in plain(page.text)
        # The same form once more shows what it became, and puts nothing a second time.
        assert desk.posts(f"{record(patient.record_id)}/deposer", SAID | again).url == page.url
    assert raw_trail(patient.record_id).count(("document-deposit", "done")) == 1


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Choisissez le fichier à déposer"),
        (("vide.txt", b""), "est vide"),
        (("page.html", b"<html><script>alert(1)</script></html>"), "page.html"),
    ],
)
def test_files_that_are_not_taken(file: tuple[str, bytes] | None, sentence: str, server: str) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        page = desk.deposits(patient.record_id, SAID, file)
        assert page.status_code == 422
        assert 'href="#fichier"' in page.text
        assert sentence in plain(page.text)


def test_who_may_see_it_is_said_with_the_deposit(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    other = attended(patient, a_doctor())
    consent.authorise(
        patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=(friend := a_doctor()).id
    )
    with at_desk(server, doctor) as desk, at_desk(server, other) as attending, at_desk(server, friend) as authorised:
        for each in (desk, attending, authorised):
            each.finds(patient.ins)
        withheld = desk.deposits(patient.record_id, SAID | {"etiquettes": ["annonce"]}, NOTE).url.path
        masked = desk.deposits(patient.record_id, SAID | {"etiquettes": ["masque"]}, NOTE).url.path
        assert attending.opens(withheld).status_code == attending.opens(masked).status_code == 200
        assert authorised.opens(withheld).status_code == 200
        assert authorised.opens(masked).status_code == 404
    assert status_for(server, patient, document_of(withheld)) == 404
    assert status_for(server, patient, document_of(masked)) == 200


def test_a_secret_is_offered_for_minors_and_whom_a_guardian_represents(server: str) -> None:
    child, grown, guarded, guardian = a_patient(birth_date="2015-05-01"), a_patient(), a_patient(), a_person()
    represents(guarded, guardian, guardian=True)
    of_minor, of_adult = "Secret du mineur vis-à-vis des parents", "Secret vis-à-vis des représentants"
    with at_desk(server, a_doctor()) as desk:
        for patient, offered in ((child, {of_minor}), (grown, set()), (guarded, {of_adult})):
            desk.finds(patient.ins)
            form = desk.opens(f"{record(patient.record_id)}/deposer").text
            assert ('value="secret"' in form) is bool(offered)
            assert {words for words in (of_minor, of_adult) if words in plain(form)} == offered
        for patient in (child, guarded):
            page = desk.deposits(patient.record_id, SAID | {"etiquettes": ["secret"]}, NOTE)
            assert "Non visible par les représentants" in plain(page.text)
    assert queries.list_documents(guardian, Purpose.REPRESENTATIVE, guarded.record_id) == []


def test_who_was_blocked_deposits_and_sees_their_own(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        page = desk.deposits(patient.record_id, SAID, NOTE)
        assert "Tension : 12/8." in plain(page.text)
        assert "Consultation du jour" in desk.text(f"{record(patient.record_id)}?documents=tous")


def test_the_insurer_deposits_nothing(server: str) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor(capacity=Capacity.INSURER)) as desk:
        desk.finds(patient.ins)
        address = f"{record(patient.record_id)}/deposer"
        assert desk.opens(address).status_code == 403
        token = hidden(desk.opens("/pro/").text, "csrfmiddlewaretoken")
        assert desk.posts(address, SAID | {"csrfmiddlewaretoken": token}, NOTE).status_code == 403


def test_a_secretary_deposits_in_the_name_of_whom_they_work_for(server: str) -> None:
    patient, principal = a_patient(), a_doctor()
    secretary = actor(
        people.add_professional(
            actor_id=uuid4(),
            key=None,
            rpps=None,
            family="Colin",
            given="Ida",
            profession_system="R85",
            profession_code="331",
            capacity=Capacity.SECRETARIAT,
        )
    )
    with at_desk(server, secretary) as desk:
        desk.finds(patient.ins)
        assert "vous ne pouvez pas déposer ici" in desk.text(f"{record(patient.record_id)}/deposer")
        assert "Choisissez pour qui vous déposez" in plain(desk.deposits(patient.record_id, SAID, NOTE).text)
    people.add_deputy(
        deputy_id=secretary.id,
        principal_id=principal.id,
        kind="secretary",
        since=clock.now() - timedelta(days=1),
        until=None,
    )
    with at_desk(server, actor(secretary.id)) as desk:
        desk.finds(patient.ins)
        page = desk.deposits(patient.record_id, SAID, NOTE)
        assert "Dr Ange ESSAI" in plain(page.text)
    with at_desk(server, actor(principal.id)) as desk:
        desk.finds(patient.ins)
        assert "Retirer du carnet" in desk.text(page.url.path)
    with browsing(server) as hers:
        hers.client.cookies.set(COOKIE, session_of(patient.actor))
        assert "Ida Colin a déposé" in hers.text("/acces?qui=tous")


def test_without_its_token_nothing_is_deposited(server: str) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        assert desk.posts(f"{record(patient.record_id)}/deposer", SAID, NOTE).status_code == 403
    assert ("document-deposit", "done") not in raw_trail(patient.record_id)


def at_last_step(desk: Desk, patient: Resident) -> dict[str, str | list[str]]:
    """The fields of the form once its file has been received."""
    page = desk.deposits(patient.record_id, SAID | {"acte": "recevoir"}, NOTE).text
    names = ("csrfmiddlewaretoken", "depot")
    return SAID | {name: hidden(page, name) for name in names} | {"auteur": "", "acte": "deposer"}


def test_the_last_step_sent_twice_shows_the_document_that_it_became(server: str) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        form = at_last_step(desk, patient)
        pages = [desk.posts(f"{record(patient.record_id)}/deposer", form) for _ in range(2)]
        assert [page.status_code for page in pages] == [200, 200]
        assert pages[0].url == pages[1].url
        assert "Le document est déposé dans le carnet." in plain(pages[1].text)
        form = at_last_step(desk, patient)
        with ThreadPoolExecutor(2) as at_once:
            sent = [at_once.submit(desk.posts, f"{record(patient.record_id)}/deposer", form) for _ in range(2)]
            pages = [each.result() for each in sent]
        assert [page.status_code for page in pages] == [200, 200]
        assert pages[0].url == pages[1].url
    assert raw_trail(patient.record_id).count(("document-deposit", "done")) == 2
    with at_desk(server, a_doctor()) as other:
        other.finds(patient.ins)
        theirs = form | {"csrfmiddlewaretoken": _csrf(other, patient)}
        refused = other.posts(f"{record(patient.record_id)}/deposer", theirs)
        assert "Choisissez le fichier à déposer" in plain(refused.text), "nobody else's form"


def _csrf(desk: Desk, patient: Resident) -> str:
    return hidden(desk.opens(f"{record(patient.record_id)}/deposer").text, "csrfmiddlewaretoken")
