"""Subscription: software asks to be told of the changes of a record, looks at how that stands, changes and ends it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote_plus, urlencode
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import body, operating, parameters, searching
from carnet.api.fhir.face import anyone, base_url, client_of, grant_of, json, software
from carnet.api.fhir.ids import identified
from carnet.api.fhir.patients import record_of_identifier
from carnet.apps import actions, queries, sending, signing
from carnet.apps.actions import NotSubscribed, Wish
from carnet.apps.queries import Subscribed
from carnet.apps.rules import State, Topic
from carnet.formats.fhir import bundle, errors
from carnet.formats.fhir import subscription as fhir
from carnet.formats.fhir.search import DEFAULT_COUNT, MAX_COUNT, PatientRef
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit
from carnet.kernel.ids import fhir_id, from_short, short, uuid7

_TYPE: Final = "Subscription"
_STATES: Final = tuple(each.value for each in State)
_TOPICS: Final = tuple(fhir.TOPICS[each.value][0] for each in Topic)
_EVENTS: Final = 200
_LARGEST: Final = 2**62
_PLACES: Final = {
    "subscription-endpoint": "Subscription.channel.endpoint",
    "subscription-end": "Subscription.end",
    "subscription-same": "Subscription.criteria",
}


@software("GET", "HEAD", "POST", audit=Audit.RECORD_WRITE)
def collection(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    if request.method == "POST":
        return _subscribed(request, actor, purpose)
    return _found(request, actor, parameters.of(request))


@software("POST", "GET", "HEAD", audit=Audit.NONE)
def search(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    return _found(request, actor, parameters.of(request))


@software("GET", "HEAD", "PUT", "DELETE", audit=Audit.RECORD_WRITE)
def instance(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    known = _own(request, actor, fhir_id)
    if request.method == "PUT":
        return _changed(request, actor, purpose, known)
    if request.method == "DELETE":
        actions.end(actor, purpose, known)
        return HttpResponse(status=204)
    return _told(known)


@software("GET", "HEAD", "POST", audit=Audit.NONE, scope="Subscription.r")
def status(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    found = [sending.as_told(_own(request, actor, fhir_id))]
    address = f"{base_url()}/{_TYPE}/{fhir_id}/$status"
    return json(fhir.statuses(found, base=base_url(), self_url=address))


@software("GET", "HEAD", "POST", audit=Audit.NONE, scope="Subscription.r")
def statuses(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    pairs = operating.of(request)
    ids = [value for name, value in pairs if name == "id"][:MAX_COUNT]
    states = operating.listed(pairs, "status", _STATES) if any(name == "status" for name, _ in pairs) else None
    if ids:
        found = [_own(request, actor, each) for each in ids]
    else:
        client = queries.client_of(actor, client_of(request))
        found = list(queries.own(actor, client, limit=MAX_COUNT).found) if client else []
    kept = [sending.as_told(each) for each in found if states is None or each.status.value in states]
    asked = [pair for pair in pairs if pair[0] in {"id", "status"}]
    return json(fhir.statuses(kept, base=base_url(), self_url=f"{base_url()}/{_TYPE}/$status?{urlencode(asked)}"))


@software("GET", "HEAD", "POST", audit=Audit.RECORD_READ, scope="Subscription.r")
def events(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    """What was told, again: for who has missed a number."""
    known, pairs = _own(request, actor, fhir_id), operating.of(request)
    since = _number(pairs, "eventsSinceNumber", 1)
    until = _number(pairs, "eventsUntilNumber", _LARGEST)
    found = sending.told_again(known, since, until, _EVENTS)
    told = fhir.notification(
        sending.as_told(known), "query-event", found, id_=str(uuid7()), at=clock.now(), base=base_url()
    )
    return json(told)


@anyone("GET", "HEAD")
def topics(request: HttpRequest) -> HttpResponse:
    found = list(fhir.topics())
    address = f"{base_url()}/SubscriptionTopic"
    return json(bundle.searchset(found, total=len(found), self_url=address, base=base_url()))


@anyone("GET", "HEAD")
def topic(request: HttpRequest, name: str) -> HttpResponse:
    if name not in fhir.TOPICS:
        raise errors.failure("not-found")
    return json(fhir.topic(name))


@anyone("GET", "HEAD", negotiates=True)
def keys(request: HttpRequest) -> HttpResponse:
    """The keys by which notifications are verified (RFC 7517)."""
    response = HttpResponse(orjson.dumps({"keys": [signing.public()]}), content_type="application/jwk-set+json")
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _number(pairs: operating.Pairs, name: str, otherwise: int) -> int:
    text = operating.one(pairs, name)
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_LARGEST))):
        raise errors.failure("search-value", expression=f"http.{name}", detail="Un numéro d’événement est attendu.")
    return min(int(text), _LARGEST)


def _own(request: HttpRequest, actor: Actor, text: str) -> Subscribed:
    record_id, subscription_id = identified(text)
    client = queries.client_of(actor, client_of(request))
    found = queries.one(actor, client, record_id, subscription_id) if client else None
    if found is None:
        raise errors.failure("not-found")
    return found


def _subscribed(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    asked = fhir.read(body.resource(request, limit=0))
    if asked.status == "off":
        raise errors.failure("subscription-status", expression="Subscription.status")
    record_id = _record_of(actor, asked.patient)
    with _in_words():
        made = actions.subscribe(
            actor,
            purpose,
            client_of(request),
            record_id=record_id,
            wish=_wish(asked),
            grant_id=grant_of(request),
        )
    response = _told(made, status=201)
    response["Location"] = f"{base_url()}/{_TYPE}/{fhir_id(made.record_id, made.id)}"
    return response


def _changed(request: HttpRequest, actor: Actor, purpose: Purpose, known: Subscribed) -> HttpResponse:
    asked = fhir.read(body.resource(request, limit=0))
    if not _same(actor, asked.patient, known):
        raise errors.failure("subscription-same", expression="Subscription._criteria.extension")
    with _in_words():
        off, grant_id = asked.status == "off", grant_of(request)
        return _told(actions.change(actor, purpose, known, wish=_wish(asked), off=off, grant_id=grant_id))


def _same(actor: Actor, patient: PatientRef, known: Subscribed) -> bool:
    return patient.id == short(known.record_id) if patient.id else _record_of(actor, patient) == known.record_id


def _record_of(actor: Actor, patient: PatientRef) -> UUID:
    """Without such a record the refusal is that of no record."""
    if patient.identifier is not None:
        found = record_of_identifier(actor, patient.identifier.system, patient.identifier.value)
    else:
        found = from_short(patient.id or "")
    return found or searching.NOWHERE


def _wish(asked: fhir.Asked) -> Wish:
    return Wish(
        topic=Topic(asked.topic),
        endpoint=asked.endpoint,
        content=asked.content,
        reason=asked.reason,
        until=asked.until,
        heartbeat=asked.heartbeat,
        most=asked.most,
    )


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except NotSubscribed as refused:
        raise errors.failure(refused.code, expression=_PLACES.get(refused.code, "Subscription")) from None


def _told(known: Subscribed, *, status: int = 200) -> HttpResponse:
    response = json(fhir.write(sending.as_told(known)), status=status)
    response["ETag"] = f'W/"{known.version}"'
    return response


def _found(request: HttpRequest, actor: Actor, pairs: operating.Pairs) -> HttpResponse:
    """One's own, through this software; the newest first."""
    client = queries.client_of(actor, client_of(request))
    given = {name for name, _ in pairs}
    states = operating.listed(pairs, "status", _STATES) if "status" in given else None
    topics = operating.listed(pairs, "criteria", _TOPICS) if "criteria" in given else None
    count = min(_number(pairs, "_count", DEFAULT_COUNT), MAX_COUNT)
    asked = [pair for pair in pairs if pair[0] in {"status", "criteria", "_count"}]
    cursor = operating.one(pairs, "_cursor")
    after = UUID(hex=searching.opened(cursor, _TYPE, asked, actor)[0]) if cursor else None
    named = [fhir.topic_named(each) for each in topics] if topics is not None else None
    page = queries.Listed((), 0, None)
    if client:
        page = queries.own(actor, client, states=states, topics=named, after=after, limit=count)
    address = f"{base_url()}/{_TYPE}?{urlencode(asked)}"
    further = searching.sealed(page.next.hex, _TYPE, asked, actor) if page.next else ""
    return json(
        bundle.searchset(
            [fhir.write(sending.as_told(each)) for each in page.found],
            total=page.total,
            self_url=address,
            next_url=f"{address}&_cursor={quote_plus(further)}" if further else None,
            base=base_url(),
        )
    )
