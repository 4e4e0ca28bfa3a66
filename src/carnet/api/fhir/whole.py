"""Operations on the record as a whole: `$everything`, `$summary`, `$new-since`."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Final
from urllib.parse import quote_plus, urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import entries, operating, patients, publish, searching
from carnet.api.fhir.face import base_url, json, software
from carnet.api.fhir.ids import unaddressed
from carnet.documents.writing import patient_of, signed
from carnet.formats.entry import Author
from carnet.formats.fhir import bundle, document_metadata, errors, ips, news
from carnet.formats.fhir import entries as fhir
from carnet.formats.fhir.provided import Given
from carnet.formats.fhir.read_subject import Subject
from carnet.formats.fhir.search.entry_types import TYPES
from carnet.health import overview
from carnet.health.overview import Page, Place, Wanted
from carnet.kernel import clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.http import Audit
from carnet.kernel.ids import short, uuid7
from carnet.records.queries import existence

_EVERYTHING: Final = ("Patient", "DocumentReference", *TYPES, entries.PROVENANCE)
_ENTRIES: Final = " ".join(f"{each}.r" for each in TYPES)
_SUMMARY: Final = f"Patient.r {_ENTRIES}"
_NEWS: Final = f"DocumentReference.r {_ENTRIES}"
_PAGE: Final = 100
_PROFILE: Final = "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips"
_LANGUAGES: Final = ("fr", "en")
_PLACE: Final = "Bundle"


def _types(request: HttpRequest) -> list[str]:
    return operating.listed(operating.of(request), "_type", _EVERYTHING)


def _addressed(fhir_id: str) -> AbstractContextManager[None]:
    return unaddressed() if fhir_id else nullcontext()


@software("GET", "HEAD", audit=Audit.RECORD_READ, scope=lambda request: " ".join(f"{e}.r" for e in _types(request)))
def everything(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    """For the holder and who represents them: a page of what they may see, whatever the record holds."""
    pairs, types = operating.of(request), _types(request)
    record_id = operating.record_of(actor, fhir_id, pairs)
    asked = [pair for pair in pairs if pair[0] in {"_type", "_since", "start", "end", "_count"}]
    after = _after(actor, record_id, asked, operating.one(pairs, "_cursor"))
    wanted = Wanted(
        documents="DocumentReference" in types,
        kinds=[kind for name in types if name in TYPES for kind in TYPES[name].kinds],
        since=operating.interval(pairs, "_since").lo,
        start=operating.interval(pairs, "start").lo,
        end=operating.interval(pairs, "end").hi,
    )
    with _addressed(fhir_id):
        page = overview.everything(actor, purpose, record_id, wanted, after=after, limit=operating.count(pairs, _PAGE))
    texts = [*_holder(actor, record_id, types, after), *page.documents, *(each.text for each in page.entries)]
    origins = entries.provenances(actor, purpose, record_id, page.entries) if entries.PROVENANCE in types else ()
    self_url = f"{base_url()}/Patient/{fhir_id}/$everything?{urlencode(asked)}"
    further = _further(actor, record_id, asked, page)
    return json(
        bundle.searchset(
            texts,
            total=None,
            self_url=self_url,
            next_url=f"{self_url}&_cursor={quote_plus(further)}" if further else None,
            base=base_url(),
            included=origins,
        )
    )


def _holder(actor: Actor, record_id: UUID, types: list[str], after: Place | None) -> list[bytes]:
    found = existence(actor, record_id) if after is None and "Patient" in types else None
    return [patients.written(found)] if found else []


def _after(actor: Actor, record_id: UUID, asked: operating.Pairs, cursor: str) -> Place | None:
    if not cursor:
        return None
    rank, identifier = searching.opened(cursor, f"$everything {record_id}", asked, actor)
    return Place(int(rank), UUID(identifier))


def _further(actor: Actor, record_id: UUID, asked: operating.Pairs, page: Page) -> str:
    if page.next is None:
        return ""
    return searching.sealed(f"{page.next.rank}_{page.next.id.hex}", f"$everything {record_id}", asked, actor)


def _of_summary(request: HttpRequest) -> str:
    deposits = operating.flag(operating.of(request), "persist")
    return f"{_SUMMARY} DocumentReference.c" if deposits else _SUMMARY


@software("GET", "HEAD", "POST", audit=Audit.RECORD_WRITE, scope=_of_summary)
def summary(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str = "") -> HttpResponse:
    """The International Patient Summary of what is in the reader's sight. `persist`, as of Composition/$document: it is
    deposited too, by who may deposit."""
    pairs = operating.of(request)
    deposits = operating.flag(pairs, "persist")
    language = operating.one(pairs, "language") or _LANGUAGES[0]
    if language not in _LANGUAGES:
        raise errors.failure("search-value", expression="http.language", detail="Attendu : fr ou en.")
    if operating.one(pairs, "profile").partition("|")[0] not in {"", _PROFILE}:
        raise errors.failure("search-value", expression="http.profile", detail=f"Attendu : {_PROFILE}.")
    if deposits and request.method != "POST":
        raise errors.failure("not-allowed")
    record_id = operating.record_of(actor, fhir_id, pairs)
    with _addressed(fhir_id):
        content = _summary(actor, purpose, record_id, language, deposits=deposits)
    return _deposited(actor, purpose, record_id, content) if deposits else json(content)


def _summary(actor: Actor, purpose: Purpose, record_id: UUID, language: str, *, deposits: bool) -> bytes:
    texts = overview.summary(actor, purpose, record_id, deposit=deposits)
    holder = existence(actor, record_id)
    if holder is None:
        raise errors.failure("not-found")
    author = _author(actor) if deposits else Author(device="Carnet")
    made = ips.Summary(
        number=uuid7(),
        written=clock.now(),
        patient=patient_of(holder.identity),
        author=author,
        custodian=author.organisation,
        entries=tuple(entry for text in texts if (entry := fhir.read(fhir.load(text)))),
        language=language,
    )
    return fhir.dump(ips.write(made))


def _author(actor: Actor) -> Author:
    """Who deposits it answers for it."""
    return signed(actor, None) if actor.kind is ActorKind.PROFESSIONAL else Author(device=actor.name)


def _deposited(actor: Actor, purpose: Purpose, record_id: UUID, content: bytes) -> HttpResponse:
    entry = document_metadata.of_bytes(content)
    given = Given(entry, content, (), _PLACE, _PLACE)
    done, _ = publish.put(actor, purpose, given, Subject(short(record_id), entry.patient.ins))
    response = json(content, status=201)
    response["Location"] = f"{base_url()}/Bundle/{done.fhir_id}"
    return response


@software("GET", "HEAD", "POST", audit=Audit.RECORD_READ, scope=_NEWS)
def new_since(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str = "") -> HttpResponse:
    """What changed for this reader, in one call; without `since`, after their last visit of this record."""
    pairs = operating.of(request)
    since = operating.interval(pairs, "since").lo
    record_id = operating.record_of(actor, fhir_id, pairs)
    with _addressed(fhir_id):
        found = overview.new_since(actor, purpose, record_id, since)
    asked = urlencode([pair for pair in pairs if pair[0] in {"since", "identifier"}])
    place = f"Patient/{fhir_id}" if fhir_id else "Patient"
    return json(
        news.write(
            (news.Change(each.change, each.at, each.text, each.was) for each in found.changes),
            news.Counts(found.since, found.added, found.corrected, found.withdrawn),
            self_url=f"{base_url()}/{place}/$new-since?{asked}".rstrip("?"),
            base=base_url(),
        )
    )
