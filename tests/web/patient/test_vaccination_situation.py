"""What vaccines depend on beside age: the person says it, from whoever they choose to hide it, and takes it back."""

from __future__ import annotations

import re
from datetime import date

import pytest

from carnet.formats.clinical.model import Kind, Problem
from carnet.formats.clinical.values import Concept, Span
from carnet.health import queries
from carnet.health.schedule import State
from carnet.health.vaccinations import card
from carnet.kernel.actor import Actor, Purpose
from tests import people
from tests.health.stated import stating
from tests.people import Resident
from tests.web.browsing import plain
from tests.web.patient.test_carers import Helper
from tests.web.patient.test_declaring_vaccinations import House, doors
from tests.web.patient.test_family import a_child

__all__ = ["doors"]

PAGE = "/sante/vaccinations"
SAY = f"{PAGE}/situation"
SEEN = {"qui": "visible"}
WINTER = date(2026, 11, 28)


def says(at: Helper, *facts: str, **more: str) -> str:
    """The page of vaccinations after what is ticked was kept."""
    return plain(at.sends(SAY, SEEN | more | {"fait": list(facts)}).text)


def state_of(patient: Resident, disease: str, reader: Actor | None = None, purpose: Purpose = Purpose.SELF) -> State:
    found = card(reader or patient.actor, purpose, patient.record_id, WINTER)
    return next(each.state for each in found.answers if each.disease == disease)


def test_what_is_ticked_makes_a_vaccine_due_and_what_is_not_any_more_does_not(doors: House) -> None:
    patient = people.a_patient(birth_date="1979-03-28")
    at = doors.at(patient)
    before = at.opens(PAGE)
    assert f'href="{SAY}"' in before.text
    assert "Vaccin fièvre jaune" not in plain(before.text)
    page = says(at, "guyane", "fragile_household", "no_such_fact")
    assert "C'est enregistré : le calendrier en tient compte." in page
    due = page[page.index("vaccins à faire") : page.index("Carte de vaccination")]
    assert "Vaccin fièvre jaune" in due
    assert "Recommandé dans cette situation." in due
    assert "Situation déclarée : la vie ou un voyage en Guyane." in due
    assert "Obligatoire" in due
    assert state_of(patient, "influenza") is State.DUE
    assert set(re.findall(r'value="(\w+)" checked', at.opens(SAY).text)) == {"guyane", "fragile_household", "visible"}
    page = says(at, "fragile_household")
    assert "Vaccin fièvre jaune" not in page
    assert "Situation déclarée : une personne fragile à la maison." in page[page.index("Selon la situation") :]
    assert state_of(patient, "yellow_fever") is State.ASK


def test_it_stands_among_what_she_says_of_her_life_and_is_corrected_where_it_was_asked(doors: House) -> None:
    at = doors.at(people.a_patient(birth_date="1979-03-28"))
    says(at, "care_worker")
    profile = at.opens("/sante").text
    assert "Situation pour les vaccins" in profile
    assert "Un métier du soin" in profile
    at.opens("/langue/en")
    english = at.text("/sante")
    assert "A job in health care" in english
    assert "Un métier du soin" not in english
    at.opens("/langue/fr")
    (own,) = re.findall(r'href="(/sante/dit/[0-9a-f-]{36})"', profile)
    assert at.opens(own).url.path == SAY
    at.sends(own, {"acte": "retirer"})
    assert "checked" not in at.opens(SAY).text.partition("fieldset>")[0]


def test_nothing_is_read_out_of_a_disease(doors: House) -> None:
    patient = people.a_patient(birth_date="1979-03-28")
    asthma = Problem(kind=Kind.PROBLEM, code=Concept("Asthme"), clinical="active", when=Span("2010"))
    stating(patient, asthma)
    assert state_of(patient, "influenza") is State.ASK
    assert "Situation déclarée" not in doors.at(patient).text(PAGE)


def test_what_is_masked_counts_for_who_may_see_it_alone(doors: House) -> None:
    patient, doctor = people.a_patient(birth_date="1979-03-28"), people.a_doctor()
    people.authorised(patient, doctor)
    at = doors.at(patient)
    says(at, "fragile_household")
    assert state_of(patient, "influenza", doctor, Purpose.CARE) is State.DUE
    says(at, "fragile_household", qui="masque")
    assert state_of(patient, "influenza", doctor, Purpose.CARE) is State.ASK
    assert state_of(patient, "influenza") is State.DUE
    assert "masque" in re.findall(r'value="(\w+)" checked', at.opens(SAY).text)


def test_what_a_minor_keeps_from_their_parents_is_nowhere_on_their_page(doors: House) -> None:
    parent = people.a_patient()
    child = a_child(parent.actor, birth_date="2010-03-01")
    says(doors.at(child), "fragile_household", secret="oui")
    hers = doors.at(parent, opening=child)
    assert "Situation déclarée" not in hers.text(PAGE)
    assert "checked" not in hers.opens(SAY).text.partition("</fieldset>")[0]
    # What she says herself stands beside, and takes nothing back.
    says(hers, "guyane")
    own = card(child.actor, Purpose.SELF, child.record_id, WINTER).situation
    assert set(own) == {"fragile_household", "guyane"}


@pytest.mark.parametrize("birth_date", ["1979", "1979-03"])
def test_of_a_part_of_a_birth_date_nothing_is_asked(doors: House, birth_date: str) -> None:
    at = doors.at(people.a_patient(birth_date=birth_date))
    assert "À cet âge, le calendrier ne demande rien de plus" in at.text(SAY)


def test_a_form_that_is_sent_twice_says_it_once(doors: House) -> None:
    patient = people.a_patient(birth_date="1979-03-28")
    at = doors.at(patient)
    says(at, "guyane")
    says(at, "guyane")
    lines = queries.lines(patient.actor, Purpose.SELF, patient.record_id, kinds=[Kind.SOCIAL])
    assert len(lines) == 1
