"""The structured record: the clinical entries of documents, found, read, and where each is from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import parameters, searching
from carnet.api.fhir.face import json, software
from carnet.api.fhir.ids import identified, unaddressed
from carnet.documents.queries import Asked, Found, Position
from carnet.formats.clinical.model import Kind
from carnet.formats.fhir import errors, stored
from carnet.formats.fhir import search as fhir_search
from carnet.formats.fhir.search.entry_types import TYPES
from carnet.health import queries
from carnet.health.columns import KINDS
from carnet.health.origins import origins
from carnet.health.queries import Resource
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit

PROVENANCE: Final = "Provenance"


class TypeOfEntry:
    """In an address: the type of a clinical entry."""

    regex = "|".join(TYPES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def _needed(request: HttpRequest) -> str:
    """Provenances that come with the entries are searched for as well."""
    kind = request.path_info.removeprefix("/fhir/").partition("/")[0]
    asks = any(name.partition(":")[0] == "_revinclude" for name, _ in parameters.of(request))
    return f"{kind}.s {PROVENANCE}.s" if asks else f"{kind}.s"


@software("GET", "HEAD", audit=Audit.RECORD_READ, scope=_needed)
def collection(request: HttpRequest, actor: Actor, purpose: Purpose, kind: str) -> HttpResponse:
    return _find(request, actor, purpose, kind)


@software("POST", "GET", "HEAD", audit=Audit.RECORD_READ, scope=_needed)
def search(request: HttpRequest, actor: Actor, purpose: Purpose, kind: str) -> HttpResponse:
    return _find(request, actor, purpose, kind)


def _find(request: HttpRequest, actor: Actor, purpose: Purpose, kind: str) -> HttpResponse:
    asked = fhir_search.entries(kind, parameters.of(request), strict=parameters.strict(request))
    page: list[Resource] = []
    where: list[UUID] = []

    def read(record_id: UUID, wanted: Asked, after: Position | None, limit: int) -> Found:
        kinds = TYPES[kind].kinds
        found = queries.search(actor, purpose, record_id, kinds, wanted, after=after, limit=limit)
        page.extend(found.entries)
        where.append(record_id)
        return Found(tuple(each.text for each in found.entries), found.total, found.next)

    def beside() -> Sequence[bytes]:
        return provenances(actor, purpose, where[0], page) if asked.provenance and page else ()

    return searching.answer(actor, kind, asked, read, beside)


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def instance(request: HttpRequest, actor: Actor, purpose: Purpose, kind: str, fhir_id: str) -> HttpResponse:
    record_id, fact = identified(fhir_id)
    return json(_one(actor, purpose, record_id, fact, TYPES[kind].kinds).text)


def _one(actor: Actor, purpose: Purpose, record_id: UUID, fact: UUID, kinds: Sequence[Kind]) -> Resource:
    with unaddressed():
        found = queries.search(actor, purpose, record_id, kinds, Asked(ids=[fact]), limit=1)
    if not found.entries:
        raise errors.failure("not-found")
    return found.entries[0]


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def where_from(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    return _origins(request, actor, purpose)


@software("POST", "GET", "HEAD", audit=Audit.RECORD_READ)
def search_where_from(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    return _origins(request, actor, purpose)


def _origins(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    asked = fhir_search.provenances(parameters.of(request), strict=parameters.strict(request))
    types = {kind for kind, _, _ in (each.partition("/") for each in asked.targets)} & TYPES.keys()
    kinds = [kind for name in types for kind in TYPES[name].kinds] if asked.targets else list(KINDS)

    def read(record_id: UUID, wanted: Asked, after: Position | None, limit: int) -> Found:
        found = queries.search(actor, purpose, record_id, kinds, wanted, after=after, limit=limit)
        of_those = [each for each in found.entries if not asked.targets or _address(each) in asked.targets]
        return Found(tuple(provenances(actor, purpose, record_id, of_those)), found.total, found.next)

    return searching.answer(actor, PROVENANCE, asked, read)


def _address(entry: Resource) -> str:
    return "/".join(stored.address(entry.text))


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def origin(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    """It has the id of the entry that it is of."""
    record_id, fact = identified(fhir_id)
    found = provenances(actor, purpose, record_id, [_one(actor, purpose, record_id, fact, KINDS)])
    if not found:
        raise errors.failure("not-found")
    return json(found[0])


def provenances(actor: Actor, purpose: Purpose, record_id: UUID, entries: Iterable[Resource]) -> list[bytes]:
    """Of each entry, by the documents in this reader's sight; of what no document says there is none."""
    named = list(entries)
    known = queries.sources(actor, purpose, record_id, (each for entry in named for each in entry.sources))
    return list(origins(named, known))
