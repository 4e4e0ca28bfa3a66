"""What a deposited CDA tells of its patient's identity, where the record does not know it whole: whoever was told of
their record by their number, their first name and their birth date has to come in by a provider one day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from carnet.formats.cda import header
from carnet.formats.cda.errors import CdaError
from carnet.formats.entry import Patient
from carnet.kernel import vault
from carnet.kernel.actor import SYSTEM, ActorKind
from carnet.kernel.db import command, rows, statements, steward, steward_permit
from carnet.people.queries import actor_by_id
from carnet.records import completing
from carnet.records.rules import Identity

_SQL = statements("carnet.documents", "text.sql")
_CDA: Final = ["text/xml", "application/xml", "application/xslt+xml"]
# Who holds identities that were verified with a paper and qualified by the national service.
_QUALIFY: Final = frozenset({ActorKind.CLIENT, ActorKind.PROFESSIONAL})


def complete(record_id: UUID, document_ids: Sequence[UUID]) -> None:
    """Only from what professionals and their software deposited, and from nobody that the documents are kept from."""
    if completing.incomplete(record_id):
        completing.complete(record_id, list(_identities(record_id, document_ids)))


def _identities(record_id: UUID, document_ids: Sequence[UUID]) -> Iterator[Identity]:
    for document in _plain(record_id, document_ids):
        depositor = actor_by_id(document["depositor_id"])
        if depositor is None or depositor.kind not in _QUALIFY:
            continue
        try:
            told = header.read(vault.read(document["blob_id"], record_id)).patient
        except (CdaError, vault.ContentFault):
            continue
        if told.ins is not None:
            yield _identity(told, told.ins.system, told.ins.value)


def _plain(record_id: UUID, document_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    permit = steward_permit(SYSTEM, record_id).row()
    with steward(SYSTEM, record_id, trace=None) as cursor:
        cursor.execute(command(_SQL["lift"]), permit)
        cursor.execute(_SQL["plain"], {"record_id": record_id, "ids": list(document_ids), "types": _CDA})
        found = rows(cursor)
        cursor.execute(command(_SQL["lower"]), permit)
        return found


def _identity(told: Patient, oid: str, number: str) -> Identity:
    return Identity(
        oid,
        number,
        told.birth_family,
        told.birth_given,
        birth_givens=told.birth_givens,
        sex=told.sex,
        birth_date=told.birth_date,
        birth_place=told.birth_place,
    )
