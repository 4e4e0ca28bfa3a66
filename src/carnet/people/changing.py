"""What the directory says otherwise than before of a structure, a professional or a team."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from carnet.kernel.db import WRITER
from carnet.kernel.db.constraints import violations
from carnet.kernel.models import KernelActor
from carnet.people.actions import raise_circle_epoch
from carnet.people.models import Organisation, Professional, Team
from carnet.people.rules import Capacity


@dataclass(frozen=True, slots=True)
class Practice:
    """What is known of a professional besides how they are found. `profession_system` is an OID."""

    name: str
    family: str
    given: str
    profession_system: str
    profession_code: str
    speciality: str
    capacity: Capacity
    organisation_id: UUID | None


def practice_of(professional_id: UUID) -> Practice:
    row = Professional.objects.using(WRITER).select_related("actor").get(actor_id=professional_id)
    return Practice(
        name=row.actor.name,
        family=row.family,
        given=row.given,
        profession_system=row.profession_system,
        profession_code=row.profession_code,
        speciality=row.speciality,
        capacity=Capacity(row.capacity),
        organisation_id=row.organisation_id,
    )


def change_practice(*, professional_id: UUID, practice: Practice) -> None:
    """What is remembered of their rights, and of those who read in their place, ends."""
    with violations(), transaction.atomic(using=WRITER):
        KernelActor.objects.using(WRITER).filter(id=professional_id).update(name=practice.name)
        Professional.objects.using(WRITER).filter(actor_id=professional_id).update(
            family=practice.family,
            given=practice.given,
            profession_system=practice.profession_system,
            profession_code=practice.profession_code,
            speciality=practice.speciality,
            capacity=practice.capacity.value,
            organisation_id=practice.organisation_id,
        )
        raise_circle_epoch(professional_id)


def name_organisation(*, organisation_id: UUID, name: str) -> bool:
    """False when it bears that name."""
    found = Organisation.objects.using(WRITER).filter(id=organisation_id).exclude(name=name)
    return bool(found.update(name=name))


def change_team(*, team_id: UUID, name: str, organisation_id: UUID | None) -> bool:
    """False when it is so."""
    team = Team.objects.using(WRITER).get(id=team_id)
    if (team.name, team.organisation_id) == (name, organisation_id):
        return False
    team.name, team.organisation_id = name, organisation_id
    team.save(using=WRITER, update_fields=["name", "organisation"])
    return True
