from __future__ import annotations

from hashlib import sha256
from itertools import islice

import pytest

from carnet.demo.cda import build
from carnet.demo.identifiers import INS_TEST
from carnet.demo.people import REFERENCE, doctors, inhabitants
from carnet.formats import ins, rpps
from carnet.formats.cda import header
from tests.cases import cases


def test_the_same_seed_gives_the_same_people_and_bytes() -> None:
    def hashes(count: int) -> list[str]:
        people = inhabitants(count, 7)
        return [sha256(build(document)).hexdigest() for person in people for document in person.documents]

    first = hashes(cases(12))
    assert first == hashes(cases(12))
    assert first == hashes(cases(12) + 5)[: len(first)]


def test_another_seed_gives_others() -> None:
    assert next(inhabitants(1, 1)).identity != next(inhabitants(1, 2)).identity


def test_people_are_plausible() -> None:
    people = list(inhabitants(cases(400), 1))
    assert len({person.identity.ins for person in people}) == len(people)
    for person in people:
        identity = person.identity
        number = ins.parse(identity.ins, INS_TEST)
        assert number.key_ok
        assert number.matricule13[0] == ("2" if identity.sex == "F" else "1")
        assert number.matricule13[1:5] == f"{identity.born:%y%m}"
        assert number.matricule13[5:10] == identity.birth_place
        assert len(person.documents) <= 60
        for document in person.documents:
            assert identity.born <= document.at.date() <= REFERENCE
        assert len({document.key for document in person.documents}) == len(person.documents)
    ages = sorted((REFERENCE - person.identity.born).days // 365 for person in people)
    assert ages[0] < 10
    assert ages[-1] > 75


def test_corsica_has_its_letters_since_1976_only() -> None:
    born_there = [
        person.identity for person in inhabitants(800, 1) if person.identity.birth_city in {"Ajaccio", "Bastia"}
    ]
    assert {identity.birth_place[:2] for identity in born_there if identity.born.year >= 1976} == {"2A", "2B"}
    assert {identity.birth_place[:2] for identity in born_there if identity.born.year < 1976} == {"20"}


def test_their_documents_read_well() -> None:
    known = ("Le modèle du document n’est pas un modèle connu du CI-SIS.",)
    for person in islice(inhabitants(cases(15), 3), cases(15)):
        for document in person.documents:
            entry = header.read(build(document))
            assert entry.warnings in {(), known}
            assert entry.patient.ins is not None
            assert entry.patient.ins.value == person.identity.ins


def test_every_town_has_its_doctor_and_people_see_theirs() -> None:
    found = doctors()
    for person in inhabitants(cases(60), 4):
        assert person.doctor.organisation.address.city == person.identity.address.city
    assert len({doctor.rpps for doctor in found}) == len(found)
    assert all(rpps.rpps_ok(doctor.rpps) for doctor in found)
    assert all(rpps.finess_ok(doctor.organisation.finess) for doctor in found)


@pytest.mark.long
def test_ten_thousand_people_have_ten_thousand_numbers() -> None:
    assert len({person.identity.ins for person in inhabitants(10_000, 1)}) == 10_000
