"""What a person is adding: files received one by one, kept until the person confirms, changes their mind, or a day has
passed. Nothing of it is in the record, and nobody else sees it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from carnet.documents.draft_models import Draft as Row
from carnet.documents.pictures import NewPicture
from carnet.documents.sealing import seal, unseal
from carnet.kernel import clock, render, vault
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER
from carnet.kernel.ids import uuid7
from carnet.kernel.vault import passing

PICTURES: Final = frozenset({"image/jpeg", "image/png"})
ACCEPTED: Final = PICTURES | {"application/pdf", "image/tiff", "application/rtf", "text/plain"}
MOST_PIECES: Final = 20
LASTS: Final = timedelta(hours=24)
WAITS: Final = timedelta(minutes=15)
MOST_WAITING: Final = 100
_USE: Final = "drafts"
_LONGEST_NAME: Final = 200
_SMALL: Final = 64


class DraftRefused(Exception):
    """A file that is not taken. `code` is stable: those of the vault and of `kernel.render`, and "one-file",
    "too-many-pictures", "too-many-waiting"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Piece:
    """A file received and checked. `name` is what the person's device calls it."""

    content_id: UUID
    name: str
    media_type: str
    size: int

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES


@dataclass(frozen=True, slots=True)
class Draft:
    """`pieces`: pictures that will be the pages of one PDF, or one file. `replaces` is the document that it will
    replace, `title` what another application called it."""

    id: UUID
    until: datetime
    pieces: tuple[Piece, ...] = ()
    replaces: UUID | None = None
    title: str = ""

    @property
    def of_pictures(self) -> bool:
        return bool(self.pieces) and self.pieces[0].is_picture


def receive(name: str, data: bytes, *, limit: int, until: datetime) -> Piece:
    """Checks a file and keeps it. Raises `DraftRefused`, `vault.ScannerUnavailable` or `render.Busy`."""
    try:
        media_type = vault.check(data, None, limit=limit)
        if media_type not in ACCEPTED:
            raise DraftRefused("unsupported-type")
        vault.scan(data)
        if media_type in PICTURES:
            render.picture(data, media_type, _SMALL)
    except vault.ScannerUnavailable:
        raise
    except vault.Refused as refused:
        raise DraftRefused(_code(refused.code, data)) from refused
    except render.Unreadable as unreadable:
        raise DraftRefused(unreadable.code) from unreadable
    kept = passing.keep(data, until=until)
    return Piece(kept.id, _plain(name), media_type, kept.size)


def _code(code: str, data: bytes) -> str:
    """A phone's own format has its own remedy."""
    return "heic" if code == "unsupported-type" and data[4:8] == b"ftyp" else code


def _plain(name: str) -> str:
    """Without folders or what cannot be read."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return " ".join("".join(char if char.isprintable() else " " for char in last).split())[:_LONGEST_NAME]


def extend(
    actor: Actor, record_id: UUID, draft_id: UUID, pieces: Sequence[Piece], *, replaces: UUID | None = None
) -> Draft | None:
    """Adds files to a draft, which begins with its first. All or none: raises `DraftRefused`. None for somebody
    else's draft."""
    with transaction.atomic(using=WRITER):
        if pieces:
            _begin(Draft(draft_id, clock.now() + LASTS, replaces=replaces), actor, record_id)
        row = Row.objects.using(WRITER).select_for_update().filter(id=draft_id).first()
        if row is not None and not _is_of(row, actor, record_id):
            return None
        known = _opened(row) if row else Draft(draft_id, clock.now() + LASTS, replaces=replaces)
        longer = replace(known, pieces=(*known.pieces, *pieces))
        _check(longer.pieces)
        if longer.pieces:
            _store(longer, actor_id=actor.id, record_id=record_id)
        return longer


def _begin(draft: Draft, actor: Actor, record_id: UUID) -> None:
    """Empty, unless it is there already: of two first files at the same time, one waits here for the other."""
    row = Row(id=draft.id, actor_id=actor.id, record_id=record_id, until=draft.until, sealed=_sealed(draft))
    Row.objects.using(WRITER).bulk_create([row], ignore_conflicts=True)


def _check(pieces: Sequence[Piece]) -> None:
    if len(pieces) > MOST_PIECES:
        raise DraftRefused("too-many-pictures")
    if len(pieces) > 1 and not all(each.is_picture for each in pieces):
        raise DraftRefused("one-file")


def find(actor: Actor, record_id: UUID, draft_id: UUID) -> Draft | None:
    """None for unknown, ended and somebody else's alike."""
    row = _of(actor, record_id).filter(id=draft_id).first()
    return _opened(row) if row else None


def unfinished(actor: Actor, record_id: UUID) -> list[Draft]:
    """Newest first."""
    return [_opened(row) for row in _of(actor, record_id).order_by("-until", "-id")]


