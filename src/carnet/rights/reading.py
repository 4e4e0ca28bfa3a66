"""What an export holds, read a page at a time: a record of any size passes through little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from carnet.consent.trail import TrailLine
from carnet.documents import trail
from carnet.documents.queries import masked_by
from carnet.formats.entry import Identifier, Patient
from carnet.formats.fhir import patient, write_list
from carnet.formats.fhir.search.entry_types import TYPES
from carnet.formats.terminology import document_types, labels
from carnet.health import overview
from carnet.health import queries as health
from carnet.health.columns import KINDS
from carnet.health.origins import origins
from carnet.kernel.db import Permit, open_record, rows, statements
from carnet.kernel.ids import fhir_id, short

_SQL = statements("carnet.rights")
_PAGE: Final = 200
_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Document:
    """`at` is the act's instant; `masked`: "label" when it is masked itself, and the kinds of the standing masks that
    cover it."""

    id: UUID
    title: str
    type_label: str
    media_type: str
    status: str
    masked: tuple[str, ...]
    at: datetime
    deposited_at: datetime
    size: int
    sha256: str
    blob_id: UUID
    fhir: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`title` and `at`, the act's instant, are those of the document that it became a page of."""

    title: str
    media_type: str
    at: datetime
    deposited_at: datetime
    blob_id: UUID


def documents(permit: Permit) -> Iterator[Document]:
    for row in _pages(permit, "documents"):
        kind = document_types.by_ordinal(row["type_ordinal"])
        yield Document(
            id=row["id"],
            title=row["title"],
            type_label=kind.display if kind else "",
            media_type=row["media_type"],
            status=row["status"],
            masked=_masked(row["labels"]),
            at=row["service_start"] or row["created_at"],
            deposited_at=row["deposited_at"],
            size=row["size"],
            sha256=bytes(row["sha256"]).hex(),
            blob_id=row["blob_id"],
            fhir=row["fhir"],
        )


def _masked(bits: int) -> tuple[str, ...]:
    itself = ("label",) if bits & labels.MASQUE_PS else ()
    return (*itself, *sorted(kind.value for kind in masked_by(bits)))


def pictures(permit: Permit) -> Iterator[Picture]:
    """The originals of the pictures that this reader added."""
    for row in _read(permit, "pictures", {"record_id": permit.record_id}):
        yield Picture(row["title"], row["media_type"], row["at"], row["deposited_at"], row["blob_id"])


def lists(permit: Permit) -> Iterator[tuple[str, bytes]]:
    """FHIR id and text of each submission set and folder, with the items that this reader may see."""
    for row in _pages(permit, "lists"):
        if row["shown"]:
            references = [f"DocumentReference/{fhir_id(permit.record_id, each)}" for each in row["items"]]
            references += [f"List/{fhir_id(permit.record_id, each)}" for each in row["lists"]]
            yield fhir_id(permit.record_id, row["id"]), write_list.with_items(row["fhir"], references)


def entries(permit: Permit) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Of each type of clinical entry the lines, and those of the Provenances of all."""
    for each in TYPES.values():
        yield each.name, (entry.text + b"\n" for page in overview.of_record(permit, each.kinds) for entry in page)
    yield "Provenance", _origins(permit)


def _origins(permit: Permit) -> Iterator[bytes]:
    for page in overview.of_record(permit, KINDS):
        known = health.sources_of_record(permit, (each for entry in page for each in entry.sources))
        yield from (text + b"\n" for text in origins(page, known))


def holder(permit: Permit) -> tuple[str, bytes]:
    """The holder's name, and their FHIR Patient."""
    row = _read(permit, "holder", {"record_id": permit.record_id})[0]
    traits = Patient(
        ins=Identifier(row["ins_oid"], row["ins"]),
        birth_family=row["birth_family"],
        birth_given=row["birth_given"],
        birth_givens=row["birth_givens"],
        used_family=row["used_family"],
        used_given=row["used_given"],
        sex=row["sex"],
        birth_date=row["birth_date"],
        birth_place=row["birth_place"],
    )
    text = patient.write(
        traits,
        fhir_id=short(permit.record_id),
        active=row["state"] in {"active", "unopened"},
        version=1,
        last_updated=row["state_since"],
    )
    name = f"{row['used_given'] or row['birth_given']} {row['used_family'] or row['birth_family']}"
    return name, text


def lines(permit: Permit, until: datetime) -> Iterator[TrailLine]:
    """The trail as this reader may be told, newest first, as it was then."""
    before = (until, _LAST)
    while page := trail.told(permit, limit=_PAGE, before=before):
        yield from page
        before = (page[-1].at, page[-1].id)


def _pages(permit: Permit, statement: str) -> Iterator[dict[str, Any]]:
    after = _FIRST
    while page := _read(
        permit,
        statement,
        {"record_id": permit.record_id, "actor_id": permit.actor.id, "after": after, "limit": _PAGE},
    ):
        yield from page
        after = page[-1]["id"]


def _read(permit: Permit, statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    # One act, read in many steps: its line stands in the trail since it was asked for.
    with open_record(permit, trace=None) as cursor:
        cursor.execute(_SQL[statement], values)
        return rows(cursor)
