"""Search parameters from the query and, for `POST _search`, from the form."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import HttpRequest

from carnet.formats.fhir import errors

_FORM = "application/x-www-form-urlencoded"
_MOST = 64 * 1024


def of(request: HttpRequest) -> list[tuple[str, str]]:
    pairs = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
    if request.method != "POST":
        return pairs
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != _FORM:
        raise errors.failure("media-type", detail=f"Une recherche par POST s’envoie en {_FORM}.")
    body = request.read(_MOST + 1)
    if len(body) > _MOST:
        raise errors.failure("too-large")
    return pairs + parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def strict(request: HttpRequest) -> bool:
    return "handling=strict" in request.headers.get("Prefer", "").replace(" ", "")
