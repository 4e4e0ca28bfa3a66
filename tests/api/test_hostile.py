"""Bodies, headers and addresses that nobody sends in good faith: each is answered in words, none breaks anything."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import orjson
import pytest

from tests import people
from tests.api.caller import FHIR, FORM, Caller, explained, refused, token
from tests.api.publish import simplified
from tests.api.stored import rows_of
from tests.api.transactions import of
from tests.api.web_process import MIB, memory
from tests.people import Resident

WITHIN: Final = 60 * MIB
PARAMETERS: Final = "Parameters"


@pytest.fixture(scope="module")
def patient(server: str) -> Resident:
    return people.a_patient()


@pytest.fixture(scope="module")
def clinic(server: str) -> Caller:
    return Caller.of(server, people.software())


@pytest.fixture(scope="module")
def fhir_id(clinic: Caller, patient: Resident) -> str:
    answer = clinic.post("DocumentReference", simplified(token(patient), b"Compte rendu."))
    identifier: str = answer.json()["id"]
    return identifier


def _nested(depth: int, opening: bytes, closing: bytes, inside: bytes = b"1") -> bytes:
    return opening * depth + inside + closing * depth


BODIES: Final[dict[str, bytes]] = {
    "nothing": b"",
    "blanks": b" " * 1_000_000,
    "no json": b"<DocumentReference/>",
    "cut short": b'{"resourceType": "DocumentReference", "status": "cur',
    "an array": b"[]",
    "a number": b"1",
    "null": b"null",
    "a text": b'"DocumentReference"',
    "deep arrays": _nested(100_000, b"[", b"]"),
    "deep objects": _nested(100_000, b'{"extension":', b"}"),
    "deep and open": b'{"a":[' * 200_000,
    "deep inside": b'{"resourceType":"DocumentReference","extension":' + _nested(5000, b'[{"extension":', b"}]") + b"}",
    "two keys": b'{"resourceType":"DocumentReference","status":"current","status":"superseded"}',
    "two keys, one escaped": b'{"resourceType":"DocumentReference","status":"current","st\\u0061tus":"superseded"}',
    "two types": b'{"resourceType":"DocumentReference","resourceType":"Bundle"}',
    "huge integer": b'{"resourceType":"DocumentReference","version":' + b"9" * 100_000 + b"}",
    "huge exponent": b'{"resourceType":"DocumentReference","version":1e999999}',
    "tiny exponent": b'{"resourceType":"DocumentReference","version":1e-999999}',
    "not a number": b'{"resourceType":"DocumentReference","version":NaN}',
    "infinity": b'{"resourceType":"DocumentReference","version":-Infinity}',
    "broken utf-8": b'{"resourceType":"DocumentReference","status":"\xff\xfe"}',
    "overlong utf-8": b'{"resourceType":"DocumentReference","status":"\xc0\xaf"}',
    "utf-16": '{"resourceType":"DocumentReference"}'.encode("utf-16"),
    "byte-order mark": b"\xef\xbb\xbf{}",
    "surrogate": b'{"resourceType":"DocumentReference","status":"\xed\xa0\x80"}',
    "escaped surrogate": b'{"resourceType":"DocumentReference","status":"\\ud800"}',
    "nul": b'{"resourceType":"DocumentReference\x00"}',
    "escaped nul": b'{"resourceType":"DocumentReference","status":"current\\u0000"}',
    "control characters": b'{"resourceType":"DocumentReference","status":"current\\u0007"}',
    "type is an object": b'{"resourceType":{"a":1}}',
    "long type": b'{"resourceType":"' + b"A" * 1_000_000 + b'"}',
    "long key": b'{"resourceType":"DocumentReference","' + b"a" * 1_000_000 + b'":1}',
    "many keys": orjson.dumps({"resourceType": "DocumentReference"} | {f"k{n}": n for n in range(100_000)}),
    "many extensions": orjson.dumps({"resourceType": "DocumentReference", "extension": [{}] * 100_000}),
    "every element wrong": orjson.dumps(dict.fromkeys(orjson.loads(simplified("a|b", b"x")), 3)),
    "prototype": b'{"__proto__":{"resourceType":"DocumentReference"},"constructor":1}',
}
BUNDLES: Final[dict[str, Callable[[], bytes]]] = {
    "no entry": lambda: orjson.dumps({"resourceType": "Bundle", "type": "transaction"}),
    "empty entries": lambda: orjson.dumps({"resourceType": "Bundle", "type": "transaction", "entry": [{}] * 100_000}),
    "null entries": lambda: orjson.dumps({"resourceType": "Bundle", "type": "transaction", "entry": [None] * 100}),
    "a hundred thousand entries": lambda: _repeated(100_000),
    "two hundred entries": lambda: _repeated(200),
    "bundles in bundles": lambda: _nested(
        2000, b'{"resourceType":"Bundle","type":"transaction","entry":[{"resource":', b"}]}", b"{}"
    ),
}


def _repeated(count: int) -> bytes:
    part = of("285010000000000", [b"x"])["entry"][1]
    return orjson.dumps({"resourceType": "Bundle", "type": "transaction", "entry": [part] * count})


def _circular() -> bytes:
    bundle = of("285010000000000", [b"x"])
    bundle["entry"][1]["resource"]["content"][0]["attachment"]["url"] = bundle["entry"][1]["fullUrl"]
    bundle["entry"][0]["resource"]["entry"] = [{"item": {"reference": bundle["entry"][0]["fullUrl"]}}]
    return orjson.dumps(bundle)


BUNDLES["entries in circles"] = _circular


@pytest.mark.parametrize("name", BODIES)
def test_no_body_breaks_a_deposit(name: str, clinic: Caller) -> None:
    for path in ("DocumentReference", ""):
        answer = clinic.post(path, BODIES[name])
        explained(answer)
        assert answer.status_code in {400, 413, 422}, answer.text[:300]
        checked = clinic.post(f"{path}/$validate".lstrip("/"), BODIES[name])
        if checked.status_code != 200:
            explained(checked)
            assert checked.status_code in {400, 413}
        assert any(issue["severity"] == "error" for issue in checked.json()["issue"])


@pytest.mark.parametrize("name", BUNDLES)
def test_no_bundle_breaks_a_submission(name: str, clinic: Caller) -> None:
    answer = clinic.post("", BUNDLES[name]())
    explained(answer)
    assert answer.status_code in {400, 413, 422}, answer.text[:300]
    assert len(answer.content) < 1_000_000, "an answer is not longer than what it is worth"


@pytest.mark.parametrize("name", BODIES)
def test_no_body_breaks_a_patch(name: str, clinic: Caller, fhir_id: str) -> None:
    for media_type in ("application/json-patch+json", FHIR):
        answer = clinic.patch(f"DocumentReference/{fhir_id}", BODIES[name], media_type)
        explained(answer)
        assert answer.status_code in {400, 413, 422}, answer.text[:300]


POINTERS: Final = (
    "",
    "/",
    "//",
    "status",
    "/status/0",
    "/securityLabel/-1",
    "/securityLabel/00",
    "/securityLabel/99999999999999999999",
    "/securityLabel/1e3",
    "/securityLabel/٣",
    "/securityLabel/0/coding/0/__class__",
    "/~",
    "/~2",
    "/securityLabel~1..~1..",
    "/\x00",
    "/" * 60_000,
    "/securityLabel/" + "9" * 50_000,
    "/meta/versionId",
    "/resourceType",
    "/id",
    "/subject/reference",
    "/content/0/attachment/url",
    "/extension/999",
)
PATHS: Final = (
    "",
    "DocumentReference",
    "DocumentReference.status.where(true)",
    "DocumentReference.securityLabel[999999999999999999999]",
    "DocumentReference.securityLabel[-1]",
    "DocumentReference.repeat(children())",
    "DocumentReference." + "a." * 20_000 + "a",
    "(" * 20_000,
    "Patient.active",
    "%resource.status",
    "DocumentReference.extension.where(url='" + "a" * 20_000 + "').value",
    "DocumentReference.subject.reference",
)


@pytest.mark.parametrize("operation", ["add", "remove", "replace", "test", "move", "copy", "merge", "", "\ud800"])
def test_no_pointer_reaches_what_it_should_not(operation: str, clinic: Caller, patient: Resident, fhir_id: str) -> None:
    before = clinic.get(f"DocumentReference/{fhir_id}").content
    for pointer in POINTERS:
        body = [{"op": operation, "path": pointer, "from": pointer, "value": {"a": [1]}}]
        explained(clinic.patch(f"DocumentReference/{fhir_id}", _dumps(body)))
    assert clinic.get(f"DocumentReference/{fhir_id}").content == before


@pytest.mark.parametrize("operation", ["add", "insert", "delete", "replace", "move"])
def test_no_path_reaches_what_it_should_not(operation: str, clinic: Caller, fhir_id: str) -> None:
    before = clinic.get(f"DocumentReference/{fhir_id}").content
    for path in PATHS:
        parts = [
            {"name": "type", "valueCode": operation},
            {"name": "path", "valueString": path},
            {"name": "name", "valueString": "status"},
            {"name": "index", "valueInteger": -(10**9)},
            {"name": "value", "valueCode": "current"},
        ]
        body = {"resourceType": PARAMETERS, "parameter": [{"name": "operation", "part": parts}]}
        explained(clinic.patch(f"DocumentReference/{fhir_id}", body, FHIR))
    assert clinic.get(f"DocumentReference/{fhir_id}").content == before


def _dumps(body: Any) -> bytes:
    """With escapes for what is no text."""
    return json.dumps(body).encode("ascii")


LONG: Final = "a" * 4000
HEADERS: Final[tuple[tuple[str, str, set[int]], ...]] = (
    *(("If-Match", value, {200, 400, 412}) for value in ("*", "", "W/", '"', 'W/"-1"', 'W/"1e9"', "1" * 3000, LONG)),
    *(("If-Match", value, {200, 400, 412}) for value in ('W/"1", W/"2"', 'W/"99999999999999999999"', 'w/"1"', "\xff")),
    *(("Prefer", value, {200, 400}) for value in ("", LONG, "handling", "return=;;;", "handling=strict" * 200, "\xff")),
    *(
        ("Accept", value, {200, 406})
        for value in ("", "*", "*/*;q=x", LONG, "text/html", "application/fhir+xml", "\xff")
    ),
    *(("X-Carnet-Purpose", value, {400}) for value in ("", "CARE", LONG, "\xff", "care,emergency")),
    ("X-Carnet-Purpose", "emergency", {400}),
    *(("X-Request-Id", value, {200}) for value in ("", LONG, "\xff", "0" * 32)),
    *(("Authorization", value, {401}) for value in ("", "Bearer", "Basic YTpi", f"Bearer {LONG}", "\xff")),
)


@pytest.mark.parametrize(("name", "value", "statuses"), HEADERS)
def test_no_header_breaks_a_reading(
    name: str, value: str, statuses: set[int], clinic: Caller, patient: Resident, fhir_id: str
) -> None:
    searched = {"patient.identifier": token(patient), "status": "current"}
    for path, query in (
        ("DocumentReference", searched),
        (f"DocumentReference/{fhir_id}", None),
        (f"Binary/{fhir_id}", None),
        (f"DocumentReference/{fhir_id}/_history", None),
    ):
        answer = clinic.get(path, query, **{name: value.encode("latin-1")})  # type: ignore[arg-type]
        assert answer.status_code in statuses, (path, answer.status_code, answer.text[:300])
        if answer.status_code >= 400:
            explained(answer)


MEDIA_TYPES: Final = (
    "",
    "text/html",
    "application/xml",
    "application/fhir+xml",
    LONG,
    ";",
    "a/b;" * 500,
    "\xff",
    "json",
)


@pytest.mark.parametrize("value", MEDIA_TYPES)
def test_no_media_type_breaks_a_write(value: str, clinic: Caller, patient: Resident, fhir_id: str) -> None:
    body, media_type = simplified(token(patient), b"x"), value.encode("latin-1")
    refused(clinic.post("DocumentReference", body, media_type), 415, "media-type")  # type: ignore[arg-type]
    refused(clinic.post("", body, media_type), 415, "media-type")  # type: ignore[arg-type]
    refused(clinic.post("DocumentReference/_search", b"", media_type), 415, "media-type")  # type: ignore[arg-type]
    explained(clinic.patch(f"DocumentReference/{fhir_id}", b"[]", media_type))  # type: ignore[arg-type]


def test_a_body_in_pieces_is_asked_for_its_length(clinic: Caller, patient: Resident) -> None:
    body = simplified(token(patient), b"Compte rendu.")
    for method, path, media_type in (
        ("POST", "DocumentReference", FHIR),
        ("POST", "", FHIR),
        ("POST", "DocumentReference/_search", FORM),
    ):
        answer = clinic.send(method, path, content=iter([body[:9], body[9:]]), headers={"Content-Type": media_type})
        refused(answer, 411, "length-required")


def test_a_refused_body_leaves_a_connection_that_works_or_says_that_it_ends(clinic: Caller, fhir_id: str) -> None:
    for size in (100_000, 900_000, 3_000_000):
        for _ in range(10):
            explained(clinic.patch(f"DocumentReference/{fhir_id}", b" " * size))
            assert clinic.get(f"DocumentReference/{fhir_id}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "DocumentReference/..",
        "DocumentReference/../Patient",
        "DocumentReference/%2e%2e/%2e%2e/metrics",
        "DocumentReference/%00",
        "DocumentReference/%ff",
        "DocumentReference/%F0%9F%92%A9",
        "DocumentReference//",
        "DocumentReference/" + "a" * 6000,
        "DocumentReference/" + "a" * 53,
        "DocumentReference/" + "A" * 26 + "-" + "A" * 26,
        "DocumentReference/ID/_history/0",
        "DocumentReference/ID/_history/-1",
        "DocumentReference/ID/_history/٣",
        "DocumentReference/ID/_history/999999999",
        "DocumentReference/ID/_history/9999999999999999999999",
        "DocumentReference/ID/$everything",
        "DocumentReference/ID%0d%0aX-Injected:%201",
        "Binary/ID/",
        "Binary/..%2f..%2f..%2fetc%2fpasswd",
        "Bundle/ID",
        "List/ID",
        "Patient/ID",
        "$export",
        ";/DocumentReference",
    ],
)
def test_no_address_breaks_anything(path: str, clinic: Caller, fhir_id: str) -> None:
    """Sent as it is written: a client would tidy it."""
    status, headers, body = _raw(clinic, f"GET /fhir/{path.replace('ID', fhir_id)} HTTP/1.1")
    assert status in {400, 404, 405}, (status, body[:300])
    assert "x-injected" not in headers
    outcome = orjson.loads(body)
    assert outcome["resourceType"] == "OperationOutcome"
    assert all(issue["diagnostics"] for issue in outcome["issue"])


def _raw(caller: Caller, line: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(caller.server)
    head = f"{line}\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {caller.token}\r\nConnection: close\r\n\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(head.encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    top, _, body = received.partition(b"\r\n\r\n")
    first, *rest = top.decode("latin-1").split("\r\n")
    pairs = (each.partition(":") for each in rest)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}, body


QUERIES: Final = (
    "patient.identifier=",
    "patient.identifier=|",
    "patient=%00",
    "patient=%ff",
    "identifier=%ed%a0%80",
    "_id=" + ",".join(["a"] * 5000),
    "patient.identifier=INS&" + "&".join(f"type=a{n}" for n in range(500)),
    "patient.identifier=INS&" + "&".join(f"p{n}=1" for n in range(2000)),
    "patient.identifier=INS&date=9999-12-31&date=ap0001-01-01",
    "patient.identifier=INS&date=2026-13-45",
    "patient.identifier=INS&period=sa9999",
    "patient.identifier=INS&_count=-1",
    "patient.identifier=INS&_count=99999999999999999999",
    "patient.identifier=INS&_count=٣",
    "patient.identifier=INS&_count=1&_count=2",
    "patient.identifier=INS&_sort=" + "-" * 1000,
    "patient.identifier=INS&_cursor=a",
    "patient.identifier=INS&_cursor=" + "a:" * 2000,
    "patient.identifier=INS&author.family=%25%25%25%25&author.given:contains=%5C",
    "patient.identifier=INS&type:in=x",
    "patient.identifier=INS&status:missing=true",
    "patient.identifier=INS&security-label=a|b|c|d",
    "%00=%00",
    "&&&===",
)


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_no_search_breaks_anything(query: str, clinic: Caller, patient: Resident) -> None:
    text = query.replace("INS", token(patient))
    for resource in ("DocumentReference", "List"):
        for answer in (
            clinic.get(f"{resource}?{text}"),
            clinic.post(f"{resource}/_search", text.encode(), FORM),
        ):
            assert answer.status_code in {200, 400, 413, 422}, answer.text[:300]
            if answer.status_code != 200:
                explained(answer)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST", "TRACE", "BREW", "CONNECT"])
def test_no_method_breaks_anything(method: str, clinic: Caller, fhir_id: str) -> None:
    for path in (f"Binary/{fhir_id}", f"List/{fhir_id}", "metadata"):
        answer: httpx2.Response = clinic.send(method, path)
        assert answer.status_code in {400, 404, 405}, answer.text[:300]
        explained(answer)


@pytest.mark.long
def test_memory_comes_back(fresh_server: tuple[str, int]) -> None:
    """After bodies at every limit the process is as small as after ordinary ones."""
    base, pid = fresh_server
    patient, caller = people.a_patient(), Caller.of(base, people.software())
    for number in range(20):
        content = str(number).encode() * 10_000
        assert caller.post("DocumentReference", simplified(token(patient), content)).status_code == 201
    before, stored = memory(pid, "VmRSS"), rows_of(patient.record_id)
    for _ in range(2):
        for body in (*BODIES.values(), *(make() for make in BUNDLES.values())):
            for path in ("DocumentReference", ""):
                explained(caller.post(path, body))
    large = simplified(token(patient), b"x" * 20_000_000, type_code="00000-0")
    for _ in range(3):
        refused(caller.post("DocumentReference", large), 422)
    for number in range(20):
        caller.get(f"DocumentReference/{number}")
    assert memory(pid, "VmRSS") <= before + WITHIN
    assert rows_of(patient.record_id) == stored
