"""Pattern records: plausible people whose documents came in by real deposits. The others are copied from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from uuid import UUID

from django.db import transaction

from carnet.consent.actions import set_attending
from carnet.demo.authors import SURGEON
from carnet.demo.cast import actor_id
from carnet.demo.cda import build
from carnet.demo.crowd import load_people
from carnet.demo.entrance import deposit, open_record
from carnet.demo.identifiers import uuid_of
from carnet.demo.lives import life
from carnet.demo.model import Document, Identity
from carnet.demo.people import REFERENCE, Inhabitant, inhabitants
from carnet.demo.vocabulary import DISCHARGE_LETTER
from carnet.demo.words import moment
from carnet.formats.cda.build import Section
from carnet.formats.cda.build.sections import course, plan, reason
from carnet.kernel import clock, context
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import WRITER
from carnet.people import actions as people
from carnet.people import queries
from carnet.records.rules import RecordState

LONG = 50_000
"""Bytes of the letter that every pattern holds: what opening and depositing are measured with."""

_DAYS = (
    "Nuit calme, douleur à 2 sur 10 au réveil, pas de fièvre.",
    "Pansement refait : plaie propre, sèche, sans rougeur autour.",
    "Lever au fauteuil le matin, trois longueurs de couloir l'après-midi avec le kinésithérapeute.",
    "Tension 13/8, pouls 72, saturation 98 % sans oxygène.",
    "Repas pris en entier, transit repris, perfusion retirée.",
    "Bilan du jour : hémoglobine stable, créatinine normale, CRP en baisse.",
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`doctor` is the key of the médecin traitant; `documents` in the order of their deposit, the last one long;
    `coming` is one more letter, to be deposited while it is measured."""

    person: Inhabitant
    documents: tuple[Document, ...]
    coming: Document

    @property
    def record_id(self) -> UUID:
        return self.person.record_id

    @property
    def doctor(self) -> str:
        return self.person.doctor.key


def patterns(number: int, seed: int) -> list[Pattern]:
    """Of ever the same people; one in six a child, with links to tell secrets by. 22 to 40 documents each."""
    everyone = list(inhabitants(number * 12, seed))
    adults = [each for each in everyone if _years(each.identity) >= 19]  # noqa: PLR2004
    children = [each for each in everyone if 3 < _years(each.identity) < 17]  # noqa: PLR2004
    chosen = [children[at // 6] if at % 6 == 1 else adults[at] for at in range(number)]
    return [
        Pattern(each, _documents(each, seed), letter(each.identity, f"{each.identity.key}-lettre-3")) for each in chosen
    ]


def bring_in(found: list[Pattern], seed: int) -> None:
    """Through the doors that everybody uses."""
    with context.use("bench"):
        load_people(0, seed, clock.now())
        for pattern in found:
            if queries.actor_by_id(_account(pattern)) is None:
                _open(pattern)
                deposit(pattern.documents, clock.now())


def letter(patient: Identity, key: str, size: int = LONG, replaces: str = "") -> Document:
    """The letter of a stay that was long to tell: `size` bytes of CDA, a line more or less."""
    bare = _letter(patient, key, (), replaces)
    lines = [f"Jour {day} : {' '.join(_DAYS[(day + each) % len(_DAYS)] for each in range(3))}" for day in range(1, 400)]
    missing, paragraphs = size - len(build(bare)), []
    for line in lines:
        missing -= len(f"<paragraph>{line}</paragraph>".encode()) + len(b"\n            ")
        if missing < 0:
            break
        paragraphs.append(line)
    return replace(bare, body=_body(tuple(paragraphs)))


def _letter(patient: Identity, key: str, paragraphs: tuple[str, ...], replaces: str) -> Document:
    return Document(
        key=key,
        model=DISCHARGE_LETTER,
        title="Lettre de liaison à la sortie",
        at=moment(REFERENCE.isoformat()) - timedelta(days=20),
        patient=patient,
        author=SURGEON,
        organisation=SURGEON.organisation,
        depositor="hopital",
        body=_body(paragraphs),
        replaces=replaces,
        version=2 if replaces else 1,
    )


def _body(paragraphs: tuple[str, ...]) -> tuple[Section, ...]:
    return (reason("Réparation d'une hernie."), course(*paragraphs), plan("Consultation dans six semaines."))


def _documents(person: Inhabitant, seed: int) -> tuple[Document, ...]:
    identity = person.identity
    chance = Random(f"carnet/bench/{seed}/{identity.key}")  # noqa: S311  (repeatable on purpose)
    told = sorted(life(identity, person.doctor, chance, REFERENCE), key=lambda each: each.at)
    told = [each for each in told if not each.replaces][: chance.randint(20, 38)]
    told[-1] = replace(told[-1], labels=frozenset({"MASQUE_PS"}))
    first = letter(identity, f"{identity.key}-lettre", 9_000)
    return (*told, first, letter(identity, f"{identity.key}-lettre-2", replaces=first.key))


def _years(identity: Identity) -> int:
    return (REFERENCE - identity.born).days // 365


def _account(pattern: Pattern) -> UUID:
    return uuid_of("actor", pattern.person.identity.key)


def _open(pattern: Pattern) -> None:
    identity = pattern.person.identity
    with transaction.atomic(using=WRITER):
        open_record(identity, RecordState.ACTIVE, pattern.record_id)
        set_attending(
            SYSTEM,
            record_id=pattern.record_id,
            professional_id=actor_id(pattern.doctor),
            since=moment("2018-01-01"),
        )
        people.add_person(actor_id=_account(pattern), key=None, name=identity.name, record_id=pattern.record_id)
