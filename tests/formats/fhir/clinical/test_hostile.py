"""Whatever a deposited document holds, reading it ends, soon, and says what it left out."""

from __future__ import annotations

import json
import os
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from carnet.formats.clinical.reading import Read
from carnet.formats.fhir import entries, ips
from tests.corpus import CORPUS
from tests.fhirvalidator import typical

# Of the processor: another test at the same time is no hang.
PATIENCE = 2.0
WEIRD: list[Any] = [
    None,
    "",
    " ",
    "\x00",
    0,
    -1,
    1e308,
    10**40,
    True,
    False,
    [],
    {},
    [None],
    [[]],
    "é" * 5000,
    "2026-13-45",
    "#",
    "Observation/",
    {"reference": "#x"},
    {"coding": "no"},
    {"value": "NaN"},
    {"extension": [{"url": 3}]},
    "9999-12-31T23:59:60+14:00",
]


def read(data: bytes) -> Read:
    started = time.process_time()
    found = entries.read_document(data)
    assert time.process_time() - started < PATIENCE
    return found


def seeds() -> list[Any]:
    own = [entries.dump(ips.write(typical.SUMMARY))]
    names = ("ips", "eprescription", "mesures")
    files = [each for name in names for each in sorted((CORPUS or Path("/nowhere")).glob(f"fhir/{name}/*.json"))]
    return [json.loads(each) for each in (*own, *(path.read_bytes() for path in files))]


class Spoiler:
    """Changes a document at random, the same way for the same number."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)

    def spoil(self, documents: list[Any]) -> bytes:
        document = deepcopy(self.random.choice(documents))
        for _ in range(self.random.randint(1, 8)):
            places = list(_places(document))
            if not places:  # nothing is left of it
                break
            holder, key = self.random.choice(places)
            self.random.choice((self._weird, self._moved, self._gone, self._many))(document, holder, key)
        data = json.dumps(document).encode()
        return data if self.random.random() < 0.9 else self._bytes(data)

    def _weird(self, _document: Any, holder: Any, key: Any) -> None:
        holder[key] = deepcopy(self.random.choice(WEIRD))

    def _moved(self, document: Any, holder: Any, key: Any) -> None:
        other, name = self.random.choice(list(_places(document)))
        holder[key] = deepcopy(other[name])

    def _gone(self, _document: Any, holder: Any, key: Any) -> None:
        if isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = None

    def _many(self, _document: Any, holder: Any, key: Any) -> None:
        holder[key] = [deepcopy(holder[key]) for _ in range(self.random.choice((2, 30)))]

    def _bytes(self, data: bytes) -> bytes:
        spoiled = bytearray(data)
        for _ in range(self.random.randint(1, 6)):
            spoiled[self.random.randrange(len(spoiled))] = self.random.randrange(256)
        return bytes(spoiled[: self.random.randint(1, len(spoiled))])


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _places(inner)


def test_spoiled_documents_are_read_as_far_as_they_go() -> None:
    documents = seeds()
    for number in range(250):
        _ends_well(Spoiler(number).spoil(documents))


@pytest.mark.long
def test_fuzzing() -> None:
    """No crash, no hang, no leak, for CARNET_FUZZ_SECONDS."""
    documents = seeds()
    until = time.monotonic() + float(os.environ.get("CARNET_FUZZ_SECONDS", "60"))
    number = 1_000_000
    for _ in range(200):
        number += 1
        _ends_well(Spoiler(number).spoil(documents))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    while time.monotonic() < until:
        number += 1
        _ends_well(Spoiler(number).spoil(documents))
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    sys.stdout.write(f"{number - 1_000_000} documents, {grown / 1000:.0f} kB more")
    assert grown < 2_000_000


def _ends_well(data: bytes) -> None:
    """What was read of it can be written, and read again."""
    for entry in read(data).entries:
        resource = entries.load(entries.dump(entries.write(entry, entries.Written("e", "Patient/p", language="fr"))))
        assert entries.read(resource) is not None


def observation(number: int, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "code": {"text": f"o{number}"},
        "valueInteger": 1,
        **more,
    }


def bundle(*resources: Any) -> bytes:
    return json.dumps(
        {"resourceType": "Bundle", "type": "document", "entry": [{"resource": r} for r in resources]}
    ).encode()


def _members(count: int) -> list[dict[str, str]]:
    return [{"reference": f"Observation/o{each}"} for each in range(count)]


def test_panels_that_hold_each_other() -> None:
    heads = [observation(each, hasMember=_members(150)) for each in range(150)]
    for head in heads:
        del head["valueInteger"]
    assert read(bundle(*heads)).entries == ()


def test_a_medicine_that_all_lines_share() -> None:
    coding = [{"system": "http://x", "code": f"c{each}"} for each in range(190)]
    ingredients = [{"itemCodeableConcept": {"coding": coding}} for _ in range(60)]
    medicine = {"resourceType": "Medication", "id": "m", "ingredient": ingredients}
    line = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationReference": {"reference": "Medication/m"},
    }
    found = read(bundle(medicine, *(line for _ in range(2000))))
    assert [each.code for each in found.faults] == ["too-large"]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"[" * 100_000, "not-json"),
        (lambda: b'{"resourceType":"Bundle","a":' * 5000, "not-json"),
        (lambda: b"1" * 10_000, "not-json"),
        (lambda: b"NaN", "not-json"),
        (lambda: b'{"resourceType":"Bundle","id":"\\uD800"}', "not-json"),
        (lambda: '{"resourceType":"Bundle"}'.encode("utf-16"), "not-json"),
        (lambda: b"[]", "not-a-resource"),
        (lambda: b"", "not-json"),
        (lambda: b"\xff\xfe", "not-json"),
        (lambda: b" " * 9_000_000, "too-large"),
    ],
    ids=["depth", "objects", "digits", "constant", "half", "utf-16", "list", "empty", "encoding", "size"],
)
def test_what_is_no_document(make: Callable[[], bytes], code: str) -> None:
    assert [each.code for each in read(make()).faults] == [code]


def test_a_number_without_end_is_no_value() -> None:
    for number in ("1e999999", "1e-999999", "0." + "1" * 200):
        data = bundle(observation(1)).replace(b'"valueInteger": 1', b'"valueQuantity": {"value": %b}' % number.encode())
        found = read(data)
        assert [each.path for each in found.faults] == ["Bundle.entry[0].resource.valueQuantity.value"]
        assert [getattr(each, "value", "") for each in found.entries] == [None]


def test_a_broken_piece_costs_no_more_than_itself() -> None:
    broken = observation(1, effectiveDateTime="hier", method={"text": 3}, interpretation="H")
    found = read(bundle(broken, 7, {"no": "type"}, observation(2)))
    assert [each.code.label for each in found.entries] == ["o1", "o2"]
    assert {each.path for each in found.faults} == {
        "Bundle.entry[0].resource.effectiveDateTime",
        "Bundle.entry[0].resource.method.text",
        "Bundle.entry[0].resource.interpretation",
        "Bundle.entry[1].resource",
        "Bundle.entry[2].resource.resourceType",
    }
