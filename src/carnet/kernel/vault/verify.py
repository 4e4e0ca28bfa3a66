"""Is every content that the database names there, and is it what was stored? Faults are named by content id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connections

from carnet.kernel.vault import crypto
from carnet.kernel.vault.content import context_of
from carnet.kernel.vault.errors import KeyFault
from carnet.kernel.vault.place import Place, here
from carnet.kernel.vault.store import NotThere, name_of

_PAGE = 500
_FIRST = UUID(int=0)


@dataclass
class Report:
    contents: int = 0
    missing: list[UUID] = field(default_factory=list)
    altered: list[UUID] = field(default_factory=list)
    locked: list[UUID] = field(default_factory=list)
    """There, but their record's key is missing or does not open."""

    @property
    def ok(self) -> bool:
        return not (self.missing or self.altered or self.locked)


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    scope_id: UUID
    size: int
    sha256: bytes
    stored_sha256: bytes


def verify(*, deep: bool) -> Report:
    """Without `deep`: every file is there. With it: every file is read, decrypted and compared with its row."""
    place, report = here(), Report()
    for row in _rows():
        report.contents += 1
        if deep:
            _verify_deep(place, row, report)
        elif not place.store.exists(name_of(row.id)):
            report.missing.append(row.id)
    return report


def _verify_deep(place: Place, row: _Row, report: Report) -> None:
    stored, plain, size = hashlib.sha256(), hashlib.sha256(), 0
    try:
        key = place.data_keys.to_read(row.scope_id)
        file = _hashed(place.store.get(name_of(row.id)), stored)
        for part in crypto.decrypt(key, context_of(row.scope_id, row.id), file):
            plain.update(part)
            size += len(part)
    except KeyFault:
        report.locked.append(row.id)
    except NotThere:
        report.missing.append(row.id)
    except crypto.Tampered:
        report.altered.append(row.id)
    else:
        if (size, plain.digest(), stored.digest()) != (row.size, row.sha256, row.stored_sha256):
            report.altered.append(row.id)


def _hashed(parts: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for part in parts:
        digest.update(part)
        yield part


def _rows() -> Iterator[_Row]:
    """By pages, so that no transaction stays open while files are read."""
    after = _FIRST
    while page := _page(after):
        yield from page
        after = page[-1].id


def _page(after: UUID) -> list[_Row]:
    with connections["reader"].cursor() as cursor:
        cursor.execute(
            "select id, scope_id, size, sha256, stored_sha256 from kernel_blob where id > %s order by id limit %s",
            (after, _PAGE),
        )
        return [_Row(row[0], row[1], row[2], bytes(row[3]), bytes(row[4])) for row in cursor.fetchall()]
