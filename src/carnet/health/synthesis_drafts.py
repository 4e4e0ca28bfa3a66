"""A summary that was begun: kept for its author alone, encrypted, until it is deposited, given up, or a week old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from carnet.documents.sealing import seal, unseal
from carnet.health.synthesis_choices import Choices
from carnet.health.synthesis_models import SynthesisDraft as Row
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER
from carnet.kernel.ids import uuid7

__all__ = ["LASTS", "Draft", "drop", "drop_ended", "find", "keep"]

LASTS: Final = timedelta(days=7)
_USE: Final = "synthesis-drafts"


@dataclass(frozen=True, slots=True)
class Draft:
    """`id` names the document that it will be."""

    id: UUID
    until: datetime
    choices: Choices


def find(actor: Actor, record_id: UUID) -> Draft | None:
    row = _of(actor, record_id).filter(until__gt=clock.now()).first()
    return Draft(row.id, row.until, Choices.of_json(unseal(_USE, row.id, bytes(row.sealed)))) if row else None


def keep(actor: Actor, record_id: UUID, choices: Choices) -> Draft:
    with transaction.atomic(using=WRITER):
        row = _of(actor, record_id).select_for_update().first()
        if row is not None and row.until <= clock.now():
            row.delete()
            row = None
        made = row.id if row else uuid7()
        until = clock.now() + LASTS
        Row.objects.using(WRITER).update_or_create(
            id=made,
            defaults={
                "actor_id": actor.id,
                "record_id": record_id,
                "until": until,
                "sealed": seal(_USE, made, choices.as_json()),
            },
        )
    return Draft(made, until, choices)


def drop(actor: Actor, record_id: UUID) -> None:
    _of(actor, record_id).delete()


def drop_ended() -> None:
    Row.objects.using(WRITER).filter(until__lte=clock.now()).delete()


def _of(actor: Actor, record_id: UUID) -> Any:
    return Row.objects.using(WRITER).filter(actor_id=actor.id, record_id=record_id)
