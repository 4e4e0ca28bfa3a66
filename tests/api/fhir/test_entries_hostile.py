"""Whatever is asked of the structured record, the answer is a result, or says what is wrong with the request."""

from __future__ import annotations

import random
from typing import Final

import pytest

from carnet.formats.fhir.search.entry_types import PROVENANCE, TYPES
from carnet.kernel.ids import short
from tests.api.caller import FHIR, FORM, Caller, explained
from tests.api.fhir.given import Stated, everything

NAMES: Final = sorted({each.name for kind in TYPES.values() for each in kind.listed} | {e.name for e in PROVENANCE})
OTHERS: Final = ("_sort", "_count", "_cursor", "_summary", "_total", "_revinclude", "_type", "_since", "start", "end")
OPERATIONS: Final = ("$everything", "$summary", "$new-since")
SPOILED: Final = ("language", "profile", "persist", "since", "identifier", "_include", "", "a" * 200, "code:in")
VALUES: Final = (
    "",
    ",",
    "|",
    "\\",
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "%",
    "' or 1=1 --",
    "Observation/a-b",
    "-date,_lastUpdated,-code,,",
    "1000-01-01",
    "9999-12-31T23:59:59.999999999Z",
    "ne9998",
    "ap1000",
    "sa2024-02-30",
    "2024-01-01T00:00:00+99:00",
    "999999999",
    "-1",
    "1e9",
    "true",
    "count",
    "Provenance:target",
    "http://loinc.org|3016-3",
    "urn:oid:9.9|",
    "|final",
    "entered-in-error",
    "x" * 600,
    "é" * 100,
)


@pytest.fixture(scope="module")
def given(server: str) -> Stated:
    return everything()


def test_nothing_asked_breaks_it(given: Stated, server: str) -> None:
    caller, chance = Caller.of(server, given.patient.actor), random.Random(7)
    patient = short(given.patient.record_id)
    addresses = [*TYPES, "Provenance", *(f"Patient/{patient}/{each}" for each in OPERATIONS)]
    modifiers = ("", "", "", ":not", ":exact", ":missing", ":Patient.identifier", "." * 3)
    for _ in range(300):
        address = chance.choice(addresses)
        names = [chance.choice((*NAMES, *OTHERS, *SPOILED)) + chance.choice(modifiers) for _ in range(3)]
        query = [("patient", patient), *((name, chance.choice(VALUES)) for name in names)]
        answer = caller.get(address, query)
        assert answer.status_code < 500, (address, query, answer.text)
        if answer.status_code >= 400:
            explained(answer)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'{"resourceType":"Parameters","parameter":[{"name":"persist","valueBoolean":"yes"}]}',
        b'{"resourceType":"Parameters","parameter":[{"name":"since","valueInstant":7}]}',
        b'{"resourceType":"Parameters","parameter":{"name":"since"}}',
        b'{"resourceType":"Patient"}',
        b'{"resourceType":"Parameters","parameter":[{"name":"identifier","valueIdentifier":[]}]}',
        b"[" * 5000,
    ],
)
def test_no_body_breaks_an_operation(body: bytes, given: Stated, server: str) -> None:
    caller = Caller.of(server, given.patient.actor)
    for operation in ("$summary", "$new-since"):
        for address in (f"Patient/{short(given.patient.record_id)}/{operation}", f"Patient/{operation}"):
            for media_type in (FHIR, FORM, "text/plain"):
                answer = caller.post(address, body, media_type)
                assert answer.status_code < 500, (address, body, answer.text)
                if answer.status_code >= 400:
                    explained(answer)
