from __future__ import annotations

import json
from typing import Any

import pytest

from carnet.formats.entry import Author as Written
from carnet.formats.entry import Coded, Identifier, Organisation
from carnet.formats.fhir.write_people import ContainedWriter
from carnet.formats.terminology import systems
from carnet.web.reading.authors import Author, authors
from tests.cast import INS, TEST_OID


def told(*written: Written) -> tuple[Author, ...]:
    contained = ContainedWriter()
    references = [contained.author(each) for each in written]
    return authors(json.dumps({"author": references, "contained": contained.resources}))


def test_a_professional_with_profession_and_house() -> None:
    doctor = Written(
        family="DUPONT", given="Anne", prefix="Dr", organisation=Organisation("Clinique des Ponts"),
        profession=Coded("SM26", systems.R38, "Qualifié en médecine générale"),
    )  # fmt: skip
    assert told(doctor) == (Author("Dr Anne DUPONT", "Qualifié en médecine générale", "Clinique des Ponts"),)


def test_the_person_a_device_and_a_house_alone() -> None:
    person = Written(identifier=Identifier(TEST_OID, INS["paul"]), family="PAT", given="Paul")
    found = told(person, Written(device="Tensiomètre"), Written(organisation=Organisation("Laboratoire")))
    assert found == (Author("Paul PAT", person=True), Author("Tensiomètre"), Author(organisation="Laboratoire"))


@pytest.mark.parametrize("resource", [{}, {"author": "x"}, {"author": [{}, None, {"reference": "#none"}]}])
def test_what_is_not_told_is_left_out(resource: dict[str, Any]) -> None:
    assert authors(json.dumps(resource)) == ()
