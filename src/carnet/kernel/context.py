"""Through which door the present work came in, for the trail and the logs. It grants nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from carnet.kernel.ids import uuid7


@dataclass(frozen=True, slots=True)
class Context:
    door: str
    request_id: UUID


_current: ContextVar[Context | None] = ContextVar("carnet_context", default=None)


def current() -> Context:
    return _current.get() or Context("process", UUID(int=0))


@contextmanager
def use(door: str, request_id: UUID | None = None) -> Iterator[Context]:
    context = Context(door, request_id or uuid7())
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
