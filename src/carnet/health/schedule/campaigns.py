"""Vaccines of a season: of a yearly campaign, of the weeks of a pregnancy. Never late: the season ends."""

from __future__ import annotations

from datetime import date, timedelta

from carnet.health.schedule.edition import Campaign, Line
from carnet.health.schedule.facts import Dose, Person
from carnet.health.schedule.said import CLOSED, Said, State, Taken, Way

__all__ = ["campaign", "pregnancy"]

MonthDay = tuple[int, int]


def campaign(line: Line, doses: tuple[Dose, ...], today: date, way: Way) -> Said:
    """A dose without a date says nothing of this year."""
    rule = line.campaign or Campaign((1, 1), (12, 31), 0)
    start, over = _season(rule.first, rule.last, today)
    next_start, next_over = _following(rule.first, rule.last, start)
    given = tuple(each for each in doses if way.reached(each, start))
    doubts = {"imprecise"} if any(first < start <= last for first, last in _days(doses)) else set()
    done = Said(State.UP_TO_DATE, line, soonest=next_start, until=next_over, taken=tuple(map(Taken, given)))
    if given:
        return done.doubting(*doubts)
    if today >= over:
        return Said(State.UPCOMING, line, soonest=next_start, until=next_over, doubts=frozenset(doubts))
    early = start - timedelta(days=rule.early)
    if any(last >= early for _, last in _days(doses)):
        doubts.add("campaign")
        if not way.strict:
            return done.doubting(*doubts)
    said = Said(State.DUE, line, since=start, soonest=start, until=over, doubts=frozenset(doubts))
    return _apart(rule, said, doses, today, way)


def _apart(rule: Campaign, said: Said, doses: tuple[Dose, ...], today: date, way: Way) -> Said:
    """Soon after another dose one waits: how long remains to be confirmed."""
    if rule.apart is None or not doses:
        return said
    wait = rule.apart.after(way.day(doses[-1]))
    if wait <= today:
        return said
    said = said.doubting("apart")
    if not way.strict:
        return said
    return Said(State.UP_TO_DATE, said.line, soonest=wait, until=said.until, doubts=said.doubts)


def _season(first: MonthDay, last: MonthDay, today: date) -> tuple[date, date]:
    """The season that began last: its first day, and the day after its last."""
    year = today.year if (today.month, today.day) >= first else today.year - 1
    start = date(max(year, 1), *first)
    end = date(start.year + (last < first), *last)
    return start, end + timedelta(days=1)


def _following(first: MonthDay, last: MonthDay, start: date) -> tuple[date, date]:
    return _season(first, last, date(start.year + 1, *first))


def _days(doses: tuple[Dose, ...]) -> list[tuple[date, date]]:
    return [each.days() for each in doses]


def pregnancy(line: Line, person: Person, doses: tuple[Dose, ...], today: date, way: Way) -> Said:
    """In each pregnancy, between two weeks; the second is in it."""
    if line.weeks is None or person.pregnant_since is None:
        return Said(State.ASK, line, asks=frozenset({("pregnant",)}))
    began = person.pregnant_since
    start, over = (began + timedelta(weeks=each) for each in (line.weeks[0], line.weeks[1] + 1))
    if line.season:
        start, over = _in_season(line.season, start, over)
    given = tuple(each for each in doses if way.reached(each, start))
    if given:
        return Said(State.COMPLETE, line, taken=tuple(map(Taken, given)))
    if today >= over or start >= over:
        return Said(CLOSED, line)
    earlier = any(way.reached(each, began) for each in doses)
    if earlier and not way.strict:
        return Said(State.COMPLETE, line, doubts=frozenset({"gap"}))
    doubts = frozenset({"gap"}) if earlier else frozenset()
    if today < start:
        return Said(State.UPCOMING, line, soonest=start, until=over, doubts=doubts)
    return Said(State.DUE, line, since=start, soonest=start, until=over, doubts=doubts)


def _in_season(season: tuple[MonthDay, MonthDay], start: date, over: date) -> tuple[date, date]:
    """The part of these weeks that lies in the season: an empty one where none does."""
    first, end = _season(*season, start)
    if start >= end:
        first, end = _following(*season, first)
    first = max(start, first)
    return first, max(min(over, end), first)
