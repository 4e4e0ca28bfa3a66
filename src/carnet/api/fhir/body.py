"""Reading a request's body once into one buffer, within the channel's limit."""

from __future__ import annotations

from django.http import HttpRequest

from carnet.formats.fhir import errors
from carnet.kernel.http import header

_JSON = frozenset({"application/fhir+json", "application/json", "text/json"})
_ENVELOPE = 1024 * 1024
_SMALL = 64 * 1024
_PATIENCE = 1024 * 1024


def declared_size(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def unmeasured(request: HttpRequest) -> bool:
    """A body in pieces tells no size, by which alone large ones are admitted."""
    return "HTTP_TRANSFER_ENCODING" in request.META


def resource(request: HttpRequest, *, limit: int) -> bytes:
    """The JSON body of a resource whose documents may have `limit` bytes in all (a third more in base64)."""
    media_type = header(request, "Content-Type").partition(";")[0].strip().lower()
    if media_type not in _JSON:
        raise errors.failure("media-type")
    return _read(request, limit * 4 // 3 + _ENVELOPE)


def small(request: HttpRequest) -> bytes:
    """A body that holds no document."""
    return _read(request, _SMALL)


def _read(request: HttpRequest, most: int) -> bytes:
    size = declared_size(request)
    if size > most:
        raise errors.failure("too-large")
    body: bytes = request.read(size) if size else request.read(most + 1)
    if len(body) > most:
        raise errors.failure("too-large")
    return body


def unread(request: HttpRequest) -> bool:
    """Whether more of a refused body is still to come than is worth reading: the connection cannot be used again."""
    left = 0 if unmeasured(request) else _PATIENCE
    while left > 0:
        part = request.read(min(_SMALL, left))
        if not part:
            return False
        left -= len(part)
    return True
