"""A parsed search on the index of a row finds what FHIR's rules find on the written resource itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from hypothesis import event, given, settings
from hypothesis import strategies as st

from carnet.formats.cda import header
from carnet.formats.cda.errors import CdaError
from carnet.formats.entry import Coded, DocumentEntry, Identifier, Patient
from carnet.formats.fhir import document_reference, identifiers, search, times
from carnet.formats.fhir.search import index, keys, parameters
from carnet.formats.fhir.write_people import ContainedWriter
from carnet.formats.fhir.writing import codeable
from tests.cases import cases
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.formats.fhir import entries as made
from tests.formats.fhir.search import elements, naive
from tests.formats.fhir.search.evaluate import Row, finds
from tests.formats.fhir.search.queries import Query, queries

NOW = datetime(2026, 6, 12, 8, 30, 15, 123000, tzinfo=UTC)
UUID_A, UUID_B = UUID(int=0xA), UUID(int=0xB)

INDEXED = (*elements.TOKENS, *elements.NUMBERS, *elements.STRINGS, *elements.MOMENTS)
OTHER = ("period", "relatesto", "status", "_id")
DOCUMENT_NAMES = tuple(name for name in (*INDEXED, *OTHER) if name in parameters.DOCUMENT)
LIST_NAMES = tuple(name for name in (*INDEXED, *OTHER) if name in parameters.LIST)


def _document(entry: DocumentEntry, mask: int, *, archived: bool, replaces_id: str | None) -> tuple[Any, Row]:
    resource = json.loads(
        document_reference.write(
            entry,
            fhir_id="doc-1",
            patient_id="p-1",
            version=1,
            last_updated=NOW,
            status="current",
            labels_mask=mask,
            size=1,
            sha1=bytes(20),
            content_url="Binary/doc-1",
            entry_uuid=UUID_A,
            logical_id=UUID_B,
            replaces_id=replaces_id,
            indexed=NOW - timedelta(days=3),
        )
    )
    resource["extension"] = [{"url": elements.IS_ARCHIVED, "valueBoolean": archived}]
    found = index.of_document(
        entry,
        labels_mask=mask,
        archived=archived,
        entry_uuid=UUID_A,
        logical_id=UUID_B,
        replaces_id=replaces_id,
    )
    moments = {**index.instants_of(entry), "date": NOW - timedelta(days=3), "_lastUpdated": NOW}
    return resource, Row("doc-1", "p-1", "current", found, moments)


def _agree(stored: tuple[Any, Row], wanted: list[Query], *, lists: bool = False) -> None:
    resource, row = stored
    params = [("patient", "p-1"), *((f"{name}:{mod}" if mod else name, value) for name, mod, value in wanted)]
    asked = search.lists(params) if lists else search.documents(params)
    assert asked.ignored == ()
    expected = naive.finds(resource, [(f"{name}~{mod}", value) for name, mod, value in wanted])
    event(f"found: {expected}")
    assert finds(asked, row) == expected


some_documents = st.builds(
    lambda entry, mask, archived, replaces_id: _document(entry, mask, archived=archived, replaces_id=replaces_id),
    made.entries | made.bare_entries,
    st.integers(0, 7),
    st.booleans(),
    st.none() | st.just("doc-0"),
)


@settings(max_examples=cases(150))
@given(some_documents, st.data())
def test_documents(document: tuple[Any, Row], data: st.DataObject) -> None:
    _agree(document, data.draw(st.lists(queries(document[0], DOCUMENT_NAMES), min_size=1, max_size=3)))


@cache
def _corpus() -> list[tuple[Any, Row]]:
    found = []
    for facts in cda_facts():
        try:
            entry = header.read(cda_bytes(facts))
        except CdaError:
            continue
        found.append(_document(entry, 0, archived=False, replaces_id=None))
    return found


@needs_corpus
@settings(max_examples=cases(100))
@given(st.data())
def test_documents_of_the_corpus(data: st.DataObject) -> None:
    assert len(_corpus()) == len(cda_facts())
    document = data.draw(st.sampled_from(_corpus()))
    _agree(document, data.draw(st.lists(queries(document[0], DOCUMENT_NAMES), min_size=1, max_size=2)))


@st.composite
def some_lists(draw: st.DrawFn) -> tuple[Any, Row]:
    """A submission set as PDSm writes it, and its index."""
    facts: dict[str, Any] = {
        "code": Coded("submissionset", "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"),
        "designation": draw(made.optional(made.coded_in("1.2.250.1.71.4.2.4", "SA01", "SA05"))),
        "unique_id": draw(made.oids | made.uuids | st.just("")),
        "entry_uuid": UUID_A,
        "source_id": draw(made.optional(made.numbers | made.study)),
        "source": draw(made.optional(made.persons | made.devices | made.themselves)),
        "author_org": draw(made.optional(made.organisations)),
        "title": draw(st.just("") | made.words),
        "archived": draw(st.booleans()),
    }
    row = Row("list-1", "p-1", "current", index.of_list(**facts), {"date": NOW, "_lastUpdated": NOW})
    return _list(**facts), row


def _list(
    *,
    code: Coded,
    designation: Coded | None,
    unique_id: str,
    entry_uuid: UUID,
    source_id: Identifier | None,
    source: Any,
    author_org: Any,
    title: str,
    archived: bool,
) -> dict[str, Any]:
    people = ContainedWriter()
    author: dict[str, Any] = {**people.author(source)} if source else {}
    extensions: list[dict[str, Any]] = [{"url": elements.IS_ARCHIVED, "valueBoolean": archived}]
    if designation:
        extensions.append({"url": f"{elements.MHD}ihe-designationType", "valueCodeableConcept": codeable(designation)})
    if source_id:
        extensions.append({"url": f"{elements.MHD}ihe-sourceId", "valueIdentifier": identifiers.to_fhir(source_id)})
    if author_org:
        reference = people.organisation(author_org)
        author = author | {"extension": [{"url": f"{elements.MHD}ihe-authorOrg", "valueReference": reference}]}
    numbers: list[dict[str, Any]] = [{"system": identifiers.URI_SYSTEM, "value": f"urn:uuid:{entry_uuid}"}]
    if unique_id:
        numbers.append(identifiers.unique_id_to_fhir(unique_id))
    return {
        "resourceType": "List",
        "id": "list-1",
        "meta": {"lastUpdated": times.instant(NOW)},
        "contained": people.resources,
        "extension": extensions,
        "identifier": numbers,
        "status": "current",
        "code": codeable(code),
        "subject": {"reference": "Patient/p-1"},
        "date": times.instant(NOW),
        "source": author,
        "title": title,
    }


@settings(max_examples=cases(100))
@given(some_lists(), st.data())
def test_lists(case: tuple[Any, Row], data: st.DataObject) -> None:
    _agree(case, data.draw(st.lists(queries(case[0], LIST_NAMES), min_size=1, max_size=3)), lists=True)


def test_every_parameter_is_tried() -> None:
    """Every name of the table, except spellings of the same thing and what does not depend on the row's index."""
    tried = {parameters.DOCUMENT[name].fields for name in DOCUMENT_NAMES}
    all_fields = {each.fields for each in parameters.DOCUMENT.values()}
    words = {("_content",), ("_text",)}
    assert all_fields - tried - words == {(), ("patient",), ("related", "related.identifier"), _AUTHOR}
    tried = {parameters.LIST[name].fields for name in LIST_NAMES}
    all_fields = {each.fields for each in parameters.LIST.values()}
    assert all_fields - tried == {(), ("patient",), ("authorOrg", "authorOrg.identifier"), ("source", *_AUTHOR[1:])}


_AUTHOR = ("author", "professional.identifier", "patient.identifier", "device.identifier")


def test_the_index_is_small_and_steady() -> None:
    entry = DocumentEntry("1.2.3", Coded("11502-2", "2.16.840.1.113883.6.1"), "T", NOW, "text/xml", Patient())
    found = index.of_document(entry, labels_mask=0, archived=False, entry_uuid=UUID_A)
    assert list(found.tokens) == sorted(set(found.tokens))
    assert all(-(2**63) <= each < 2**63 for each in found.tokens)
    assert found == index.of_document(entry, labels_mask=0, archived=False, entry_uuid=str(UUID_A).upper())
    # Stored rows hold these numbers: they never change.
    assert keys.key("type", "2.16.840.1.113883.6.1", "11502-2") in found.tokens
    assert keys.key("type", "2.16.840.1.113883.6.1", "11502-2") == 3_374_892_054_509_085_557
