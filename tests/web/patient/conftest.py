"""A patient made for one test, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx2
import pytest

if TYPE_CHECKING:
    from tests.web.patient.guest import Guest


@pytest.fixture
def guest(server: str) -> Iterator[Guest]:
    # Not before Django has been set up, which comes after this module is read.
    from tests import people
    from tests.sessions import COOKIE, session_of
    from tests.web.patient.guest import Guest

    patient, software = people.a_patient(), people.software()
    for labels in (frozenset[str](), frozenset({"MASQUE_PS"}), frozenset({"INVISIBLE_PATIENT"})):
        people.deposited(software, patient, of=people.entry(labels=labels))
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield Guest(client, patient)
