"""A whole INS as somebody types it: fifteen characters, the key right, so that a slip of the hand leads to nobody."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from uuid import UUID

from carnet.formats import ins_datamatrix
from carnet.formats.ins import OIDS, InsError, Kind, key, kind_of, parse
from carnet.formats.ins_datamatrix import DatamatrixError
from carnet.kernel import config
from carnet.records.queries import record_of_ins

_WHOLE: Final = 15
_GROUPS: Final = (1, 3, 5, 7, 10, 13, 15)


class NotAnIns(ValueError):
    """Not fifteen characters, or not the key of the thirteen before it."""


def whole(number: str) -> str:
    """Typed, or scanned from a datamatrix. Raises `NotAnIns`."""
    bare = _scanned(number) if ins_datamatrix.is_one(number) else "".join(number.split()).upper()
    if not _readings(bare):
        raise NotAnIns
    return bare


def _scanned(text: str) -> str:
    try:
        return ins_datamatrix.read(text).ins.value15
    except DatamatrixError:
        raise NotAnIns from None


def grouped(number: str) -> str:
    """2 79 03 51 215 189 89."""
    starts = (0, *_GROUPS)
    return "\u00a0".join(number[start:end] for start, end in zip(starts, _GROUPS, strict=False))


def system_of(number: str) -> str:
    """Under which identifier somebody new is known here: a number of this kind alone, of tests in a demonstration.
    Raises `NotAnIns`."""
    kinds = (Kind.TEST,) if config.load().demo else (Kind.NIR, Kind.NIA)
    found = [oid for oid in _readings(whole(number)) if kind_of(oid) in kinds]
    if not found:
        raise NotAnIns
    return min(found, key=lambda oid: kinds.index(kind_of(oid) or kinds[0]))


def record_of(number: str) -> UUID | None:
    """Raises `NotAnIns`."""
    bare = whole(number)
    return next((each for oid in _readings(bare) if (each := record_of_ins(oid, bare))), None)


def _readings(bare: str) -> list[str]:
    """Under which identifiers this could be somebody's number."""
    found = []
    for oid in sorted(OIDS):
        with suppress(InsError):
            ins = parse(bare, oid)
            if len(bare) == _WHOLE and ins.value15 == bare and bare.endswith(key(ins.matricule13)):
                found.append(ins.oid)
    return found
