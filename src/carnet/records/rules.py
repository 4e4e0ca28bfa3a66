"""What a record's state allows. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from carnet.records.ages import AGES

OPENS_AFTER: Final = timedelta(weeks=6)
"""From the sending of the information, when nobody has objected (R1111-28)."""
KEPT_YEARS: Final = 10
"""A closed record, unreadable, from its closure on (R1111-36)."""
ERASED_AFTER: Final = timedelta(days=30)
"""An erasing that was asked for: the holder may think again. The law allows three months at most (R1111-36)."""


class RecordState(StrEnum):
    """`INFORMED`: the person has been told that a record will open, and may object. `SUSPENDED`: put aside while it is
    not sure whose it is. `JOINED`: it was a second one of the same person, and what it held lies in the other."""

    INFORMED = "informed"
    UNOPENED = "unopened"
    ACTIVE = "active"
    OPPOSED = "opposed"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    DECEASED = "deceased"
    JOINED = "joined"

    @property
    def exists(self) -> bool:
        """An opposition is not a closure: nothing was created (dmp_rules 1.4). Nor is anything before the opening, or
        where it has been joined to another."""
        return self not in {RecordState.OPPOSED, RecordState.INFORMED, RecordState.JOINED}

    @property
    def open(self) -> bool:
        """A record waits for its holder, feeds and serves care before its first activation too."""
        return self in {RecordState.UNOPENED, RecordState.ACTIVE}

    @property
    def fed(self) -> bool:
        """Care goes on while it is being found out whose a record is, and what is deposited must not be lost."""
        return self.open or self is RecordState.SUSPENDED


class Act(StrEnum):
    """What may happen to a record in its life."""

    OPEN = "open"
    OPPOSE = "oppose"
    CREATE = "create"
    ACTIVATE = "activate"
    CLOSE = "close"
    REOPEN = "reopen"
    ASK_ERASING = "ask-erasing"
    WITHDRAW_ERASING = "withdraw-erasing"
    ERASE = "erase"
    SUSPEND = "suspend"
    RESUME = "resume"
    RECORD_DEATH = "record-death"
    UNDO_DEATH = "undo-death"
    GRANT_HEIRS = "grant-heirs"
    REFUSE_HEIRS = "refuse-heirs"
    JOIN = "join"


class Who(StrEnum):
    """`PARENT`: who represents a minor. `LETTER`: whoever holds the code of the letter. `COUNTER`: an operator, with
    the person or with a proof."""

    HOLDER = "holder"
    PARENT = "parent"
    LETTER = "letter"
    COUNTER = "counter"
    SYSTEM = "system"


class OptOut(StrEnum):
    """A single thing that the holder may not want. `HEIRS`: that their relatives ask for what is in it after their
    death (L1110-4 V)."""

    EXTRACTION = "extraction"
    PREVENTION = "prevention"
    STATISTICS = "statistics"
    EMERGENCY_FEED = "urgent-feed"
    HEIRS = "heirs"


class Fault(StrEnum):
    """Why an act is not to be done: not in this state, not by this person, before its day, after it."""

    NOT_NOW = "not-now"
    NOT_YOURS = "not-yours"
    TOO_EARLY = "too-early"
    TOO_LATE = "too-late"


@dataclass(frozen=True, slots=True)
class Life:
    """`former`: the state to which the end of a suspension, of an error about a death, or of a closing leads back: what
    was never activated still waits to be. Of what was closed earlier than this was kept, None. `opens_at`: when
    it opens by itself. `erase_at`: when it is erased. `erasing_asked`: by the holder, rather than at the end of ten
    years."""

    state: RecordState
    since: datetime
    former: RecordState | None = None
    opens_at: datetime | None = None
    erase_at: datetime | None = None
    erasing_asked: bool = False


_S = RecordState
# In which states an act may be done, and by whom.
_MAY: Final[dict[Act, tuple[frozenset[RecordState], frozenset[Who]]]] = {
    Act.OPEN: (frozenset({_S.INFORMED}), frozenset({Who.SYSTEM})),
    Act.OPPOSE: (frozenset({_S.INFORMED}), frozenset({Who.HOLDER, Who.LETTER, Who.COUNTER})),
    Act.CREATE: (frozenset({_S.INFORMED, _S.OPPOSED}), frozenset({Who.HOLDER, Who.COUNTER})),
    Act.ACTIVATE: (frozenset({_S.UNOPENED}), frozenset({Who.HOLDER, Who.COUNTER})),
    Act.CLOSE: (frozenset({_S.UNOPENED, _S.ACTIVE}), frozenset({Who.HOLDER, Who.PARENT, Who.COUNTER})),
    Act.REOPEN: (frozenset({_S.CLOSED}), frozenset({Who.HOLDER, Who.PARENT, Who.COUNTER})),
    Act.ASK_ERASING: (frozenset({_S.UNOPENED, _S.ACTIVE, _S.CLOSED}), frozenset({Who.HOLDER, Who.COUNTER})),
    Act.WITHDRAW_ERASING: (frozenset({_S.CLOSED}), frozenset({Who.HOLDER, Who.COUNTER})),
    # What has been joined goes with the record to which it was.
    Act.ERASE: (frozenset({_S.CLOSED, _S.DECEASED, _S.JOINED}), frozenset({Who.SYSTEM})),
    Act.SUSPEND: (frozenset({_S.UNOPENED, _S.ACTIVE}), frozenset({Who.COUNTER})),
    Act.RESUME: (frozenset({_S.SUSPENDED}), frozenset({Who.COUNTER})),
    Act.RECORD_DEATH: (frozenset({_S.UNOPENED, _S.ACTIVE, _S.CLOSED, _S.SUSPENDED}), frozenset({Who.COUNTER})),
    Act.UNDO_DEATH: (frozenset({_S.DECEASED}), frozenset({Who.COUNTER})),
    # Close relatives may ask for what answers one of three grounds (L1110-4 V, L1111-7): the record stays closed.
    Act.GRANT_HEIRS: (frozenset({_S.DECEASED}), frozenset({Who.COUNTER})),
    Act.REFUSE_HEIRS: (frozenset({_S.DECEASED}), frozenset({Who.COUNTER})),
    # What nobody has ever opened goes into the person's other record, for ever.
    Act.JOIN: (frozenset({_S.UNOPENED}), frozenset({Who.SYSTEM})),
}


def fault(life: Life, act: Act, who: Who, now: datetime) -> Fault | None:
    """None when it may be done. Closed by default: what stands nowhere above is refused."""
    states, people = _MAY[act]
    if who not in people:
        return Fault.NOT_YOURS
    if life.state not in states:
        return Fault.NOT_NOW
    if act is Act.REOPEN and who is Who.PARENT and life.erasing_asked:
        return Fault.NOT_YOURS  # the minor asked for it, and alone thinks again
    if act is Act.WITHDRAW_ERASING and not life.erasing_asked:
        return Fault.NOT_NOW
    if act is Act.ASK_ERASING and life.erasing_asked:
        return Fault.NOT_NOW
    return _of_its_day(life, act, now)


def _of_its_day(life: Life, act: Act, now: datetime) -> Fault | None:
    """What an instant ends or begins. The instant itself belongs to what begins."""
    if act is Act.OPEN and (life.opens_at is None or now < life.opens_at):
        return Fault.TOO_EARLY
    if act is Act.ERASE and (life.erase_at is None or now < life.erase_at):
        return Fault.TOO_EARLY
    if act is Act.OPPOSE and life.opens_at is not None and now >= life.opens_at:
        return Fault.TOO_LATE
    ends = act in {Act.REOPEN, Act.ASK_ERASING, Act.WITHDRAW_ERASING}
    if ends and life.erase_at is not None and now >= life.erase_at:
        return Fault.TOO_LATE
    return None


def after(life: Life, act: Act, now: datetime) -> Life | None:
    """The life after an act that may be done; None when nothing is left of it."""
    match act:
        case Act.ERASE:
            return None
        case Act.GRANT_HEIRS | Act.REFUSE_HEIRS:
            return life
        case Act.RESUME | Act.UNDO_DEATH:
            return _back(life, now)
        case Act.SUSPEND:
            return Life(_S.SUSPENDED, now, former=life.state)
        case Act.RECORD_DEATH:
            # One that was closed before is kept no longer for it.
            until = life.erase_at or kept_until(now)
            return Life(_S.DECEASED, now, former=life.state, erase_at=until, erasing_asked=life.erasing_asked)
    return _as_wished(life, act, now)


def _as_wished(life: Life, act: Act, now: datetime) -> Life:
    """After what the person decided, or what silence did."""
    match act:
        case Act.OPPOSE:
            return Life(_S.OPPOSED, now)
        case Act.JOIN:
            return Life(_S.JOINED, now)
        case Act.ACTIVATE:
            return Life(_S.ACTIVE, now)
        case Act.REOPEN:
            return Life(life.former or _S.ACTIVE, now)
        case Act.CLOSE:
            return Life(_S.CLOSED, now, former=life.state, erase_at=kept_until(now))
        case Act.ASK_ERASING:
            since, former = (life.since, life.former) if life.state is _S.CLOSED else (now, life.state)
            return Life(_S.CLOSED, since, former=former, erase_at=_erased_at(life, now), erasing_asked=True)
        case Act.WITHDRAW_ERASING:
            return Life(_S.CLOSED, life.since, former=life.former, erase_at=kept_until(life.since))
    return Life(_S.UNOPENED, now)


def _back(life: Life, now: datetime) -> Life:
    """To what it was before a suspension, or before a death that was none. Of one that was suspended or closed before,
    it is no longer known whether it had been activated."""
    former = life.former or _S.UNOPENED
    if former is _S.CLOSED and life.erase_at is not None:
        since = life.since if life.erasing_asked else years_later(life.erase_at, -KEPT_YEARS)
        return Life(_S.CLOSED, since, erase_at=life.erase_at, erasing_asked=life.erasing_asked)
    return Life(former, now, former=_S.UNOPENED if former is _S.SUSPENDED else None)


def _erased_at(life: Life, now: datetime) -> datetime:
    """Not later than it would have been without asking."""
    asked = now + ERASED_AFTER
    return min(asked, life.erase_at) if life.erase_at else asked


def kept_until(since: datetime) -> datetime:
    return years_later(since, KEPT_YEARS)


def years_later(instant: datetime, years: int) -> datetime:
    """The same day of the year; from 29 February to 1 March."""
    try:
        return instant.replace(year=instant.year + years)
    except ValueError:
        return instant.replace(year=instant.year + years, month=3, day=1)


@dataclass(frozen=True, slots=True)
class Identity:
    """Strict traits and INS of a holder; `birth_date` may be partial."""

    ins_oid: str
    ins: str
    birth_family: str
    birth_given: str
    birth_givens: str = ""
    used_family: str = ""
    used_given: str = ""
    sex: str = "U"
    birth_date: str = ""
    birth_place: str = ""
    identity_status: str = "QUAL"


def strict(name: str) -> str:
    """A name as identities are compared: capitals without accents, hyphens and apostrophes as blanks (RNIV, annex)."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in bare.upper()).split())


