"""Addresses that name a record by an id, not by its holder's INS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from carnet.consent.access import Refused
from carnet.consent.rules import Reason
from carnet.formats.fhir import errors
from carnet.kernel.ids import from_fhir_id


def identified(fhir_id: str) -> tuple[UUID, UUID]:
    """The record and the item that a logical id carries."""
    pair = from_fhir_id(fhir_id)
    if pair is None:
        raise errors.failure("not-found")
    return pair


@contextmanager
def unaddressed() -> Iterator[None]:
    """Who names a record by its id, not by an INS, learns nothing of whether it exists."""
    try:
        yield
    except Refused as refused:
        if refused.reason in {Reason.NO_RECORD, Reason.OPPOSED}:
            raise errors.failure("forbidden") from None
        raise