def without(actor: Actor, record_id: UUID, draft_id: UUID, content_id: UUID) -> Draft | None:
    """Takes one file out."""
    with transaction.atomic(using=WRITER):
        row = _of(actor, record_id).select_for_update().filter(id=draft_id).first()
        if row is None:
            return None
        known = _opened(row)
        shorter = replace(known, pieces=tuple(each for each in known.pieces if each.content_id != content_id))
        if shorter != known:
            passing.drop([content_id])
            _store(shorter, actor_id=actor.id, record_id=record_id)
        return shorter


def drop(actor: Actor, record_id: UUID, draft_id: UUID) -> None:
    """After it has become a document, or when the person no longer wants it."""
    with transaction.atomic(using=WRITER):
        row = _of(actor, record_id).select_for_update().filter(id=draft_id).first()
        if row is not None:
            forget(_opened(row).pieces)
            row.delete()


def forget(pieces: Sequence[Piece]) -> None:
    passing.drop([piece.content_id for piece in pieces])


def content(draft: Draft) -> tuple[bytes, str]:
    """The one file that the pieces make, and its media type. Pictures become a PDF, without what a camera notes (place,
    device). Raises `render.RenderError`."""
    if draft.of_pictures:
        return render.pdf_from_pictures([passing.read(piece.content_id) for piece in draft.pieces]), "application/pdf"
    (only,) = draft.pieces
    return passing.read(only.content_id), only.media_type


def pictures(draft: Draft) -> tuple[NewPicture, ...]:
    """Those of which `content` makes pages, as the person's device made them."""
    if not draft.of_pictures:
        return ()
    return tuple(
        NewPicture(each.name, each.media_type, partial(passing.open, each.content_id)) for each in draft.pieces
    )


def park(pieces: Sequence[Piece], title: str) -> str:
    """Keeps what another application shared, before anybody is known to have sent it. The secret with which to claim
    it, soon."""
    if Row.objects.using(WRITER).filter(actor_id=None, until__gt=clock.now()).count() >= MOST_WAITING:
        raise DraftRefused("too-many-waiting")
    _check(pieces)
    secret = secrets.token_urlsafe(32)
    draft = Draft(uuid7(), clock.now() + WAITS, tuple(pieces), title=title[:_LONGEST_NAME])
    _store(draft, claim=_digest(secret))
    return secret


def claim(actor: Actor, record_id: UUID, secret: str) -> Draft | None:
    """Gives what was shared to who brings the secret, once."""
    with transaction.atomic(using=WRITER):
        waiting = Row.objects.using(WRITER).select_for_update().filter(claim=_digest(secret), until__gt=clock.now())
        row = waiting.first()
        if row is None:
            return None
        claimed = replace(_opened(row), until=row.until + LASTS - 2 * WAITS)
        _store(claimed, actor_id=actor.id, record_id=record_id)
        return claimed


def drop_ended() -> int:
    """How many drafts have reached their end."""
    with transaction.atomic(using=WRITER):
        ended = list(Row.objects.using(WRITER).select_for_update(skip_locked=True).filter(until__lte=clock.now()))
        for row in ended:
            forget(_opened(row).pieces)
            row.delete()
    return len(ended)


def _of(actor: Actor, record_id: UUID) -> Any:
    return Row.objects.using(WRITER).filter(actor_id=actor.id, record_id=record_id, until__gt=clock.now())


def _is_of(row: Row, actor: Actor, record_id: UUID) -> bool:
    return row.actor_id == actor.id and row.record_id == record_id and row.until > clock.now()


def _store(
    draft: Draft, *, actor_id: UUID | None = None, record_id: UUID | None = None, claim: bytes | None = None
) -> None:
    Row.objects.using(WRITER).update_or_create(
        id=draft.id,
        defaults={
            "actor_id": actor_id,
            "record_id": record_id,
            "claim": claim,
            "until": draft.until,
            "sealed": _sealed(draft),
        },
    )


def _sealed(draft: Draft) -> bytes:
    pieces = [[str(each.content_id), each.name, each.media_type, each.size] for each in draft.pieces]
    value = {"pieces": pieces, "replaces": str(draft.replaces) if draft.replaces else None, "title": draft.title}
    return seal(_USE, draft.id, value)


def _opened(row: Row) -> Draft:
    value = unseal(_USE, row.id, bytes(row.sealed))
    pieces = tuple(Piece(UUID(content_id), *rest) for content_id, *rest in value["pieces"])
    replaced = UUID(value["replaces"]) if value["replaces"] else None
    return Draft(row.id, row.until, pieces, replaced, value["title"])


def _digest(secret: str) -> bytes:
    return sha256(secret.encode(errors="replace")).digest()
