"""A document on a professional's page, and what its author does to it."""

from __future__ import annotations

import pytest

from carnet.documents import masking
from carnet.documents.queries import list_documents
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.ids import fhir_id
from tests.api.caller import Caller
from tests.formats.fhir.patch.bodies import extension, operation
from tests.people import Resident, a_doctor, a_patient, a_person, authorised, deposited, entry, represents, software
from tests.sessions import COOKIE, session_of
from tests.web.browsing import browsing
from tests.web.pro.desk import Desk, at_desk, attended, hidden, plain, record

WITHHELD, MASKED = frozenset({"INVISIBLE_PATIENT"}), frozenset({"MASQUE_PS"})


def page_of(patient: Resident, document_id: object) -> str:
    return f"{record(patient.record_id)}/documents/{document_id}"


def status_for(server: str, patient: Resident, document_id: object) -> int:
    """What the holder gets at that document."""
    with browsing(server) as hers:
        hers.client.cookies.set(COOKIE, session_of(patient.actor))
        return hers.opens(f"/documents/{document_id}").status_code


def acts(desk: Desk, address: str) -> set[str]:
    page = desk.opens(address).text
    return {part.partition('"')[0] for part in page.split(f'href="{address}/acte/')[1:]}


def post(desk: Desk, address: str, act: str, **fields: str) -> tuple[int, str]:
    """Without having been offered it."""
    token = hidden(desk.opens("/pro/").text, "csrfmiddlewaretoken")
    page = desk.client.post(
        f"{address}/acte/{act}", data={**fields, "csrfmiddlewaretoken": token}, follow_redirects=True
    )
    return page.status_code, plain(page.text)


def test_it_is_read_downloaded_and_traced(server: str) -> None:
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    made = deposited(software(), patient, b"Fer : 12.\n\nFerritine : 30.")
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        words = desk.text(page_of(patient, made.id))
        assert "Ferritine : 30." in words
        assert "Analyses de sang" in words
        assert "ESSAI Camille" in words
        assert desk.opens(f"{page_of(patient, made.id)}/original").content == b"Fer : 12.\n\nFerritine : 30."
        assert desk.opens(f"{page_of(patient, made.id)}/contenu").headers["content-type"].startswith("text/plain")
        for nothing in ("/pages/1", "/pieces/1"):
            assert desk.opens(page_of(patient, made.id) + nothing).status_code == 404


def test_its_author_keeps_it_from_the_parents_and_lifts_the_secret_and_nobody_else_does(server: str) -> None:
    child, grown, parent = a_patient(birth_date=f"{clock.now().year - 15}-01-02"), a_patient(), a_person()
    represents(child, parent)
    author, other = authorised(child, a_doctor()), authorised(child, a_doctor())
    authorised(grown, author)
    made, theirs = (
        page_of(each, deposited(author, each, of=entry(authors=()), purpose=Purpose.CARE).id) for each in (child, grown)
    )

    def parent_sees() -> int:
        return len(list_documents(parent, Purpose.REPRESENTATIVE, child.record_id))

    with at_desk(server, author) as desk:
        desk.finds(grown.ins)
        assert not acts(desk, theirs) & {"taire", "lever"}, "of whom nobody represents there is no such secret"
        desk.finds(child.ins)
        assert acts(desk, made) & {"taire", "lever"} == {"taire"}
        assert parent_sees() == 1
        assert "La personne vous l'a demandé" in desk.text(f"{made}/acte/taire")
        assert "ne voient pas ce document" in plain(desk.sends(f"{made}/acte/taire", {}).text)
        assert parent_sees() == 0
        assert acts(desk, made) & {"taire", "lever"} == {"lever"}
        assert desk.opens(f"{made}/acte/taire").status_code == 404
        assert "voient maintenant ce document" in plain(desk.sends(f"{made}/acte/lever", {}).text)
        assert parent_sees() == 1
    with at_desk(server, other) as desk:
        desk.finds(child.ins)
        assert not acts(desk, made) & {"taire", "lever"}
        post(desk, made, "taire")
    assert parent_sees() == 1


def test_hidden_and_invented_are_the_same(server: str) -> None:
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    hidden_one = deposited(software(), patient, of=entry(labels=MASKED))
    elsewhere = deposited(software(), a_patient())
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        pages = [desk.opens(page_of(patient, each.id)) for each in (hidden_one, elsewhere)]
        assert {page.status_code for page in pages} == {404}
        assert plain(pages[0].text) == plain(pages[1].text)
        for end in ("/original", "/contenu", "/pages/1", "/acte/masquer", "/acte/retirer"):
            assert desk.opens(page_of(patient, hidden_one.id) + end).status_code == 404
        assert post(desk, page_of(patient, hidden_one.id), "montrer")[0] == 404


