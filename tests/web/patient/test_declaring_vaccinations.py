"""A vaccination as the person declares it, or who represents or helps them: added, corrected, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import pytest

from carnet.consent import answering, inviting
from carnet.consent.inviting import Asked, Channel, Given
from carnet.health import queries
from carnet.health.vaccinations import KIND
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from tests import people
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain
from tests.web.patient.test_carers import Helper
from tests.web.patient.test_family import a_child

PAGE = "/sante/vaccinations"
ADD = f"{PAGE}/ajouter"
KEEP = {"acte": "garder", "qui": "visible"}


class House:
    def __init__(self, server: str, stack: ExitStack) -> None:
        self._server, self._stack = server, stack

    def at(self, who: Resident, *, opening: Resident | None = None) -> Helper:
        client = httpx2.Client(base_url=self._server, timeout=30, cookies={COOKIE: session_of(who.actor)})
        found = Helper(self._stack.enter_context(client))
        if opening:
            found.opens_the_record_of(opening)
        return found


@pytest.fixture
def doors(server: str) -> Iterator[House]:
    with ExitStack() as stack:
        yield House(server, stack)


def own_of(at: Helper) -> list[str]:
    """Where what is declared on the page is corrected."""
    return re.findall(rf'href="({PAGE}/[0-9a-f-]{{36}})"', at.opens(PAGE).text)


def test_a_vaccine_of_the_list_is_found_declared_corrected_and_taken_back(doors: House) -> None:
    patient = people.a_patient(birth_date="1990-09-17")
    at = doors.at(patient)
    assert f'href="{ADD}"' in at.opens(PAGE).text
    looked = at.sends(ADD, {"quoi": "revax", "chercher": "1", "jour": "2019"})
    assert 'name="choix" value="Revaxis"' in looked.text
    assert 'value="2019"' in looked.text
    chosen = plain(at.sends(ADD, {"quoi": "revax", "choix": "Revaxis", "jour": "2019"}).text)
    assert "Protège contre : Diphtérie, Tétanos, Poliomyélite" in chosen
    assert not own_of(at), "looking keeps nothing"
    page = plain(at.sends(ADD, KEEP | {"quoi": "Revaxis", "jour": "mars 2019", "lot": "AB 12"}).text)
    assert "C'est ajouté, comme déclaré." in page
    assert re.search("(mars |03/)2019 Revaxis , déclaré ?\\. Corriger", page), page
    assert "Déclaré par vous" in page
    assert "Autres vaccins reçus" not in page
    (address,) = own_of(at)
    form = at.opens(address).text
    assert all(f'value="{value}"' in form for value in ("Revaxis", "03 2019", "AB 12"))
    at.sends(address, KEEP | {"quoi": "Revaxis", "jour": "12 3 2019"})
    (address,) = own_of(at)
    assert "12/03/2019 Revaxis" in at.text(PAGE)
    assert "C'est retiré." in plain(at.sends(address, {"acte": "retirer"}).text)
    assert "Aucune vaccination n'est connue ici." in at.text(PAGE)
    assert at.client.get(address).status_code == 404


def test_who_does_not_know_the_name_tells_the_diseases_and_the_schedule_counts_it(doors: House) -> None:
    year = clock.now().year
    at = doors.at(people.a_patient(birth_date=f"{year - 40}-09-17"))
    assert "En retard" in at.text(PAGE)
    refused = at.sends(ADD, KEEP)
    assert refused.status_code == 422
    assert "Écrivez le nom du vaccin, ou cochez une maladie plus bas" in plain(refused.text)
    against = {"contre": ["diphtheria", "tetanus", "polio"], "jour": f"{year - 2}"}
    page = plain(at.sends(ADD, KEEP | against).text)
    assert f"{year - 2} Vaccin contre : Diphtérie, Tétanos, Poliomyélite , déclaré" in page
    card = page[page.index("Carte de vaccination") :]
    assert re.search("Diphtérie, tétanos, poliomyélite.{0,90}À jour", card), card[:600]
    (address,) = own_of(at)
    form = at.opens(address).text
    assert form.count(' checked><label class="nhsuk-label nhsuk-checkboxes__label"') == 3
    assert 'name="quoi" value=""' in form


def test_a_vaccine_of_no_list_and_without_a_day_is_kept_in_ones_words(doors: House) -> None:
    at = doors.at(people.a_patient(birth_date="1960-09-17"))
    page = plain(at.sends(ADD, KEEP | {"quoi": "Le vaccin de l'armée"}).text)
    assert "Date inconnue Le vaccin de l'armée , déclaré" in page
    assert "Autres vaccins reçus" in page
    for wrong in ({"jour": "demain"}, {"jour": "2999"}, {"lot": "x" * 21}, {"quoi": "x" * 301}):
        assert at.sends(ADD, KEEP | {"quoi": "Revaxis"} | wrong).status_code == 422, wrong


def test_what_is_masked_is_not_for_professionals(doors: House) -> None:
    patient = people.a_patient(birth_date="1990-09-17")
    doctor = people.authorised(patient, people.a_doctor())
    at = doors.at(patient)
    for qui, seen in (("visible", 1), ("masque", 0)):
        at.sends(ADD, KEEP | {"quoi": "Revaxis", "jour": "2019", "qui": qui})
        assert len(queries.lines(doctor, Purpose.CARE, patient.record_id, [KIND])) == seen
        (address,) = own_of(at)
        assert ("Masqué aux soignants" in at.text(PAGE)) is (qui == "masque")
        at.sends(address, {"acte": "retirer"})


def test_a_parent_declares_and_a_minor_keeps_one_to_themselves(doors: House) -> None:
    parent = people.a_patient()
    child = a_child(parent.actor, birth_date=f"{clock.now().year - 16}-01-10")
    theirs, his = doors.at(parent, opening=child), doors.at(child)
    assert "Vous écrivez pour" in theirs.text(ADD)
    theirs.sends(ADD, KEEP | {"quoi": "Revaxis", "jour": "2021", "secret": "oui"})
    assert f"Ajouté par {parent.actor.name}" in his.text(PAGE)
    before = theirs.text(PAGE)
    his.sends(ADD, KEEP | {"quoi": "Gardasil 9", "jour": "2024", "secret": "oui"})
    assert "Gardé pour vous" in his.text(PAGE)
    assert theirs.text(PAGE) == before
    (kept,) = set(own_of(his)) - set(own_of(theirs))
    assert theirs.client.get(kept).status_code == 404


@pytest.mark.parametrize("acts", [True, False])
def test_a_carer_declares_where_they_may_act_and_corrects_their_own_alone(doors: House, acts: bool) -> None:
    holder, helper = people.a_patient(birth_date="1950-09-17"), people.a_patient()
    given = Given(frozenset({"documents"}), acts=acts)
    asked = Asked("Alix", "", given)
    _, code = inviting.invite(
        holder.actor, Purpose.SELF, record_id=holder.record_id, asked=asked, channel=Channel.PAPER
    )
    answering.accept(helper.actor, code)
    hers, his = doors.at(holder), doors.at(helper, opening=holder)
    hers.sends(ADD, KEEP | {"quoi": "Revaxis", "jour": "2019"})
    (of_the_holder,) = own_of(hers)
    assert not own_of(his)
    assert his.client.get(of_the_holder).status_code == 404
    assert (f'href="{ADD}"' in his.opens(PAGE).text) is acts
    assert his.client.get(ADD).status_code == (200 if acts else 404)
    if acts:
        his.sends(ADD, KEEP | {"quoi": "Pneumovax", "jour": "2020", "qui": "masque"})
        told = hers.text(PAGE)
        assert f"Ajouté par {helper.actor.name}, personne aidante" in told
        assert "Masqué" not in told, "to mask is the holder's"
        (own,) = own_of(his)
        assert "C'est retiré." in plain(his.sends(own, {"acte": "retirer"}).text)
