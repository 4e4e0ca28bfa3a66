"""A stored document as somebody who means to change it finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.documents.models import Secrecy
from carnet.formats.fhir import patch
from carnet.formats.fhir.patch import Current, Patch
from carnet.kernel.db import Permit, rows, statements

_SQL = statements("carnet.documents")


@dataclass(frozen=True, slots=True)
class Target:
    """As who acts may know it: superseded only by a version that they may see."""

    id: UUID
    version: int
    status: str
    labels: int
    secrecy: str
    own: bool
    fhir: str
    updated_at: datetime

    @property
    def current(self) -> Current:
        return patch.current(self.fhir)

    def suspected(self, wanted: Patch) -> bool:
        """A depositor who confirms the secret that the house suspects changes no label, and yet says something."""
        named = {code for each in wanted.operations for code in _codes(each.act)}
        return self.secrecy == Secrecy.SUSPECTED and "INVISIBLE_REPRESENTANTS_LEGAUX" in named


def find(cursor: CursorWrapper, permit: Permit, document_id: UUID) -> Target | None:
    """None for what is not there and for what is hidden alike."""
    cursor.execute(_SQL["to_change"], {"record_id": permit.record_id, "id": document_id, "actor_id": permit.actor.id})
    found = rows(cursor)
    return Target(**found[0]) if found else None


def _codes(act: object) -> tuple[str, ...]:
    """The labels that an operation names."""
    return (*getattr(act, "codes", ()), getattr(act, "code", ""))
