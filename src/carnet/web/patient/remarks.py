"""« C'est une erreur » beside a line, of whatever page: where it is said, and followed once it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from carnet.health import disputing
from carnet.health.goals import Goal
from carnet.health.queries import Line
from carnet.kernel.actor import Purpose
from carnet.web.patient.visit import Visit

__all__ = ["Remark", "Reported", "of_goals", "remark", "reported_by"]

Reported = Collection[tuple[UUID, UUID]]
"""The facts that somebody said to be wrong, each with the source that states it."""


@dataclass(frozen=True, slots=True)
class Remark:
    href: str
    reported: bool


def reported_by(visit: Visit) -> Reported | None:
    """None for a carer, who has no say in it."""
    if visit.purpose is Purpose.CARER:
        return None
    return disputing.pending(visit.actor, visit.purpose, visit.record_id)


def remark(line: Line, reported: Reported | None) -> Remark | None:
    """Addressed to the author of its newest source, or of that which was reported. None for what a person said, who
    corrects it here, and for what its author has corrected."""
    if reported is None or line.said_by == "person":
        return None
    told = [each for each in line.sources if (line.fact, each) in reported]
    if line.struck and not told:
        return None
    return Remark(f"/sante/erreur/{line.fact}/{(told or line.sources)[0]}", bool(told))


def of_goals(goals: Iterable[Goal], reported: Reported | None) -> Mapping[str, Remark]:
    """By the id of the words that set it."""
    found = {str(each.line.sources[0]): remark(each.line, reported) for each in goals}
    return {id_: each for id_, each in found.items() if each}
