"""A professional notes something without a document: signed by them, seen by whom they say, theirs to take back."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from carnet.consent import actions as consent
from carnet.consent.standing import standing
from carnet.documents import masking
from carnet.health import queries
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.ids import short
from carnet.people import actions as people_actions
from carnet.people.rules import Capacity
from tests import people
from tests.api.caller import Caller
from tests.people import Resident, a_doctor, a_patient, a_person, authorised, raw_trail, rpps_of
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, browsing, plain
from tests.web.pro.desk import Desk, at_desk, attended, hidden, record

Said = dict[str, str | list[str]]
VACCINE: Said = {"quoi": "Vaxigrip", "lot": "X12", "perime": "5 2030", "jour": "12 10 2025", "site": "368208006"}
ALLERGY: Said = {"quoi": "Arachide", "genre": "allergy", "reaction": "Urticaire", "risque": "high", "sur": "confirmed"}
PROBLEM: Said = {"quoi": "Asthme", "etat": "active", "sur": "confirmed", "depuis": "2012"}
TARGET: Said = {"serie": "measure:weight", "sens": "plus", "valeur": "72", "jour": "1 10 2025"}
WEIGHT: Said = {"valeur": "74,5", "jour": "12 10 2025", "heure": "8 h"}
NOTES = {
    "vaccination": VACCINE,
    "allergie": ALLERGY,
    "probleme": PROBLEM,
    "objectif": TARGET,
    "mesure?quoi=weight": WEIGHT,
}
BOX = "01034009328572411727053110L77"


@dataclass(frozen=True)
class Noted:
    text: str
    own: list[str]


def noted(desk: Desk, patient: Resident, page: str, said: Said) -> Noted:
    """What stands on the page of the notes afterwards."""
    answer = desk.sends(f"{record(patient.record_id)}/noter/{page}", {**said, "acte": "garder"})  # type: ignore[dict-item]
    assert answer.status_code == 200, plain(answer.text)
    assert answer.url.path.endswith("/noter"), plain(answer.text)
    return Noted(plain(answer.text), re.findall(r'href="([^"]*/noter/mots/[^"]*)"', answer.text))


def at_home(browser: Browsing, actor: Actor) -> Browsing:
    browser.client.cookies.set(COOKIE, session_of(actor))
    return browser


def labels_of(patient: Resident, reader: Actor, purpose: Purpose = Purpose.CARE) -> set[str]:
    return {each.label for each in queries.lines(reader, purpose, patient.record_id)}


def test_what_is_noted_is_read_by_the_person_her_doctors_and_software_under_the_name_of_who_noted_it(
    server: str,
) -> None:
    patient, doctor, other = a_patient(), a_doctor(), a_doctor()
    authorised(patient, other)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        for page, said in NOTES.items():
            last = noted(desk, patient, page, said)
        for told in ("Vaxigrip", "Arachide", "Asthme", "Objectif : Poids : au plus 72 kg", "74,5 kg"):
            assert told in last.text
    with browsing(server) as browser:
        hers = at_home(browser, patient.actor)
        health = hers.text("/sante").replace("Essai", "ESSAI")
        for told in ("Asthme", "Arachide", "Dr Ange ESSAI"):
            assert told in health
        card = hers.text("/sante/vaccinations")
        assert "Vaxigrip Noté par Dr Ange Essai" in card
        weight = hers.text("/sante/mesures/weight").replace("Essai", "ESSAI")
        assert "Noté par Dr Ange ESSAI" in weight
        assert "72 kg" in weight
        assert "a noté une donnée de santé" in hers.text("/acces?qui=tous")
        assert "Asthme" in hers.text("/histoire")
        assert "Asthme" in hers.text("/recherche?q=asthme")
    assert {"Vaxigrip", "Arachide", "Asthme", "Poids"} <= labels_of(patient, other)
    caller = Caller.of(server, other)
    for kind, text in (
        ("Immunization", "Vaxigrip"),
        ("AllergyIntolerance", "Arachide"),
        ("Condition", "Asthme"),
        ("Observation", "74.5"),
    ):
        bundle = caller.found(kind, {"patient": short(patient.record_id), "_revinclude": "Provenance:target"})
        origins = [each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == "Provenance"]
        assert text in str(bundle)
        assert rpps_of(doctor) in str(origins)
    assert "Arachide" in caller.get(f"Patient/{short(patient.record_id)}/$summary").text
    whole = Caller.of(server, patient.actor).get(f"Patient/{short(patient.record_id)}/$everything")
    assert "Arachide" in whole.text


def test_what_is_one_s_own_is_corrected_and_taken_back_and_nothing_else(server: str) -> None:
    patient, doctor, other = a_patient(), a_doctor(), a_doctor()
    for each in (doctor, other):
        authorised(patient, each)
    with at_desk(server, doctor) as desk, at_desk(server, other) as another:
        desk.finds(patient.ins)
        another.finds(patient.ins)
        (own,) = noted(desk, patient, "allergie", ALLERGY).own
        assert another.opens(own).status_code == 404
        assert 'value="Urticaire"' in desk.opens(own).text
        answer = desk.sends(own, {**ALLERGY, "reaction": "Œdème", "acte": "garder"})  # type: ignore[dict-item]
        assert "La note est corrigée." in plain(answer.text)
        (again,) = re.findall(r'href="([^"]*/noter/mots/[^"]*)"', answer.text)
        assert 'value="Œdème"' in desk.opens(again).text
        assert desk.opens(own).status_code == 404
        assert labels_of(patient, other) == {"Arachide"}
        assert "La note est retirée du carnet." in plain(desk.sends(again, {"acte": "retirer"}).text)
        assert "Vous n'avez encore rien noté" in desk.text(f"{record(patient.record_id)}/noter")
    assert labels_of(patient, other) == set()
    done = [action for action, outcome in raw_trail(patient.record_id) if outcome == "done"]
    assert {"entry-stated", "entry-amended", "entry-retracted"} <= set(done)


def form_of(desk: Desk, address: str) -> dict[str, str]:
    page = desk.opens(address).text
    return {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "envoi")} | {"acte": "garder"}


def test_a_form_that_is_sent_twice_is_one_note(server: str) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        home = f"{record(patient.record_id)}/noter"
        for address, said in (("allergie", ALLERGY), ("mesure?quoi=weight", WEIGHT), ("objectif", TARGET)):
            form = form_of(desk, f"{home}/{address}") | said
            with ThreadPoolExecutor(2) as at_once:
                sent = [at_once.submit(desk.client.post, f"{home}/{address}", data=form) for _ in range(2)]
                answers = [each.result() for each in sent]
            answers.append(desk.client.post(f"{home}/{address}", data=form))
            assert [each.status_code for each in answers] == [303] * 3
        page = desk.opens(home).text
        notes = re.findall(r'href="([^"]*/noter/mots/[^"]*)"', page)
        assert len(set(notes)) == 3, plain(page)
        allergy = next(each for each in notes if "Arachide" in plain(page.partition(each)[2][:200]))
        form = form_of(desk, allergy) | ALLERGY | {"quoi": "Noisette"}
        amended = [desk.client.post(allergy, data=form) for _ in range(2)]
        assert [each.headers.get("Location", "") for each in amended] == [f"{home}?fait=corrige"] * 2
        again = re.findall(r'href="([^"]*/noter/mots/[^"]*)"', desk.opens(home).text)
        assert len(set(again)) == 3
        # What was taken back may be said again.
        (new,) = set(again) - set(notes)
        assert desk.client.post(new, data=form_of(desk, new) | {"acte": "retirer"}).status_code == 303
        assert desk.client.post(f"{home}/allergie", data=form_of(desk, f"{home}/allergie") | ALLERGY).status_code == 303
        assert "Arachide" in plain(desk.opens(home).text)


def test_from_whom_a_note_is_kept(server: str) -> None:
    child, doctor, other = a_patient(birth_date="2011-05-01"), a_doctor(), a_doctor()
    parent, mother = a_person(), a_doctor()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    authorised(child, other)
    attended(child, mother)
    with at_desk(server, doctor) as desk:
        desk.finds(child.ins)
        assert 'value="secret"' in desk.opens(f"{record(child.record_id)}/noter/allergie").text
        noted(desk, child, "allergie", ALLERGY | {"etiquettes": ["masque"]})
        page = noted(desk, child, "probleme", PROBLEM | {"etiquettes": ["secret"]})
        assert "Masqué" in page.text
        assert "Secret" in page.text
    assert labels_of(child, other) == {"Asthme"}
    assert labels_of(child, mother) == {"Asthme", "Arachide"}
    assert labels_of(child, parent, Purpose.REPRESENTATIVE) == {"Arachide"}
    assert labels_of(child, child.actor, Purpose.SELF) == {"Asthme", "Arachide"}
    grown = a_patient()
    with at_desk(server, doctor) as desk:
        desk.finds(grown.ins)
        for kind in ("allergie", "mesure?quoi=weight", "objectif"):
            assert 'value="secret"' not in desk.opens(f"{record(grown.record_id)}/noter/{kind}").text
        said = {**PROBLEM, "etiquettes": "secret", "acte": "garder"}
        answer = desk.sends(f"{record(grown.record_id)}/noter/probleme", said)  # type: ignore[arg-type]
        assert answer.status_code == 422
        assert "que pour une personne mineure ou représentée" in plain(answer.text)


def test_a_note_is_kept_from_the_guardian_of_a_protected_adult(server: str) -> None:
    grown, doctor, guardian = a_patient(), a_doctor(), a_person()
    people.represents(grown, guardian, guardian=True)
    with at_desk(server, doctor) as desk:
        desk.finds(grown.ins)
        for kind in ("allergie", "mesure?quoi=weight", "objectif"):
            form = plain(desk.opens(f"{record(grown.record_id)}/noter/{kind}").text)
            assert "Secret vis-à-vis des représentants" in form
            assert "mineur" not in form
            assert "parents" not in form
        noted(desk, grown, "allergie", ALLERGY)
        noted(desk, grown, "probleme", PROBLEM | {"etiquettes": ["secret"]})
    assert labels_of(grown, guardian, Purpose.REPRESENTATIVE) == {"Arachide"}
    assert labels_of(grown, grown.actor, Purpose.SELF) == {"Asthme", "Arachide"}


@pytest.mark.parametrize("birth_date", ["2011-05-01", "1951-05-01"], ids=["parent", "guardian"])
def test_a_note_of_a_secret_visit_betrays_nothing(birth_date: str, server: str) -> None:
    child, doctor, parent = a_patient(birth_date=birth_date), a_doctor(), a_person()
    people.represents(child, parent, guardian=birth_date < "2000")
    consent.authorise(child.actor, Purpose.SELF, record_id=child.record_id, professional_id=doctor.id, secret=True)
    with at_desk(server, doctor) as desk:
        desk.finds(child.ins)
        (own,) = noted(desk, child, "probleme", PROBLEM).own
        desk.sends(own, {**PROBLEM, "etat": "resolved", "acte": "garder"})  # type: ignore[dict-item]
    assert labels_of(child, parent, Purpose.REPRESENTATIVE) == set()
    assert people.marks(child.record_id, doctor.id) == {4}
    stranger = a_doctor()
    with at_desk(server, stranger) as desk:
        desk.finds(child.ins)
        noted(desk, child, "allergie", ALLERGY | {"etiquettes": ["secret"]})
    with browsing(server) as browser:
        theirs = at_home(browser, parent)
        assert "Essai" not in theirs.text("/acces?qui=tous").replace("ESSAI", "Essai")


def test_a_block_and_a_standing_mask_are_kept(server: str) -> None:
    patient, doctor, other = a_patient(), a_doctor(), a_doctor()
    authorised(patient, other)
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        (own,) = noted(desk, patient, "allergie", ALLERGY).own
        assert "Arachide" in desk.opens(own).text
        assert labels_of(patient, other) == {"Arachide"}
        masking.mask(patient.actor, Purpose.SELF, record_id=patient.record_id, rule=masking.of_everything())
        assert labels_of(patient, other) == set()
        assert "Asthme" in noted(desk, patient, "probleme", PROBLEM).text
        assert labels_of(patient, other) == set()
        assert labels_of(patient, patient.actor, Purpose.SELF) == {"Arachide", "Asthme"}


def test_what_each_profession_may_note(server: str) -> None:
    patient = a_patient()
    every = {"problem", "allergy", "vaccination", "measure", "target"}
    for profession, kinds in {
        "10": every,
        "50": every,
        "40": {"problem", "allergy", "measure"},
        "21": {"allergy", "vaccination", "measure"},
        "60": {"allergy", "vaccination", "measure"},
        "95": {"measure", "target"},
        "86": set(),
    }.items():
        assert standing(a_doctor(profession=profession), patient.record_id).notes == kinds, profession
    assert standing(a_doctor(capacity=Capacity.INSURER), patient.record_id).notes == set()
    with at_desk(server, a_doctor(profession="21")) as desk:
        desk.finds(patient.ins)
        assert "Vaccination" in desk.text(f"{record(patient.record_id)}/noter")
        assert "Objectif" not in desk.text(f"{record(patient.record_id)}/noter")
        page = desk.opens(f"{record(patient.record_id)}/noter/objectif")
        assert page.status_code == 403
        assert "Votre profession ne fixe pas d'objectif" in plain(page.text)
        page = desk.opens(f"{record(patient.record_id)}/noter/probleme")
        assert page.status_code == 403
        assert "Votre profession ne note pas de problème de santé" in plain(page.text)
        assert "Son titulaire peut vous autoriser" not in plain(page.text)
        offered = re.findall(r'href="[^"]*/noter/(\w+)"', page.text)
        assert offered == ["vaccination", "mesure", "allergie"]
        assert desk.opens(f"{record(patient.record_id)}/noter/{offered[0]}").status_code == 200
        token = desk.opens("/pro/").text
        sent = desk.client.post(
            f"{record(patient.record_id)}/noter/probleme",
            data={**PROBLEM, "csrfmiddlewaretoken": re.findall(r'csrfmiddlewaretoken" value="([^"]+)', token)[0]},
        )
        assert sent.status_code == 403
        assert desk.opens(f"{record(patient.record_id)}/noter/autre").status_code == 404
    assert ("entry-stated", "refused") in raw_trail(patient.record_id)
    assert ("entry-stated", "done") not in raw_trail(patient.record_id)
    with at_desk(server, a_doctor(profession="86")) as desk:
        desk.finds(patient.ins)
        assert "Votre profession ne note rien sans document" in desk.text(f"{record(patient.record_id)}/noter")
        page = desk.opens(f"{record(patient.record_id)}/noter/mesure")
        assert page.status_code == 403
        assert "Votre profession ne note pas de mesure" in plain(page.text)
        assert f'href="{record(patient.record_id)}/deposer"' in page.text


def test_a_box_is_read_and_proposed_before_anything_is_kept(server: str) -> None:
    patient, pharmacist = a_patient(), a_doctor(profession="21")
    address = f"{record(patient.record_id)}/noter/vaccination"
    with at_desk(server, pharmacist) as desk:
        desk.finds(patient.ins)
        read = desk.sends(address, {"code": BOX, "jour": "12 10 2025"})
        for told in ('value="Vaccin tétanique Pasteur"', 'value="L77"', 'value="31 05 2027"', 'value="03400932857241"'):
            assert told in read.text
        assert "Vérifiez ces propositions" in plain(read.text)
        assert "Tétanos" in plain(read.text)
        assert ("entry-stated", "done") not in raw_trail(patient.record_id)
        said: Said = {"quoi": "Vaccin tétanique Pasteur", "lot": "L77", "jour": "12 10 2025", "boite": "03400932857241"}
        assert "Vaccin tétanique Pasteur" in noted(desk, patient, "vaccination", said).text
        # A box that no list knows is proposed to whoever named it, from then on.
        unknown = "01054123456789081728010110Z1"
        assert 'id="quoi" name="quoi" value=""' in desk.sends(address, {"code": unknown, "jour": "12 10 2025"}).text
        noted(
            desk,
            patient,
            "vaccination",
            {"quoi": "Vaccin X", "jour": "2025", "boite": "05412345678908", "contre": ["hpv"]},
        )
        assert 'value="Vaccin X"' in desk.sends(address, {"code": unknown, "jour": "12 10 2025"}).text
        wrong = desk.sends(address, {"code": "bonjour", "jour": "12 10 2025"})
        assert wrong.status_code == 422
        assert "Ce code ne se lit pas" in plain(wrong.text)
    with browsing(server) as browser:
        card = at_home(browser, patient.actor).text("/sante/vaccinations")
        assert "Vaccin tétanique Pasteur" in card
        assert "Vaccin X" in card


@pytest.mark.parametrize("page", ["probleme", "mesure?quoi=weight", "objectif"])
def test_nothing_is_kept_of_a_form_with_a_fault(server: str, page: str) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        answer = desk.sends(f"{record(patient.record_id)}/noter/{page}", {"acte": "garder"})
        assert answer.status_code == 422
        assert 'href="#' in answer.text
    assert ("entry-stated", "done") not in raw_trail(patient.record_id)


def test_a_target_for_blood_pressure_is_of_two_numbers(server: str) -> None:
    """Read by the person with its author and its day, on the professional's screen too, and corrected."""
    patient, doctor = a_patient(), a_doctor()
    attended(patient, doctor)
    aim = {"serie": "measure:blood_pressure", "sens": "plus", "valeur": "135/85", "jour": "1 10 2025"}
    with at_desk(server, doctor) as desk, browsing(server) as browser:
        desk.finds(patient.ins)
        form = f"{record(patient.record_id)}/noter/objectif"
        for value, fault in (
            ("135", "Écrivez les deux nombres, par exemple 135/85"),
            ("85/135", "La seconde valeur est plus petite que la première"),
            ("13,5/8,5", "Écrivez une valeur entre 30 et 350 mmHg"),
        ):
            answer = desk.sends(form, {**aim, "valeur": value, "acte": "garder"})
            assert answer.status_code == 422, value
            assert fault in plain(answer.text)
        written = noted(desk, patient, "objectif", {**aim})
        assert "Objectif : Tension artérielle : au plus 135 / 85 mmHg" in written.text
        noted(
            desk,
            patient,
            "mesure?quoi=blood_pressure",
            {"systolic": "128", "diastolic": "90", "jour": "12 10 2025", "heure": "8 h"},
        )
        hers = at_home(browser, patient.actor).text("/sante/mesures/blood-pressure")
        assert re.search(r"Objectif fixé par le Dr [^:]* le 1er octobre 2025 : au plus 135 / 85 mmHg", hers), hers
        assert "Objectif non atteint" in hers
        found = at_home(browser, patient.actor).text("/recherche?q=objectif")
        assert "artérielle au plus 135 / 85 mmHg" in found
        screen = plain(desk.opens(record(patient.record_id)).text)
        assert re.search(r"Objectif fixé par [^:]* le 1er octobre 2025 : au plus 135 / 85 mmHg", screen), screen
        (address,) = (each for each in written.own if 'value="135/85"' in desk.opens(each).text)
        desk.sends(address, {**aim, "valeur": "130 / 80", "acte": "garder"})
        hers = at_home(browser, patient.actor).text("/sante/mesures/blood-pressure")
        assert "au plus 130 / 80 mmHg" in hers
        assert "135" not in hers


def test_each_sees_their_own_figures_alone(server: str) -> None:
    patient, doctor, other = a_patient(), a_doctor(), a_doctor()
    with at_desk(server, doctor) as desk, at_desk(server, other) as another:
        desk.finds(patient.ins)
        noted(desk, patient, "allergie", ALLERGY)
        page = desk.opens("/pro/mon-activite")
        assert "Notes 1" in plain(page.text)
        assert patient.ins not in page.text
        assert "Vous n'avez encore rien déposé" in another.text("/pro/mon-activite")
