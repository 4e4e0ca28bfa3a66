"""A stay is named by what it was for, as its sources state it, else by where it was: never by a guess."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml.html import HtmlElement, fromstring

from carnet.formats.clinical.model import Encounter, Kind, Procedure
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Coded
from carnet.health import stating as saying
from carnet.kernel.actor import Purpose
from carnet.web.patient import stay_names
from carnet.web.patient.stay_names import Stated
from tests import people
from tests.health.stated import stating
from tests.health.test_history import a_stay
from tests.web.browsing import plain
from tests.web.patient.test_carers import Helper
from tests.web.patient.test_declaring_vaccinations import House, doors

__all__ = ["doors"]

LETTER = "11490-0"
STAY = a_stay("2021-12-27", "2022-01-02", "Hôpital des Ponts")


def names(at: Helper) -> list[str]:
    """Of the section of stays on « Ma santé », in its order."""
    page: HtmlElement = fromstring(at.opens("/sante?tout=sejours").text)
    return [
        plain(each.text_content()).strip() for each in page.xpath("//section[@id='sejours']//*[@class='cn-row__t']")
    ]


def lines(at: Helper) -> str:
    return at.text("/histoire?type=hopital")


def act(name: str, day: str, status: str = "completed") -> Procedure:
    return Procedure(kind=Kind.PROCEDURE, code=Concept(name), status=status, when=Span(day), path=name)


@pytest.mark.parametrize(
    ("title", "place", "expected"),
    [
        ("Lettre de liaison : sortie de maternité", "", "Séjour en maternité"),
        ("Lettre de liaison, service d'orthopédie", "", "Séjour en orthopédie"),
        ("Compte rendu d'hospitalisation en médecine interne", "", "Séjour en médecine interne"),
        ("Compte rendu de séjour dans le service de cardiologie", "", "Séjour en cardiologie"),
        ("Lettre de liaison", "Service de Pneumologie B", "Séjour en pneumologie"),
        ("Lettre de liaison : sortie de chirurgie", "Réanimation", "Séjour en réanimation et chirurgie"),
        # Words that tell of no ward where somebody stayed.
        ("Lettre de liaison : pas de chirurgie prévue", "Clinique chirurgicale", None),
        ("Adressé en consultation de cardiologie", "Centre hospitalier", None),
        # Of a stay that was not, is asked for, or is put off.
        ("Hospitalisation de chirurgie annulée", "", None),
        ("Hospitalisation en chirurgie reportée au 3 mars", "", None),
        ("Pas d'hospitalisation en cardiologie", "", None),
        ("Refus d’hospitalisation en psychiatrie", "", None),
        ("Absence de séjour en réanimation", "", None),
        ("Hospitalisation en chirurgie non réalisée", "", None),
        ("Demande d'hospitalisation en neurologie", "", None),
        ("Consultation avant hospitalisation en chirurgie", "", None),
        ("Hospitalisation de chirurgie annulée", "Service de médecine", "Séjour en médecine"),
        # Words that only look like those.
        ("Passage puis hospitalisation en cardiologie", "", "Séjour en cardiologie"),
        ("Compte rendu d'hospitalisation en chirurgie programmée, reporting", "", "Séjour en chirurgie"),
    ],
)
def test_a_ward_is_read_where_a_title_or_a_place_states_it(title: str, place: str, expected: str | None) -> None:
    found = stay_names.name(Stated((replace(STAY, location=place),), (title,)))
    assert (found[0] if found else None) == expected


def test_by_its_ward_its_reason_its_surgery_or_its_place(doors: House) -> None:
    patient = people.a_patient()
    letter = people.entry(title="Lettre de liaison : sortie de maternité", type_code=LETTER)
    stating(patient, a_stay("2018-05-14", "2018-05-17"), of=letter)
    reason = replace(a_stay("2019-05-14", "2019-05-17"), reasons=(Concept("Pneumonie"),))
    stating(patient, reason, of=people.entry(type_code=LETTER))
    operated = (act("Appendicectomie", "2020-05-15"), act("Greffe de rein", "2020-05-16", "not-done"))
    stating(patient, a_stay("2020-05-14", "2020-05-17"), *operated, of=people.entry(type_code=LETTER))
    stating(patient, STAY, of=people.entry(type_code=LETTER))
    at = doors.at(patient)
    told = [each for each in names(at) if each.startswith("Séjour")]
    assert told == [
        "Séjour : Hôpital des Ponts",
        "Séjour : appendicectomie",
        "Séjour : pneumonie",
        "Séjour en maternité",
    ]
    words = lines(at)
    for each in (*told[1:], "Séjour à l'hôpital Hôpital des Ponts"):
        assert each in words, each
    assert "Hospitalisation" not in {*names(at)}


def test_the_name_that_a_source_or_a_person_gives_stays(doors: House) -> None:
    patient = people.a_patient()
    day_care = replace(a_stay("2021-03-01", "2021-03-02"), code=Concept("Bilan annuel de diabétologie"))
    stating(patient, day_care, of=people.entry(title="Lettre : sortie de chirurgie", type_code=LETTER))
    saying.state(
        patient.actor,
        Purpose.SELF,
        record_id=patient.record_id,
        entry=Encounter(
            kind=Kind.ENCOUNTER,
            code=Concept("Hospitalisation"),
            status="finished",
            when=Span("1999"),
            encounter_class=Coded("IMP", "2.16.840.1.113883.5.4", ""),
            location="Clinique du Lac",
        ),
    )
    assert set(names(doors.at(patient))) == {"Bilan annuel de diabétologie", "Hospitalisation"}


def test_what_a_document_out_of_sight_tells_names_nothing(doors: House) -> None:
    """Two documents tell of one stay; the one whose title names the ward is hidden from its reader."""
    patient = people.a_patient()
    told = people.entry(title="Lettre de liaison", type_code=LETTER)
    secret = people.entry(
        title="Lettre : sortie de psychiatrie", type_code=LETTER, labels=frozenset({"INVISIBLE_PATIENT"})
    )
    stating(patient, STAY, of=told)
    stating(patient, STAY, of=secret)
    at = doors.at(patient)
    assert names(at) == ["Séjour : Hôpital des Ponts"]
    assert "psychiatrie" not in lines(at)
