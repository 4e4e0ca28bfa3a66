"""What the operations on a patient share: their parameters, and whose record they are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest

from carnet.api.fhir import body, parameters
from carnet.api.fhir.patients import record_of_identifier
from carnet.api.fhir.searching import NOWHERE
from carnet.formats.fhir import body as fhir_body
from carnet.formats.fhir import errors
from carnet.formats.fhir import search as fhir_search
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.search import Interval
from carnet.formats.fhir.search.dates import instants
from carnet.kernel.actor import Actor
from carnet.kernel.http import header
from carnet.kernel.ids import from_short

Pairs = list[tuple[str, str]]
_VALUES: Final = (
    "valueString",
    "valueCode",
    "valueInstant",
    "valueDate",
    "valueDateTime",
    "valueUri",
    "valueCanonical",
)
_PARSED: Final = "carnet_operation"


def of(request: HttpRequest) -> Pairs:
    """Those of the address, and those of a form or of a `Parameters` that was posted; read once, however often it is
    asked."""
    known: Pairs | None = getattr(request, _PARSED, None)
    if known is None:
        known = parameters.of(request) if _is_form(request) else [*parameters.of_query(request), *_posted(request)]
        setattr(request, _PARSED, known)
    return known


def _is_form(request: HttpRequest) -> bool:
    return header(request, "Content-Type").partition(";")[0].strip().lower() == parameters.FORM


def _posted(request: HttpRequest) -> Pairs:
    if request.method != "POST" or not body.declared_size(request):
        return []
    root = Node(fhir_body.parse(body.small(request), "Parameters").resource, "Parameters", Problems())
    return [(each.text("name"), _value(each)) for each in root.children("parameter")]


def _value(parameter: Node) -> str:
    if isinstance(known := parameter.fields.get("valueBoolean"), bool):
        return "true" if known else "false"
    if isinstance(number := parameter.fields.get("valueInteger"), int):
        return str(number)
    if parameter.has("valueIdentifier"):
        number = parameter.child("valueIdentifier")
        return f"{number.text('system')}|{number.text('value')}"
    return next((parameter.text(name) for name in _VALUES if parameter.has(name)), "")


def count(pairs: Pairs, usual: int) -> int:
    """`_count`, how many a page holds at most."""
    text = one(pairs, "_count") or str(usual)
    if not (text.isascii() and text.isdigit() and len(text) < len(str(10**9)) and int(text)):
        raise errors.failure("search-value", expression="http._count", detail="Un nombre est attendu, au moins 1.")
    return min(int(text), fhir_search.MAX_COUNT)


def one(pairs: Pairs, name: str) -> str:
    """The value that is given once, or ""."""
    given = [value for each, value in pairs if each == name]
    if len(given) > 1:
        raise errors.failure("search-value", expression=f"http.{name}", detail="Une seule fois.")
    return given[0] if given else ""


def listed(pairs: Pairs, name: str, among: Sequence[str]) -> list[str]:
    """Values from a list, separated by commas or given several times; all of it when none is given."""
    given = [part for each, value in pairs if each == name for part in value.split(",") if part]
    if any(part not in among for part in given):
        raise errors.failure("search-value", expression=f"http.{name}", detail=f"Attendu : {', '.join(among)}.")
    return [each for each in among if each in given] if given else list(among)


def interval(pairs: Pairs, name: str) -> Interval:
    """What a date of FHIR covers; open for none."""
    text = one(pairs, name)
    if not text:
        return Interval(None, None)
    found = instants(text, datetime.now(UTC)) if text[0].isdigit() else None
    if not found:
        raise errors.failure("search-value", expression=f"http.{name}", detail="Une date FHIR est attendue.")
    return found[0]


def flag(pairs: Pairs, name: str) -> bool:
    text = one(pairs, name)
    if text not in {"", "true", "false"}:
        raise errors.failure("search-value", expression=f"http.{name}", detail="true ou false est attendu.")
    return text == "true"


def record_of(actor: Actor, fhir_id: str, pairs: Pairs) -> UUID:
    """By the id of the Patient, or by `identifier`; without such a record the refusal is that of no record."""
    if fhir_id:
        found = from_short(fhir_id)
        if found is None:
            raise errors.failure("not-found")
        return found
    tokens = fhir_search.patients([pair for pair in pairs if pair[0] == "identifier"])
    if len(tokens) > 1:
        raise errors.failure("search-value", expression="http.identifier", detail="Une personne à la fois.")
    return record_of_identifier(actor, tokens[0].system or "", tokens[0].code or "") or NOWHERE
