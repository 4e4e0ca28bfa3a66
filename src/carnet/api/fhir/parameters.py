"""Search parameters from the query and, for `POST _search`, from the form."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import HttpRequest

from carnet.api.fhir import body
from carnet.api.fhir.accepting import serves_json
from carnet.formats.fhir import errors
from carnet.kernel.http import header

FORM = "application/x-www-form-urlencoded"
_MOST = 64 * 1024
_FIELDS = 1000


def of_query(request: HttpRequest) -> list[tuple[str, str]]:
    return _pairs(request.META.get("QUERY_STRING", ""))


def of(request: HttpRequest) -> list[tuple[str, str]]:
    """Those of the address and, for `POST _search`, those of the form besides."""
    pairs = of_query(request)
    if request.method != "POST":
        return pairs
    if header(request, "Content-Type").partition(";")[0].strip().lower() != FORM:
        raise errors.failure("media-type", detail=f"Une recherche par POST s’envoie en {FORM}.")
    if body.declared_size(request) > _MOST:
        raise errors.failure("too-large")
    # Kept by the request: a search is asked again when a right has moved.
    form = _pairs(request.body.decode("utf-8", "replace"))
    stated = next((value for name, value in form if name == "_format"), "")
    if stated and not serves_json("", stated):
        raise errors.failure("not-acceptable")
    return pairs + form


def stated_format(request: HttpRequest) -> str:
    """`_format` of the address, or ""."""
    if "_format" not in request.META.get("QUERY_STRING", ""):
        return ""
    return next((value for name, value in of_query(request) if name == "_format"), "")


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        raise errors.failure("too-large", detail=f"Au plus {_FIELDS} paramètres.") from None


def strict(request: HttpRequest) -> bool:
    return _preference(request, "handling") == "strict"


def preferred(request: HttpRequest) -> str:
    """What `Prefer: return=` asks for, in lower case, or ""."""
    return _preference(request, "return")


def _preference(request: HttpRequest, name: str) -> str:
    """The first of several holds; case and quotes mean nothing (RFC 7240)."""
    for part in header(request, "Prefer").lower().replace(";", ",").split(","):
        stated, _, value = part.partition("=")
        if stated.strip() == name:
            return value.strip().strip('"')
    return ""
