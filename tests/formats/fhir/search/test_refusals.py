from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from carnet.formats.fhir import search
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.search import Token

PARIS = ZoneInfo("Europe/Paris")
INS = "urn:oid:1.2.250.1.213.1.4.10|279035121518989"
TOKEN = Token("1.2.250.1.213.1.4.10", "279035121518989")


# Refusals


@pytest.mark.parametrize(
    ("params", "code", "place"),
    [
        ([], "search-patient-required", "http.patient"),
        ([("status", "current")], "search-patient-required", "http.patient"),
        ([("identifier:not", "x")], "search-patient-required", "http.patient"),
        ([("patient", "")], "search-value", "http.patient"),
        ([("patient", "Group/1")], "search-value", "http.patient"),
        ([("patient", "a,b")], "search-value", "http.patient"),
        ([("patient", "a"), ("subject", "b")], "search-value", "http.subject"),
        ([("patient.identifier", "urn:oid:1.2.250.1.213.1.4.8|")], "search-value", "http.patient.identifier"),
        ([("patient.identifier", INS), ("patient.identifier", "1")], "search-value", "http.patient.identifier"),
        ([("patient", "a"), ("patient:Group", "b")], "search-modifier", "http.patient:Group"),
        ([("patient", "a"), ("type:in", "b")], "search-modifier", "http.type:in"),
        ([("patient", "a"), ("author.family:text", "b")], "search-modifier", "http.author.family:text"),
        ([("patient", "a"), ("date:missing", "true")], "search-modifier", "http.date:missing"),
        ([("patient", "a"), ("status", "final")], "search-value", "http.status"),
        ([("patient", "a"), ("_count", "many")], "search-value", "http._count"),
        ([("patient", "a"), ("_count", "-1")], "search-value", "http._count"),
        ([("patient", "a"), ("_count", "1" * 10)], "search-value", "http._count"),
        ([("patient", "a"), ("_count", "1"), ("_count", "1")], "search-value", "http._count"),
        ([("patient", "a"), ("_summary", "much")], "search-value", "http._summary"),
        ([("patient", "a"), ("_total", "3")], "search-value", "http._total"),
        ([("patient", "a"), ("_cursor", "")], "search-value", "http._cursor"),
        ([("patient", "a\x00")], "search-value", "http.patient"),
        ([("patient", "a"), ("type", "\ud800")], "search-value", "http.type"),
        ([("patient", "a"), ("type", "caf\ufffd")], "search-value", "http.type"),
        ([("patient", "a"), ("type", "x" * 513)], "search-value", "http.type"),
        ([("patient", "a"), ("type", ",".join("a" * 201))], "search-value", "http.type"),
        ([("patient", "a"), ("type", "|")], "search-value", "http.type"),
        ([("patient", "a"), ("isArchived", "maybe")], "search-value", "http.isArchived"),
        ([("patient", "a"), ("isArchived", "http://x|true")], "search-value", "http.isArchived"),
        ([("patient", "a"), ("relatesto", "a b")], "search-value", "http.relatesto"),
        ([("patient", "a"), ("related", "|")], "search-value", "http.related"),
        ([("patient", "a"), ("author.family", "-")], "search-value", "http.author.family"),
        ([("patient", "a"), ("date", "2024,tomorrow")], "search-value", "http.date"),
        ([("patient", "a"), ("period", "99999")], "search-value", "http.period"),
        ([("identifier", "|")], "search-value", "http.identifier"),
        ([("_id", "a b")], "search-value", "http._id"),
        ([("patient", "a")] * 65, "search-too-many", "http"),
        ([("patient", "a"), *[("type", "x," * 20_000)] * 2], "search-too-many", "http"),
    ],
)
def test_refused_searches(params: list[tuple[str, str]], code: str, place: str) -> None:
    with pytest.raises(FhirError) as caught:
        search.documents(params)
    assert caught.value.status == 400
    assert [(each.details_code, each.expression) for each in caught.value.issues] == [(code, place)]


def test_all_problems_at_once() -> None:
    with pytest.raises(FhirError) as caught:
        search.documents([("status", "x"), ("type:in", "y"), ("colour", "z"), ("a\ud800", "z")], strict=True)
    assert [(each.details_code, each.expression) for each in caught.value.issues] == [
        ("search-value", "http.status"),
        ("search-modifier", "http.type:in"),
        ("search-patient-required", "http.patient"),
        ("search-parameter", "http.colour"),
        ("search-parameter", "http"),
    ]
    assert caught.value.body()


def _refusals(find: Callable[..., object], *params: tuple[str, str]) -> list[str]:
    with pytest.raises(FhirError) as caught:
        find(params, strict=True)
    return [each.details_code for each in caught.value.issues]


def test_strict_handling() -> None:
    one = ("patient", "a")
    assert _refusals(search.documents, one, ("status", "current"), ("colour", "blue")) == ["search-parameter"]
    assert _refusals(search.documents, one, ("status", "current"), ("_sort", "colour")) == ["search-parameter"]
    assert _refusals(search.documents, one, ("status", "current"), ("targetCommunityIdList", "urn:oid:1.2")) == [
        "search-parameter"
    ]
    assert _refusals(search.documents, one) == ["search-status-required"]
    assert _refusals(search.lists, one) == ["search-code-required", "search-status-required"]
    assert _refusals(search.lists, one, ("code", "folder")) == ["search-status-required"]
    assert search.documents([one, ("identifier", "1.2.3")], strict=True).statuses == ()
    assert search.documents([one]).statuses == ()
