"""« Ce que je masque » over HTTP: what follows is said first, then it is masked, told, undone and ended."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2
import pytest

from carnet.consent import actions as consent
from carnet.consent.access import permit_to_read
from carnet.documents import masking, queries
from carnet.documents.masking import Standing
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from carnet.rights import reading as rights
from carnet.web.patient.masking import HOME
from tests import people
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain

MASK = f"{HOME}/masquer"


class Guest(Browsing):
    """A patient made for one test, in a browser: two analyses, one of them masked by itself, a letter, and one analysis
    that is withheld from her."""

    def __init__(self, client: httpx2.Client, patient: Resident) -> None:
        super().__init__(client)
        self.patient = patient
        self.doctor = people.authorised(patient, people.a_doctor())

    def standing(self) -> tuple[Standing, ...]:
        return masking.masks(self.patient.actor, Purpose.SELF, self.patient.record_id)

    def seen_by(self, doctor: Actor) -> int:
        return len(queries.list_documents(people.actor(doctor.id), Purpose.CARE, self.patient.record_id))

    def masks(self, fields: dict[str, str]) -> httpx2.Response:
        return self.sends(asking(fields), fields, follow=False)

    def sends(self, path: str, fields: dict[str, str], *, follow: bool = True) -> httpx2.Response:
        """To the address without what asks for the page."""
        page = self.opens(path).text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        return self.client.post(
            path.partition("?")[0], data=fields | {"csrfmiddlewaretoken": token[1]}, follow_redirects=follow
        )


def asking(fields: dict[str, str]) -> str:
    return f"{MASK}?{httpx2.QueryParams(fields)}"


@pytest.fixture
def guest(server: str) -> Iterator[Guest]:
    patient, software = people.a_patient(), people.software()
    for code, labels in (
        ("11502-2", frozenset[str]()),
        ("11502-2", frozenset({"MASQUE_PS"})),
        ("11502-2", frozenset({"INVISIBLE_PATIENT"})),
        ("11488-4", frozenset[str]()),
    ):
        people.deposited(software, patient, of=people.entry(type_code=code, labels=labels))
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield Guest(client, patient)


def analyses(guest: Guest) -> dict[str, str]:
    """The category of the analyses, as the form has it."""
    found = re.search(r'<option value="([^"]+)">Résultats de biologie', guest.opens(MASK).text)
    assert found
    return {"quoi": "categorie", "categorie": found[1]}


def test_before_masking_it_is_said_who_goes_on_seeing_in_the_place_of_the_medecin_traitant(guest: Guest) -> None:
    """The one who stands in by name, and neither who only may read what is not masked, nor their secretary."""
    record, principal = guest.patient.record_id, people.a_doctor()
    locum, secretary, of_another = (people.a_doctor() for _ in range(3))
    consent.set_attending(SYSTEM, record_id=record, professional_id=principal.id)
    for deputy, stands_for, kind in (
        (locum, principal, "locum"),
        (secretary, principal, "secretary"),
        (of_another, guest.doctor, "locum"),
    ):
        since = people.long_ago()
        people_actions.add_deputy(deputy_id=deputy.id, principal_id=stands_for.id, kind=kind, since=since)
    documents = guest.opens("/documents?masques=1").text + guest.opens("/documents").text
    every = re.findall(r'href="/documents/([0-9a-f-]{36})"', documents)
    pages = [asking(analyses(guest)), HOME, *(f"/documents/{each}/visibilite" for each in dict.fromkeys(every))]
    assert len(pages) == 5
    for page in pages:
        said = guest.text(page)
        assert "qui le remplace ou l'assiste, " in said, page
        assert f"En ce moment, aussi : {locum.name}." in said, page
    said = guest.text(HOME)
    assert f"À la place de {principal.name}. Voit tout, y compris les documents masqués." in said
    assert "À la place d'un soignant qui a accès" not in said
    shown = guest.text(f"/documents/{every[-1]}")
    assert "votre médecin traitant, qui le remplace ou l'assiste, et l'auteur du document" in shown


def test_a_category_is_masked_told_and_undone(guest: Guest) -> None:
    assert "Aucune règle ne masque de documents." in guest.text(HOME)
    fields = analyses(guest)
    before = guest.text(asking(fields))
    # What is withheld from her is not counted.
    assert "2 documents ne seront plus montrés à vos soignants (dont 1 déjà masqué)" in before
    assert "votre médecin traitant, qui le remplace ou l'assiste, et l'auteur de chaque document" in before
    assert guest.standing() == (), "to look masks nothing"
    assert guest.seen_by(guest.doctor) == 3
    answer = guest.masks(fields)
    assert answer.status_code == 303
    (rule,) = guest.standing()
    assert guest.seen_by(guest.doctor) == 1
    said = guest.text(answer.headers["location"])
    assert "C'est masqué, dès maintenant et pour la suite." in said
    assert "Vous masquez les documents de la catégorie « Résultats de biologie » 2 documents" in said
    assert "2 documents masqués" in said
    assert "Vous avez masqué des documents par une règle" in guest.text("/acces?qui=moi")
    undone = guest.sends(f"{MASK}/{rule.id}", {"acte": "montrer"}, follow=False)
    assert guest.standing() == ()
    assert guest.seen_by(guest.doctor) == 3
    again = guest.opens(undone.headers["location"])
    assert "Cette règle ne masque plus rien." in plain(again.text)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', again.text)
    assert token
    guest.client.post(f"{MASK}/{rule.id}", data={"acte": "reprendre", "csrfmiddlewaretoken": token[1]})
    assert [each.rule for each in guest.standing()] == [rule.rule]


def test_what_follows_is_said_before_a_rule_ends(guest: Guest) -> None:
    guest.masks(analyses(guest))
    (rule,) = guest.standing()
    said = guest.text(f"{MASK}/{rule.id}")
    assert "1 document sera de nouveau montré aux soignants que vous avez autorisés" in said
    assert "1 document reste masqué" in said
    assert guest.opens(f"{MASK}/{guest.patient.record_id}").status_code == 404


def test_an_author_and_a_date_may_be_masked(guest: Guest) -> None:
    page = guest.opens(MASK).text
    author = re.search(r'<option value="(n:[^"]+)">Ange Essai, Clinique de l(?:&#39;|’|\')Essai', page)
    assert author
    guest.masks({"quoi": "auteur", "auteur": author[1]})
    assert guest.seen_by(guest.doctor) == 0
    guest.masks({"quoi": "date", "jour": "12 3 2015"})
    said = guest.text(HOME)
    assert "Vous masquez les documents écrits par Ange Essai 3 documents" in said
    assert "Vous masquez les documents d'avant le 12 mars 2015 Aucun document pour l'instant." in said


def test_a_document_says_which_rule_hides_it_and_where_to_change_it(guest: Guest) -> None:
    guest.masks(analyses(guest))
    listed = guest.opens("/documents?masques=1")
    addresses = guest.documents("/documents?masques=1")
    assert len(addresses) == 2
    assert plain(listed.text).count("Masqué") >= 2
    pages = {address: guest.text(address) for address in addresses}
    assert all("Vous masquez tous les documents de sa catégorie." in page for page in pages.values())
    told = {address: guest.text(f"{address}/visibilite") for address in addresses}
    assert all("c'est la règle qu'il faut changer" in page for page in told.values())
    by_itself = next(address for address, page in told.items() if "Vous l'avez aussi masqué lui-même" in page)
    answer = guest.sends(f"{by_itself}/visibilite", {"acte": "montrer"})
    assert "Ce document n'est plus masqué lui-même. Il le reste par votre règle." in plain(answer.text)
    assert guest.seen_by(guest.doctor) == 1
    (rule,) = guest.standing()
    guest.sends(f"{MASK}/{rule.id}", {"acte": "montrer"})
    assert guest.seen_by(guest.doctor) == 4


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"quoi": ""}, "Choisissez ce que vous voulez masquer"),
        ({"quoi": "categorie"}, "Choisissez une catégorie de la liste"),
        ({"quoi": "categorie", "categorie": "x"}, "Choisissez une catégorie de la liste"),
        ({"quoi": "date", "jour": "31 2 2010"}, "Écrivez la date comme ceci : 12 3 2015"),
        ({"quoi": "date", "jour": "1 1 2999"}, "Écrivez une date passée, ou celle d'aujourd'hui"),
        ({"quoi": "auteur"}, "Choisissez un auteur de la liste"),
        ({"quoi": "auteur", "auteur": "p:x"}, "Choisissez un auteur de la liste"),
        ({"quoi": "auteur", "auteur": "n:Personne"}, "Choisissez un auteur de la liste"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_masked(
    guest: Guest, sent: dict[str, str], said: str
) -> None:
    answer = guest.opens(asking(sent))
    assert answer.status_code == 422
    assert plain(answer.text).count(said) == 2
    assert guest.standing() == ()


def test_a_copy_says_what_masks_each_document(guest: Guest) -> None:
    guest.masks(analyses(guest))
    permit = permit_to_read(guest.patient.actor, Purpose.SELF, guest.patient.record_id, action="export-asked")
    masked = [document.masked for document in rights.documents(permit)]
    assert sorted(masked) == [(), ("category",), ("label", "category")]


def test_what_is_masked_already_is_said(guest: Guest) -> None:
    fields = analyses(guest)
    guest.masks(fields)
    answer = guest.opens(asking(fields))
    assert answer.status_code == 422
    assert "Vous masquez déjà cela" in plain(answer.text)
