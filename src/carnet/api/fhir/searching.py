"""What ITI-66 and ITI-67 share: whose record a search is in, what it asks of the store, and its pages."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import quote_plus, urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.crypto import constant_time_compare

from carnet.api.fhir.face import base_url, json
from carnet.api.fhir.patients import record_of_identifier
from carnet.consent.access import Refused
from carnet.consent.rules import Reason
from carnet.documents.queries import Asked, Found, Position
from carnet.formats.fhir import bundle, errors
from carnet.formats.fhir.search import Interval, Search, ins_systems, unique_id
from carnet.kernel import vault
from carnet.kernel.actor import Actor
from carnet.kernel.db import locator
from carnet.kernel.ids import from_fhir_id, from_short

Read = Callable[[UUID, Asked, Position | None, int], Found]
NOWHERE = UUID(int=0)
"""Without a record the same work is done: both refusals take the same time."""


def answer(
    actor: Actor, resource: str, asked: Search, read: Read, beside: Callable[[], Sequence[bytes]] = tuple
) -> HttpResponse:
    """The searchset; `read` asks the store for a page, `beside` gives what comes with it."""
    limit = 0 if asked.summary_count else asked.count
    found = page(actor, asked, read, after=_position(resource, asked, actor), limit=limit)
    asked_again = f"{base_url()}/{resource}?{urlencode(asked.understood)}"
    further = _cursor(resource, asked, actor, found.next) if found.next and limit else ""
    return json(
        bundle.searchset(
            found.entries,
            total=found.total if asked.total else None,
            self_url=_from(asked_again, asked.cursor),
            next_url=_from(asked_again, further) if further else None,
            base=base_url(),
            included=beside(),
        )
    )


def _from(address: str, cursor: str) -> str:
    """The search as it was understood (parameters that had no effect are not repeated), from a place on."""
    return f"{address}&_cursor={quote_plus(cursor)}" if cursor else address


def page(actor: Actor, asked: Search, read: Read, *, after: Position | None = None, limit: int) -> Found:
    record_id, named = _record_of(actor, asked)
    try:
        return read(record_id, _asked(asked, record_id), after, limit)
    except Refused as refused:
        if named or refused.reason is Reason.GLASS:
            raise
        # Who names a document and no patient learns nothing of where it is.
        return Found((), 0, None)


def _record_of(actor: Actor, asked: Search) -> tuple[UUID, bool]:
    """The one record that is named, and whether the patient was: by id or INS, all the same; else by an
    id, or by an identifier that leads to the caller's own documents and to nobody else's."""
    named = {from_short(text) for text in asked.patient_ids}
    for token in asked.patient_identifiers:
        found = {record_of_identifier(actor, system, token.code or "") for system in ins_systems(token)} - {None}
        named.add(found.pop() if len(found) == 1 else None)
    if named:
        return (named.pop() if len(named) == 1 else None) or NOWHERE, True
    led = {record_id for token in asked.identifiers for record_id in _led(actor, unique_id(token))}
    led |= {pair[0] for pair in map(from_fhir_id, asked.ids) if pair}
    return (led.pop() if len(led) == 1 else NOWHERE), False


def _led(actor: Actor, unique: str | None) -> list[UUID]:
    return locator.find(locator.OWN, locator.own(actor.id, unique)) if unique else []


def _asked(asked: Search, record_id: UUID) -> Asked:
    return Asked(
        statuses=[] if asked.impossible else asked.statuses or None,
        ids=_ids(asked.ids, record_id),
        criteria=_criteria(asked) or None,
        words=asked.words,
        sort=[f"-{key.field}" if key.descending else key.field for key in asked.sort] or None,
    )


def _ids(texts: Sequence[str], record_id: UUID) -> list[UUID] | None:
    if not texts:
        return None
    return [pair[1] for pair in map(from_fhir_id, texts) if pair and pair[0] == record_id]


def _criteria(asked: Search) -> dict[str, Any]:
    """As `record.entry_matches` reads them; only those that ask something."""
    given: dict[str, Any] = {
        "tokens": asked.tokens,
        "without": asked.without,
        "names": asked.names,
        "instants": {name: [_multirange(group) for group in groups] for name, groups in asked.instants.items()},
        "periods": [
            [{"overlaps": test.overlaps, "range": _range(test.interval)} for test in group] for group in asked.periods
        ],
    }
    return {name: value for name, value in given.items() if value}


def _multirange(intervals: Sequence[Interval]) -> str:
    return "{" + ",".join(map(_range, intervals)) + "}"


def _range(interval: Interval) -> str:
    lo, hi = interval.lo, interval.hi
    return f"[{lo.isoformat() if lo else ''},{hi.isoformat() if hi else ''})"


def _cursor(resource: str, asked: Search, actor: Actor, position: Position) -> str:
    """Where the next page continues, as `id_key_key…~seal`; sealed for this search and this caller, so that nobody
    makes one."""
    place = "_".join((position.id.hex, *map(str, position.key)))
    return sealed(place, resource, asked.understood, actor)


def _position(resource: str, asked: Search, actor: Actor) -> Position | None:
    if not asked.cursor:
        return None
    identifier, *key = opened(asked.cursor, resource, asked.understood, actor)
    return Position(tuple(map(Decimal, key)), UUID(identifier))


def sealed(place: str, resource: str, pairs: Sequence[tuple[str, str]], actor: Actor) -> str:
    """A mark that nobody but this caller may use, and for nothing but these parameters."""
    return f"{place}~{_seal(place, resource, pairs, actor)}"


def opened(cursor: str, resource: str, pairs: Sequence[tuple[str, str]], actor: Actor) -> list[str]:
    """The parts of the place in such a mark; raises `FhirError` for one that we did not make."""
    place, _, seal = cursor.rpartition("~")
    if not constant_time_compare(seal, _seal(place, resource, pairs, actor)):
        raise errors.failure("search-value", expression="http._cursor")
    return place.split("_")


def _seal(place: str, resource: str, understood: Sequence[tuple[str, str]], actor: Actor) -> str:
    pairs = [pair for pair in understood if pair[0] != "_count"]
    told = repr((place, resource, actor.id.hex, pairs)).encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(hmac.digest(_key(), told, "sha256")).decode()


@cache
def _key() -> bytes:
    return vault.derive("fhir-page")
