"""In which SMART context each kind of actor acts, and the widest scope of that kind."""

from __future__ import annotations

from typing import Final

from carnet.kernel.actor import ActorKind

CONTEXTS: Final = {
    ActorKind.PERSON: "patient",
    ActorKind.PROFESSIONAL: "user",
    ActorKind.CLIENT: "system",
    ActorKind.OPERATOR: "user",
}


def full(kind: ActorKind) -> str:
    """All that a token may allow; what it opens in a record is for the access decision. A person's software reads,
    hides or shows, and says who may read."""
    everything = f"{CONTEXTS[kind]}/*"
    return f"{everything}.rus patient/Consent.c" if kind is ActorKind.PERSON else f"{everything}.cruds"
