"""Recorded statements, to be repeated: those of an opening as they are, those of a deposit under other names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from bench.recorded import Statement
from carnet.kernel.db import locator
from carnet.kernel.ids import short, uuid7
from carnet.kernel.vault import StoredBlob


@dataclass(frozen=True, slots=True)
class Opening:
    """`blob_column` is the column of the answer that names the content."""

    record_id: UUID
    text: str
    values: Any
    blob_column: int


@dataclass(frozen=True, slots=True)
class Tape:
    """The transaction of one deposit, and the names in it that another deposit cannot bear. Numbers of the search index
    stay as they were: as many and as large."""

    record_id: UUID
    blank: bytes
    statements: tuple[Statement, ...]
    document_id: UUID
    list_id: UUID
    blob_id: UUID
    unique_id: str
    sha256: str

    def renamed(self, unique_id: str) -> list[tuple[str, Any]]:
        document_id, list_id = uuid7(), uuid7()
        names: dict[Any, Any] = {self.document_id: document_id, self.list_id: list_id, self.unique_id: unique_id}
        names |= {str(old): str(new) for old, new in names.items()}
        names |= {short(self.document_id): short(document_id), short(self.list_id): short(list_id)}
        names[_located(self.unique_id)] = _located(unique_id)
        names |= {each.values["id"]: uuid7() for each in self.statements if "into app.kernel_job" in each.text}
        return [(each.text, _replaced(each.values, names)) for each in self.statements]

    def with_blob(self, text: str, values: Any, blob: StoredBlob) -> Any:
        """What only the vault can tell."""
        if "insert into kernel_blob" in text:
            return (blob.id, blob.scope_id, blob.size, blob.sha256, blob.stored_sha256)
        if "submission_store" in text:
            told = values[-1].replace(str(self.blob_id), str(blob.id)).replace(self.sha256, blob.sha256.hex())
            return (*values[:-1], told)
        return values


def tape(record_id: UUID, blank: bytes, statements: list[Statement]) -> Tape:
    within = tuple(each for each in statements if each.login == "default" and each.within)
    stored = orjson.loads(next(each for each in within if "submission_store" in each.text).values[-1])
    document = stored["documents"][0]
    return Tape(
        record_id,
        blank,
        within,
        UUID(document["id"]),
        UUID(stored["lists"][0]["id"]),
        UUID(document["blob_id"]),
        document["unique_id"],
        document["sha256"].removeprefix("\\x"),
    )


def _located(unique_id: str) -> str:
    return locator.digest(locator.UNIQUE_ID, unique_id).hex()


def _replaced(value: Any, names: dict[Any, Any]) -> Any:
    match value:
        case str():
            for old, new in names.items():
                if isinstance(old, str):
                    value = value.replace(old, new)
            return value
        case UUID():
            return names.get(value, value)
        case dict():
            return {key: _replaced(each, names) for key, each in value.items()}
        case list():
            return [_replaced(each, names) for each in value]
        case tuple():
            return tuple(_replaced(each, names) for each in value)
        case _:
            return value
