"""What a depositor is told when a document is kept from who represents the holder without his having asked."""

from __future__ import annotations

from carnet.documents.models import Secrecy
from carnet.documents.submission import Deposited
from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import Issue

_CODES = {Secrecy.LINKED.value: "secret-linked", Secrecy.SUSPECTED.value: "secret-suspected"}


def warnings_of(done: Deposited, path: str) -> tuple[Issue, ...]:
    code = _CODES.get(done.secrecy)
    return (errors.issue(code, expression=path),) if code else ()
