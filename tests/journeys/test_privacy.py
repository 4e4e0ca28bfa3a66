"""A person opens their record to a doctor, looks with the doctor's eyes, hides a document, looks again, and takes the
authorisation back; in French and in English, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, expect

from carnet.consent import actions as consent
from carnet.kernel.actor import SYSTEM
from carnet.web import i18n
from tests import people
from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.lists import plain

pytestmark = pytest.mark.usefixtures("fits")

# Each size, language and light once; the long tests have all.
EVERYWHERE = pytest.mark.parametrize(
    ("visitor", "language"),
    [
        pytest.param({"size": PHONE, "scripts": True, "dark": True}, "en", id="phone-en", marks=pytest.mark.long),
        pytest.param({"size": DESKTOP}, "fr", id="desk-fr-without-scripts"),
        pytest.param({"size": PHONE, "scripts": True}, "fr", id="phone-fr", marks=pytest.mark.long),
        pytest.param({"size": DESKTOP, "scripts": True, "dark": True}, "fr", id="desk-fr", marks=pytest.mark.long),
        pytest.param({"size": DESKTOP, "scripts": True}, "en", id="desk-en", marks=pytest.mark.long),
        pytest.param({"size": PHONE}, "fr", id="phone-without-scripts", marks=pytest.mark.long),
    ],
    indirect=["visitor"],
)


class Words:
    """What stands on the screen in the visitor's language."""

    def __init__(self, visitor: Visitor, language: str) -> None:
        self.visitor, self.language = visitor, language

    def __call__(self, words: str, **values: object) -> str:
        with i18n.use(self.language):
            return i18n.gettext(words) % values

    def several(self, one: str, many: str, count: int, **values: object) -> str:
        with i18n.use(self.language):
            return i18n.ngettext(one, many, count) % {"count": count, **values}

    def follows(self, words: str, **values: object) -> None:
        self.visitor.clicks(self(words, **values))

    def presses(self, words: str, **values: object) -> None:
        self.visitor.clicks(self(words, **values), "button")

    def undoes(self) -> None:
        with i18n.use(self.language):
            self.visitor.clicks(i18n.pgettext("après coup", "Annuler"), "button")

    @property
    def status(self) -> Locator:
        return self.visitor.page.locator("main [role=status]").first

    @contextmanager
    def on(self, path: str) -> Iterator[str]:
        """The words of a page."""
        self.visitor.goes_to(path)
        yield plain(self.visitor.page.inner_text("main"))


SEES_ALL_BUT = ("Voit tout sauf %(count)s document masqué.", "Voit tout sauf %(count)s documents masqués.")


@EVERYWHERE
def test_authorising_seeing_as_hiding_and_taking_back(visitor: Visitor, language: str) -> None:
    # given a person with two documents, a médecin traitant, and a doctor whom she has not authorised
    patient, software = people.a_patient(), people.software()
    for title in ("Analyses de sang", "Lettre de sortie"):
        people.deposited(software, patient, title.encode(), of=people.entry(title=title))
    attending, doctor = people.a_doctor(), people.a_doctor()
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=attending.id)
    words = Words(visitor, language)
    visitor.sits_as(patient.actor)
    visitor.speaks(language)
    visitor.goes_to("/accueil")
    # when she finds the doctor from her settings
    visitor.page.get_by_role("navigation").get_by_role("link", name=words("Confidentialité")).first.click()
    expect(visitor.page.get_by_text(words("Voit tout, y compris les documents masqués.")).first).to_be_visible()
    visitor.page.get_by_role("link", name=re.compile(f"^{words('Autoriser')}")).first.click()
    visitor.page.get_by_label(words("Nom du soignant, de l'équipe ou de l'établissement")).fill(people.rpps_of(doctor))
    words.presses("Chercher")
    visitor.page.get_by_role("link", name="Dr Ange Essai").click()
    # then she reads what the doctor will see before she decides
    said = words.several(
        "%(name)s verra %(count)s document sur %(total)s",
        "%(name)s verra %(count)s documents sur %(total)s",
        2,
        name="Dr Ange Essai",
        total=2,
    )
    expect(visitor.page.get_by_text(said)).to_be_visible()
    # and is asked until when, at the field, when she forgot to say
    words.presses("Autoriser")
    expect(visitor.page.get_by_role("alert")).to_contain_text(words("Choisissez jusqu'à quand"))
    visitor.page.get_by_label(words("Sans limite")).check()
    words.presses("Autoriser")
    expect(words.status).to_contain_text(words("C'est autorisé."))
    # when she looks with the doctor's eyes, all is there
    words.follows("Voir mon carnet comme %(name)s", name="Dr Ange Essai")
    expect(visitor.page.get_by_text(words("Chaque document que vous voyez lui est montré."))).to_be_visible()
    # and when she hides one, it is not, and she is told which
    visitor.page.get_by_role("link", name="Lettre de sortie").click()
    words.follows("Masquer")
    words.presses("Masquer ce document")
    expect(visitor.page.locator("#dit")).to_contain_text(
        words("Le document est masqué. Vos autres soignants ne le voient plus.")
    )
    with words.on(f"/confidentialite/voir-comme?qui={doctor.id}") as seen:
        assert plain(words.several(*SEES_ALL_BUT, 1)) in seen
        assert plain(words("Masqué par vous")) in seen
    with words.on(f"/confidentialite/voir-comme?qui={attending.id}") as seen:
        assert plain(words("Chaque document que vous voyez lui est montré.")) in seen
    # when she takes the authorisation back
    with words.on(f"/confidentialite/soignants/{doctor.id}") as seen:
        assert plain(words("ce qui a déjà été lu a pu être noté ailleurs ;")) in seen
    words.presses("Retirer l'autorisation")
    expect(words.status).to_contain_text(words("L'autorisation est retirée."))
    # then the doctor sees nothing, until she undoes it
    with words.on(f"/confidentialite/voir-comme?qui={doctor.id}") as seen:
        assert plain(words("Aucun document ne lui est montré.")) in seen
    visitor.page.go_back()
    words.undoes()
    expect(words.status).to_contain_text(words("L'autorisation est rétablie."))
    with words.on("/confidentialite") as seen:
        assert plain(words.several(*SEES_ALL_BUT, 1)) in seen
