"""A doctor writes the medical summary by the keys alone: what is proposed, what is kept out, what is added, read again
and deposited."""

from __future__ import annotations

import pytest

from tests.health.stated import stating
from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.keyboard import Keyboard
from tests.people import a_doctor, a_patient, entry
from tests.web.pro.desk import attended, record
from tests.web.pro.test_synthesis import HTA, PENICILLIN, SECRET

BY_KEYS = pytest.mark.parametrize(
    ("visitor", "language"),
    [
        pytest.param({"scripts": True}, "en", id="desk-scripts-en", marks=pytest.mark.long),
        pytest.param({"scripts": False, "size": PHONE, "dark": True}, "fr", id="phone-plain-dark-fr"),
    ],
    indirect=["visitor"],
)


@BY_KEYS
def test_a_summary_by_the_keys_alone(visitor: Visitor, language: str, request: pytest.FixtureRequest) -> None:
    visitor.speaks(language)
    keys = Keyboard(visitor, language, request.node.callspec.params["visitor"]["scripts"])
    # given a record with what everybody reads, and one thing that is masked
    patient = a_patient()
    doctor = attended(patient, a_doctor())
    stating(patient, HTA, PENICILLIN)
    stating(patient, SECRET, of=entry(labels=frozenset({"MASQUE_PS"})))
    visitor.sits_as(doctor)
    # when their doctor opens the summary, what is masked is not in it
    visitor.goes_to(f"{record(patient.record_id)}/synthese")
    assert visitor.sees("Hypertension artérielle")
    assert not visitor.page.get_by_text("Épisode dépressif").count()
    keys.ends()
    # and in its chapter it is named as what it is, beside what may be corrected and added
    problems = visitor.page.locator("a[href$='/synthese/problemes']")
    keys.follows(problems)
    assert visitor.page.get_by_text(keys.says("La garder restreint la synthèse entière.")).count() == 1
    keys.tabs_to(visitor.page.locator("input[name=garder]:not(:checked)"))
    visitor.page.keyboard.press("Space")
    keys.types(visitor.page.locator("#quoi"), "ab")
    keys.types(visitor.page.locator("#depuis"), "demain")
    keys.follows(keys.finds("Enregistrer ce chapitre", "button"))
    # then what is wrong is told at its field, and nothing that was written is lost
    assert visitor.page.locator("#depuis").get_attribute("aria-invalid") == "true"
    assert visitor.page.locator("#quoi").input_value() == "ab"
    assert visitor.page.locator("input[name=garder]:checked").count() == 2
    keys.ends()
    visitor.page.locator("#depuis").fill("2020")
    keys.follows(keys.finds("Enregistrer ce chapitre", "button"))
    # when they read it again, who will not read it is said, and must be understood
    keys.follows(keys.finds("Relire avant de déposer"))
    assert visitor.page.get_by_text(
        keys.says("Vous avez choisi d'inclure ce que d'autres ne peuvent pas lire :")
    ).count()
    keys.follows(keys.finds("Déposer dans le carnet", "button"))
    assert visitor.page.get_by_role("link", name=keys.says("Dites que vous avez compris qui ne la lira pas")).count()
    keys.ends()
    keys.tabs_to(visitor.page.locator("#compris"))
    visitor.page.keyboard.press("Space")
    keys.follows(keys.finds("Déposer dans le carnet", "button"))
    # then it is in the record, as it was read
    assert visitor.page.get_by_text(keys.says("Le document est déposé dans le carnet.")).count()
    assert visitor.sees("Épisode dépressif")
    keys.ends()
