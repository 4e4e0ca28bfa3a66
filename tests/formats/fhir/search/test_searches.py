from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats import ins
from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Organisation, Patient, Period, Reference
from carnet.formats.fhir import identifiers, search
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.search import PatientRef, SortKey, Token, index, parameters
from carnet.formats.terminology import systems
from tests.cases import cases
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir.entries import unique_ids
from tests.formats.fhir.search.evaluate import Row, finds

PARIS = ZoneInfo("Europe/Paris")
INS = "urn:oid:1.2.250.1.213.1.4.10|279035121518989"
TOKEN = Token("1.2.250.1.213.1.4.10", "279035121518989")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("abc", Token(None, "abc")),
        ("http://loinc.org|11502-2", Token("2.16.840.1.113883.6.1", "11502-2")),
        ("|abc", Token("", "abc")),
        ("http://x|", Token("http://x", None)),
        (r"a\|b", Token(None, "a|b")),
        (r"s\|t|a\,b\\", Token("s|t", "a,b\\")),
        (r"s\\|c", Token("s\\", "c")),
        ("s|a|b", Token("s", "a|b")),
        ("", Token(None, "")),
    ],
)
def test_tokens(text: str, found: Token) -> None:
    assert search.token(text) == found


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a,b", ("a", "b")), (r"a\,b,c", (r"a\,b", "c")), (r"a\\,b", (r"a\\", "b")), ("", ()), (",a,", ("a",))],
)
def test_alternatives(text: str, parts: tuple[str, ...]) -> None:
    assert search.alternatives(text) == parts


@settings(max_examples=cases(100), deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), min_size=1))
def test_alternatives_and_tokens_undo_escapes(codes: list[str]) -> None:
    escaped = ["".join(f"\\{each}" if each in "\\,|$" else each for each in code) for code in codes]
    parts = search.alternatives(",".join(escaped))
    assert [search.token(part).code for part in parts] == codes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("abc", PatientRef("abc", None)),
        ("Patient/abc", PatientRef("abc", None)),
        ("http://h/fhir/Patient/abc", PatientRef("abc", None)),
        (f"Patient?identifier={INS}", PatientRef(None, Identifier(*TOKEN))),  # type: ignore[arg-type]
        ("Patient?identifier=x", PatientRef(None, None)),
        ("Patient?identifier=x|1&identifier=x|2", PatientRef(None, None)),
        ("Group?identifier=x|1", PatientRef(None, None)),
        ("Group/abc", PatientRef(None, None)),
        ("Patient/a b", PatientRef(None, None)),
        ("", PatientRef(None, None)),
    ],
)
def test_patient_references(text: str, found: PatientRef) -> None:
    assert search.patient_reference(text) == found


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