def test_its_state_is_said_beside_it(server: str) -> None:
    patient = a_patient(birth_date="2015-05-01")
    doctor = attended(patient, a_doctor())
    depositor = software()
    labelled = {
        "Masqué aux autres": MASKED,
        "Non visible par le patient": WITHHELD,
        "Non visible par les représentants": frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}),
    }
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        for words, labels in labelled.items():
            made = deposited(depositor, patient, of=entry(labels=labels))
            assert words in desk.text(page_of(patient, made.id))
        first = deposited(depositor, patient, of=entry("2.25.1234567891"))
        newer = deposited(depositor, patient, of=entry(replaces=("2.25.1234567891",)))
        assert "Obsolète" in desk.text(page_of(patient, first.id))
        assert "1 version précédente" in desk.text(page_of(patient, newer.id))
        address = f"DocumentReference/{fhir_id(patient.record_id, newer.id)}"
        archive = [operation("add", "/extension/-", extension(archived=True))]
        assert Caller.of(server, depositor).patch(address, archive).status_code == 200
        assert "Archivé" in desk.text(page_of(patient, newer.id))


def an_author(patient: Resident, labels: frozenset[str] = frozenset()) -> tuple[Actor, str]:
    """A doctor without any link, and the page of the document that they deposited."""
    doctor = a_doctor()
    made = deposited(doctor, patient, of=entry(title="Compte rendu annoncé", labels=labels))
    return doctor, page_of(patient, made.id)


def test_the_author_announces_what_was_withheld(server: str) -> None:
    patient = a_patient()
    doctor, address = an_author(patient, WITHHELD)
    document_id = address.rpartition("/")[2]
    assert status_for(server, patient, document_id) == 404
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        assert acts(desk, address) == {"annoncer", "retirer"}
        assert "La personne le lira aussitôt dans son carnet." in desk.text(f"{address}/acte/annoncer")
        page = desk.sends(f"{address}/acte/annoncer", {})
        assert "La personne voit maintenant ce document." in plain(page.text)
        assert "Non visible par le patient" not in plain(page.text)
        assert acts(desk, address) == {"masquer", "retirer"}
        assert desk.opens(f"{address}/acte/annoncer").status_code == 404
    assert status_for(server, patient, document_id) == 200


def test_the_author_withdraws_their_own(server: str) -> None:
    patient = a_patient()
    doctor, address = an_author(patient)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        assert "Vous ne pouvez pas revenir en arrière" in desk.text(f"{address}/acte/retirer")
        page = desk.sends(f"{address}/acte/retirer", {"autre": "1"})
        assert page.url.path == record(patient.record_id)
        assert "Le document est retiré du carnet." in plain(page.text)
        assert "Compte rendu annoncé" not in plain(page.text)
        assert desk.opens(address).status_code == 404
    assert status_for(server, patient, address.rpartition("/")[2]) == 404


def test_masking_at_the_persons_request(server: str) -> None:
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    attending = attended(patient, a_doctor())
    made = deposited(software(), patient)
    address = page_of(patient, made.id)
    with at_desk(server, attending) as desk, at_desk(server, doctor) as other:
        desk.finds(patient.ins)
        other.finds(patient.ins)
        assert acts(other, address) == {"masquer"}
        assert "masqué aux autres" in plain(desk.sends(f"{address}/acte/masquer", {}).text)
        assert other.opens(address).status_code == 404
        assert acts(desk, address) == {"montrer"}
        desk.sends(f"{address}/acte/montrer", {})
        assert other.opens(address).status_code == 200


@pytest.mark.parametrize("act", ["annoncer", "retirer"])
def test_what_is_somebody_elses_stays_as_it_is(act: str, server: str) -> None:
    patient = a_patient()
    attending = attended(patient, a_doctor())
    made = deposited(software(), patient, of=entry(labels=WITHHELD))
    with at_desk(server, attending) as desk:
        desk.finds(patient.ins)
        address = page_of(patient, made.id)
        assert acts(desk, address) == set()
        assert desk.opens(f"{address}/acte/{act}").status_code == 404
        status, words = post(desk, address, act)
        assert status == 403
        assert "Accès non autorisé" in words
        assert "Non visible par le patient" in desk.text(address)
    assert status_for(server, patient, made.id) == 404


def test_what_the_patient_masks_by_a_rule_is_theirs_to_show(server: str) -> None:
    patient = a_patient()
    attending, other = attended(patient, a_doctor()), authorised(patient, a_doctor())
    made = deposited(software(), patient, of=entry(title="Bilan"))
    rule = masking.from_author("Ange Essai")
    masking.mask(patient.actor, Purpose.SELF, record_id=patient.record_id, rule=rule)
    with at_desk(server, attending) as desk:
        desk.finds(patient.ins)
        address = page_of(patient, made.id)
        assert "Masqué aux autres par une règle du patient" in desk.text(address)
        assert not {"masquer", "montrer"} & acts(desk, address)
        post(desk, address, "montrer")
        assert "de nouveau visible" not in desk.text(f"{address}?fait=montrer")
    with at_desk(server, other) as desk:
        desk.finds(patient.ins)
        assert desk.opens(page_of(patient, made.id)).status_code == 404
        assert "Bilan" not in desk.text(f"/pro/carnets/{patient.record_id}")


def test_an_act_that_does_not_exist(server: str) -> None:
    patient = a_patient()
    doctor, address = an_author(patient)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        assert desk.opens(f"{address}/acte/dévorer").status_code == 404
        assert desk.opens(f"{address}/acte/devorer").status_code == 404
        assert post(desk, address, "devorer")[0] == 404
