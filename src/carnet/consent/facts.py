"""What the access decision looks at, and what it answers. Data alone; the rules are in `consent.rules`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from carnet.kernel.actor import ActorKind, Purpose
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState

MASQUE_PS = 1
INVISIBLE_PATIENT = 2
INVISIBLE_REPRESENTANTS_LEGAUX = 4

ALL_TYPES = "1" * 256
NO_TYPES = "0" * 256


class Wish(StrEnum):
    """`DECLARE`: a professional says that the holder consents. `BREAK_GLASS`: opens the record in an emergency. `LIFE`:
    an act on the record's own life, which shows nothing of what is in it. `JOIN`: somebody who was invited to help
    answers, or to represent a child beside the other parent. `STATE`: says a fact of health in one's own words, of the
    types of the grant where it is a carer's."""

    READ = "read"
    DEPOSIT = "deposit"
    STATE = "state"
    WITHDRAW = "withdraw"
    DECLARE = "declare"
    BREAK_GLASS = "break-glass"
    LIFE = "life"
    JOIN = "join"


class As(StrEnum):
    """In what capacity a grant was given: the trail and the screens say it in words."""

    HOLDER = "holder"
    REPRESENTATIVE = "representative"
    CARER = "carer"
    ATTENDING = "attending"
    AUTHORISED = "authorised"
    TEAM = "team"
    DEPUTY = "deputy"
    EMERGENCY = "emergency"
    REGULATION = "regulation"
    AUTHOR = "author"
    SOFTWARE = "software"
    DEPOSITOR = "depositor"
    STEWARD = "steward"
    DECLARANT = "declarant"
    COORDINATING = "coordinating"
    ADMINISTRATOR = "administrator"
    INVITED = "invited"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` on, until `until` (excluded), or without end. `secret`: kept from the representatives of a minor."""

    since: datetime
    until: datetime | None = None
    secret: bool = False

    def holds(self, now: datetime) -> bool:
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """`express`: given in so many words for this professional, as occupational medicine needs. `by_team`: given to a
    care team or an organisation of which the professional is, while they are. `unmasked`: the holder lets this
    professional see what is masked too."""

    span: Span
    express: bool = False
    by_team: bool = False
    unmasked: bool = False


@dataclass(frozen=True, slots=True)
class Clinician:
    """What holds for one professional in one record. `matrix`: the document types that their profession may read;
    `matrix_in_team`: it may read them inside a care team only; `notes`: what it may note without a document."""

    capacity: Capacity | None = None
    matrix: str = NO_TYPES
    matrix_in_team: bool = False
    authorisations: tuple[Authorisation, ...] = ()
    blocked: tuple[Span, ...] = ()
    attending: tuple[Span, ...] = ()
    notes: frozenset[str] = frozenset()

    @property
    def spans(self) -> tuple[Span, ...]:
        """Whatever begins or ends by itself."""
        return (*self.blocked, *self.attending, *(given.span for given in self.authorisations))


class DeputyKind(StrEnum):
    LOCUM = "locum"
    RESIDENT = "resident"
    ASSISTANT = "assistant"
    SECRETARY = "secretary"


@dataclass(frozen=True, slots=True)
class Deputising:
    """For whom the actor stands in, from when until when."""

    kind: DeputyKind
    span: Span
    principal: Clinician


@dataclass(frozen=True, slots=True)
class Care:
    """A right to help that the holder gave: with what (`carnet.consent.caring`), and whether to act or to read only."""

    span: Span
    rights: frozenset[str] = frozenset()
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What the holder wants in an emergency (L1111-17 I): each is theirs to change."""

    emergency: bool = True
    regulation: bool = True
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Switches:
    """Where the sources disagree, or the law has left it open: settings of the house (`consent.switches`)."""

    attending_sees_masked: bool = True
    emergency_lifts_block: bool = True
    secretary_sees_masked: bool = False
    carers: bool = False
    administrator_sees_masked: bool = True
    administrator_blocks: bool = False
    masked_and_withheld: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decision looks at. `own` is what holds for the actor as a professional, `deputising` for whom they
    stand in; `emergencies` when they broke the glass for this purpose, `broken` for whichever: what was kept from
    representatives is told when it is over as well, of `handed` too. Rules and matrix hold until `rules_until`;
    `represents` is that of a parent, `guards` of the guardian of a protected adult, `cares` what a carer was given,
    `invited` that they are asked to be one, or to represent a child too. `handed`: documents that the holder put into
    the hands of this very professional, each for how long. `reads_own` tells whether software sees again what it
    deposited; `operator` is the role of an operator; `note` what a professional wants to put in without a document
    (`formats.terminology.noting`), "" for a document; `regulates`: who proved who they are says that they answer the
    calls of the centre 15. `discreet`: of whom the holder or representative is not
    told: whoever has nothing here but what is hidden from them, each with the instant since when they know of them
    otherwise, None for not at all; `visits`: those that a professional
    whom the representative knows makes in secret, as ranges of instants, and until when whom they do not know was told
    of to them, each under its name in `record.discreet`."""

    wish: Wish
    purpose: Purpose
    actor: ActorKind
    now: datetime
    state: RecordState | None
    is_holder: bool = False
    holder_birth: str = ""
    own: Clinician = Clinician()
    deputising: tuple[Deputising, ...] = ()
    emergencies: tuple[Span, ...] = ()
    broken: tuple[Span, ...] = ()
    choices: Choices = Choices()
    switches: Switches = Switches()
    represents: tuple[Span, ...] = ()
    guards: tuple[Span, ...] = ()
    cares: tuple[Care, ...] = ()
    invited: bool = False
    handed: tuple[Span, ...] = ()
    is_author: bool = False
    reads_own: bool = True
    rules_until: datetime | None = None
    operator: str = ""
    note: str = ""
    regulates: bool = False
    discreet: tuple[tuple[UUID, datetime | None], ...] = ()
    visits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """`types`: the readable document types as 256 characters 0 or 1, by ordinal; `hidden`: the labels that stay
    unseen; one's own documents are always seen (R1111-49). It ends at `until`, when a fact changes by itself. `quiet`:
    the label bits of those who are not told what was done by it; `discreet`: of whom this reader is not told, and until
    which instant, None for ever; `visits`: in which visits of whom they are not told of what was read, and until when
    they were told of whom they do not know."""

    capacity: As
    types: str = NO_TYPES
    hidden: int = 0
    trail: bool = False
    until: datetime | None = None
    quiet: int = 0
    discreet: tuple[tuple[UUID, datetime | None], ...] = ()
    visits: tuple[tuple[str, str], ...] = ()


class Reason(StrEnum):
    NO_RECORD = "no-record"
    OPPOSED = "opposed"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    DECEASED = "deceased"
    NOT_YOURS = "not-yours"
    NO_LINK = "no-link"
    BLOCKED = "blocked"
    NEVER = "never"
    EXPRESS_CONSENT = "express-consent"
    CHILDREN_ONLY = "children-only"
    TEAM_ONLY = "team-only"
    GLASS = "glass"
    EMERGENCY_REFUSED = "emergency-refused"
    PURPOSE = "purpose"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`quiet`: the label bits of those who are not told that it was tried."""

    reason: Reason
    quiet: int = 0


Decision = Grant | Refusal
