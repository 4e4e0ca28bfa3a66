"""What an edition of the schedule says to a person, disease by disease. Pure: facts in, answers out.

Where sources disagree, or a date is not exact, every way of reading is asked. Where all say the same, that is the
answer; where they do not, the answer is that it is not known, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from carnet.health.schedule.boosters import boosters
from carnet.health.schedule.campaigns import campaign, pregnancy
from carnet.health.schedule.conditions import Concern, concern, is_compulsory
from carnet.health.schedule.edition import Edition, Line
from carnet.health.schedule.facts import Dose, NotDone, Person, Situation, Why, Withheld
from carnet.health.schedule.said import CLOSED, Said, State, Taken, Way, ways
from carnet.health.schedule.series import series

__all__ = ["Answer", "answer", "answers"]

_TO_DO: Final = frozenset({State.DUE, State.LATE})
_DONE: Final = frozenset({State.UP_TO_DATE, State.COMPLETE})
_NOT_YET: Final = frozenset({State.UPCOMING, State.UP_TO_DATE})
_WEAKER: Final = {_TO_DO: State.DUE, _DONE: State.UP_TO_DATE, _NOT_YET: State.UPCOMING}
"""What two ways of reading have in common: late is due; complete is up to date; nothing is asked yet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`doses`: all that are known, in the order of time, those without a date last. `line` and `edition`: the rule it
    is from. `withheld`: the statement because of which it was not given. For the rest see `said.Said`. `compulsory` is
    None where the sources differ."""

    disease: str
    state: State
    edition: str
    line: Line | None = None
    since: date | None = None
    soonest: date | None = None
    until: date | None = None
    number: int = 0
    of: int = 0
    doses: tuple[Taken, ...] = ()
    compulsory: bool | None = False
    asks: frozenset[Situation] = frozenset()
    doubts: frozenset[str] = frozenset()
    withheld: NotDone | None = None


def answers(
    edition: Edition, person: Person, doses: Iterable[Dose], today: date, not_done: Iterable[NotDone] = ()
) -> tuple[Answer, ...]:
    """In the order of the schedule; a disease that no line is about has no answer."""
    given, withheld = tuple(doses), tuple(not_done)
    return tuple(answer(edition, each, person, given, today, withheld) for each in edition.diseases)


def answer(
    edition: Edition,
    disease: str,
    person: Person,
    doses: Iterable[Dose],
    today: date,
    not_done: Iterable[NotDone] = (),
) -> Answer:
    own = tuple(each.not_before(person.born) for each in doses if disease in each.diseases)
    within, outside = _within(own, person, today)
    undated = tuple(each for each in own if not each.dated)
    asked = _Asked(edition, disease, person, within, len(undated), today)
    said = _agreed({way: _one_way(asked, way) for way in ways((*within, *undated))})
    found = Answer(
        disease,
        said.state,
        edition.version,
        line=said.line,
        since=said.since,
        soonest=said.soonest,
        until=said.until,
        number=said.number,
        of=said.of,
        doses=(*_taken(within, said), *outside, *map(Taken, undated)),
        compulsory=_compulsory(asked),
        asks=said.asks,
        doubts=said.doubts,
    )
    return _withheld(found, person, within, tuple(each for each in not_done if disease in each.diseases))


def _within(doses: tuple[Dose, ...], person: Person, today: date) -> tuple[tuple[Dose, ...], list[Taken]]:
    """Doses of a life so far, in the order of time; what cannot be one counts for nothing."""
    inside, outside = [], []
    for dose in sorted((each for each in doses if each.dated), key=lambda each: (each.days(), each.key)):
        first, last = dose.days()
        if last < person.born:
            outside.append(Taken(dose, Why.BEFORE_BIRTH))
        elif first > today:
            outside.append(Taken(dose, Why.FUTURE))
        else:
            inside.append(replace(dose, last=min(last, today)))
    return tuple(inside), outside


@dataclass(frozen=True, slots=True)
class _Asked:
    edition: Edition
    disease: str
    person: Person
    doses: tuple[Dose, ...]
    undated: int
    today: date

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.edition.lines_of(self.disease)


def _one_way(asked: _Asked, way: Way) -> Said:
    by_line = [_line(asked, each, way) for each in asked.lines if not each.booster]
    used = tuple(dose for each in by_line if each.line and not each.line.weeks for dose in each.counted)
    chain = boosters(
        tuple(each for each in asked.lines if each.booster),
        asked.person,
        asked.doses,
        asked.undated,
        asked.today,
        way,
        used,
    )
    return _first_of([*by_line, *([chain] if chain else [])], asked)


def _line(asked: _Asked, line: Line, way: Way) -> Said:
    concerned = concern(line, asked.person, asked.today)
    if concerned.holds is False and concerned.later is None and not line.condition:
        return Said(CLOSED, line)
    if line.weeks:
        return _pregnancy(asked, line, way, concerned)
    if line.campaign:
        return _campaign(asked, line, way, concerned)
    said = series(line, asked.person, asked.doses, asked.undated, asked.today, way)
    if line.offered:
        return _offered(said)
    if said.state is State.COMPLETE or (concerned.holds and not line.condition):
        return said
    if concerned.holds:
        return _not_before(said, concerned.since)
    state = State.ASK if concerned.holds is None else State.UPCOMING if concerned.later else CLOSED
    return replace(said, state=state, asks=concerned.asks, since=None, soonest=concerned.later, until=None)


def _not_before(said: Said, day: date | None) -> Said:
    """Who is concerned from an age is so from that day; from when a fact holds, nobody told."""
    if said.state not in _TO_DO or said.counted:
        return said
    return replace(said, since=day, soonest=day)


def _offered(said: Said) -> Said:
    """How many doses are enough nobody tells; what is not asked is not told ahead."""
    if said.counted:
        return replace(said, state=State.UNKNOWN).doubting("unfinished")
    if said.state in _TO_DO:
        return replace(said, state=State.OFFERED, since=None)
    return replace(said, state=CLOSED, soonest=None, until=None)


def _campaign(asked: _Asked, line: Line, way: Way, concerned: Concern) -> Said:
    later = concerned.later
    if concerned.holds:
        said = campaign(line, asked.doses, asked.today, way)
        if not line.offered:
            return said
        if said.state is State.UPCOMING:
            return Said(CLOSED, line)
        return replace(said, state=State.OFFERED, since=None) if said.state is State.DUE else said
    if concerned.holds is None:
        return Said(State.ASK, line, asks=concerned.asks, soonest=later)
    return Said(State.UPCOMING, line, soonest=later) if later and not line.offered else Said(CLOSED, line)


def _pregnancy(asked: _Asked, line: Line, way: Way, concerned: Concern) -> Said:
    if concerned.holds:
        return pregnancy(line, asked.person, asked.doses, asked.today, way)
    return Said(State.ASK, line, asks=concerned.asks) if concerned.holds is None else Said(CLOSED, line)


def _first_of(found: list[Said], asked: _Asked) -> Said:
    """What of the lines of a disease is said first: what is to be done, what is not known, what is done, what comes."""
    asks = frozenset(ask for each in found for ask in each.asks)
    chosen = _chosen(found)
    taken = tuple(dict.fromkeys(each for said in found for each in said.taken))
    doubts = chosen.doubts | {doubt for each in found if each.state is CLOSED for doubt in each.doubts}
    chosen = replace(chosen, taken=taken, asks=asks, doubts=frozenset(doubts))
    if chosen.state is State.COMPLETE:
        chosen = _then(chosen, found)
    if chosen.state is State.UPCOMING and any(each.why is None for each in taken):
        chosen = replace(chosen, state=State.UP_TO_DATE)
    return chosen


def _chosen(found: list[Said]) -> Said:
    to_do = [each for each in found if each.state in _TO_DO]
    if to_do:
        return min(to_do, key=lambda each: (each.state is State.DUE, each.since or date.max))
    campaigns = [each for each in found if each.until and each.line and each.line.campaign]
    return (
        _soonest(found, State.UNKNOWN, State.UP_TO_DATE, State.COMPLETE)
        or _soonest(campaigns, State.UPCOMING)
        or _soonest(found, State.OFFERED, State.ASK, State.UPCOMING)
        or (found[0] if found else Said(CLOSED))
    )


def _soonest(found: list[Said], *states: State) -> Said | None:
    """Of the first of these states that there is."""
    for state in states:
        if those := [each for each in found if each.state is state]:
            return min(those, key=lambda each: each.soonest or date.max)
    return None


def _then(complete: Said, found: list[Said]) -> Said:
    """A series that is complete, and a later line that is not."""
    later = [each for each in found if each.state is State.UPCOMING and each.soonest]
    if not later:
        return complete
    then = min(later, key=lambda each: each.soonest or date.max)
    return replace(
        complete, state=State.UP_TO_DATE, line=then.line, soonest=then.soonest, until=then.until, number=0, of=0
    )


def _agreed(by_way: dict[Way, Said]) -> Said:
    """The first way's answer where all agree, what all have in common where they nearly do, else that nobody knows."""
    read = list(by_way.values())
    first = read[0]
    states = {each.state for each in read}
    if len(states) == 1:
        unsure = first.state is State.UNKNOWN
        return first if unsure else replace(first, doubts=frozenset())
    doubts = frozenset(doubt for each in read for doubt in each.doubts) | _of_dates(by_way)
    for common, weaker in _WEAKER.items():
        if states <= common:
            likest = next(each for each in read if each.state is weaker)
            return replace(likest, doubts=doubts)
    return replace(first, state=State.UNKNOWN, since=None, soonest=None, until=None, doubts=doubts)


