"""Treatments of several sources as one list by substance. Pure.

Nothing is merged: each line keeps its words and its owner, and stands in one group, once. A group is current while one
of its lines is. Where lines that hold today say different things, that is told as a fact, and nobody is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

__all__ = ["LONGEST", "WHY", "Difference", "Group", "Intake", "Kind", "Told", "grouped", "holds"]

# How long a line without an end is told as current: a prescription is good for a year at most, and a pharmacy gives for
# three months at most. What somebody says they take, they take until they say otherwise.
LONGEST: Final = {"prescribed": timedelta(days=365), "dispensed": timedelta(days=92)}
_OVER: Final = frozenset(
    {"stopped", "completed", "cancelled", "entered-in-error", "not-taken", "on-hold", "declined", "ended"}
)
_PLANNED: Final = frozenset({"intended", "draft", "proposed"})


WHY: Final = "unknown"
"""The state of what somebody gives a reason for, without saying that they take it."""


class Told(StrEnum):
    PRESCRIBED = "prescribed"
    DISPENSED = "dispensed"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Intake:
    """One line of one owner. `substance`: the key of what joins it with others, `name` what people call that. `owner`:
    whose words. `until` is the first instant after it, None where no end is said. `said`: when it was said, for what
    has no date of its own. `mine`: the person says it."""

    fact: UUID
    told: Told
    substance: str
    name: str
    label: str
    owner: str
    dose: str = ""
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None
    state: str = ""
    mine: bool = False
    said: datetime | None = None

    @property
    def planned(self) -> bool:
        """Proposed or foreseen: nobody is said to take it."""
        return self.state in _PLANNED

    @property
    def reason_alone(self) -> bool:
        """The person says what it is for, and not that they take it."""
        dated = self.since is not None or self.until is not None
        return self.mine and self.state == WHY and bool(self.reason) and not (self.dose or dated)


class Kind(StrEnum):
    DOSE = "dose"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Difference:
    """`lines`: those that say different things, the newest first."""

    kind: Kind
    lines: tuple[Intake, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`lines`: what holds first, of that what the person says, then the newest. `planned`: what is foreseen and not
    over."""

    substance: str
    name: str
    lines: tuple[Intake, ...]
    current: tuple[Intake, ...]
    differences: tuple[Difference, ...]
    planned: tuple[Intake, ...] = ()

    @property
    def facts(self) -> tuple[UUID, ...]:
        return tuple(each.fact for each in self.lines)

    @property
    def own(self) -> tuple[Intake, ...]:
        """What the person says of it that holds."""
        return tuple(each for each in self.current if each.mine)

    @property
    def doses(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Of what is current each medicine by its own name, with every dose that is said of it."""
        return _doses(self.current)

    @property
    def planned_doses(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return _doses(self.planned)

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.reason for each in self.lines if each.reason))


def holds(line: Intake, now: datetime) -> bool:
    return not (line.planned or line.reason_alone) and _stands(line, now)


def _stands(line: Intake, now: datetime) -> bool:
    # What a pharmacy gave is complete once it is given; it is taken after that.
    if line.state in _OVER and not (line.told is Told.DISPENSED and line.state == "completed"):
        return False
    if line.until is not None:
        return line.until > now
    if line.told is Told.TAKEN:
        return True
    since = line.since or line.said
    return since is None or since + LONGEST[line.told] > now


def grouped(lines: Iterable[Intake], now: datetime) -> tuple[Group, ...]:
    """Current ones first, each part by name; in whatever order the lines come."""
    by_substance: dict[str, list[Intake]] = {}
    for each in lines:
        by_substance.setdefault(each.substance, []).append(each)
    groups = [_group(key, of, now) for key, of in by_substance.items()]
    return tuple(sorted(groups, key=lambda group: (not group.current, group.name.casefold(), group.substance)))


def _group(substance: str, lines: Sequence[Intake], now: datetime) -> Group:
    ordered = sorted(lines, key=lambda each: (not holds(each, now), not each.mine, -_at(each), str(each.fact)))
    current = tuple(each for each in ordered if holds(each, now))
    names = sorted({each.name for each in ordered}, key=lambda name: (len(name), name))
    planned = tuple(each for each in ordered if each.planned and _stands(each, now))
    return Group(substance, names[0], tuple(ordered), current, tuple(_differences(ordered, current)), planned)


def _doses(lines: Iterable[Intake]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    labels: dict[str, str] = {}
    doses: dict[str, dict[str, str]] = {}
    for each in lines:
        label = each.label or each.name
        key = _words(label)
        labels.setdefault(key, label)
        said = doses.setdefault(key, {})
        if each.dose:
            said.setdefault(_words(each.dose), each.dose)
    return tuple((labels[key], tuple(doses[key].values())) for key in labels)


def _at(line: Intake) -> float:
    since = line.since or line.said
    return since.timestamp() if since else 0.0


def _differences(lines: Sequence[Intake], current: Sequence[Intake]) -> Iterable[Difference]:
    newest: dict[tuple[str, bool], Intake] = {}
    for each in current:
        if each.dose:
            newest.setdefault((each.owner, each.mine), each)
    if len({_words(each.dose) for each in newest.values()}) > 1:
        yield Difference(Kind.DOSE, tuple(newest.values()))
    stopped = [each for each in lines if each.mine and each.state in _OVER]
    standing = [each for each in current if not each.mine]
    if stopped and standing and not any(each.mine for each in current) and not _restarted(stopped[0], standing):
        yield Difference(Kind.STOPPED, (stopped[0], *standing))


def _restarted(stopped: Intake, standing: Sequence[Intake]) -> bool:
    """Everything that stands was said after the end that the person gives."""
    end = stopped.until
    return end is not None and all(each.since is not None and each.since >= end for each in standing)


def _words(text: str) -> str:
    return " ".join(text.casefold().split())