# Section a.5: each parameter, a value that finds the row below, and one that does not.
NEEDLES = [
    ("identifier", "urn:ietf:rfc:3986|urn:oid:1.2.3", "urn:oid:1.2.4"),
    ("identifier", "1.2.3", "1.2.4"),
    ("identifier", f"URN:UUID:{UUID(int=0xA)}".upper(), f"urn:uuid:{UUID(int=0xB)}"),
    ("type", "http://loinc.org|11502-2", "http://loinc.org|11488-4"),
    ("type", "urn:oid:2.16.840.1.113883.6.1|11502-2", "urn:oid:1.2|11502-2"),
    ("type", "http://loinc.org|", "http://snomed.info/sct|"),
    ("type", "11488-4,11502-2", "|11502-2"),
    ("type:not", "11488-4", "11502-2,11488-4"),
    ("category", "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument|31", "10"),
    ("facility", "SA01", "SA05"),
    ("setting", "AMBULATOIRE", "ETABLISSEMENT"),
    ("format", "urn:ihe:lab:xd-lab:2008", "urn:ihe:iti:xds-sd:pdf:2008"),
    ("event", "BIO", "IMG"),
    ("security-label", "MASQUE_PS", "INVISIBLE_PATIENT"),
    ("security-label", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|N", "R"),
    ("creation", "2024-05-03", "2024-05-04"),
    ("creation", "2024-05-03T10:15:30.123Z", "2024-05-03T10:15:30.124Z"),
    ("date", "gt2024-05-03", "le2024-05-03"),
    ("_lastUpdated", "ge2024-06-01,lt2000", "lt2024-06-01"),
    ("_lastupdated", "2024-06", "2024-07"),
    ("period", "2024-05-02", "2024-05-05"),
    ("period", "sa2024-04", "eb2024-05-04"),
    ("period-start", "ge2024-05-01", "gt2024-05-01"),
    ("period-end", "ap2024-05-04", "2024-05-05"),
    ("isArchived", "false", "true"),
    ("isArchived", "http://terminology.hl7.org/CodeSystem/special-values|false", "true"),
    ("isArchived:not", "true", "false"),
    ("author.family", "lefev", "efevre"),
    ("author.given", "ANNE,zoe", "jeanne"),
    ("author:Practitioner.family:exact", "Lefèvre-Martin", "lefèvre-martin"),
    ("author:PractitionerRole.name:contains", "martin", "paul"),
    ("author:PractitionerRole.name", "dr", "mme"),
    ("author:PractitionerRole.practitioner:Practitioner.given", "anne", "jean"),
    ("author:Patient.family", "pat", "lefevre"),
    ("author.identifier", "https://rpps.esante.gouv.fr|10001001014", "https://rpps.esante.gouv.fr|10001001015"),
    ("author.identifier", "urn:oid:1.2.250.1.71.4.2.1|810001001014", "10001001014"),
    ("author:identifier", "device-7", "device-8"),
    ("author", "urn:oid:1.2.250.1.71.4.2.1|810001001014", "Practitioner/practitioner-1"),
    ("author:Device.identifier", "urn:oid:1.2.9|device-7", "810001001014"),
    ("related:identifier", "urn:oid:1.2.7|ORDER-1", "urn:oid:1.2.8|ORDER-1"),
    ("related", "urn:oid:1.2.7|ORDER-1", "Observation/ORDER-1"),
    ("related:identifier", "urn:ietf:rfc:3986|urn:oid:1.2.840.1", "1.2.840.2"),
    ("relatesto", "DocumentReference/doc-0", "DocumentReference/doc-1"),
    ("relatesto", "https://carnet.example/fhir/DocumentReference/doc-0/_history/2", "Binary/doc-0"),
    ("relatesto:DocumentReference", "doc-0", "doc-1"),
]
NOW = datetime(2024, 6, 12, tzinfo=UTC)
ENTRY = DocumentEntry(
    unique_id="1.2.3",
    type=Coded("11502-2", systems.LOINC),
    title="Biologie",
    created=datetime(2024, 5, 3, 10, 15, 30, 123_456, tzinfo=UTC),
    media_type="text/xml",
    patient=Patient(),
    format=Coded("urn:ihe:lab:xd-lab:2008", systems.FORMAT),
    authors=(
        Author(Identifier("1.2.250.1.71.4.2.1", "810001001014"), "Lefèvre-Martin", "Anne", suffix="DR"),
        Author(Identifier("1.2.250.1.213.1.4.10", "279035121518989"), "PAT-TROIS", "Dominique"),
        Author(Identifier("1.2.9", "device-7"), family="Nobody", device="Automate"),
    ),
    events=(Coded("BIO", "1.2.5"),),
    period=Period(datetime(2024, 5, 1, tzinfo=PARIS), datetime(2024, 5, 4, 12, tzinfo=PARIS)),
    facility=Coded("SA01", systems.FACILITY),
    setting=Coded("AMBULATOIRE", systems.SETTING),
    references=(
        Reference("order", Identifier("1.2.7", "ORDER-1")),
        Reference("study", Identifier(identifiers.URI_SYSTEM, "urn:oid:1.2.840.1")),
    ),
)
ROW = Row(
    "doc-1",
    "a",
    "current",
    index.of_document(ENTRY, labels_mask=1, archived=False, entry_uuid=UUID(int=0xA), replaces_id="doc-0"),
    {**index.instants_of(ENTRY), "date": NOW, "_lastUpdated": NOW},
)


@pytest.mark.parametrize(("name", "found", "missed"), NEEDLES)
def test_each_parameter_of_documents(name: str, found: str, missed: str) -> None:
    for value, expected in ((found, True), (missed, False)):
        asked = search.documents([("patient", "a"), ("status", "current"), (name, value)], strict=True, now=NOW)
        assert finds(asked, ROW) == expected
        assert asked.understood[-1] == (name, value)


LIST_ROW = Row(
    "list-1",
    "a",
    "current",
    index.of_list(
        code=Coded("submissionset", "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"),
        designation=Coded("04", "1.2.250.1.213.2.2"),
        unique_id="1.2.3",
        entry_uuid=UUID(int=0xA),
        source_id=Identifier(identifiers.URI_SYSTEM, "urn:oid:1.2.6"),
        source=ENTRY.authors[0],
        author_org=Organisation("Cabinet de l’Étoile", Identifier("1.2.250.1.71.4.2.2", "1750803447")),
        title="Suivi post-opératoire",
        archived=True,
    ),
    {"date": NOW, "_lastUpdated": NOW},
)


@pytest.mark.parametrize(
    ("name", "found", "missed"),
    [
        ("code", "submissionset", "folder"),
        ("code", "http://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes|submissionset", "http://x|submissionset"),
        ("date", "ge2024-06-12", "lt2024-06-12"),
        ("_lastUpdated", "2024", "2023"),
        ("designationType", "urn:oid:1.2.250.1.213.2.2|04", "05"),
        ("identifier", "urn:oid:1.2.3", "urn:oid:1.2.4"),
        ("identifier", f"urn:uuid:{UUID(int=0xA)}", f"urn:uuid:{UUID(int=0xB)}"),
        ("sourceId", "urn:oid:1.2.6", "urn:oid:1.2.7"),
        ("source.given", "anne", "jean"),
        ("source.family", "lefevre martin", "martin"),
        ("source:PractitionerRole.name", "Lefèvre", "paul"),
        ("source:Practitioner.family:contains", "martin", "durand"),
        ("source.identifier", "810001001014", "810001001015"),
        ("source:identifier", "https://rpps.esante.gouv.fr|10001001014", "https://rpps.esante.gouv.fr|1"),
        ("source:Practitioner.given", "a", "b"),
        ("source", "https://rpps.esante.gouv.fr|10001001014", "Practitioner/1"),
        ("authorOrg", "urn:oid:1.2.250.1.71.4.2.2|1750803447", "Organization/org-1"),
        ("authorOrg:identifier", "https://finess.esante.gouv.fr|750803447", "750803447"),
        ("authorOrg.identifier", "1750803447", "2"),
        ("authorOrg.name", "cabinet de l'etoile", "etoile"),
        ("title", "suivi post operatoire", "post"),
        ("title:contains", "OPÉRA", "opus"),
        ("isArchived", "true", "false"),
    ],
)
def test_each_parameter_of_lists(name: str, found: str, missed: str) -> None:
    common = [("patient", "a"), ("status", "current")]
    for value, expected in ((found, True), (missed, False)):
        asked = search.lists([*common, ("code:not", "folder"), (name, value)])
        assert asked.ignored == ()
        assert finds(asked, LIST_ROW) == expected
    assert not finds(search.lists([*common, ("source:Patient.family", "lefevre")]), LIST_ROW)


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


def test_patients() -> None:
    assert search.patients([("identifier", INS), ("name", "x")]) == (TOKEN,)
    for params in ([], [("identifier", "279035121518989")], [("identifier", "urn:oid:1.2|")], [("name", "x")]):
        with pytest.raises(FhirError) as caught:
            search.patients(params)
        assert caught.value.issues[0].details_code == "search-identifier-required"


def test_resource_ids() -> None:
    assert search.resource_id("Binary/x.1", "Binary") == "x.1"
    assert search.resource_id("https://h:8/fhir/Binary/x/_history/3", "Binary") == "x"
    assert search.resource_id("Binary/x", "Patient") is None
    assert search.resource_id("javascript:Binary/x", "Binary") is None


@settings(max_examples=cases(100), deadline=None)
@given(unique_ids)
def test_unique_ids_go_to_fhir_and_back(unique_id: str) -> None:
    written = identifiers.unique_id_to_fhir(unique_id)
    assert identifiers.unique_id(written["system"], written["value"]) == unique_id


@pytest.mark.parametrize(
    ("system", "value", "found"),
    [
        ("urn:ietf:rfc:3986", "urn:uuid:123E4567-E89B-12D3-A456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
        ("", "1.2.3", "1.2.3"),
        ("", "123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
        ("urn:oid:1.2", "a", "1.2^a"),
        ("1.2", "a", "1.2^a"),
        ("urn:oid:1.2", "a^b", None),
        ("urn:oid:1.2", "x" * 256, None),
        ("http://x", "a", None),
        ("", "urn:oid:hello", None),
        ("", "urn:uuid:", None),
        ("", "1." + "1" * 300, None),
    ],
)
def test_unique_id_forms(system: str, value: str, found: str | None) -> None:
    assert identifiers.unique_id(system, value) == found
    assert search.unique_id(Token(system, None)) is None


_NAMES = sorted({*parameters.DOCUMENT, *parameters.LIST})
any_names = st.text() | st.builds("{}{}".format, st.sampled_from(_NAMES), st.sampled_from(["", ":not", ":exact", ":x"]))
any_values = st.text(st.characters(exclude_categories=())) | st.from_regex(
    r"(ap|ne|eq)?[0-9]{4}(-[0-9]{2}){0,2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?([+-][0-9]{2}:[0-9]{2})?)?"
)


@settings(max_examples=cases(300), deadline=None)
@given(st.lists(st.tuples(any_names, any_values), max_size=6), st.booleans())
def test_any_parameters_are_read_or_refused(params: list[tuple[str, str]], strict: bool) -> None:
    for find in (search.documents, search.lists):
        for asked in (params, [("patient", "a"), *params]):
            try:
                found = find(asked, strict=strict)
            except FhirError as refused:
                assert refused.status == 400
                assert json.loads(refused.body())["issue"]
            else:
                # What links repeat is the same search.
                again = find(list(parse_qsl(urlencode(found.understood), keep_blank_values=True)))
                assert again.tokens == found.tokens
                assert (again.names, again.instants, again.sort) == (found.names, found.instants, found.sort)
    with contextlib.suppress(FhirError):
        search.patients(params)
