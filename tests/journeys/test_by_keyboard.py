"""What a person comes for, by the keyboard alone: in French and English, on a phone and at a desk, with and without
scripts."""

from __future__ import annotations

import time
import zipfile
from itertools import product
from uuid import uuid4

import pytest
from _pytest.mark.structures import ParameterSet
from playwright.sync_api import expect

from carnet.documents import extracting
from carnet.documents.actions import Deposited
from carnet.kernel import render
from carnet.people.queries import actor_by_key
from tests import people
from tests.api.caller import Caller
from tests.cast import identifier
from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_adding import photograph

# Each of them occurs; the long tests have all.
_OFTEN = frozenset({(PHONE, True, "en"), (DESKTOP, False, "fr")})


def _way(size: tuple[int, int], scripts: bool, language: str) -> ParameterSet:
    name = f"{'phone' if size == PHONE else 'desk'}-{'scripts' if scripts else 'plain'}-{language}"
    marks = () if (size, scripts, language) in _OFTEN else (pytest.mark.long,)
    return pytest.param({"size": size, "scripts": scripts}, language, id=name, marks=marks)


pytestmark = pytest.mark.parametrize(
    ("visitor", "language"),
    [_way(*each) for each in product((PHONE, DESKTOP), (True, False), ("fr", "en"))],
    indirect=["visitor"],
)


@pytest.fixture
def keys(visitor: Visitor, language: str, request: pytest.FixtureRequest) -> Keyboard:
    visitor.speaks(language)
    return Keyboard(visitor, language, request.node.callspec.params["visitor"]["scripts"])


@pytest.fixture(scope="module")
def patient(server: str) -> people.Resident:
    return people.a_patient()


@pytest.fixture(scope="module")
def letter(patient: people.Resident) -> Deposited:
    entry = people.entry(title="Courrier du Dr Roy", type_code="11490-0")
    people.deposited(people.software(), patient, b"Taux normal.")
    done = people.deposited(people.software(), patient, "Nous prêtons un déambulateur.".encode(), of=entry)
    while extracting.extract(patient.record_id):
        time.sleep(0.1)
    return done


def test_a_letter_is_found_by_a_word_inside_it_in_two_acts(
    visitor: Visitor, keys: Keyboard, patient: people.Resident, letter: Deposited
) -> None:
    # given a person at home, who remembers one word of a letter
    visitor.sits_as(patient.actor)
    visitor.goes_to("/accueil")
    began = time.monotonic()
    # when she types it, and opens what is found
    keys.types(visitor.page.locator("main input[name=q]"), "deambulateurs")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    keys.follows(visitor.page.locator("main a.cn-row__t"))
    # then she reads it, within ten seconds
    assert visitor.heading() == "Courrier du Dr Roy"
    assert visitor.page.inner_text("#passage-1") == "déambulateur"
    assert time.monotonic() - began < 10
    keys.ends()


def test_three_photographs_are_added(visitor: Visitor, keys: Keyboard) -> None:
    # given a person with a paper of three pages
    visitor.sits_as(people.a_patient().actor)
    visitor.goes_to("/documents/ajouter")
    # when he takes a picture of the first, then adds the others
    for field, count in (("photo", 1), ("fichier", 2)):
        keys.opens_files(visitor.page.locator(f"#{field}")).set_files([photograph(f"{n}") for n in range(count)])
        if not keys.scripts:
            keys.follows(visitor.page.locator(f"form:has(#{field}) button"))
        visitor.page.locator(f"main h2:has-text('{count + (field == 'fichier')} page')").wait_for()
    # and says what it is
    keys.types(visitor.page.locator("#titre"), title := f"Radio {uuid4().hex[:6]}")
    keys.types(visitor.page.locator("#jour"), "12 3 2025")
    keys.follows(keys.finds("Ajouter à mon carnet", "button"))
    # then it is there, with its pages
    assert visitor.heading() == title
    assert visitor.page.locator(".cn-leaf").count() == 3
    keys.ends()


