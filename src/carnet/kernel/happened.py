"""Facts that rooms above may want to know of. Who makes one tells it in its transaction and its record; who listens
may write what is to be done of it and ask for that work (`kernel.jobs`), and nothing that would slow the fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Happened:
    """`kind` is the name of the fact, `actor_id` who made it; `hidden_from` are the label bits of those who must not
    learn of it, `target_id` the document that it is about, or the one whom it is to be told, where there is one."""

    kind: str
    record_id: UUID
    actor_id: UUID
    hidden_from: int = 0
    target_id: UUID | None = None


Listener = Callable[[Happened], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Once, when the rooms are loaded."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(fact: Happened) -> None:
    for listener in _listeners:
        listener(fact)
