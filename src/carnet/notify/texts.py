"""Text messages, by a gateway that the settings name: a signed HTTP request, from the queue. The same message again has
the same id, by which the gateway takes it once: so whatever is not known to have left is sent again. Codes alone are
sent, never a word of anybody's health; number and words are sealed here, and gone once the message has left."""

from __future__ import annotations

import hmac
import time
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import httpx2
import orjson
import structlog

from carnet.documents.sealing import seal, unseal
from carnet.kernel import clock, config, jobs
from carnet.kernel.config import Config
from carnet.kernel.db import WRITER
from carnet.kernel.ids import uuid7
from carnet.notify.sending import NotSent
from carnet.people.models import CodeText

SEND: Final = "notify.text"
PURGE: Final = "notify.purge"
_USE: Final = "notify.text"
_TIMEOUT: Final = 20
_KEPT: Final = timedelta(days=7)
# What no repetition will mend: the gateway does not take this number, or this message.
_FINAL: Final = frozenset({400, 404, 410, 422})
_TAKEN_BEFORE: Final = 409

_log = structlog.get_logger("carnet.notify")


def offered() -> bool:
    """Whether this installation has a gateway."""
    return config.load().sms_url is not None


def queue(number: str, words: str, *, until: datetime) -> UUID:
    """In the transaction of what it is about. After `until` it would only confuse: then it is not sent any more."""
    text_id = uuid7()
    sealed = seal(_USE, text_id, {"to": number, "text": words, "until": until.isoformat()})
    CodeText.objects.using(WRITER).create(id=text_id, sealed=sealed, at=clock.now())
    jobs.enqueue(SEND, {"text_id": text_id}, key=str(text_id))
    return text_id


def send(text_id: UUID) -> None:
    """Raises `NotSent` when it is to be tried again."""
    settings = config.load()
    row = CodeText.objects.using(WRITER).filter(id=text_id, sent_at=None).first()
    if settings.sms_url is None or row is None or not row.sealed:
        return
    held = unseal(_USE, text_id, bytes(row.sealed))
    if datetime.fromisoformat(held["until"]) <= clock.now():
        _over(text_id, sent=False)
        return
    body = orjson.dumps({"id": str(text_id), "to": held["to"], "text": held["text"]})
    _over(text_id, sent=_hand_over(settings, str(text_id), body))


def _hand_over(settings: Config, name: str, body: bytes) -> bool:
    """False for what the gateway will never take."""
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": name,
        "Carnet-Signature": signature(settings.sms_secret or "", int(time.time()), body),
    }
    try:
        answer = httpx2.post(settings.sms_url or "", content=body, headers=headers, timeout=_TIMEOUT)
    except httpx2.HTTPError as error:
        _log.warning("a text may not have left", error=type(error).__name__)
        raise NotSent from None
    if answer.is_success or answer.status_code == _TAKEN_BEFORE:
        return True
    _log.warning("a text was not taken", status=answer.status_code)
    if answer.status_code in _FINAL:
        return False
    raise NotSent


def signature(secret: str, at: int, body: bytes) -> str:
    """What the gateway compares: that it is from us, just now, and whole."""
    digest = hmac.digest(secret.encode(), f"{at}.".encode() + body, "sha256").hex()
    return f"t={at},v1={digest}"


def _over(text_id: UUID, *, sent: bool) -> None:
    CodeText.objects.using(WRITER).filter(id=text_id).update(sealed=b"", sent_at=clock.now() if sent else None)


def purge() -> None:
    """What never left is forgotten too."""
    CodeText.objects.using(WRITER).filter(at__lt=clock.now() - _KEPT).delete()
