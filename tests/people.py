"""People made for one test, so that no test disturbs another."""

from __future__ import annotations

import itertools
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from carnet.cli.token import token_for
from carnet.consent import actions as consent
from carnet.consent.trail import TrailLine
from carnet.documents.actions import Deposited, deposit
from carnet.documents.trail import lines
from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Organisation, Patient, Reference
from carnet.formats.ins import key
from carnet.formats.terminology import document_types
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people
from carnet.people import queries
from carnet.people.rules import Capacity
from carnet.records import actions as records
from carnet.records.rules import Identity, RecordState
from tests.cast import TEST_OID

_numbers = itertools.count(random.SystemRandom().randrange(10**7))
LONG_AGO = timedelta(days=400)


@dataclass(frozen=True)
class Resident:
    """A resident, her record and her account."""

    actor: Actor
    record_id: UUID
    ins: str


def fresh_ins() -> str:
    number = next(_numbers) % 10**8
    body = f"28501{number:08d}"
    return body + key(body)


def actor(actor_id: UUID) -> Actor:
    found = queries.actor_by_id(actor_id)
    assert found is not None
    return found


def a_patient(*, birth_date: str = "1985-01-12", state: RecordState = RecordState.ACTIVE) -> Resident:
    ins = fresh_ins()
    record_id = records.open_record_for(
        SYSTEM,
        identity=Identity(TEST_OID, ins, "ESSAI", "CAMILLE", sex="F", birth_date=birth_date, birth_place="51215"),
        state=state,
    )
    person = people.add_person(actor_id=uuid4(), key=None, name="Camille Essai", record_id=record_id)
    return Resident(actor(person), record_id, ins)


def a_waiting_record(
    *, birth_date: str = "1985-01-12", sex: str = "F", state: RecordState = RecordState.UNOPENED
) -> Resident:
    """Which nobody has ever entered: it has no account."""
    ins = fresh_ins()
    identity = Identity(TEST_OID, ins, "ESSAI", "CAMILLE", sex=sex, birth_date=birth_date, birth_place="51215")
    return Resident(SYSTEM, records.open_record_for(SYSTEM, identity=identity, state=state), ins)


def a_person() -> Actor:
    return actor(people.add_person(actor_id=uuid4(), key=None, name="Alix Passant", record_id=None))


def a_doctor(
    *, capacity: Capacity = Capacity.CARE, profession: str = "10", organisation_id: UUID | None = None
) -> Actor:
    doctor = people.add_professional(
        actor_id=uuid4(),
        key=None,
        rpps=f"{next(_numbers) % 10**11:011d}",
        family="Essai",
        given="Ange",
        title="Dr",
        profession_code=profession,
        capacity=capacity,
        organisation_id=organisation_id,
    )
    return actor(doctor)


def software(name: str = "Logiciel d'essai") -> Actor:
    house = people.add_organisation(
        organisation_id=uuid4(), identifier=f"1{next(_numbers) % 10**9:09d}", name="Clinique de l'Essai"
    )
    return actor(people.add_client(actor_id=uuid4(), key=None, name=name, organisation_id=house))


def an_operator(role: str) -> Actor:
    return actor(people.add_operator(actor_id=uuid4(), key=None, name="Opérateur d'essai", role=role))


def long_ago() -> datetime:
    return clock.now() - LONG_AGO


def represents(patient: Resident, person: Actor, *, guardian: bool = False, until: datetime | None = None) -> None:
    """As a parent, or as whom a court chose for a protected adult."""
    decided = {"kind": "guardian", "ground": "Jugement du tribunal judiciaire"} if guardian else {}
    end = until or (clock.now() + LONG_AGO if guardian else None)
    people.represent(
        SYSTEM, record_id=patient.record_id, representative_id=person.id, since=long_ago(), until=end, **decided
    )


def authorised(patient: Resident, doctor: Actor, **options: object) -> Actor:
    consent.authorise(
        patient.actor,
        Purpose.SELF,
        record_id=patient.record_id,
        professional_id=doctor.id,
        **options,  # type: ignore[arg-type]
    )
    return doctor


def entry(
    unique_id: str | None = None,
    *,
    type_code: str = "11502-2",
    labels: frozenset[str] = frozenset(),
    replaces: tuple[str, ...] = (),
    title: str = "Analyses de sang",
    authors: tuple[Author, ...] = (
        Author(family="Essai", given="Ange", organisation=Organisation("Clinique de l'Essai")),
    ),
    references: tuple[Reference, ...] = (),
) -> DocumentEntry:
    kind = document_types.by_code(type_code, "")
    assert kind is not None
    return DocumentEntry(
        unique_id=unique_id or f"2.25.{uuid4().int}",
        type=Coded(kind.code, kind.system, kind.display),
        title=title,
        created=clock.now(),
        media_type="text/plain",
        patient=Patient(ins=Identifier(TEST_OID, fresh_ins())),
        format=document_types.default_format("text/plain"),
        labels=labels,
        authors=authors,
        references=references,
        replaces=replaces,
    )


def deposited(
    depositor: Actor,
    patient: Resident,
    content: bytes = b"Taux normal.",
    *,
    of: DocumentEntry | None = None,
    purpose: Purpose = Purpose.DEPOSIT,
) -> Deposited:
    return deposit(depositor, purpose, record_id=patient.record_id, entry=of or entry(), content=content)


def trail(patient: Resident) -> list[TrailLine]:
    """What the patient reads of her own trail, newest first, without her own reading of it."""
    return [line for line in lines(patient.actor, Purpose.SELF, patient.record_id) if line.action != "trail-read"]


def security_log(actor_id: UUID) -> list[str]:
    """Reasons of the refused attempts at what does not exist."""
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(
            "select detail from trail.line where record_id is null and actor_id = %s order by at", (actor_id,)
        ).fetchall()
    return [row[0] for row in found]


def wait_until(instant: datetime) -> None:
    while clock.now() < instant:
        time.sleep(0.02)


def raw_trail(record_id: UUID) -> list[tuple[str, str]]:
    """Action and outcome of every line of a record, oldest first, as the owner sees them."""
    with database.connect(config.load(), "owner") as owner:
        return owner.execute(
            "select action, outcome from trail.line where record_id = %s order by at", (record_id,)
        ).fetchall()


def acts_of_people(record_id: UUID) -> list[tuple[str, str]]:
    """The lines that no reading of texts or facts wrote, which a worker does whenever it comes to it."""
    return [line for line in raw_trail(record_id) if not line[0].endswith("-extracted")]


def marks(record_id: UUID, actor_id: UUID) -> set[int]:
    """From whom the lines of an actor are hidden for good."""
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(
            "select distinct hidden_from from trail.line where record_id = %s and actor_id = %s", (record_id, actor_id)
        ).fetchall()
    return {row[0] for row in found}


def rpps_of(doctor: Actor) -> str:
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute("select rpps from app.people_professional where actor_id = %s", (doctor.id,)).fetchone()
    assert row
    return str(row[0])


def token_of(key: str) -> str:
    return token_for(key)
