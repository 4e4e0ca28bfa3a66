"""Who hands out a code of entry, and who comes in by it: the support at a counter, or a professional at a visit, with
the person before them. On paper, or at a counter by a text message, to a number that they have shown to be theirs."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from carnet.consent.access import permit_to_declare
from carnet.documents.sealing import seal, unseal
from carnet.kernel import audit, clock, config
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Trace, open_record, steward
from carnet.kernel.ids import uuid7
from carnet.kernel.throttle import Throttle
from carnet.notify import contacts, texts
from carnet.notify.rules import mobile
from carnet.notify.wording import FRENCH, entry_text, number_text
from carnet.people import actions as people
from carnet.people import disowning, identities, queries
from carnet.people.operators import support_only
from carnet.records import entering
from carnet.records.entering import Handed
from carnet.rights import pairs

GIVEN: Final = "entry-code-given"
TEXTED: Final = "entry-code-texted"
ASKED: Final = "entry-number-asked"
CALLED_OFF: Final = "entry-code-called-off"
_USE: Final = "entrance.number"
_DIGITS: Final = 6
_PROVEN_WITHIN: Final = timedelta(minutes=10)
_TO_ONE_NUMBER: Final = Throttle("texts-to", 6, timedelta(days=1))
_BY_ONE_OPERATOR: Final = Throttle("texts-by", 60, timedelta(hours=1))
_CODES_BY_ONE: Final = Throttle("codes-by", 40, timedelta(days=1))
_WORTH_SENDING: Final = timedelta(hours=12)
_WRONG: Final = Throttle("texts-proven", 5, _PROVEN_WITHIN)


class HasAnAccount(ValueError):
    """Who came in before gets a new way in at a counter alone."""


class Disowned(ValueError):
    """The holder said of a connection that it was not theirs: nobody new comes in until the support has decided."""


class NotHere(Exception):
    """Nothing here proves that the person is there: a professional alone could come in as their patient."""


class BadNumber(ValueError):
    """No text can be sent to this."""


class TooOften(Exception):
    """Too many messages to this number, or by this operator; too many wrong codes read out; too many codes handed out
    by one hand within a day."""


class NotProven(ValueError):
    """What was read out is not what was sent to this number, or too late: somebody else may have that telephone."""


def language_of(record_id: UUID) -> str:
    """In which the person reads, as far as it is known."""
    return contacts.language_of(queries.person_of(record_id))


def second_look(actor: Actor, record_id: UUID) -> tuple[pairs.State, str]:
    """Whether this operator may hand out a code now, and the reference of a request that waits for another's eyes."""
    support_only(actor)
    return pairs.state(actor, record_id, pairs.Kind.ENTRY) if _by_two(record_id) else (pairs.State.READY, "")


def _by_two(record_id: UUID) -> bool:
    """One operator alone brings nobody into an account that is in use: they could come in themselves."""
    return config.load().codes_by_two or queries.person_of(record_id) is not None


def stopped(record_id: UUID) -> str:
    """The reference of what the holder said was not them, while nobody has decided; "" for nothing."""
    known = queries.person_of(record_id)
    return next(iter(disowning.waiting_of(known)), "") if known else ""


def _not_stopped(record_id: UUID) -> None:
    if stopped(record_id):
        raise Disowned


def _not_too_often(actor: Actor) -> None:
    if _CODES_BY_ONE.wait(str(actor.id)):
        raise TooOften


def ask_number(actor: Actor, record_id: UUID, number: str, language: str = FRENCH) -> bytes:
    """A code goes to the number, for the person to read it out; both messages are in `language`. What comes back with
    it is sealed: to be kept until then, by whoever asks. Raises `NotHere`, `BadNumber`, `TooOften`, `AskFirst`,
    `Disowned`."""
    support_only(actor)
    _not_stopped(record_id)
    if second_look(actor, record_id)[0] is not pairs.State.READY:
        raise pairs.AskFirst(record_id)
    to = mobile(number)
    if not texts.offered():
        raise NotHere
    if to is None:
        raise BadNumber
    if _TO_ONE_NUMBER.wait(to) or _BY_ONE_OPERATOR.wait(str(actor.id)):
        raise TooOften
    _TO_ONE_NUMBER.failed(to)
    _BY_ONE_OPERATOR.failed(str(actor.id))
    code, until = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}", clock.now() + _PROVEN_WITHIN
    with steward(actor, record_id, trace=Trace(ASKED)):
        texts.queue(to, number_text(code, language), until=until)
    kept = {"to": to, "code": code, "by": str(actor.id), "until": until.isoformat(), "language": language}
    return seal(_USE, record_id, kept)


