"""The list of documents as a professional works through it, over HTTP and without scripts: narrowed by links, one of
them beside it, several printed as one PDF. What one may not see counts nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pikepdf
import pytest

from carnet.demo import pdf
from carnet.documents.actions import Deposited
from carnet.formats.entry import Author, Organisation
from carnet.kernel import clock, render
from carnet.kernel.actor import Actor
from tests.people import Resident, a_doctor, a_patient, authorised, deposited, entry, raw_trail, software
from tests.web.pro.desk import Desk, at_desk, hidden, plain, record

MASKED = frozenset({"MASQUE_PS"})
LAB, CLINIC = Author(organisation=Organisation("Laboratoire Nord")), Author(organisation=Organisation("Clinique Sud"))


def home(patient: Resident) -> str:
    return f"{record(patient.record_id)}/documents"


def kept(patient: Resident, title: str, kind: str, months: float, author: Author = LAB, **about: object) -> Deposited:
    at = clock.now() - timedelta(days=30.4 * months)
    of = replace(entry(title=title, type_code=kind, authors=(author,), **about), created=at)  # type: ignore[arg-type]
    return deposited(software(), patient, f"Texte de {title}.".encode(), of=of)


@pytest.fixture(scope="module")
def patient(server: str) -> Resident:
    found = a_patient()
    kept(found, "Certificat de sport", "89601-9", 1)
    kept(found, "Biologie récente", "11502-2", 2)
    kept(found, "Lettre de sortie", "11490-0", 3, CLINIC)
    kept(found, "Ordonnance", "57833-6", 4, CLINIC)
    kept(found, "Attestation de droits", "ATTEST-DROITS-AM", 1)
    kept(found, "Remboursements de mars", "REMB", 1)
    kept(found, "Vieille lettre", "11490-0", 60, CLINIC)
    kept(found, "Bilan caché", "11502-2", 1, Author(organisation=Organisation("Centre Discret")), labels=MASKED)
    return found


@pytest.fixture(scope="module")
def doctor(patient: Resident) -> Actor:
    return authorised(patient, a_doctor())


def titles(page: str) -> list[str]:
    return [plain(each) for each in re.findall(r'<a class="cn-unless-wide"[^>]*>(.*?)</a>', page)]


def link(page: str, words: str) -> str:
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>(?:(?!</a>).)*?{words}', page, re.DOTALL)
    assert found, words
    return found[1].replace("&amp;", "&")


def test_what_the_profession_opens_comes_first_within_a_period_that_is_said_and_lifted(
    server: str, patient: Resident, doctor: Actor
) -> None:
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        page = desk.opens(home(patient)).text
        assert titles(page) == ["Biologie récente", "Lettre de sortie", "Ordonnance", "Certificat de sport"]
        words = plain(page)
        assert words.index("D'abord pour votre profession") < words.index("Autres documents")
        assert "24 derniers mois" in words
        assert "2 papiers administratifs repliés" in words
        assert "Voir aussi 1 document plus ancien" in words
        # What is hidden from them is in no list, choice or number.
        for hint in ("Bilan caché", "Centre Discret"):
            assert hint not in words
        older = desk.opens(link(page, "Voir aussi")).text
        assert "Vieille lettre" in titles(older)
        unfolded = desk.opens(link(page, "papiers administratifs")).text
        assert set(titles(unfolded)[-2:]) == {"Attestation de droits", "Remboursements de mars"}
        by_house = desk.opens(f"{home(patient)}?auteur=Clinique+Sud").text
        assert titles(by_house) == ["Lettre de sortie", "Ordonnance"]
        assert titles(desk.opens(f"{home(patient)}?genre=57833-6&periode=tout").text) == ["Ordonnance"]
        assert titles(desk.opens(f"{home(patient)}?categorie=REMB").text) == ["Remboursements de mars"]
        year = (clock.now() - timedelta(days=30.4 * 60)).year
        assert titles(desk.opens(f"{home(patient)}?periode={year}").text) == ["Vieille lettre"]
        for nonsense in ("?periode=99999&auteur=%00&apres=x&depuis=99&categorie=NON", "?periode=0"):
            assert titles(desk.opens(home(patient) + nonsense).text) == titles(page)
    with at_desk(server, authorised(patient, a_doctor(profession="21"))) as pharmacy:
        pharmacy.finds(patient.ins)
        assert titles(pharmacy.opens(home(patient)).text)[0] == "Biologie récente"
        assert "12 derniers mois" in plain(pharmacy.opens(home(patient)).text)


def test_one_is_read_beside_the_list_and_the_next_is_one_link_away(
    server: str, patient: Resident, doctor: Actor
) -> None:
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        page = desk.opens(home(patient)).text
        beside = desk.opens(re.search(r'<a class="cn-if-wide"[^>]*href="([^"#]*)', page)[1].replace("&amp;", "&"))  # type: ignore[index]
        assert "Texte de Biologie récente." in plain(beside.text)
        assert "1 sur 4" in plain(beside.text)
        # A document that others wrote stands on the page: no script but the one that this answer names may run.
        policy = beside.headers["content-security-policy"]
        assert re.search(r"script-src 'nonce-[\w-]{20,}'(;|$)", policy)
        assert "htmx" not in beside.text
        after = desk.opens(link(beside.text, "Suivant"))
        assert "Texte de Lettre de sortie." in plain(after.text)
        assert ("document-open", "done") in raw_trail(patient.record_id)
        # On the page of a document too, within the list as it was narrowed
        narrowed = desk.opens(f"{home(patient)}?auteur=Clinique+Sud").text
        own = desk.opens(re.search(r'<a class="cn-unless-wide"[^>]*href="([^"]*)', narrowed)[1].replace("&amp;", "&"))  # type: ignore[index]
        assert "1 sur 2" in plain(own.text)
        last = desk.opens(link(own.text, "Suivant"))
        assert "Texte de Ordonnance." in plain(last.text)
        assert "Suivant" not in plain(last.text)
        assert titles(desk.opens(link(last.text, "Documents")).text) == ["Lettre de sortie", "Ordonnance"]


def test_hidden_and_invented_are_the_same_beside_the_list(server: str, patient: Resident, doctor: Actor) -> None:
    hides = kept(patient, "Autre bilan caché", "11502-2", 1, labels=MASKED)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        hidden_one = desk.opens(f"{home(patient)}?apercu={hides.id}")
        invented = desk.opens(f"{home(patient)}?apercu={UUID(int=5)}")
        assert hidden_one.status_code == invented.status_code == 404
        assert titles(hidden_one.text) == titles(invented.text)
        assert "Ce document n'est pas dans ce carnet" in plain(hidden_one.text)
        assert "caché" not in hidden_one.text
    with at_desk(server, a_doctor()) as stranger:
        assert stranger.opens(home(patient)).status_code == 404
        stranger.finds(patient.ins)
        refused = stranger.opens(home(patient))
        assert refused.status_code == 403
        assert "Biologie" not in refused.text
        assert prints(stranger, patient, [hides.id])[0] == 403


def prints(desk: Desk, patient: Resident, ids: Sequence[object], listed: str = "") -> tuple[int, bytes]:
    token = hidden(desk.opens("/pro/").text, "csrfmiddlewaretoken")
    body = {"csrfmiddlewaretoken": token, "liste": listed, "document": [str(each) for each in ids]}
    answer = desk.client.post(f"{home(patient)}/imprimer", data=body)
    return answer.status_code, answer.content


def test_several_are_printed_as_one_pdf_each_by_its_own_decision(server: str) -> None:
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    bilan = kept(patient, "Bilan de fer", "11502-2", 1)
    letter = pdf.write(letterhead="Clinique", title="Lettre", head=[], paragraphs=["Texte de la lettre."] * 40)
    about = replace(entry(title="Lettre longue", type_code="11490-0"), media_type="application/pdf")
    scan = deposited(software(), patient, letter, of=about)
    masked = kept(patient, "Bilan caché", "11502-2", 1, labels=MASKED)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        before = raw_trail(patient.record_id).count(("document-open", "done"))
        status, printed = prints(desk, patient, [scan.id, bilan.id, bilan.id])
        assert status == 200
        with pikepdf.open(BytesIO(printed)) as found:
            assert len(found.pages) == 3
        second, _, first = render.texts(printed)
        assert "Texte de Bilan de fer." in first
        assert "Bilan de fer" in first
        assert "Laboratoire Nord" in first
        assert "ESSAI Camille" in first
        assert "Texte de la lettre." in second
        assert "Lettre longue" in second
        assert "1/2" in second
        assert raw_trail(patient.record_id).count(("document-open", "done")) == before + 2
        # Nothing is printed, and nothing opened, when one of them is not for them, or was never there
        for wrong in ([bilan.id, masked.id], [bilan.id, UUID(int=9)]):
            status, page = prints(desk, patient, list(wrong))
            assert status == 422
            assert "L'un des documents cochés n'est pas dans ce carnet" in plain(page.decode())
        for ids, said in (
            ([], "Cochez au moins un document"),
            ([UUID(int=n) for n in range(21)], "20 documents au plus"),
        ):
            status, page = prints(desk, patient, list(ids))
            assert status == 422
            assert said in plain(page.decode())
        status, page = prints(desk, patient, [bilan.id, *(UUID(int=n) for n in range(20))])
        assert re.findall(r'name="document" value="([^"]+)" checked', page.decode()) == [str(bilan.id)], "ticked still"
        assert raw_trail(patient.record_id).count(("document-open", "done")) == before + 2


def test_the_list_and_the_next_of_it_follow_the_view_through_which_the_record_is_looked_at(server: str) -> None:
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    kept(patient, "Suivi de grossesse", "89233-1", 5)
    kept(patient, "Lettre de sortie", "11490-0", 4)
    kept(patient, "Certificat de sport", "89601-9", 3)
    as_doctor = ["Lettre de sortie", "Certificat de sport", "Suivi de grossesse"]
    as_midwife = ["Suivi de grossesse", "Certificat de sport", "Lettre de sortie"]
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        page = desk.opens(home(patient)).text
        assert titles(page) == as_doctor
        assert "D'abord pour votre profession" in plain(page)
        desk.opens(f"{record(patient.record_id)}?vue=sage-femme")
        page = desk.opens(home(patient)).text
        assert titles(page) == as_midwife
        assert "D'abord dans la vue « Sage-femme »" in plain(page)
        assert "D'abord pour votre profession" not in plain(page)
        first = desk.opens(re.search(r'<a class="cn-unless-wide"[^>]*href="([^"]*)', page)[1].replace("&amp;", "&"))  # type: ignore[index]
        assert "1 sur 3" in plain(first.text)
        assert "Texte de Certificat de sport." in plain(desk.opens(link(first.text, "Suivant")).text)
        desk.opens(f"{record(patient.record_id)}?vue=medecin")
        assert titles(desk.opens(home(patient)).text) == as_doctor
