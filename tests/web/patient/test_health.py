"""« Ma santé » over HTTP: whose words each line is, what a person adds, corrects, answers, hides and reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import httpx2
import pytest
from lxml.html import HtmlElement, fromstring

from carnet.documents.changing import NotThere, withdraw
from carnet.documents.powers import Cause
from carnet.formats.clinical.model import (
    Allergy,
    Dispensation,
    Dosage,
    Kind,
    Prescription,
    Problem,
    Product,
)
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.terminology import choices
from carnet.health import disputing, profile, queries, stating
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from carnet.web.patient.health_answers import names_in
from carnet.web.patient.moments import as_moment
from tests import people
from tests.health.stated import stating as document_stating
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain


class Guest(Browsing):
    def __init__(self, client: httpx2.Client, patient: Resident) -> None:
        super().__init__(client)
        self.patient = patient

    def sends(self, path: str, fields: dict[str, str], *, follow: bool = True, at: str = "") -> httpx2.Response:
        page = self.opens(at or path).text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        return self.client.post(path, data=fields | {"csrfmiddlewaretoken": token[1]}, follow_redirects=follow)

    def adds(self, part: str, **fields: str) -> httpx2.Response:
        return self.sends(f"/sante/ajouter/{part}", {"qui": "visible", **fields})

    def part(self, name: str, path: str = "/sante") -> str:
        found = re.search(rf'<section class="cn-card" id="{name}".*?</section>', self.opens(path).text, re.DOTALL)
        assert found
        return plain(found[0])

    def lines(self) -> tuple[queries.Line, ...]:
        return queries.lines(self.patient.actor, Purpose.SELF, self.patient.record_id)

    def told(self, actor: Actor | None = None) -> list[str]:
        purpose = Purpose.CARE if actor else Purpose.SELF
        return [line.label for line in queries.lines(actor or self.patient.actor, purpose, self.patient.record_id)]


@pytest.fixture
def guest(server: str) -> Iterator[Guest]:
    patient = people.a_patient()
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield Guest(client, patient)


def day(days: int = 10) -> str:
    return f"{clock.now() - timedelta(days=days):%Y-%m-%d}"


def metformin(dose: str = "1 comprimé matin et soir") -> Prescription:
    known = choices.named(choices.Of.SUBSTANCE, "metformine")
    assert known
    return Prescription(
        kind=Kind.PRESCRIPTION,
        code=Concept(),
        status="active",
        when=Span(day()),
        product=Product(replace(known.concept, text="Metformine 1 000 mg, comprimé")),
        dosages=(Dosage(text=dose),),
    )


def diabetes(text: str = "Diabète de type 2") -> Problem:
    known = choices.named(choices.Of.PROBLEM, "Diabète de type 2")
    assert known
    return Problem(kind=Kind.PROBLEM, code=replace(known.concept, text=text), clinical="active", when=Span("2021-03"))


def peanut() -> Allergy:
    return Allergy(kind=Kind.ALLERGY, code=Concept("Arachide"), clinical="active")


def test_the_words_of_each_stand_apart_under_one_subject_with_their_source_one_act_away(guest: Guest) -> None:
    patient = guest.patient
    doctor = people.authorised(patient, people.a_doctor())
    document = document_stating(patient, diabetes())
    stating.state(doctor, Purpose.CARE, record_id=patient.record_id, entry=diabetes())
    guest.adds("problemes", quoi="diabete de TYPE 2", depuis="mars 2021", note="Suivi tous les trois mois")
    part = guest.part("problemes")
    assert part.count("Diabète de type 2") >= 1
    for voice in (
        "Un document",
        "Un soignant",
        "Vous",
        "Dr Ange Essai",
        "Suivi tous les trois mois",
        "Depuis mars 2021",
    ):
        assert voice in part, voice
    assert f'href="/documents/{document.id}"' in guest.opens("/sante").text
    titles = re.findall(r'class="cn-row__t"[^>]*>(Diab[^<]+)<', guest.opens("/sante").text)
    assert len(titles) == 1
    assert "entries-list" in {line.action for line in people.trail(patient)}


def test_on_an_english_page_the_words_after_a_link_and_the_examples_are_told_to_be_french(guest: Guest) -> None:
    document_stating(guest.patient, diabetes(), metformin())
    guest.adds("problemes", quoi="Asthme")
    guest.opens("/langue/en")
    for path in ("/sante", "/sante/traitements"):
        page: HtmlElement = fromstring(guest.opens(path).text)
        hidden = page.xpath("//main//*[contains(@class, 'vh')][contains(., 'Diab') or contains(., 'etformine')]")
        assert hidden
        for each in hidden:
            assert each.xpath(".//*[@lang='fr']"), (path, each.text_content())
    hint: HtmlElement = fromstring(guest.opens("/sante/ajouter/problemes").text)
    (example,) = hint.xpath("//*[@id='quoi-h']")
    assert plain(example.text_content()) == "For example: asthme, diabète de type 2 (the list is in French)"
    assert example.xpath("./*[@lang='fr']/text()") == ["asthme, diabète de type 2"]


def test_she_adds_corrects_and_takes_back_her_own_line_and_no_other(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    answer = guest.adds("allergies", quoi="arachide", reaction="urticaire", grave="oui")
    assert answer.url.path == "/sante"
    assert "À savoir d'abord" in plain(answer.text)
    mine = re.search(r'href="(/sante/dit/[0-9a-f-]{36})"', answer.text)
    assert mine
    form = guest.opens(mine[1]).text
    assert 'value="Arachide"' in form
    assert 'value="urticaire"' in form
    guest.sends(mine[1], {"quoi": "Arachide", "reaction": "œdème", "qui": "masque"})
    assert "Œdème" in guest.part("allergies")
    assert "Masqué aux soignants" in guest.part("allergies")
    assert guest.told(doctor) == []
    assert guest.opens(mine[1]).status_code == 404, "what was corrected is not there any more"
    anew = re.search(r'href="(/sante/dit/[0-9a-f-]{36})"', guest.opens("/sante").text)
    assert anew
    assert "Rien n'est noté" in plain(guest.sends(anew[1], {"acte": "retirer"}).text)
    theirs = stating.state(doctor, Purpose.CARE, record_id=guest.patient.record_id, entry=peanut())
    assert guest.opens(f"/sante/dit/{theirs.id}").status_code == 404


def test_a_form_that_cannot_be_kept_says_why_at_its_field(guest: Guest) -> None:
    answer = guest.adds("problemes", quoi="", depuis="demain")
    assert answer.status_code == 422
    assert 'href="#quoi"' in answer.text
    assert 'id="depuis-e"' in answer.text
    assert guest.adds("famille", quoi="Asthme").status_code == 422
    assert guest.opens("/sante/ajouter/nulle-part").status_code == 404
    assert guest.told() == []


@pytest.mark.parametrize("number", ["2147483648", "9" * 5000])
def test_a_number_that_is_no_year_and_no_age_is_told_at_its_field(guest: Guest, number: str) -> None:
    answer = guest.adds("problemes", quoi="Asthme", depuis=number, acte="garder")
    assert answer.status_code == 422
    assert "Écrivez une date passée" in plain(answer.text)
    answer = guest.adds("famille", quoi="Asthme", lien="MTH", age=number, acte="garder")
    assert answer.status_code == 422
    assert "Écrivez un âge en années" in plain(answer.text)


def test_a_search_and_a_choice_keep_nothing_and_a_code_goes_with_the_word(guest: Guest) -> None:
    page = guest.adds("traitements", quoi="dolip", chercher="1").text
    assert 'name="choix" value="Paracétamol"' in page
    page = guest.adds("traitements", quoi="dolip", dose="1 le soir", choix="Paracétamol").text
    assert 'value="Paracétamol"' in page
    assert 'value="1 le soir"' in page
    assert guest.told() == []
    guest.adds("traitements", quoi="Paracétamol", dose="1 le soir")
    (line,) = queries.lines(guest.patient.actor, Purpose.SELF, guest.patient.record_id)
    assert "N02BE01" in line.fhir


def test_no_allergy_is_an_answer_and_a_document_that_names_one_is_told_as_a_fact(guest: Guest) -> None:
    guest.sends("/sante/reponse/allergies", {"reponse": "aucun"}, at="/sante")
    part = guest.part("allergies")
    assert "Je n'ai pas d'allergie connue" in part
    assert "D'autres sources" not in part
    document_stating(guest.patient, peanut())
    part = guest.part("allergies")
    assert "Je n'ai pas d'allergie connue" in part
    assert "D'autres sources disent autre chose" in part
    assert "Arachide" in part
    guest.sends("/sante/reponse/allergies", {"reponse": "inconnu"}, at="/sante")
    part = guest.part("allergies")
    assert "Je ne sais pas" in part
    assert "Je n'ai pas d'allergie connue" not in part
    guest.adds("allergies", quoi="Latex")
    assert "Je ne sais pas" not in guest.part("allergies"), "a line takes the place of the answer"


def test_an_allergy_that_is_over_is_told_so(guest: Guest) -> None:
    document_stating(guest.patient, replace(peanut(), clinical="resolved"))
    assert "Guérie" in guest.part("allergies")
    must = guest.opens("/sante").text.partition("cn-alert--danger")[2].partition("</ul>")[0]
    assert "Guérie" in plain(must)


def test_nothing_of_a_hidden_document_shows_to_whom_it_is_hidden_from(guest: Guest) -> None:
    hidden = document_stating(
        guest.patient, peanut(), diabetes(), metformin(), of=people.entry(labels=frozenset({"INVISIBLE_PATIENT"}))
    )
    for path in ("/sante", "/sante/traitements"):
        page = guest.opens(path).text
        for word in ("Arachide", "Diabète de type 2", "Metformine", "metformine", str(hidden.id)):
            assert word not in page.partition('<details class="nhsuk-details small"')[0], (path, word)
    doctor = people.authorised(guest.patient, people.a_doctor())
    (fact,) = (line.fact for line in queries.lines(doctor, Purpose.CARE, guest.patient.record_id, [Kind.ALLERGY]))
    assert guest.opens(f"/sante/erreur/{fact}/{hidden.id}").status_code == 404


def test_treatments_stand_by_substance_with_their_owners_and_their_differences(guest: Guest) -> None:
    given = Dispensation(
        kind=Kind.DISPENSATION,
        code=Concept(),
        status="completed",
        when=Span(day(5)),
        product=Product(Concept("METFORMINE BIOGARAN 1000 mg")),
    )
    old = replace(metformin(), when=Span("2019-01-10"), product=Product(Concept("Ramipril 5 mg")))
    document_stating(guest.patient, metformin(), given, old)
    guest.adds("traitements", quoi="metformine", dose="1 le soir")
    assert "D'après vous, Ange Essai" in guest.part("traitements")
    page = plain(guest.opens("/sante/traitements").text)
    assert "En cours" in page
    assert "Les doses diffèrent" in page
    assert "1 traitement terminé" in page
    for word in ("Prescrit", "Délivré", "Noté comme pris", "Vous : 1 le soir", "Ange Essai", "METFORMINE BIOGARAN"):
        assert word in page, word


def test_a_treatment_without_a_reason_is_asked_about_once_and_nothing_is_concluded(guest: Guest) -> None:
    document_stating(guest.patient, metformin())
    asked = plain(guest.opens("/sante").text)
    assert "On vous a prescrit : metformine. Pour quelle raison ?" in asked
    assert "Diabète" not in asked
    guest.sends(
        "/sante/question",
        {"question": "reason|atc:A10BA02", "acte": "repondre", "raison": "Diabète de type 2"},
        at="/sante",
    )
    after = plain(guest.opens("/sante").text)
    assert "Pour quelle raison" not in after
    assert "Pour : Diabète de type 2" in after
    (own,) = (line for line in guest.lines() if line.said_by == "person")
    assert own.state == "unknown", "nobody says in her name that she takes it"
    assert "Raison notée – Vous" in plain(guest.opens("/sante/traitements").text)
    document_stating(guest.patient, replace(metformin(), product=Product(Concept("Ramipril 5 mg"))))
    assert "On vous a prescrit : ramipril." in plain(guest.opens("/sante").text)
    guest.sends("/sante/question", {"question": "reason|atc:C09AA05", "acte": "plus-tard"}, at="/sante")
    assert "Pour quelle raison" not in plain(guest.opens("/sante").text)


def test_a_reason_that_is_corrected_says_no_more_than_before(guest: Guest) -> None:
    document_stating(guest.patient, metformin())
    asked = {"question": "reason|atc:A10BA02", "acte": "repondre", "raison": "Diabète"}
    guest.sends("/sante/question", asked, at="/sante")

    def own() -> queries.Line:
        (line,) = (each for each in guest.lines() if each.said_by == "person")
        return line

    before = own()
    guest.sends(
        f"/sante/dit/{before.sources[0]}",
        {"quoi": before.label, "raison": "Diabète de type 2", "qui": "visible", "acte": "garder"},
    )
    after = own()
    assert after.sources != before.sources
    assert "Diabète de type 2" in after.fhir
    assert after.state == "unknown", "nobody says in her name that she takes it"
    assert "Raison notée – Vous" in plain(guest.opens("/sante/traitements").text)
    guest.sends(
        f"/sante/dit/{after.sources[0]}",
        {"quoi": after.label, "raison": "Diabète de type 2", "qui": "visible", "etat": "arrete", "acte": "garder"},
    )
    assert own().state == "stopped", "that is said by herself"


def test_nothing_is_asked_of_a_treatment_that_she_denies_and_what_she_says_she_takes_is_told_as_taken(
    guest: Guest,
) -> None:
    document_stating(guest.patient, metformin())
    reply = {"question": "reason|atc:A10BA02", "acte": "repondre", "raison": "Diabète"}
    guest.sends("/sante/reponse/traitements", {"reponse": "aucun"}, at="/sante")
    assert "Pour quelle raison" not in plain(guest.opens("/sante").text)
    guest.sends("/sante/question", reply, at="/sante")
    assert not any("Diabète" in line.fhir for line in guest.lines())
    guest.sends("/sante/reponse/traitements", {"reponse": "inconnu"}, at="/sante")
    assert "On vous a prescrit : metformine." in plain(guest.opens("/sante").text)
    guest.sends("/sante/question", reply, at="/sante")
    assert not any(line.absence for line in guest.lines()), "the reason takes the place of « je ne sais pas »"
    assert "Pour : Diabète" in plain(guest.opens("/sante").text)


def test_nothing_is_asked_of_a_treatment_that_she_stopped(guest: Guest) -> None:
    document_stating(guest.patient, metformin())
    guest.adds("traitements", quoi="Metformine", etat="arrete", acte="garder")
    assert "Pour quelle raison" not in plain(guest.opens("/sante").text)
    guest.sends(
        "/sante/question", {"question": "reason|atc:A10BA02", "acte": "repondre", "raison": "Diabète"}, at="/sante"
    )
    assert [line.state for line in guest.lines() if line.said_by == "person"] == ["stopped"]
    guest.adds("traitements", quoi="Ramipril", acte="garder")
    assert "Vous prenez : ramipril. Pour quelle raison ?" in plain(guest.opens("/sante").text)


def test_why_a_masked_medicine_is_taken_is_masked_too_whatever_was_asked(guest: Guest) -> None:
    masked = people.entry(labels=frozenset({"MASQUE_PS"}))
    document_stating(guest.patient, metformin(), of=masked)
    asked = plain(guest.opens("/sante").text)
    assert "Votre réponse sera masquée aux soignants" in asked
    said = {"question": "reason|atc:A10BA02", "acte": "repondre", "raison": "Diabète", "qui": "visible"}
    guest.sends("/sante/question", said, at="/sante")
    assert "Pour : Diabète" in plain(guest.opens("/sante").text)
    doctor = people.authorised(guest.patient, people.a_doctor())
    assert guest.told(doctor) == []
    document_stating(guest.patient, replace(metformin(), product=Product(Concept("Ramipril 5 mg"))))
    said = {"question": "reason|atc:C09AA05", "acte": "repondre", "raison": "Tension", "qui": "masque"}
    assert "Masquer aux soignants" in plain(guest.opens("/sante").text)
    guest.sends("/sante/question", said, at="/sante")
    assert guest.told(doctor) == ["Ramipril 5 mg"]


def test_a_search_says_whose_words_it_found(guest: Guest) -> None:
    guest.adds("problemes", quoi="Asthme de l'enfant", acte="garder")
    document_stating(guest.patient, diabetes())
    found = plain(guest.opens("/recherche?q=asthme").text)
    assert "Ce que disent les documents" not in found
    assert "Problème de santé. Vous" in found
    assert "Problème de santé. Un document : Ange Essai" in plain(guest.opens("/recherche?q=diabete").text)


def test_an_error_is_reported_to_its_author_followed_and_taken_back(guest: Guest) -> None:
    software, first = people.software(), people.entry()
    done = document_stating(guest.patient, diabetes(), of=first, by=software)
    found = re.search(r'href="(/sante/erreur/[0-9a-f-]{36}/[0-9a-f-]{36})"', guest.opens("/sante").text)
    assert found
    answer = guest.sends(found[1], {"mots": "Je n'ai pas de diabète", "acte": "signaler"})
    assert "En attente d'une correction" in plain(answer.text)
    assert "Erreur signalée" in guest.part("problemes")
    support = people.an_operator("support")
    assert [case.source_id for case in disputing.open_cases(support, about=done.id)] == [done.id]
    again = document_stating(
        guest.patient,
        replace(diabetes(), clinical="resolved"),
        of=people.entry(replaces=(first.unique_id,)),
        by=software,
    )
    assert again.id
    assert "Corrigé" in plain(guest.opens(found[1]).text)
    answer = guest.sends(found[1], {"acte": "reprendre"})
    assert "Votre signalement est retiré" in plain(answer.text)
    assert not disputing.open_cases(support, about=done.id)
    assert {"fact-reported", "fact-report-taken-back"} <= {line.action for line in people.trail(guest.patient)}


def test_an_error_is_reported_to_each_document_that_states_it(guest: Guest) -> None:
    made = {document_stating(guest.patient, diabetes(), by=people.software()).id for _ in range(2)}
    found = re.search(r'href="(/sante/erreur/[0-9a-f-]{36}/)([0-9a-f-]{36})"', guest.opens("/sante").text)
    assert found
    (elsewhere,) = made - {UUID(found[2])}
    first, other = found[1] + found[2], f"{found[1]}{elsewhere}"
    page = guest.opens(first).text
    assert "La même chose est écrite ailleurs" in plain(page)
    assert f'href="{other}"' in page
    guest.sends(other, {"mots": "", "acte": "signaler"})
    assert "Erreur signalée" in plain(guest.opens(first).text)
    assert "En attente d'une correction" not in plain(guest.opens(first).text)
    guest.sends(first, {"mots": "", "acte": "signaler"})
    support = people.an_operator("support")
    assert all(len(disputing.open_cases(support, about=each)) == 1 for each in made)


def test_the_sections_stand_as_she_puts_them(guest: Guest) -> None:
    guest.sends("/sante/ranger", {"acte": "epingler:volontes"})
    guest.sends("/sante/ranger", {"acte": "descendre:problemes"})
    order = re.findall(r'<section class="cn-card" id="(\w+)"', guest.opens("/sante").text)
    assert order[:3] == ["volontes", "traitements", "problemes"]
    guest.sends("/sante/ranger", {"acte": "defaut:"})
    order = re.findall(r'<section class="cn-card" id="(\w+)"', guest.opens("/sante").text)
    assert order[:2] == ["problemes", "traitements"]


def test_whom_to_call_and_what_is_wished_are_said_corrected_and_hidden(guest: Guest) -> None:
    assert guest.sends("/sante/dire/prevenir", {"nom": "", "telephone": "abc"}).status_code == 422
    guest.sends("/sante/dire/prevenir", {"nom": "Alix Essai", "lien": "ma sœur", "telephone": "06 12 34 56 78"})
    guest.sends("/sante/dire/organes", {"reponse": "refus"})
    assert "Alix Essai" in guest.part("entourage")
    assert "registre national des refus" in guest.part("volontes")
    doctor = people.authorised(guest.patient, people.a_doctor())

    def seen() -> list[str]:
        told = profile.told(doctor, Purpose.CARE, guest.patient.record_id, ())
        return [each.name for each in told.words if each.name]

    assert seen() == ["Alix Essai"]
    own = re.search(r'href="(/sante/proche/[0-9a-f-]{36})"', guest.opens("/sante").text)
    assert own
    guest.sends(own[1], {"nom": "Alix Essai", "telephone": "06 12 34 56 79", "qui": "masque"})
    assert seen() == []
    own = re.search(r'href="(/sante/proche/[0-9a-f-]{36})"', guest.opens("/sante").text)
    assert own
    assert "Alix" not in plain(guest.sends(own[1], {"acte": "retirer"}).text)


def test_the_first_filling_asks_one_question_a_screen_and_is_resumed(guest: Guest) -> None:
    assert guest.opens("/sante/remplir").url.path == "/sante/remplir/allergies"
    assert guest.sends("/sante/remplir/allergies", {}).status_code == 422
    answer = guest.sends("/sante/remplir/allergies", {"reponse": "aucun"})
    assert answer.url.path == "/sante/remplir/traitements"
    answer = guest.sends("/sante/remplir/traitements", {"reponse": "oui", "lesquels": "Metformine\nVitamines du matin"})
    assert guest.opens("/sante/remplir").url.path == "/sante/remplir/problemes"
    for step in ("problemes", "sejours"):
        answer = guest.sends(f"/sante/remplir/{step}", {"reponse": "passer"})
    answer = guest.sends("/sante/remplir/prevenir", {"reponse": "oui", "nom": "Alix", "telephone": "0612345678"})
    answer = guest.sends("/sante/remplir/confiance", {"reponse": "passer"})
    assert answer.url.path == "/sante"
    assert "C'est rempli" in plain(answer.text)
    text = plain(answer.text)
    for word in ("Je n'ai pas d'allergie connue", "Metformine", "Vitamines du matin", "Alix"):
        assert word in text, word


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lévothyrox 37,5", ["Lévothyrox 37,5"]),
        ("Infarctus, 2010", ["Infarctus, 2010"]),
        ("Metformine, Vitamines du matin; Ramipril", ["Metformine", "Vitamines du matin", "Ramipril"]),
        (" Arachide \n\nŒuf\nArachide", ["Arachide", "Œuf"]),
        ("Kardégic 75 ; Éliquis 2,5 , 1 le soir", ["Kardégic 75", "Éliquis 2,5 , 1 le soir"]),
    ],
)
def test_the_first_filling_cuts_no_dose_and_no_year(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_a_parent_writes_for_a_child_and_nothing_of_it_comes_into_their_own_record(server: str) -> None:
    child, parent = people.a_patient(birth_date="2020-01-01"), people.a_patient()
    people_actions.represent(
        SYSTEM, record_id=child.record_id, representative_id=parent.actor.id, since=people.long_ago()
    )
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(parent.actor)}) as client:
        here = Guest(client, parent)
        here.sends("/carnets/ouvrir", {"ouvrir": str(child.record_id)}, at="/carnets")
        form = plain(here.opens("/sante/ajouter/allergies").text)
        assert "Vous écrivez pour" in form
        here.adds("allergies", quoi="Œuf")
        assert "Œuf" in here.part("allergies")
    assert [line.label for line in queries.lines(parent.actor, Purpose.REPRESENTATIVE, child.record_id)] == ["Œuf"]
    assert queries.lines(parent.actor, Purpose.SELF, parent.record_id) == ()


def test_nothing_of_a_minors_secret_shows_to_a_parent_nor_is_asked_about(server: str) -> None:
    child, parent = people.a_patient(birth_date="2011-01-01"), people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    secret = people.entry(labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}))
    done = document_stating(child, metformin(), diabetes(), of=secret)
    (fact,) = (
        each.fact for each in queries.lines(child.actor, Purpose.SELF, child.record_id) if each.kind is Kind.PROBLEM
    )
    disputing.report(child.actor, Purpose.SELF, record_id=child.record_id, fact=fact, source_id=done.id, words="Non")
    told = profile.told(parent, Purpose.REPRESENTATIVE, child.record_id)
    assert (told.lines, told.documents, told.reports) == ((), {}, ())
    with pytest.raises(NotThere):
        disputing.report(
            parent, Purpose.REPRESENTATIVE, record_id=child.record_id, fact=fact, source_id=done.id, words=""
        )
    with pytest.raises(NotThere):
        disputing.take_back(parent, Purpose.REPRESENTATIVE, record_id=child.record_id, fact=fact, source_id=done.id)
    assert len(profile.told(child.actor, Purpose.SELF, child.record_id).reports) == 1


def test_what_is_withdrawn_leaves_the_profile(guest: Guest) -> None:
    software = people.software()
    done = document_stating(guest.patient, peanut(), by=software)
    assert "Arachide" in guest.part("allergies")
    withdraw(
        software, Purpose.DEPOSIT, record_id=guest.patient.record_id, document_id=done.id, cause=Cause.WRONG_PATIENT
    )
    assert "Arachide" not in guest.part("allergies")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", ""),
        ("2010", "2010"),
        ("mars 2010", "2010-03"),
        ("3/2010", "2010-03"),
        ("12 3 2010", "2010-03-12"),
        ("1 févr. 2010", "2010-02-01"),
        ("31 2 2010", None),
        ("hier", None),
        ("2031", None),
        ("1 2 3 4", None),
        ("12", None),
        ("2147483648", None),
        ("1 1 99999999999999999999", None),
        ("9" * 5000, None),
        ("12 mars " + "0" * 4990 + "2010", None),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, moment: str | None) -> None:
    assert as_moment(text, date(2026, 11, 26)) == moment