def end_of(record_id: UUID, sealed: bytes) -> str:
    """The last figures of the number, to name it by."""
    return str(unseal(_USE, record_id, sealed)["to"])[-2:]


def by_text(actor: Actor, record_id: UUID, sealed: bytes, read_out: str) -> Handed:
    """The code of entry leaves to the number that was proven; it is shown to nobody here. Raises `NotProven`,
    `TooOften`, `AskFirst`, `Disowned`, `entering.NotOpen`, `entering.TooYoung`."""
    support_only(actor)
    _not_too_often(actor)
    asked, attempt = unseal(_USE, record_id, sealed), sha256(sealed).hexdigest()
    if _WRONG.wait(attempt):
        raise TooOften
    right = hmac.compare_digest("".join(read_out.split()).encode(), str(asked["code"]).encode())
    now = clock.now()
    if not right or asked["by"] != str(actor.id) or datetime.fromisoformat(asked["until"]) <= now:
        _WRONG.failed(attempt)
        raise NotProven
    host = urlsplit(config.load().public_url).hostname or ""
    with steward(actor, record_id, trace=Trace(TEXTED)) as cursor:
        handed = _handed(cursor, actor, record_id)
        words = entry_text(handed.groups, host, handed.until, str(asked.get("language", FRENCH)))
        texts.queue(asked["to"], words, until=now + _WORTH_SENDING)
        pairs.tell_entrance(record_id, actor)
    _CODES_BY_ONE.failed(str(actor.id))
    return handed


def at_counter(actor: Actor, record_id: UUID) -> Handed:
    """A first way in, or a new one for who lost theirs: the holder is told at once. Raises `TooOften`, `AskFirst`,
    `Disowned`, `entering.NotOpen`, `entering.TooYoung`."""
    support_only(actor)
    _not_too_often(actor)
    with steward(actor, record_id, trace=Trace(GIVEN)) as cursor:
        handed = _handed(cursor, actor, record_id)
        pairs.tell_entrance(record_id, actor)
    _CODES_BY_ONE.failed(str(actor.id))
    return handed


def _handed(cursor: CursorWrapper, actor: Actor, record_id: UUID) -> Handed:
    """What was confirmed for it is used up with the code; nothing is, where there is none to hand out."""
    _not_stopped(record_id)
    handed = entering.hand_out(cursor, record_id, actor)
    if _by_two(record_id):
        pairs.take(actor, record_id, pairs.Kind.ENTRY)
    return handed


def at_visit(actor: Actor, record_id: UUID) -> Handed:
    """A first way in, never a new one: else a professional could come into the record of any patient. Raises `Refused`,
    `HasAnAccount`, `NotHere`, `TooOften`, `entering.NotOpen`, `entering.TooYoung`."""
    permit = permit_to_declare(actor, record_id, action=GIVEN)
    if not config.load().codes_at_visits:
        raise NotHere
    if queries.person_of(record_id) is not None:
        raise HasAnAccount
    _not_too_often(actor)
    with open_record(permit, trace=Trace(GIVEN), using=WRITER) as cursor:
        handed = entering.hand_out(cursor, record_id, actor)
    _CODES_BY_ONE.failed(str(actor.id))
    return handed


@dataclass(frozen=True, slots=True)
class Expected:
    """A code by which somebody may soon come in: `asked` for and not handed out yet, or good `until`."""

    asked: bool
    until: datetime | None

    def __bool__(self) -> bool:
        return self.asked or self.until is not None


def expected(person: Actor) -> Expected:
    """Into one's own record."""
    record_id = queries.record_of(person)
    if record_id is None:
        return Expected(asked=False, until=None)
    return Expected(pairs.code_is_asked(record_id), entering.outstanding(record_id))


def call_off(person: Actor) -> None:
    """The holder asked for no code, or needs none any more: what was handed out opens nothing, and no operator goes on
    with one."""
    record_id = queries.record_of(person)
    if record_id is None or not expected(person):
        return
    with transaction.atomic(using=WRITER):
        entering.call_off(record_id)
        pairs.call_off_code(person, record_id)
        audit.done(person, Purpose.SELF, record_id=record_id, capacity="holder", action=CALLED_OFF)


def holder(record_id: UUID) -> Actor | None:
    """Whose record it is: their account, made now for who never had one; None for one that was put out of use."""
    known = queries.person_of(record_id)
    if known is None:
        name = entering.name_of(record_id)
        known = people.add_person(actor_id=uuid7(), key=None, name=name, record_id=record_id)
        identities.tell_of_own_access(record_id, known)
    return queries.actor_by_id(known)
