"""What an emergency needs of a request: a reason in words, in a header, which the person reads; and whether a minor
keeps it from the representatives."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from django.http import HttpRequest

from carnet.consent import emergency
from carnet.consent.emergency import ReasonNeeded
from carnet.formats.fhir import errors
from carnet.kernel.actor import Purpose
from carnet.kernel.http import header

HEADER = "X-Carnet-Reason"
LABEL_HEADER = "X-Carnet-Label"
_SECRECY = "INVISIBLE_REPRESENTANTS_LEGAUX"


def reason_of(request: HttpRequest, purpose: Purpose) -> str:
    """ "" for a purpose that needs none."""
    if purpose not in emergency.MODES:
        return ""
    try:
        return emergency.words_of(_read(header(request, HEADER)))
    except ReasonNeeded:
        raise errors.failure("reason-required", expression=f"http.{HEADER}") from None


def is_secret(request: HttpRequest) -> bool:
    """The one label that an emergency may have; another is refused, since it would not be kept."""
    label = header(request, LABEL_HEADER)
    if label not in {"", _SECRECY}:
        raise errors.failure("emergency-label", expression=f"http.{LABEL_HEADER}")
    return bool(label)


def _read(header: str) -> str:
    """Only ASCII gets through every server and proxy: the rest is percent-encoded, in UTF-8 as in addresses, or in
    Latin 1 as in old software."""
    sent = unquote_to_bytes(header.encode("latin-1", "replace"))
    try:
        return sent.decode()
    except UnicodeDecodeError:
        return sent.decode("latin-1")
