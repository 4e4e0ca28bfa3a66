"""A professional notes something without a document: signed by them, seen by whom they say, theirs to take back."""

from __future__ import annotations

import re

import pytest

from carnet.consent import actions as consent
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.people import Resident, a_doctor, a_patient, a_person, authorised, raw_trail
from tests.sessions import COOKIE, session_of
from tests.web.browsing import browsing, plain
from tests.web.pro.desk import Desk, at_desk, attended, record

VACCINE = {"quoi": "Vaxigrip", "lot": "X12", "perime": "5 2030", "jour": "12 10 2025", "site": "368208006", "rang": "rappel"}
ALLERGY = {"quoi": "Arachide", "genre": "allergy", "reaction": "Urticaire", "risque": "high", "sur": "confirmed"}
PROBLEM = {"quoi": "Asthme", "etat": "active", "sur": "confirmed", "depuis": "2012"}
TARGET = {"serie": "measure:weight", "sens": "plus", "valeur": "72", "jour": "1 10 2025"}
PRESSURE = {"systolic": "128", "diastolic": "81", "jour": "12 10 2025", "heure": "8 h"}
NOTES = {"vaccination": VACCINE, "allergie": ALLERGY, "probleme": PROBLEM, "objectif": TARGET}


def notes(desk: Desk, patient: Resident, slug: str, said: dict[str, str | list[str]], query: str = "") -> str:
    """The text of the page after it, which must be that of the notes."""
    page = desk.sends(f"{record(patient.record_id)}/noter/{slug}{query}", {**said, "acte": "garder"})
    assert page.status_code == 200, plain(page.text)
    assert page.url.path.endswith("/noter"), plain(page.text)
    return plain(page.text)


def own(page: str) -> list[str]:
    return re.findall(r'href="([^"]*/noter/mots/[^"]*)"', page)


def test_everything_that_is_noted_is_read_again_by_the_person_and_by_her_doctors(server: str) -> None:
    patient, doctor, other = a_patient(), a_doctor(), a_doctor()
    authorised(patient, other)
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        for slug, said in NOTES.items():
            assert "Vaxigrip" in notes(desk, patient, slug, dict(said))
        words = notes(desk, patient, "mesure", dict(PRESSURE), "?quoi=blood_pressure")
        for told in ("Vaxigrip", "Arachide", "Asthme", "Objectif", "72", "128"):
            assert told in words
