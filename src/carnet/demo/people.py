"""Synthetic people: as many as asked for, always the same for the same seed.

Person 7 of seed 1 is the same whether ten people are asked for or ten thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from carnet.demo import census
from carnet.demo.cast import record_id
from carnet.demo.identifiers import ins, numbered
from carnet.demo.lives import life
from carnet.demo.model import Document, Identity, Organisation, Professional
from carnet.demo.vocabulary import AMBULATORY, GROUP_PRACTICE

REFERENCE = date(2026, 11, 20)
_OLDEST = 97 * 365
_WOMAN, _MAN = "F", "M"
# Before 1976 both departments of Corsica were one: 20.
_CORSICA_DIVIDED = 1976


@dataclass(frozen=True, slots=True)
class Inhabitant:
    identity: Identity
    doctor: Professional
    documents: tuple[Document, ...]

    @property
    def record_id(self) -> UUID:
        return record_id(self.identity.key)


def doctors() -> tuple[Professional, ...]:
    """One general practitioner for each town where people live, in a practice of the town."""
    return tuple(_doctor(position) for position in range(len(census.HOMES)))


def inhabitants(count: int, seed: int) -> Iterator[Inhabitant]:
    """One after the other, so that a hundred thousand never stand in memory together."""
    practice = doctors()
    taken: set[str] = set()
    for number in range(count):
        chance = Random(f"carnet/{seed}/{number}")  # noqa: S311 - repeatable on purpose, nothing secret
        home = chance.randrange(len(census.HOMES))
        identity = _identity(chance, seed, number, taken, census.HOMES[home])
        doctor = practice[home]
        yield Inhabitant(identity, doctor, life(identity, doctor, chance, REFERENCE))


def _doctor(position: int) -> Professional:
    code, _, town = census.HOMES[position]
    chance = Random(f"carnet/doctor/{code}")  # noqa: S311 - as above
    family, woman = chance.choice(census.FAMILIES), chance.random() < 1 / 2
    given = chance.choice(census.WOMEN if woman else census.MEN)
    place = Organisation(
        key=f"cabinet-{code.lower()}",
        name=f"Cabinet médical {family}, {town}",
        finess=numbered(f"99001{position:03d}"),
        facility=GROUP_PRACTICE,
        setting=AMBULATORY,
        address=census.address(1 + position, "place de la Santé", census.HOMES[position]),
        phone=f"026191{1000 + position}",
    )
    return Professional(
        key=f"dr-{code.lower()}",
        family=family,
        given=given,
        title="DR",
        rpps=numbered(f"100030{position:04d}"),
        profession="10",
        profession_name="Médecin",
        speciality="SM54",
        speciality_name="Médecine générale (SM)",
        organisation=place,
    )


def _identity(chance: Random, seed: int, number: int, taken: set[str], home: tuple[str, str, str]) -> Identity:
    sex = chance.choice((_WOMAN, _MAN))
    given = chance.choice(census.WOMEN if sex == _WOMAN else census.MEN)
    family = chance.choice(census.FAMILIES)
    born = REFERENCE - timedelta(days=_age_in_days(chance))
    birth = chance.choice(census.TOWNS)
    return Identity(
        key=f"habitant-{seed}-{number}",
        ins=_matricule(chance, sex, born, birth[0], taken),
        family=family,
        given=given,
        givens=f"{given} {chance.choice(census.WOMEN if sex == _WOMAN else census.MEN)}",
        sex=sex,
        born=born,
        birth_place=_place_then(birth[0], born),
        birth_city=birth[2],
        address=census.address(chance.randint(1, 180), chance.choice(census.STREETS), home),
        phone=f"063998{chance.randint(0, 9999):04d}",
    )


def _age_in_days(chance: Random) -> int:
    """A population that thins out with age: two draws, the smaller is kept after sixty."""
    first, second = chance.randint(30, _OLDEST), chance.randint(30, _OLDEST)
    return min(first, second) if max(first, second) > 60 * 365 else first


def _matricule(chance: Random, sex: str, born: date, place: str, taken: set[str]) -> str:
    """Two people of a town and a month differ by their order number."""
    start = f"{'2' if sex == _WOMAN else '1'}{born:%y%m}{_place_then(place, born)}"
    while True:
        number = f"{start}{chance.randint(1, 999):03d}"
        if number not in taken:
            taken.add(number)
            return ins(number)


def _place_then(code: str, born: date) -> str:
    return f"20{code[2:]}" if code[:2] in {"2A", "2B"} and born.year < _CORSICA_DIVIDED else code
