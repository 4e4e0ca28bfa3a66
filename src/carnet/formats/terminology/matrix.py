"""The access matrix: which profession may read or deposit which type of document.

The file has class-level rows; they become one bit per type here, so that the official annex can replace
them by type-level rows without a change of code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from carnet.formats.terminology import document_types, professions, systems
from carnet.formats.terminology.table import Row, Table, read

__all__ = ["WIDTH", "Line", "Matrix", "load"]

WIDTH: Final = document_types.MAX_ORDINAL + 1
_FILE = "access_matrix.json"
_EVERY = "*"
_NOTHING: Final = "0" * WIDTH


@dataclass(frozen=True, slots=True)
class Line:
    """One profession; `reads` and `writes` are texts of 256 characters "0" or "1", by type ordinal.

    `care_team_only`: the right exists only inside the care team. A line that is not enabled has no right.
    """

    system: str
    code: str
    label: str
    enabled: bool
    care_team_only: bool
    reads: str
    writes: str
    basis: str
    note: str


@dataclass(frozen=True, slots=True)
class Matrix:
    version: str
    effective: date
    source: str
    basis: str
    lines: Mapping[tuple[str, str], Line]

    def line(self, profession_system: str, profession_code: str) -> Line | None:
        """The line of a profession; `system` is an OID, a URI or a short name; combined codes are split."""
        profession, _ = professions.split(profession_code, profession_system)
        exact = self.lines.get((profession.system, profession.code))
        return exact or self.lines.get((profession.system, _EVERY))

    def bits(self, profession_system: str, profession_code: str) -> str:
        """What that profession may read; the unknown type (ordinal 0) and unknown professions: nothing."""
        line = self.line(profession_system, profession_code)
        return line.reads if line else _NOTHING

    def writes(self, profession_system: str, profession_code: str) -> str:
        line = self.line(profession_system, profession_code)
        return line.writes if line else _NOTHING


def parse(table: Table) -> Matrix:
    lines: dict[tuple[str, str], Line] = {}
    for row in table.rows("rows"):
        line = _line(row)
        if (line.system, line.code) in lines:
            raise row.error(f"the profession {line.code!r} appears twice in its system")
        lines[line.system, line.code] = line
    return Matrix(table.version, table.effective, table.source, table.basis, lines)


def _line(row: Row) -> Line:
    system, code = systems.canonical(row.required("system")), row.required("code")
    if system == row.text("system"):
        raise row.error(f"the system {system!r} is unknown")
    if code != _EVERY and not professions.known(system, code):
        raise row.error(f"the profession {code!r} is unknown in {row.text('system')}")
    reads = _expand(row, row.texts("read_classes"), row.texts("read_types"), row.texts("read_except_types"))
    writes = _expand(row, row.texts("write_classes"), row.texts("write_types"), ())
    enabled = row.flag("enabled")
    return Line(
        system=system,
        code=code,
        label=row.required("label"),
        enabled=enabled,
        care_team_only=row.flag("care_team_only"),
        reads=reads if enabled else _NOTHING,
        writes=writes if enabled else _NOTHING,
        basis=row.required("basis"),
        note=row.text("note", ""),
    )


def _expand(row: Row, classes: Collection[str], added: Collection[str], removed: Collection[str]) -> str:
    known_classes = {kind.class_code for kind in document_types.all_types()}
    for class_code in classes:
        if class_code not in known_classes:
            raise row.error(f"the class {class_code!r} is unknown")
    for code in (*added, *removed):
        if document_types.by_code(code) is None:
            raise row.error(f"the document type {code!r} is unknown")
    bits = ["0"] * WIDTH
    for kind in document_types.all_types():
        by_class = bool(kind.class_code) and kind.class_code in classes
        if (by_class and kind.code not in removed) or kind.code in added:
            bits[kind.ordinal] = "1"
    return "".join(bits)


@cache
def load() -> Matrix:
    return parse(read(_FILE))
