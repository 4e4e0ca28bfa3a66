"""Who acts, and what for. Every door makes these two before anything else happens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    PERSON = "person"
    PROFESSIONAL = "professional"
    CLIENT = "client"
    OPERATOR = "operator"
    SYSTEM = "system"


class Purpose(StrEnum):
    SELF = "self"
    REPRESENTATIVE = "representative"
    CARER = "carer"
    CARE = "care"
    EMERGENCY = "emergency"
    REGULATION = "regulation"
    DEPOSIT = "deposit"
    SHARE = "share"
    SUPPORT = "support"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """`epoch` is the actor's epoch when it was authenticated; a hot read refuses an older one. `regulates`: by this
    sign-in, they answer the calls of the centre 15. `only`: the one record that what they came with is for; for it no
    other exists."""

    kind: ActorKind
    id: UUID
    name: str
    organisation: UUID | None = None
    app: UUID | None = None
    epoch: int = 0
    regulates: bool = False
    only: UUID | None = None

    def confined_from(self, record_id: UUID) -> bool:
        return self.only is not None and self.only != record_id


SYSTEM = Actor(ActorKind.SYSTEM, UUID(int=0), "Carnet")