@dataclass(frozen=True, slots=True)
class Traits:
    """Strict traits by which a person is looked for. What is "" is not known; the first three always are."""

    birth_family: str
    birth_given: str
    birth_date: str
    sex: str = ""
    birth_place: str = ""

    @property
    def key(self) -> str:
        return "|".join((strict(self.birth_family), strict(self.birth_given), self.birth_date))

    def match(self, who: Identity) -> bool:
        """Exactly, or not at all."""
        own = Traits(who.birth_family, who.birth_given, who.birth_date)
        same_sex = not self.sex or who.sex in {self.sex, "U"}
        return self.key == own.key and same_sex and self.birth_place.upper() in {"", who.birth_place.upper()}


def earliest_birth(text: str) -> date:
    """The first day that a partial date may mean: the reader who turns 18 earliest is the closed choice."""
    year, month, day = (*text.split("-"), "01", "01")[:3]
    return date(int(year), max(int(month), 1), max(int(day), 1))


def majority(birth: date) -> date:
    return birthday(birth, AGES.alone)


def is_minor(birth: str, today: date) -> bool:
    """Without a birth date they count as one: the closed choice."""
    return not birth or today < majority(earliest_birth(birth))


class Stage(StrEnum):
    """How far a child has grown, in what concerns the record. `ASKED`: the child's agreement is sought. `OWN`: may sign
    in beside the parents. `ALONE`: nobody else is in charge."""

    CHILD = "child"
    ASKED = "asked"
    OWN = "own"
    ALONE = "alone"


def stage(birth: date, today: date) -> Stage:
    for reached, age in ((Stage.ALONE, AGES.alone), (Stage.OWN, AGES.own_access), (Stage.ASKED, AGES.asked)):
        if today >= birthday(birth, age):
            return reached
    return Stage.CHILD


class Handover(StrEnum):
    """`SOON`: it is told that the young person will be alone in charge; `DONE`: that they are."""

    NONE = "none"
    SOON = "soon"
    DONE = "done"


def handover(birth: date, today: date) -> Handover:
    grown = majority(birth)
    if grown <= today < grown + timedelta(days=AGES.days_after):
        return Handover.DONE
    if grown - timedelta(days=AGES.days_before) <= today < grown:
        return Handover.SOON
    return Handover.NONE


def birthday(birth: date, age: int) -> date:
    """Who is born on 29 February has theirs on 1 March."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)
