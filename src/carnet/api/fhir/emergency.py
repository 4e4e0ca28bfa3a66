"""What an emergency needs of a request: a reason in words, in a header. The person reads it."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from django.http import HttpRequest

from carnet.consent import emergency
from carnet.consent.emergency import ReasonNeeded
from carnet.formats.fhir import errors
from carnet.kernel.actor import Purpose

HEADER = "X-Carnet-Reason"


def reason_of(request: HttpRequest, purpose: Purpose) -> str:
    """ "" for a purpose that needs none."""
    if purpose not in emergency.MODES:
        return ""
    try:
        return emergency.words_of(_read(request.headers.get(HEADER, "")))
    except ReasonNeeded:
        raise errors.failure("reason-required", expression=f"http.{HEADER}") from None


def _read(header: str) -> str:
    """Only ASCII gets through every server and proxy: the rest is percent-encoded, in UTF-8 as in addresses, or in
    Latin 1 as in old software."""
    sent = unquote_to_bytes(header.encode("latin-1", "replace"))
    try:
        return sent.decode()
    except UnicodeDecodeError:
        return sent.decode("latin-1")
