"""What the state of a fact says of it: that it was not, that it is still to come, that it was given up. Pure."""

from __future__ import annotations

from typing import Final

from carnet.formats.clinical.model import Kind
from carnet.health.queries import Line

__all__ = ["ABORTED", "PLANNED", "UNDONE", "is_planned", "is_stopped", "was"]

UNDONE: Final = frozenset({"not-done", "cancelled", "entered-in-error"})
PLANNED: Final = frozenset({"preparation", "planned", "intended", "proposed", "draft"})
ABORTED: Final = frozenset({"stopped"})
# Of these a state tells whether they took place; of a medicine it tells whether it is still taken.
_TAKE_PLACE: Final = frozenset({Kind.PROCEDURE, Kind.ENCOUNTER, Kind.DEVICE, Kind.REIMBURSED})


def was(line: Line) -> bool:
    """What was not done, was called off, or was written by mistake is none of what happened."""
    return line.kind not in _TAKE_PLACE or line.state not in UNDONE


def is_planned(line: Line) -> bool:
    return line.kind in _TAKE_PLACE and line.state in PLANNED


def is_stopped(line: Line) -> bool:
    return line.kind in _TAKE_PLACE and line.state in ABORTED
