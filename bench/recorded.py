"""The statements that Carnet itself runs for a request, as they were sent: what the floors repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.test import Client

from bench.requests import Request

_DATABASES = ("default", "reader")


@dataclass(frozen=True, slots=True)
class Statement:
    """`within`: it ran inside a transaction of its log-in."""

    login: str
    within: bool
    text: str
    values: Any


def recorded(request: Request) -> tuple[bytes, list[Statement]]:
    """What this process answers to the request, and what it asked of the database meanwhile."""
    statements: list[Statement] = []
    with ExitStack() as stack:
        for alias in _DATABASES:
            stack.enter_context(_noting(alias, statements))
        answer = Client(SERVER_NAME="localhost").generic(
            request.method,
            request.path,
            request.body,
            content_type="application/fhir+json",
            headers={"Authorization": f"Bearer {request.token}", "Accept": request.accept},
        )
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if answer.status_code not in {200, 201}:
        raise RuntimeError(f"{request.method} {request.path.partition('?')[0]}: {answer.status_code} {body[:500]!r}")
    return body, statements


@contextmanager
def _noting(alias: str, statements: list[Statement]) -> Iterator[None]:
    def note(execute: Callable[..., Any], text: str, values: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001
        within = context["connection"].in_atomic_block
        statements.append(Statement(alias, within, text, values))
        return execute(text, values, many, context)

    with connections[alias].execute_wrapper(note):
        yield
