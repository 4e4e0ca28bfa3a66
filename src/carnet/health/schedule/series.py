"""Lines of the schedule that count doses: so many, at such ages, so far apart. A series is never begun again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from carnet.health.schedule.ages import Length
from carnet.health.schedule.edition import Line, Pattern, Step
from carnet.health.schedule.facts import Dose, Person, Why
from carnet.health.schedule.said import CLOSED, Said, State, Taken, Way

__all__ = ["series"]


@dataclass(slots=True)
class _Walk:
    """Through the doses in the order of time: each counts as the next of the series, or says why not."""

    person: Person
    way: Way
    taken: list[Taken] = field(default_factory=list)
    counted: list[Dose] = field(default_factory=list)
    doubts: set[str] = field(default_factory=set)

    def through(self, doses: tuple[Dose, ...], steps: tuple[Step, ...]) -> None:
        for dose in doses:
            if len(self.counted) == len(steps):
                return
            why = self._why_not(dose, steps[len(self.counted)])
            if why is None:
                self.counted.append(dose)
            self.taken.append(Taken(dose, why))

    def _why_not(self, dose: Dose, step: Step) -> Why | None:
        if step.at_least and not self._reached(dose, step.at_least.after(self.person.born)):
            return Why.TOO_YOUNG
        if not self.counted:
            return None
        before = self.counted[-1]
        if before.exact and dose.exact and before.first == dose.first:
            return Why.SAME_DAY
        return None if self._far_enough(before, dose, step) else Why.TOO_SOON

    def _far_enough(self, before: Dose, dose: Dose, step: Step) -> bool:
        """Nearer than `gap` it does not count; between `gap` and `pace` the sources do not agree."""
        start = before.days()[1 if self.way.strict else 0]
        if step.gap and not self._reached(dose, step.gap.after(start)):
            return False
        if step.pace is None or self._reached(dose, step.pace.after(start)):
            return True
        self.doubts.add("gap")
        return not self.way.strict

    def _reached(self, dose: Dose, limit: date) -> bool:
        first, last = dose.days()
        if first < limit <= last:
            self.doubts.add("imprecise")
        return self.way.reached(dose, limit)


def series(line: Line, person: Person, doses: tuple[Dose, ...], undated: int, today: date, way: Way) -> Said:
    """`doses`: those with a date that may count here, in the order of time. `undated`: how many more are known."""
    allowed, doubts = _allowed(line, person, doses, way)
    begun = _first(line, person, allowed, way)
    pattern = _pattern(line, person, begun, today, way)
    walk = _Walk(person, way)
    walk.through(allowed, pattern.steps)
    doubts |= walk.doubts | _of_product(line, begun)
    done = len(walk.counted) + (undated if way.undated else 0)
    of = len(pattern.steps)
    said = Said(State.COMPLETE, line, of=of, taken=tuple(walk.taken), doubts=frozenset(doubts))
    if undated and len(walk.counted) < of:
        said = said.doubting("undated")
    if done >= of:
        return said
    if done == of - 1 and not pattern.last_is_sure:
        said = said.doubting("fewer")
        if not way.strict:
            return said
    return _next(_Ask(line, person, pattern, walk.counted, done, today, way), said, doses)


@dataclass(frozen=True, slots=True)
class _Ask:
    line: Line
    person: Person
    pattern: Pattern
    counted: list[Dose]
    done: int
    today: date
    way: Way

    @property
    def step(self) -> Step:
        return self.pattern.steps[self.done]

    @property
    def begun(self) -> bool:
        return self.done > 0

    def end(self) -> tuple[date | None, date | None]:
        """When the line asks no more: as it is read, and as it is read otherwise."""
        base = self.line.patterns[0]
        own = self.pattern if self.begun and (self.pattern.ends or self.pattern.ends_or) else base
        sure = own.ends.after(self.person.born) if own.ends else None
        other = own.ends_or.after(self.person.born) if own.ends_or else sure
        return (sure, other) if self.way.strict else (other, sure)


def _next(ask: _Ask, said: Said, doses: tuple[Dose, ...]) -> Said:
    soonest, late = _planned(ask)
    if ask.line.after_others and (others := [each for each in doses if each not in ask.counted]):
        soonest, late, said = _after_others(ask, others[-1], soonest, late, said)
    end, other = ask.end()
    if _is_past(end, ask.today) != _is_past(other, ask.today):
        said = said.doubting("ends")
    if _is_past(end, ask.today) or (ask.line.unfinished == "closed" and end and soonest >= end):
        if ask.begun and ask.line.unfinished == "unknown":
            return _with(said, State.UNKNOWN, ask).doubting("unfinished")
        return _with(said, CLOSED, ask)
    if not ask.begun and ask.line.starts_before:
        limits = [each.after(ask.person.born) for each in (ask.line.starts_before, ask.line.starts_before_or) if each]
        past = [_is_past(each, ask.today) for each in limits]
        said = said.doubting("starts") if any(past) and not all(past) else said
        if all(past) or (ask.way.strict and any(past)):
            return _with(said, CLOSED, ask)
    until = min(filter(None, (late, end)), default=None)
    if ask.today < soonest:
        waiting = State.UP_TO_DATE if ask.begun else State.UPCOMING
        return _with(said, waiting, ask, soonest=soonest, until=until)
    is_late = late is not None and ask.today >= late
    state = State.LATE if is_late else State.DUE
    if not ask.line.sure:
        return _with(said, State.UNKNOWN, ask).doubting("to_confirm")
    return _with(said, state, ask, since=late if is_late else soonest, soonest=soonest, until=until)


def _with(said: Said, state: State, ask: _Ask, **more: date | None) -> Said:
    return Said(
        state,
        ask.line,
        number=ask.done + 1,
        of=said.of,
        taken=said.taken,
        doubts=said.doubts,
        **more,  # type: ignore[arg-type]
    )


def _planned(ask: _Ask) -> tuple[date, date | None]:
    """The calendar's age, or so long after the dose before when that was late: then one has as long as the calendar
    gives before it is late."""
    step, born = ask.step, ask.person.born
    by_age = step.since.after(born)
    late = step.late.after(born) if step.late else None
    if not ask.counted:
        return by_age, late
    previous = ask.way.day(ask.counted[-1])
    apart = step.pace or step.gap
    soonest = max(by_age, apart.after(previous)) if apart else by_age
    if late:
        late = max(late, date.fromordinal(min(soonest.toordinal() + (late - by_age).days, date.max.toordinal())))
    if step.latest:
        late = step.latest.after(previous)
    return soonest, late if late and late > soonest else None


def _after_others(
    ask: _Ask, other: Dose, soonest: date, late: date | None, said: Said
) -> tuple[date, date | None, Said]:
    """A product that does not count delays the one that does: so it is said, to be confirmed."""
    apart = ask.line.after_others
    wait = apart.after(other.days()[1]) if apart else soonest
    if wait <= soonest:
        return soonest, late, said
    if ask.today < wait:
        said = said.doubting("apart")
    return (wait if ask.way.strict else soonest), late, said


def _allowed(line: Line, person: Person, doses: tuple[Dose, ...], way: Way) -> tuple[tuple[Dose, ...], set[str]]:
    """Without those of another age or product."""
    found, doubts = [], set()
    for dose in doses:
        if line.counts_from and not way.reached(dose, line.counts_from.after(person.born)):
            continue
        if line.counts and not dose.tags & line.counts:
            if not dose.tags <= line.perhaps:
                continue
            doubts.add("product")
            if way.strict:
                continue
        found.append(dose)
    return tuple(found), doubts


def _first(line: Line, person: Person, doses: tuple[Dose, ...], way: Way) -> Dose | None:
    """The dose that began the series: its age decides how many there are."""
    limit = line.patterns[0].steps[0].at_least or Length()
    return next((each for each in doses if way.reached(each, limit.after(person.born))), None)


def _pattern(line: Line, person: Person, begun: Dose | None, today: date, way: Way) -> Pattern:
    plain, *variants = line.patterns
    tagged = [each for each in variants if each.tag]
    if begun and tagged:
        own = next((each for each in tagged if each.tag in begun.tags), None)
        return own or (tagged[0] if line.product_unsure and way.strict else plain)
    day = way.day(begun) if begun else today
    at_that_age = [each for each in variants if each.started and each.started.after(person.born) <= day]
    return at_that_age[-1] if at_that_age else plain


def _of_product(line: Line, begun: Dose | None) -> set[str]:
    known = {each.tag for each in line.patterns if each.tag}
    return {"product"} if line.product_unsure and begun and not begun.tags & known else set()


def _is_past(day: date | None, today: date) -> bool:
    return day is not None and today >= day