def test_a_hidden_document_is_not_found_by_the_software_of_the_cardiologist(visitor: Visitor, keys: Keyboard) -> None:
    # given a document that Dr Nguyen's software finds
    person, doctor = actor_by_key("dominique"), actor_by_key("dr-nguyen")
    assert person
    assert doctor
    software = Caller.of(visitor.base, doctor)

    def found() -> set[str]:
        query = {"patient.identifier": identifier("dominique"), "status": "current", "_count": "200"}
        return {each["resource"]["id"] for each in software.get("DocumentReference", query).json()["entry"]}

    before = found()
    visitor.sits_as(person)
    visitor.goes_to("/documents")
    keys.follows(visitor.page.locator("#liste a.cn-row__t").first)
    # when she hides it
    keys.follows(keys.finds("Masquer"))
    keys.presses(keys.finds("Masquer ce document", "button"))
    # then she is told, and the software has one less
    status = visitor.page.locator("main [role=status]")
    expect(status).to_contain_text(keys.says("Le document est masqué. Vos autres soignants ne le voient plus."))
    assert len(before - found()) == 1
    # and what she takes back is found again
    keys.presses(keys.finds("Annuler", "button", context="après coup"))
    expect(status).to_contain_text(keys.says("Le document est visible. Vos soignants autorisés le voient de nouveau."))
    assert found() == before
    keys.ends()


def test_who_looked_is_told_by_name(
    visitor: Visitor, keys: Keyboard, patient: people.Resident, letter: Deposited
) -> None:
    # given a letter that a doctor's software has read
    doctor = people.authorised(patient, people.a_doctor())
    Caller.of(visitor.base, doctor).get(f"DocumentReference/{letter.fhir_id}").raise_for_status()
    visitor.sits_as(patient.actor)
    visitor.goes_to("/accueil")
    # when the person looks who has opened their record
    keys.follows(keys.finds("Accès"))
    # then it stands there, with the name and the document
    assert visitor.heading() == keys.says("Qui a accédé à mon carnet").replace("\u00a0", " ")
    told = keys.says("%(who)s a lu « %(title)s »", who="Dr Ange Essai", title="Courrier du Dr Roy")
    expect(visitor.page.get_by_text(told).first).to_be_visible()
    keys.ends()


def test_a_document_is_printed(visitor: Visitor, keys: Keyboard, patient: people.Resident, letter: Deposited) -> None:
    # given a person on their list
    visitor.sits_as(patient.actor)
    visitor.goes_to("/documents")
    # when they open a letter and print it
    keys.follows(visitor.page.get_by_role("link", name="Courrier du Dr Roy"))
    paper = " ".join(render.text(visitor.page.pdf(format="A4")).replace("\u00a0", " ").split())
    # then the paper says whose it is, what it says, and which page it is
    head = keys.says("%(name)s, naissance : %(date)s. Imprimé le %(today)s.").partition("%(date)s")[0]
    assert head.replace("%(name)s", "CAMILLE ESSAI").replace("\u00a0", " ") in paper
    assert "Nous prêtons un déambulateur." in paper
    assert "1 / 1" in paper
    keys.ends()


def test_the_record_is_exported(visitor: Visitor, keys: Keyboard) -> None:
    # given a person with one document
    patient = people.a_patient()
    people.deposited(people.software(), patient)
    visitor.sits_as(patient.actor)
    visitor.goes_to("/accueil")
    # when she finds the copy in the menu of her account, asks for it and waits
    keys.presses(visitor.page.locator("header summary"))
    keys.follows(keys.finds("Copie de mon carnet"))
    keys.follows(keys.finds("Préparer la copie", "button"))
    ready = visitor.page.locator("a[href='/export/carnet.zip']")
    for _ in range(60):
        if ready.count():
            break
        visitor.page.wait_for_timeout(250)
        visitor.page.reload()
    # then she has it in her hands
    with visitor.page.expect_download() as waiting:
        keys.presses(ready)
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert [name for name in archive.namelist() if name.startswith("originals/")]
    keys.ends()
