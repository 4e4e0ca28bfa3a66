from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats import ins
from carnet.formats.fhir import search
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.search import SortKey, Token, parameters
from tests.cases import cases
from tests.corpus import CORPUS, needs_corpus

PARIS = ZoneInfo("Europe/Paris")
INS = "urn:oid:1.2.250.1.213.1.4.10|279035121518989"
TOKEN = Token("1.2.250.1.213.1.4.10", "279035121518989")


def test_documents() -> None:
    asked = search.documents(
        [
            ("patient.identifier", INS),
            ("status", "current,superseded"),
            ("identifier", "urn:ietf:rfc:3986|urn:oid:1.2.3"),
            ("_count", "1000"),
            ("_format", "json"),
            ("colour", "blue"),
            ("_cursor", "x"),
        ]
    )
    assert asked.patient_identifiers == (TOKEN,)
    assert asked.statuses == ("current", "superseded")
    assert [search.unique_id(each) for each in asked.identifiers] == ["1.2.3"]
    assert asked.count == search.MAX_COUNT
    assert asked.ignored == ("colour",)
    assert asked.cursor == "x"
    assert asked.understood == (
        ("patient.identifier", INS),
        ("status", "current,superseded"),
        ("identifier", "urn:ietf:rfc:3986|urn:oid:1.2.3"),
        ("_count", "200"),
    )
    assert search.documents([("_id", "a,b")]).ids == ("a", "b")


@pytest.mark.parametrize(
    "name",
    [
        f"{patient}{chain}"
        for patient in ("patient", "subject", "patient:Patient", "subject:Patient")
        for chain in ("", ".identifier")
    ]
    + ["patient:identifier", "subject:identifier"],
)
@pytest.mark.parametrize("find", [search.documents, search.lists])
def test_the_patient_however_it_is_named(
    name: str, find: Callable[[list[tuple[str, str]]], search.DocumentSearch | search.ListSearch]
) -> None:
    if name.endswith("identifier"):
        assert find([(name, INS)]).patient_identifiers == (TOKEN,)
    else:
        assert find([(name, f"Patient?identifier={INS}")]).patient_identifiers == (TOKEN,)
        assert find([(name, "Patient/a")]).patient_ids == ("a",)


def test_a_patients_number_without_system_is_any_ins() -> None:
    (wanted,) = search.documents([("patient.identifier", "156")]).patient_identifiers
    assert wanted == Token(None, "156")
    assert set(search.ins_systems(wanted)) == ins.OIDS
    assert search.ins_systems(TOKEN) == (TOKEN.system,)


def test_repetitions_hold_together() -> None:
    asked = search.documents(
        [("_id", "a,b"), ("_id", "b,c"), ("status", "current,superseded"), ("status:not", "current")]
    )
    assert (asked.ids, asked.statuses, asked.impossible) == (("b",), ("superseded",), False)
    assert search.documents([("_id", "a"), ("_id", "b")]).impossible
    assert search.documents([("patient", "a"), ("status:not", ",".join(search.STATUSES))]).impossible
    one = search.documents([("patient", "a"), ("subject", "Patient/a"), ("patient.identifier", INS)])
    assert (one.patient_ids, one.patient_identifiers) == (("a",), (TOKEN,))
    asked = search.documents([("patient", "a"), ("type", "x,y"), ("type", "z"), ("type:not", "w")])
    assert [len(group) for group in asked.tokens] == [2, 1]
    assert [len(group) for group in asked.without] == [1]


@needs_corpus
def test_the_requests_of_the_guides() -> None:
    assert CORPUS
    requests = json.loads((CORPUS / "fhir/searches/requests.json").read_text(encoding="utf-8"))
    read = 0
    for request in requests:
        path, _, query = request["path"].partition("?")
        params = [*parse_qsl(query), *request.get("query", {}).items(), *request.get("form", {}).items()]
        if path == "/Patient":
            assert search.patients(params) == (Token("1.2.250.1.213.1.4.8", "123456789012345"),)
        elif path.startswith("/DocumentReference"):
            assert search.documents(params, strict=True).understood == tuple(params)
        elif path.startswith("/List"):
            assert search.lists(params, strict=True).understood == tuple(params)
        else:
            continue
        read += 1
    assert read == 9


# How the answer looks


def test_order_and_size_of_the_answer() -> None:
    def of(*params: tuple[str, str]) -> search.DocumentSearch:
        return search.documents([("patient", "a"), *params])

    asked = of(("_sort", "-date,creation,colour,date"), ("_count", "7"))
    assert asked.sort == (SortKey("date", True), SortKey("creation", False))  # noqa: FBT003
    assert (asked.count, asked.summary_count, asked.total) == (7, False, True)
    assert asked.ignored == ("_sort",)
    assert asked.understood[1:] == (("_sort", "-date,creation"), ("_count", "7"))
    assert of(("_sort", "-_lastUpdated,period")).sort == (SortKey("_lastUpdated", True), SortKey("period", False))  # noqa: FBT003
    for only_total in (of(("_summary", "count")), of(("_count", "0"), ("_total", "none"))):
        assert (only_total.summary_count, only_total.total) == (True, True)
    assert not of(("_total", "none")).total
    assert of(("_total", "accurate")).total
    assert of(("_summary", "false")).ignored == ()
    assert of(("_summary", "text")).ignored == ("_summary",)
    assert search.lists([("patient", "a"), ("_sort", "creation,-date")]).sort == (SortKey("date", True),)  # noqa: FBT003


def test_patients() -> None:
    assert search.patients([("identifier", INS), ("name", "x")]) == (TOKEN,)
    for params in ([], [("identifier", "279035121518989")], [("identifier", "urn:oid:1.2|")], [("name", "x")]):
        with pytest.raises(FhirError) as caught:
            search.patients(params)
        assert caught.value.issues[0].details_code == "search-identifier-required"


_NAMES = sorted({*parameters.DOCUMENT, *parameters.LIST})
NOW = datetime(2024, 6, 12, tzinfo=UTC)
any_names = st.text() | st.builds("{}{}".format, st.sampled_from(_NAMES), st.sampled_from(["", ":not", ":exact", ":x"]))
any_values = st.text(st.characters(exclude_categories=())) | st.from_regex(
    r"(ap|ne|eq)?[0-9]{4}(-[0-9]{2}){0,2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?([+-][0-9]{2}:[0-9]{2})?)?"
)


def _read_or_refused(
    find: Callable[..., search.Search], params: list[tuple[str, str]], *, strict: bool
) -> search.Search | None:
    try:
        return find(params, strict=strict, now=NOW)
    except FhirError as refused:
        problems, status = json.loads(refused.body())["issue"], refused.status
    assert status == 400
    assert problems
    return None


@settings(max_examples=cases(300))
@given(st.lists(st.tuples(any_names, any_values), max_size=6), st.booleans())
def test_any_parameters_are_read_or_refused(params: list[tuple[str, str]], strict: bool) -> None:
    finders: tuple[Callable[..., search.Search], ...] = (search.documents, search.lists)
    for find in finders:
        for asked in (params, [("patient", "a"), *params]):
            found = _read_or_refused(find, asked, strict=strict)
            if found:
                # What links repeat is the same search.
                again = find(list(parse_qsl(urlencode(found.understood), keep_blank_values=True)), now=NOW)
                assert again.tokens == found.tokens
                assert (again.names, again.instants, again.sort) == (found.names, found.instants, found.sort)
    with contextlib.suppress(FhirError):
        search.patients(params)
