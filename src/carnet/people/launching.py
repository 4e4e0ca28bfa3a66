"""What a professional's software asks for with the patient already chosen: the handle with which an app is launched,
and the link that opens the patient's screen. Opaque, single use, kept by hash."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import transaction

from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.people import sealed_context
from carnet.people.models import Launch

_SQL = statements("carnet.people", "launching.sql")


class Kind(StrEnum):
    LAUNCH = "launch"
    LINK = "link"


LIVES: Final = {Kind.LAUNCH: timedelta(minutes=5), Kind.LINK: timedelta(seconds=60)}


@dataclass(frozen=True, slots=True)
class Wish:
    """`actor` is the professional, in the place for which the software asks; `proof` what their provider said in the
    token that was exchanged, None where the software alone says that they are there."""

    asker_id: UUID
    actor: Actor
    purpose: Purpose
    record_id: UUID
    app_id: UUID | None
    proof: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Launched:
    """`state` is "good", "used" or "old"; `asker_opens`: the software may still open sessions; `asker_holds`: it is
    still registered."""

    kind: Kind
    asker_id: UUID
    asker_holds: bool
    asker_opens: bool
    app_id: UUID | None
    actor_id: UUID
    organisation_id: UUID | None
    purpose: Purpose
    regulates: bool
    record_id: UUID
    proof: Mapping[str, Any] | None
    state: str


def ask(kind: Kind, wish: Wish) -> str:
    handle = secrets.token_urlsafe(32)
    digest = _digest(kind, handle)
    with transaction.atomic(using=WRITER):
        Launch.objects.using(WRITER).create(
            digest=digest,
            kind=kind.value,
            asker_id=wish.asker_id,
            app_id=wish.app_id,
            actor_id=wish.actor.id,
            organisation_id=wish.actor.organisation,
            purpose=wish.purpose.value,
            regulates=wish.actor.regulates,
            context=sealed_context.seal(digest, wish.record_id),
            proof=wish.proof,
            expires_at=clock.now() + LIVES[kind],
        )
    return handle


def look(kind: Kind, handle: str) -> Launched | None:
    """What it stands for, used up or not; None for one that nobody was ever given, or that is long gone."""
    digest = _digest(kind, handle)
    found = query(READER, _SQL["look"], {"digest": digest})
    if not found:
        return None
    row = found[0]
    proof = row["proof"]
    return Launched(
        kind=kind,
        asker_id=row["asker_id"],
        asker_holds=row["asker_holds"],
        asker_opens=row["asker_opens"],
        app_id=row["app_id"],
        actor_id=row["actor_id"],
        organisation_id=row["organisation_id"],
        purpose=Purpose(row["purpose"]),
        regulates=row["regulates"],
        record_id=sealed_context.open_(digest, row["context"]),
        proof=orjson.loads(proof) if isinstance(proof, str) else proof,
        state="used" if row["used"] else "good" if row["fresh"] else "old",
    )


def spend(kind: Kind, handle: str) -> bool:
    """Of two who come at once, one."""
    return bool(query(WRITER, _SQL["spend"], {"digest": _digest(kind, handle)}))


def purge() -> None:
    query(WRITER, _SQL["purge"], {"before": clock.now() - timedelta(days=1)})


def _digest(kind: Kind, handle: str) -> bytes:
    return sha256(f"{kind}/{handle}".encode("utf-8", "surrogatepass")).digest()
