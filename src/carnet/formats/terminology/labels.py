"""Confidentiality of a document: one base code (N, R, V) and a set of visibility labels kept as bits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from carnet.formats.entry import Coded
from carnet.formats.terminology import systems
from carnet.formats.terminology.table import Row, Table, read

__all__ = [
    "INVISIBLE_PATIENT",
    "INVISIBLE_REPRESENTANTS_LEGAUX",
    "MASQUE_PS",
    "base",
    "coded",
    "codes_of",
    "display",
    "is_base",
    "is_visibility",
    "mask_of",
]

MASQUE_PS: Final = 1
INVISIBLE_PATIENT: Final = 2
INVISIBLE_REPRESENTANTS_LEGAUX: Final = 4

_FILE = "confidentiality.json"
_BITS: Final = {
    "MASQUE_PS": MASQUE_PS,
    "INVISIBLE_PATIENT": INVISIBLE_PATIENT,
    "INVISIBLE_REPRESENTANTS_LEGAUX": INVISIBLE_REPRESENTANTS_LEGAUX,
}


@dataclass(frozen=True, slots=True)
class _Register:
    codes: Mapping[str, Coded]
    bits: Mapping[str, int]


def parse(table: Table) -> _Register:
    codes: dict[str, Coded] = {}
    bits: dict[str, int] = {}
    for row in table.rows("codes"):
        coded = Coded(row.required("code"), row.required("system"), row.required("display"))
        _check_bit(row, coded)
        for name in (coded.code, *row.texts("aliases")):
            if name in codes:
                raise row.error(f"{name!r} appears twice")
            codes[name] = coded
            if row.number("bit"):
                bits[name] = row.number("bit")
    missing = _BITS.keys() - codes.keys()
    if missing:
        raise table.head.error(f"{', '.join(sorted(missing))} missing from the codes")
    return _Register(codes, bits)


def _check_bit(row: Row, coded: Coded) -> None:
    # Bits stand in stored rows: they are fixed here, the file must agree.
    if row.number("bit") != _BITS.get(coded.code, 0):
        raise row.error(f"the bit of {coded.code!r} must be {_BITS.get(coded.code, 0)}")
    expected = systems.A07 if coded.code in _BITS else systems.CONFIDENTIALITY
    if coded.system != expected:
        raise row.error(f"{coded.code!r} belongs to the system {expected}")


@cache
def _register() -> _Register:
    return parse(read(_FILE))


def mask_of(codes: Iterable[str]) -> int:
    """The bits of the visibility labels among `codes`, aliases included; other codes count for nothing."""
    bits = _register().bits
    mask = 0
    for code in codes:
        mask |= bits.get(code, 0)
    return mask


def codes_of(mask: int) -> tuple[str, ...]:
    return tuple(code for code, bit in _BITS.items() if mask & bit)


def is_visibility(code: str) -> bool:
    return code in _register().bits


def is_base(code: str) -> bool:
    return code in _register().codes and not is_visibility(code)


def base(code: str) -> Coded:
    """The base label of that code; "N" for anything that is not a base label."""
    return _register().codes[code if is_base(code) else "N"]


def coded(code: str) -> Coded | None:
    """The official code, system and French label of a label or of one of its aliases."""
    return _register().codes.get(code)


def display(code: str) -> str:
    found = coded(code)
    return found.display if found else ""
