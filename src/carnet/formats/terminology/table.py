"""Reading the data files, with errors that name the file and the row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

__all__ = ["Row", "Table", "TerminologyError", "read"]


class TerminologyError(ValueError):
    """A fault in a data file; the message names file, row and fault."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; a field that is absent or of another type is an error that says where."""

    where: str
    fields: Mapping[str, Any]

    def text(self, name: str, default: str | None = None) -> str:
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            raise self.error(f"{name!r} must be a text")
        return value

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise self.error(f"{name!r} is empty")
        return value

    def number(self, name: str) -> int:
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(f"{name!r} must be an integer")
        return value

    def flag(self, name: str) -> bool:
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise self.error(f"{name!r} must be true or false")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.fields.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{name!r} must be a list of texts")
        if len(set(value)) != len(value):
            raise self.error(f"{name!r} repeats a value")
        return tuple(value)

    def error(self, fault: str) -> TerminologyError:
        return TerminologyError(f"{self.where}: {fault}")


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    document: Mapping[str, Any]

    @property
    def head(self) -> Row:
        return Row(f"{self.name}, header", self.document)

    @property
    def version(self) -> str:
        return self.head.required("version")

    @property
    def source(self) -> str:
        return self.head.required("source")

    @property
    def basis(self) -> str:
        return self.head.required("basis")

    @property
    def effective(self) -> date:
        try:
            return date.fromisoformat(self.head.required("effective"))
        except ValueError as fault:
            raise self.head.error(f"'effective' is not a date: {fault}") from None

    def rows(self, list_name: str) -> Iterator[Row]:
        found = self.document.get(list_name)
        if not isinstance(found, list) or not found:
            raise self.head.error(f"the list {list_name!r} is missing or empty")
        for number, fields in enumerate(found, start=1):
            row = Row(f"{self.name}, {list_name} row {number}", fields if isinstance(fields, dict) else {})
            if not isinstance(fields, dict):
                raise row.error("is not an object")
            yield row


def read(name: str, package: str = __package__) -> Table:
    """Open `data/NAME` of a package and check that its header says version, source, basis and date."""
    document = json.loads((files(package) / "data" / name).read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise TerminologyError(f"{name}: the file is not an object")
    table = Table(name, document)
    _ = (table.version, table.source, table.basis, table.effective)
    return table
