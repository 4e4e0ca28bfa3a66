"""« C'est une erreur » in a browser, of a result, a measure and a vaccination: told by the keys where each is read,
answered by who wrote it, and followed to the end; in French and English, on a phone and at a desk."""

from __future__ import annotations

import pytest

from carnet.formats.clinical.model import Kind, Vaccination
from carnet.formats.clinical.values import Concept, Span
from carnet.health import stating
from carnet.kernel.actor import Actor, Purpose
from tests import people
from tests.health.stated import stating as document_stating
from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.keyboard import Keyboard
from tests.web.patient.test_errors import weight
from tests.web.patient.test_results import cholesterol
from tests.web.pro.desk import attended, record

pytestmark = pytest.mark.parametrize(
    ("visitor", "language"),
    [
        pytest.param({"size": PHONE, "scripts": True}, "en", id="phone-scripts-en"),
        pytest.param({"size": DESKTOP, "scripts": False}, "fr", id="desk-plain-fr"),
        pytest.param({"size": PHONE, "scripts": False}, "fr", id="phone-plain-fr", marks=pytest.mark.long),
        pytest.param({"size": DESKTOP, "scripts": True}, "en", id="desk-scripts-en", marks=pytest.mark.long),
    ],
    indirect=["visitor"],
)

RESULT, MEASURE, VACCINE = "/sante/resultats/cholesterol", "/sante/mesures/weight", "/sante/vaccinations"
WORDS = {RESULT: "Ce bilan n'est pas à jeun.", MEASURE: "La balance était fausse.", VACCINE: "Ce n'était pas ce jour."}


@pytest.fixture
def keys(visitor: Visitor, language: str, request: pytest.FixtureRequest) -> Keyboard:
    visitor.speaks(language)
    return Keyboard(visitor, language, request.node.callspec.params["visitor"]["scripts"])


def test_a_result_a_measure_and_a_vaccination_are_reported_answered_and_followed(
    visitor: Visitor, keys: Keyboard
) -> None:
    # given a doctor who deposited a report, and noted a weight and a vaccination
    patient, doctor = people.a_patient(), people.a_doctor()
    attended(patient, doctor)
    report = document_stating(patient, cholesterol("2.20", "2023-03-01"), by=doctor)
    vaccine = Vaccination(kind=Kind.VACCINATION, code=Concept("Revaxis"), status="completed", when=Span("2024-03-12"))
    for entry in (weight(), vaccine):
        stating.state(doctor, Purpose.CARE, record_id=patient.record_id, entry=entry)
    # when she says of each, where she reads it, that it is wrong
    visitor.sits_as(patient.actor)
    for path in WORDS:
        reports(keys, path)
    # then she sees that all three wait for their author
    keys.follows(keys.finds("Toutes les erreurs signalées"))
    assert visitor.page.get_by_role("main").get_by_text(keys.says("En attente"), exact=True).count() == len(WORDS)
    keys.ends()
    # when the doctor reads what she says, in the report and beside the notes, corrects the one and takes back the other
    answers(keys, doctor, f"{record(patient.record_id)}/documents/{report.id}", f"{record(patient.record_id)}/noter")
    # then she follows what became of each
    visitor.sits_as(patient.actor)
    visitor.goes_to("/sante/erreurs")
    for state in ("Corrigé par son auteur", "Retiré par son auteur", "En attente"):
        assert visitor.sees(keys.says(state)), state
    assert visitor.page.get_by_role("main").get_by_text(keys.says("En attente"), exact=True).count() == 1
    keys.ends()
    visitor.goes_to(MEASURE)
    assert visitor.sees("74,6" if keys.language == "fr" else "74.6")
    visitor.goes_to(VACCINE)
    assert not visitor.page.get_by_text("Revaxis").count()
    visitor.goes_to(RESULT)
    keys.follows(keys.finds("Suivre l'erreur signalée"))
    assert visitor.sees(WORDS[RESULT])
    keys.ends()


def reports(keys: Keyboard, path: str) -> None:
    page = keys.visitor.page
    keys.visitor.goes_to(path)
    if path == VACCINE:
        keys.presses(page.get_by_role("main").get_by_text(keys.says("Une dose est fausse ?")).locator(".."))
    keys.follows(keys.finds("C'est une erreur"))
    assert keys.visitor.heading() == keys.says("C'est une erreur")
    keys.ends()
    keys.types(page.locator("#mots"), WORDS[path])
    keys.follows(keys.finds("Signaler cette erreur", "button"))
    assert keys.visitor.sees(WORDS[path])
    assert keys.visitor.sees(keys.says("Où en est votre signalement"))
    keys.ends()
    keys.visitor.goes_to(path)
    assert page.get_by_text(keys.says("Erreur signalée"), exact=True).count()
    keys.ends()
    keys.visitor.page.go_back()


def answers(keys: Keyboard, doctor: Actor, document: str, notes: str) -> None:
    visitor = keys.visitor
    visitor.sits_as(doctor)
    visitor.goes_to("/pro/")
    visitor.goes_to(document)
    assert visitor.sees(keys.says("La personne signale une erreur dans ce document."))
    assert visitor.page.get_by_text(WORDS[RESULT]).count()
    keys.ends()
    visitor.goes_to(notes)
    for path in (MEASURE, VACCINE):
        assert visitor.page.get_by_text(WORDS[path]).count(), path
    keys.ends()
    change = keys.says("Corriger ou retirer")
    keys.follows(visitor.page.get_by_role("link", name=f"{change} : Poids").first)
    assert visitor.sees(keys.says("La personne signale une erreur dans cette note."))
    keys.ends()
    value = visitor.page.locator("#valeur")
    value.fill("")
    keys.types(value, "74.6")
    keys.follows(keys.finds("Enregistrer", "button"))
    keys.follows(visitor.page.get_by_role("link", name=f"{change} : Revaxis").first)
    keys.follows(keys.finds("Retirer du carnet", "button"))
    assert not visitor.page.get_by_text(WORDS[VACCINE]).count()
    keys.ends()
