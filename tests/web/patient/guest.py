"""A patient made for one test, in a browser, for the pages on who may see what."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx2

from carnet.consent import queries as consent_queries
from carnet.consent.access import Refused
from carnet.consent.queries import Confidentiality
from carnet.documents import queries
from carnet.kernel.actor import Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.people import Resident
from tests.web.browsing import Browsing

HOME = "/confidentialite"


@dataclass
class Guest(Browsing):
    """A patient made for one test, in a browser, with an analysis, a masked one, and one withheld from her."""

    client: httpx2.Client
    patient: Resident

    def settings(self) -> Confidentiality:
        return consent_queries.confidentiality(self.patient.actor, Purpose.SELF, self.patient.record_id)

    def asks(self, path: str, fields: dict[str, str]) -> httpx2.Response:
        return self.sends(path, fields, follow=False)

    def token(self) -> str:
        return self.opens(HOME).text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]

    def opened_by(self, doctor: Actor) -> int | None:
        """How many documents the doctor's own list holds, None when it does not open."""
        try:
            return len(queries.list_documents(people.actor(doctor.id), Purpose.CARE, self.patient.record_id))
        except Refused:
            return None


def granting(doctor: Actor) -> str:
    return f"{HOME}/autoriser/{doctor.id}"


def about(who: UUID) -> str:
    return f"{HOME}/soignants/{who}"


def seeing(who: UUID | str) -> str:
    return f"{HOME}/voir-comme?qui={who}"


def a_house() -> UUID:
    number = str(uuid4().int)[:9]
    return people_actions.add_organisation(organisation_id=uuid4(), identifier=f"1{number}", name=f"Maison {number}")


def a_service(of: UUID, name: str) -> UUID:
    number = str(uuid4().int)[:9]
    return people_actions.add_organisation(
        organisation_id=uuid4(), identifier=f"1{number}/service", name=name, part_of_id=of
    )
