"""The address and the choices of a person, or of a professional. An address is used once whoever reads it has said
so."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import transaction

from carnet.documents.sealing import seal, unseal
from carnet.kernel import clock, config, jobs
from carnet.kernel.actor import Actor, ActorKind
from carnet.kernel.db import READER, WRITER
from carnet.notify.models import Contact as Row
from carnet.notify.rules import OF_PROFESSIONALS, Kind, is_address
from carnet.notify.wording import FRENCH, LANGUAGES

CONFIRM: Final = "notify.confirm"
_USE: Final = "notify.address"
_CONFIRMED_WITHIN: Final = timedelta(days=2)


class BadAddress(ValueError):
    """Nothing can be sent to this."""


@dataclass(frozen=True, slots=True)
class Contact:
    address: str
    kinds: frozenset[Kind]
    verified: bool


def of(actor: Actor) -> Contact | None:
    """Their own; None when they have given none."""
    row = Row.objects.using(READER).filter(person_id=actor.id).first()
    return _opened(row) if row else None


def reaches(actor: Actor, kind: Kind) -> bool:
    """Whether a fact of this kind is told to them by e-mail."""
    known = of(actor)
    return config.load().smtp_url is not None and known is not None and known.verified and kind in known.kinds


def language_of(person_id: UUID | None) -> str:
    """In which they read Carnet when they chose what to be told of; French of whom that is not known."""
    if person_id is None:
        return FRENCH
    known = Row.objects.using(READER).filter(person_id=person_id).values_list("language", flat=True).first()
    return known if known in LANGUAGES else FRENCH


def choose(actor: Actor, *, address: str, kinds: Collection[Kind], language: str = FRENCH) -> None:
    """Another address is asked to confirm itself first; the choice of kinds and the language in which they read hold at
    once. Professionals are told of what is theirs, persons of the rest. Raises `BadAddress`."""
    _may_have_one(actor)
    if not is_address(address):
        raise BadAddress
    theirs = [each.value for each in kinds if (each in OF_PROFESSIONALS) == (actor.kind is ActorKind.PROFESSIONAL)]
    chosen = {"kinds": sorted(theirs), "language": language if language in LANGUAGES else FRENCH}
    with transaction.atomic(using=WRITER):
        row = Row.objects.using(WRITER).select_for_update().filter(person_id=actor.id).first()
        if row and row.verified_at and address_of(row) == address:
            Row.objects.using(WRITER).filter(person_id=actor.id).update(**chosen)
            return
        Row.objects.using(WRITER).update_or_create(
            person_id=actor.id,
            defaults={
                "sealed": seal(_USE, actor.id, {"address": address}),
                **chosen,
                "verified_at": None,
                "token": None,
                "token_until": None,
            },
        )
        jobs.enqueue(CONFIRM, {"person_id": actor.id}, key=str(actor.id))


def fresh_token(row: Row) -> str:
    """The secret of a link that confirms; the one before it ends."""
    token = secrets.token_urlsafe(32)
    until = clock.now() + _CONFIRMED_WITHIN
    Row.objects.using(WRITER).filter(person_id=row.person_id).update(token=_digest(token), token_until=until)
    return token


def confirm(actor: Actor, token: str) -> bool:
    """By who is signed in, with the link that went to the address; once."""
    _may_have_one(actor)
    changed = (
        Row.objects.using(WRITER)
        .filter(person_id=actor.id, token=_digest(token), token_until__gt=clock.now())
        .update(verified_at=clock.now(), token=None, token_until=None)
    )
    return bool(changed)


def forget(actor: Actor) -> None:
    """Nothing is sent any more, and the address is gone."""
    _may_have_one(actor)
    forget_of(actor.id)


def forget_of(person_id: UUID) -> None:
    """In the transaction of whoever has a reason to."""
    Row.objects.using(WRITER).filter(person_id=person_id).update(
        sealed=b"", kinds=[], verified_at=None, token=None, token_until=None
    )


def address_of(row: Row) -> str:
    return str(unseal(_USE, row.person_id, bytes(row.sealed))["address"]) if row.sealed else ""


def _opened(row: Row) -> Contact | None:
    address = address_of(row)
    kinds = frozenset(kind for kind in Kind if kind.value in row.kinds)
    return Contact(address, kinds, row.verified_at is not None) if address else None


def _may_have_one(actor: Actor) -> None:
    if actor.kind not in {ActorKind.PERSON, ActorKind.PROFESSIONAL}:
        raise PermissionError("Only persons and professionals are told by e-mail.")


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()