def _of_dates(by_way: dict[Way, Said]) -> frozenset[str]:
    """Which doubt about dates alone changes the answer."""
    found = set()
    for way, said in by_way.items():
        if said.state is not by_way[replace(way, latest=False)].state:
            found.add("imprecise")
        if said.state is not by_way[replace(way, undated=False)].state:
            found.add("undated")
    return frozenset(found)


def _taken(doses: tuple[Dose, ...], said: Said) -> tuple[Taken, ...]:
    """A dose that one line counts does count; another line's reason does not matter then."""
    counted = set(said.counted)
    why = {each.dose: each.why for each in reversed(said.taken) if each.why}
    return tuple(Taken(each, None if each in counted else why.get(each)) for each in doses)


def _compulsory(asked: _Asked) -> bool | None:
    found = [is_compulsory(each, asked.disease, asked.person, asked.today) for each in asked.lines]
    return True if True in found else None if None in found else False


def _withheld(found: Answer, person: Person, doses: tuple[Dose, ...], not_done: tuple[NotDone, ...]) -> Answer:
    """What was told after the last dose holds until somebody tells otherwise; of a campaign, for its season."""
    if found.state not in _TO_DO:
        return found
    if found.line and found.line.contraindicated & person.yes:
        held = found.line.contraindicated & person.yes
        return replace(found, state=State.CONTRAINDICATED, asks=frozenset((each,) for each in held))
    last = max((each.days()[1] for each in doses), default=date.min)
    if found.line and found.line.campaign:
        last = max(last, (found.since or date.min))
    told = [each for each in not_done if each.day and each.day >= last]
    if not told:
        return found
    newest = max(told, key=lambda each: (each.day or date.min, each.key))
    refused = newest.reason is Withheld.REFUSED
    return replace(found, state=State.REFUSED if refused else State.CONTRAINDICATED, withheld=newest)
