"""Boosters at fixed ages: the one that counts is the last whose age has come, and it stands for those before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from carnet.health.schedule.ages import Length
from carnet.health.schedule.edition import Line
from carnet.health.schedule.facts import Dose, Person
from carnet.health.schedule.said import CLOSED, Said, State, Taken, Way

__all__ = ["boosters"]


@dataclass(frozen=True, slots=True)
class _Slot:
    line: Line
    start: date
    late: date


def boosters(
    lines: tuple[Line, ...],
    person: Person,
    doses: tuple[Dose, ...],
    undated: int,
    today: date,
    way: Way,
    used: tuple[Dose, ...] = (),
) -> Said | None:
    """`used`: doses that count in the first series."""
    if not lines:
        return None
    slots = _slots(lines, person, today)
    now = next((each for each in reversed(slots) if each.start <= today), None)
    then = next((each for each in slots if each.start > today), None)
    if now is None:
        return Said(State.UPCOMING, then.line, soonest=then.start, until=then.late) if then else None
    return _now(now, then, _Known(person, doses, undated, today, way, used))


@dataclass(frozen=True, slots=True)
class _Known:
    person: Person
    doses: tuple[Dose, ...]
    undated: int
    today: date
    way: Way
    used: tuple[Dose, ...]

    def since(self, day: date) -> tuple[Dose, ...]:
        return tuple(each for each in self.doses if self.way.reached(each, day) and each not in self.used)


def _now(now: _Slot, then: _Slot | None, known: _Known) -> Said:
    done = known.since(now.start)
    said = Said(
        State.UP_TO_DATE if then else State.COMPLETE,
        then.line if then else now.line,
        soonest=then.start if then else None,
        until=then.late if then else None,
        taken=tuple(map(Taken, done)),
        doubts=_imprecise(known, now.start),
    )
    if done:
        return said
    if _ended(now.line, known):
        return Said(CLOSED, now.line)
    spared = _spared(now, known)
    if spared and spared > known.today:
        return Said(State.UP_TO_DATE, now.line, soonest=spared, until=_later(spared, now))
    doubts = _doubts(now, known)
    if doubts and (not known.way.strict or ("undated" in doubts and known.way.undated)):
        return said.doubting(*doubts)
    due = max(now.start, spared) if spared else now.start
    late = _later(due, now)
    is_late = known.today >= late
    return Said(
        State.LATE if is_late else State.DUE,
        now.line,
        since=late if is_late else due,
        soonest=due,
        until=late,
        doubts=said.doubts | doubts,
    )


def _slots(lines: tuple[Line, ...], person: Person, today: date) -> list[_Slot]:
    """In the order of age, up to the first after today."""
    found: list[_Slot] = []
    for line in lines:
        step = line.patterns[0].steps[0]
        since, late = step.since, step.late or step.since
        found.append(_Slot(line, since.after(person.born), late.after(person.born)))
        while line.every and found[-1].start <= today and found[-1].start < date.max:
            since, late = _plus(since, line.every), _plus(late, line.every)
            found.append(_Slot(line, since.after(person.born), late.after(person.born)))
    return sorted(found, key=lambda each: each.start)


def _plus(one: Length, other: Length) -> Length:
    return Length(one.months + other.months, one.days + other.days)


def _later(due: date, slot: _Slot) -> date:
    """From when it is late: as long after it is due as the calendar gives."""
    return max(slot.late, date.fromordinal(min(due.toordinal() + (slot.late - slot.start).days, date.max.toordinal())))


def _ended(line: Line, known: _Known) -> bool:
    ends = line.patterns[0].ends
    return bool(ends and known.today >= ends.after(known.person.born))


def _spared(now: _Slot, known: _Known) -> date | None:
    """The day from which a dose shortly before does not spare the booster any more."""
    before = [each for each in known.doses if not known.way.reached(each, now.start) and each not in known.used]
    return now.line.spare.after(known.way.day(before[-1])) if now.line.spare and before else None


def _doubts(now: _Slot, known: _Known) -> frozenset[str]:
    found = set()
    if now.line.recent and any(
        now.line.recent.after(each.days()[1]) > now.start for each in known.doses if each not in known.used
    ):
        found.add("recent")
    if any(known.way.reached(each, now.start) for each in known.used):
        found.add("one-for-two")
    if known.undated:
        found.add("undated")
    return frozenset(found)


def _imprecise(known: _Known, start: date) -> frozenset[str]:
    unsure = any(first < start <= last for first, last in (each.days() for each in known.doses))
    return frozenset({"imprecise"}) if unsure else frozenset()
