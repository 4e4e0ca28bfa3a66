"""A rule that masks, made and undone; a minor's secret; an emergency seen and disputed; a record closed and opened
again, and one refused before it opens: in French and English, on a phone and at a desk, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet
from playwright.sync_api import expect

from carnet.consent import emergency
from carnet.documents import queries
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.people import actions as people_actions
from carnet.records import letters
from carnet.records.rules import Identity
from tests import people
from tests.cast import TEST_OID
from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.keyboard import Keyboard
from tests.journeys.lists import plain
from tests.journeys.test_privacy import Words

pytestmark = pytest.mark.usefixtures("fits")
SECRET = "INVISIBLE_REPRESENTANTS_LEGAUX"


def ways(first: str) -> pytest.MarkDecorator:
    """Every way in the long run, and the `first` in the short one."""
    every: list[tuple[str, dict[str, Any], str]] = [
        ("phone-en", {"size": PHONE, "scripts": True}, "en"),
        ("desk-fr-plain", {"size": DESKTOP}, "fr"),
        ("phone-fr-plain", {"size": PHONE}, "fr"),
        ("desk-fr", {"size": DESKTOP, "scripts": True, "dark": True}, "fr"),
        ("desk-en-plain", {"size": DESKTOP}, "en"),
    ]

    def one(name: str, settings: dict[str, Any], language: str) -> ParameterSet:
        marks = () if name == first else (pytest.mark.long,)
        return pytest.param(settings, language, id=name, marks=marks)

    return pytest.mark.parametrize(("visitor", "language"), [one(*each) for each in every], indirect=["visitor"])


def sits(visitor: Visitor, patient: people.Resident, language: str) -> tuple[Words, Keyboard]:
    visitor.sits_as(patient.actor)
    visitor.speaks(language)
    return Words(visitor, language), Keyboard(visitor, language, scripts=False)


@ways("phone-en")
def test_a_rule_is_made_and_undone_by_the_keys(visitor: Visitor, language: str) -> None:
    # given a person with two documents, and a doctor whom they authorised
    patient, software = people.a_patient(), people.software()
    for title in ("Analyses de sang", "Lettre de sortie"):
        people.deposited(software, patient, title.encode(), of=people.entry(title=title))
    doctor = people.authorised(patient, people.a_doctor())
    words, keys = sits(visitor, patient, language)
    # when they mask everything by a rule
    visitor.goes_to("/confidentialite")
    keys.follows(keys.finds("Masquer"))
    choice = visitor.page.get_by_label(words("Tout"), exact=True)
    keys.tabs_to(visitor.page.get_by_role("radio").first)
    choice.check()
    keys.follows(keys.finds("Voir ce qui change", "button"))
    # then they read what follows before it is done
    expect(visitor.page.get_by_text(words("vous pourrez ne plus les masquer à tout moment."))).to_be_visible()
    assert len(queries.list_documents(doctor, Purpose.CARE, patient.record_id)) == 2
    keys.follows(keys.finds("Masquer ces documents", "button"))
    # and the doctor sees nothing, nor what comes afterwards
    people.deposited(software, patient, b"Plus tard.")
    assert queries.list_documents(doctor, Purpose.CARE, patient.record_id) == []
    expect(visitor.page.locator("#regles")).to_contain_text(
        plain(words("Vous masquez %(what)s", what=words("tous les documents")))
    )
    # when they undo it, all is as before
    keys.follows(keys.finds("Annuler", "button", context="après coup"))
    expect(visitor.page.locator("#regles")).to_contain_text(words("Cette règle ne masque plus rien."))
    assert len(queries.list_documents(doctor, Purpose.CARE, patient.record_id)) == 3


@ways("desk-fr-plain")
def test_a_minors_secret_is_kept_and_the_parent_sees_nothing(visitor: Visitor, language: str) -> None:
    # given a minor with two results, of whom a parent sees both
    child = people.a_patient(birth_date=f"{clock.now().year - 15}-01-01")
    parent = people.a_patient()
    people_actions.represent(
        SYSTEM, record_id=child.record_id, representative_id=parent.actor.id, since=people.long_ago()
    )
    made = [
        people.deposited(people.software(), child, title.encode(), of=people.entry(title=title))
        for title in ("Analyses de sang", "Dépistage")
    ]
    # when the minor keeps one secret on its page
    words, keys = sits(visitor, child, language)
    visitor.goes_to("/documents")
    visitor.page.get_by_role("link", name="Dépistage").first.click()
    visitor.page.wait_for_load_state()
    visitor.goes_to(f"/documents/{made[1].id}/visibilite")
    keys.presses(keys.finds("Le cacher à mes parents", "button"))
    expect(visitor.page.get_by_text(words("Caché à vos parents")).first).to_be_visible()
    visitor.goes_to("/confidentialite")
    told = words.several(
        "%(count)s document gardé secret : vos parents ne le voient pas.",
        "%(count)s documents gardés secrets : vos parents ne les voient pas.",
        1,
    )
    expect(visitor.page.get_by_text(told)).to_be_visible()
    # then the parent sees the other alone, and no word of it
    visitor.sits_as(parent.actor)
    visitor.goes_to("/documents")
    assert "Dépistage" not in visitor.page.content()
    seen = queries.list_documents(parent.actor, Purpose.REPRESENTATIVE, child.record_id)
    assert [line.title for line in seen] == ["Analyses de sang"]


@ways("phone-en")
def test_an_emergency_is_seen_and_disputed(visitor: Visitor, language: str) -> None:
    # given somebody who opened the record in an emergency
    patient, doctor = people.a_patient(), people.a_doctor()
    people.deposited(people.software(), patient)
    emergency.break_glass(doctor, Purpose.EMERGENCY, record_id=patient.record_id, reason="Malaise dans la rue")
    queries.list_documents(doctor, Purpose.EMERGENCY, patient.record_id)
    words, keys = sits(visitor, patient, language)
    # when the holder comes home, they are told, and why
    visitor.goes_to("/confidentialite")
    expect(visitor.page.get_by_text("Malaise dans la rue")).to_be_visible()
    expect(visitor.page.get_by_text(words("Nouveau"), exact=True).first).to_be_visible()
    # and dispute it by the keys
    keys.follows(keys.finds("Contester cet accès"))
    expect(visitor.page.get_by_text(words("Si vous contestez cet accès :"))).to_be_visible()
    keys.follows(keys.finds("Contester cet accès", "button"))
    # then it is looked into, with a number, and the doctor reads no more
    expect(words.status).to_contain_text(words("C'est contesté. Notre équipe vérifie."))
    visitor.goes_to("/confidentialite")
    expect(visitor.page.get_by_text(words("Nouveau"), exact=True)).to_have_count(0)
    with words.on("/confidentialite") as seen:
        assert plain(words.several("%(count)s soignant bloqué", "%(count)s soignants bloqués", 1)) in seen


@ways("desk-fr-plain")
def test_a_record_is_closed_and_opened_again(visitor: Visitor, language: str) -> None:
    # given an open record with a document
    patient = people.a_patient()
    people.deposited(people.software(), patient, of=people.entry(title="Lettre de sortie"))
    words, keys = sits(visitor, patient, language)
    visitor.goes_to("/carnet")
    # when its holder closes it by the keys, having read what follows
    keys.follows(keys.finds("Fermer mon carnet"))
    follows = words("Plus personne ne l'ouvre : ni vous, ni vos soignants, ni les urgences.")
    expect(visitor.page.get_by_text(follows)).to_be_visible()
    keys.follows(keys.finds("Fermer mon carnet", "button"))
    # then nothing is shown, and the way back is
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(words("Votre carnet est fermé"))
    visitor.goes_to("/documents")
    assert "Lettre de sortie" not in visitor.page.content()
    visitor.goes_to("/carnet")
    keys.follows(keys.finds("Rouvrir mon carnet"))
    keys.follows(keys.finds("Rouvrir mon carnet", "button"))
    # and what was there is there
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(words("Votre carnet est ouvert"))
    visitor.goes_to("/documents")
    expect(visitor.page.get_by_role("link", name="Lettre de sortie").first).to_be_visible()


@ways("desk-fr-plain")
def test_a_record_is_refused_by_letter(visitor: Visitor, language: str) -> None:
    """Who has a letter needs no account."""
    ins = people.fresh_ins()
    letter = letters.inform(
        SYSTEM,
        identity=Identity(TEST_OID, ins, "ESSAI", "CAMILLE", sex="F", birth_date="1985-01-12", birth_place="51215"),
    )
    visitor.speaks(language)
    words, keys = Words(visitor, language), Keyboard(visitor, language, scripts=False)
    visitor.goes_to("/opposition")
    fields = {"matricule": ins, "nom": "Essai", "prenom": "Camille", "naissance": "12 1 1985", "code": letter.code}
    for field, text in fields.items():
        keys.types(visitor.page.locator(f"#{field}"), text)
    keys.follows(keys.finds("Refuser mon carnet", "button"))
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(words("Votre refus est enregistré"))
