"""ITI-67 and ITI-66 over HTTP: each parameter finds what it should and not what it should not, and pages hold while
others deposit."""

from __future__ import annotations

import json
import random
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import uuid4

import pytest

from carnet.documents.reindexing import reindex
from carnet.formats.entry import Period, replace
from carnet.kernel.ids import short
from tests import people
from tests.api.caller import FORM, JSON, Caller, refused, token
from tests.api.publish import CONFIDENTIALITY, VISIBILITY, simplified
from tests.api.transactions import Transaction, ids, oid
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir.bundles import designation
from tests.people import Resident

_IHE: Final = "https://profiles.ihe.net/ITI/MHD"
_PDSM: Final = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
_FORMATS: Final = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode"
_ORDER: Final = {
    "type": {"coding": [{"system": "urn:ietf:rfc:3986", "code": "urn:ihe:iti:xds:2013:order"}]},
    "system": "urn:oid:1.2.3.4.5",
    "value": "ORDRE-1",
}


@dataclass(frozen=True)
class Filled:
    """A record with two documents that differ in everything, `first` and `second`, in a set each, and a folder of the
    first."""

    patient: Resident
    clinic: Caller
    first: str
    second: str
    lists: dict[str, str]
    unique_id: str
    registered: str  # when the first was, which is the date of its DocumentReference

    @property
    def whose(self) -> JSON:
        return {"patient.identifier": token(self.patient)}


def _concept(system: str, code: str) -> JSON:
    return {"coding": [{"system": system, "code": code}]}


def _author(resource: JSON, family: str, given: str, number: str) -> None:
    practitioner = resource["contained"][1]
    practitioner["name"] = [{"family": family, "given": [given]}]
    practitioner["identifier"] = [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": number}]


@pytest.fixture(scope="module")
def filled(server: str) -> Filled:
    patient, clinic = people.a_patient(), Caller.of(server, people.software())
    one = Transaction(patient.ins)
    url = one.document(b"un")
    resource = one.parts[0]["resource"]
    _author(resource, "Le Goff", "Maïwenn", "810009999991")
    resource["content"][0]["attachment"]["creation"] = "2020-05-04T10:00:00+02:00"
    resource["date"] = "2020-05-05T10:00:00+02:00"
    resource["context"] |= {
        "period": {"start": "2020-05-01T08:00:00+02:00", "end": "2020-05-03T08:00:00+02:00"},
        "related": [{"identifier": _ORDER}],
        "event": [_concept("urn:oid:1.2.250.1.213.2.5", "YYYY001")],
    }
    resource["securityLabel"] = [_concept(CONFIDENTIALITY, "R"), _concept(VISIBILITY, "MASQUE_PS")]
    resource["extension"] = [{"url": f"{_PDSM}/pdsm-ext-is-archived", "valueBoolean": True}]
    one.folder([url])
    one.parts[-1]["resource"] |= {"title": "Cœur et vaisseaux", "date": "2020-06-01T08:00:00+02:00"}
    bundle = one.bundle()
    _source(bundle, "Le Goff", "Maïwenn", "urn:oid:1.2.3.111", "2020-05-06T08:00:00+02:00", "10", "Hospitalisation")
    answer = clinic.post("", bundle).json()
    (first,), (set_one, folder) = ids(answer), ids(answer, "List")

    two = Transaction(patient.ins)
    two.document(b"deux")
    resource = two.parts[0]["resource"]
    _author(resource, "Durand", "Paul", "810008888882")
    resource["type"] = _concept("http://loinc.org", "57833-6")
    resource["category"] = [
        _concept("https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument", "42")
    ]
    resource["content"][0]["attachment"]["creation"] = "2025-01-02T10:00:00+01:00"
    resource["date"] = "2025-01-03T10:00:00+01:00"
    resource["content"][0]["format"] = {"system": _FORMATS, "code": "urn:ihe:lab:xd-lab:2008"}
    resource["context"] |= {
        "period": {"start": "2025-01-01T08:00:00+01:00", "end": "2025-01-02T08:00:00+01:00"},
        "facilityType": _concept("http://snomed.info/sct", "264372000"),
        "practiceSetting": _concept("http://snomed.info/sct", "408443003"),
    }
    bundle = two.bundle()
    _source(bundle, "Durand", "Paul", "urn:oid:1.2.3.222", "2025-01-04T08:00:00+01:00", "60", "Consultation")
    answer = clinic.post("", bundle)
    assert answer.status_code == 200, answer.text
    (second,), (set_two,) = ids(answer.json()), ids(answer.json(), "List")
    unique_id = two.parts[0]["resource"]["masterIdentifier"]["value"]
    registered = clinic.get(f"DocumentReference/{first}").json()["date"].replace("+", "%2B")
    lists = {"one": set_one, "two": set_two, "folder": folder}
    return Filled(patient, clinic, first, second, lists, unique_id, registered)


def _source(bundle: JSON, family: str, given: str, source: str, date: str, code: str, title: str) -> None:
    resource = bundle["entry"][0]["resource"]
    resource["contained"][0]["name"] = [{"family": family, "given": [given]}]
    resource["extension"] = [
        designation(code),
        {
            "url": f"{_IHE}/StructureDefinition/ihe-sourceId",
            "valueIdentifier": {"system": "urn:ietf:rfc:3986", "value": source},
        },
    ]
    resource |= {"date": date, "title": title}


# What finds the second document alone, of the two; `not` what finds the first alone.
SECOND: Final = (
    "identifier=urn:ietf:rfc:3986|UNIQUE",
    "identifier=UNIQUE",
    "_id=SECOND",
    "type=http://loinc.org|57833-6",
    "type=57833-6",
    "type=http://loinc.org|57833-6,http://loinc.org|00000-0",
    "category=42",
    "category=https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument|42",
    "facility=http://snomed.info/sct|264372000",
    "setting=http://snomed.info/sct|408443003",
    "format=urn:ihe:lab:xd-lab:2008",
    "security-label=N",
    f"security-label={CONFIDENTIALITY}|N",
    "security-label:not=MASQUE_PS",
    "isArchived=false",
    "isArchived:not=true",
    "creation=ge2025",
    "creation=2025-01-02",
    "creation=gt2020-05-04",
    "date=gtREGISTERED",
    "period=2025-01-01",
    "period=ge2025-01-02",
    "period=sa2020-12-31",
    "period-start=ge2025-01-01",
    "period-end=ge2025-01-02",
    "author.family=durand",
    "author.family:exact=Durand",
    "author.family:contains=URAN",
    "author.given=paul",
    "author:PractitionerRole.name=dur",
    "author.identifier=urn:oid:1.2.250.1.71.4.2.1|810008888882",
)
FIRST: Final = (
    "_id=FIRST",
    "type=11488-4",
    "category=10",
    "facility=22232009",
    "setting=394802001",
    "format=urn:ihe:iti:xds:2017:mimeTypeSufficient",
    "event=YYYY001",
    "security-label=MASQUE_PS",
    f"security-label={VISIBILITY}|MASQUE_PS",
    "security-label=R&security-label=MASQUE_PS",
    "isArchived=true",
    "creation=2020-05-04",
    "creation=lt2021",
    "date=leREGISTERED",
    "period=2020-05-02",
    "period=eb2021",
    "period-start=2020-05-01",
    "period-end=lt2021",
    "author.family=le goff",
    "author.given=maiwenn",
    "author.given:exact=Ma%C3%AFwenn",
    "related:identifier=urn:oid:1.2.3.4.5|ORDRE-1",
)
BOTH: Final = ("", "status=current", "status=current,superseded", "_id=FIRST,SECOND", "security-label=R,N")
NEITHER: Final = (
    "status=superseded",
    "type=57833-6&category=10",
    "type=urn:oid:1.2.3|57833-6",
    "type=http://loinc.org|99999-9",
    "author.family:exact=durand",
    "author.family=oura",
    "author.given:exact=maiwenn",
    "creation=ge2026",
    "date=2020-05-05",
    "period=2022",
    "security-label=V",
    "relatesto=DocumentReference/SECOND",
    "identifier=urn:oid:1.2.3.4.5|nothing",
    "_id=nothing",
)
LISTS: Final = {
    "code=submissionset": {"one", "two"},
    f"code={_IHE}/CodeSystem/MHDlistTypes|submissionset": {"one", "two"},
    "code=http://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes|folder": {"folder"},
    "code=submissionset&date=ge2025": {"two"},
    "code=submissionset&date=2020-05-06": {"one"},
    "designationType=60": {"two"},
    "designationType=10": {"one", "folder"},
    "sourceId=urn:oid:1.2.3.222": {"two"},
    "sourceId=urn:ietf:rfc:3986|urn:oid:1.2.3.111": {"one"},
    "source.family=le goff": {"one"},
    "source.given=paul": {"two"},
    "source:PractitionerRole.name=durand": {"two"},
    "title=coeur": {"folder"},
    "title=consult": {"two"},
    "title:exact=Hospitalisation": {"one"},
    "status=current": {"one", "two", "folder"},
    "status=retired": set(),
    "isArchived=true": set(),
    "source:Patient.family=durand": set(),
    "identifier=UNIQUE": set(),
}


def _pairs(query: str, filled: Filled) -> list[tuple[str, str]]:
    for name, value in (
        ("FIRST", filled.first),
        ("SECOND", filled.second),
        ("UNIQUE", filled.unique_id),
        ("REGISTERED", filled.registered),
    ):
        query = query.replace(name, value)
    return [("patient.identifier", token(filled.patient)), *parse_qsl(query, keep_blank_values=True)]


def _both_ways(filled: Filled, resource: str, query: str) -> set[str]:
    """By GET, by POST, and by POST with a part of it in the address: the same."""
    pairs = _pairs(query, filled)
    found = filled.clinic.ids(resource, pairs)
    form, address = _form(pairs), _form(pairs[:1])
    for path, body in ((f"{resource}/_search", form), (f"{resource}/_search?{address}", _form(pairs[1:]))):
        answer = filled.clinic.post(path, body.encode(), FORM)
        assert answer.status_code == 200, answer.text
        assert {entry["resource"]["id"] for entry in answer.json().get("entry", ())} == found
    return found


def _form(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)


@pytest.mark.parametrize("query", [*SECOND, *FIRST, *BOTH, *NEITHER])
def test_a_parameter_finds_what_it_should(query: str, filled: Filled) -> None:
    expected = {filled.first} if query in FIRST else {filled.second} if query in SECOND else set()
    if query in BOTH:
        expected = {filled.first, filled.second}
    assert _both_ways(filled, "DocumentReference", query) == expected


@pytest.mark.parametrize("query", LISTS)
def test_a_parameter_finds_the_lists_that_it_should(query: str, filled: Filled) -> None:
    assert _both_ways(filled, "List", query) == {filled.lists[name] for name in LISTS[query]}


def test_the_patient_is_named_in_every_way(filled: Filled) -> None:
    patient, both = filled.patient, {filled.first, filled.second}
    record = short(patient.record_id)
    for name, value in (
        ("patient", record),
        ("patient", f"Patient/{record}"),
        ("subject", f"Patient/{record}"),
        ("patient", f"{filled.clinic.server}/fhir/Patient/{record}"),
        ("patient.identifier", patient.ins),
        ("patient:Patient.identifier", token(patient)),
        ("subject.identifier", token(patient)),
    ):
        assert filled.clinic.ids("DocumentReference", {name: value}) == both, (name, value)
    assert filled.clinic.ids("DocumentReference", {"patient": record, "patient.identifier": token(patient)}) == both


def test_a_search_names_somebody(filled: Filled) -> None:
    for resource in ("DocumentReference", "List"):
        refused(filled.clinic.get(resource, {"status": "current"}), 400, "search-patient-required")
        refused(filled.clinic.get(resource), 400, "search-patient-required")


def test_nobody_else_finds_it(filled: Filled, server: str) -> None:
    stranger, doctor = Caller.of(server, people.software()), Caller.of(server, people.a_doctor())
    for query in (filled.whose, filled.whose | {"identifier": filled.unique_id}):
        assert stranger.ids("DocumentReference", query) == set(), "software finds its own"
        refused(doctor.get("DocumentReference", query), 403, "forbidden")
    assert doctor.ids("DocumentReference", {"identifier": filled.unique_id}) == set()
    assert stranger.ids("DocumentReference", {"identifier": filled.unique_id}) == set()
    assert stranger.ids("DocumentReference", {"_id": filled.second}) == set()


def test_a_masked_document_is_neither_listed_nor_counted(filled: Filled, server: str) -> None:
    doctor = Caller.of(server, people.authorised(filled.patient, people.a_doctor()))
    assert doctor.ids("DocumentReference", filled.whose) == {filled.second}
    counted = doctor.found("DocumentReference", filled.whose | {"_summary": "count"})
    assert (counted["total"], "entry" in counted) == (1, False)
    for hidden in ("type=11488-4", "author.family=le goff", "_id=FIRST", "security-label=MASQUE_PS"):
        assert doctor.ids("DocumentReference", _pairs(hidden, filled)) == set()
    assert doctor.ids("List", filled.whose) == {filled.lists["two"]}
    refused(doctor.get(f"List/{filled.lists['folder']}"), 404, "not-found")


def test_what_is_not_understood_is_put_aside_or_refused(filled: Filled) -> None:
    query = filled.whose | {"status": "current", "colour": "blue"}
    bundle = filled.clinic.found("DocumentReference", query)
    assert bundle["total"] == 2
    self_url = next(link["url"] for link in bundle["link"] if link["relation"] == "self")
    assert "colour" not in self_url, "a client sees what was not taken into account"
    strict = {"Prefer": "handling=strict"}
    refused(filled.clinic.get("DocumentReference", query, **strict), 400, "search-parameter")
    refused(filled.clinic.get("DocumentReference", filled.whose, **strict), 400, "search-status-required")
    refused(filled.clinic.get("DocumentReference", filled.whose | {"type:in": "x"}), 400, "search-modifier")
    assert filled.clinic.get("DocumentReference", filled.whose | {"status": "current"}, **strict).status_code == 200
    refused(filled.clinic.get("List", filled.whose, **strict), 400, "search-code-required", "search-status-required")


@pytest.mark.parametrize(
    ("sort", "descending"), [("creation", False), ("-creation", True), ("date", False), ("-period", True)]
)
def test_answers_are_sorted(sort: str, descending: bool, filled: Filled) -> None:
    bundle = filled.clinic.found("DocumentReference", filled.whose | {"_sort": sort})
    found = [entry["resource"]["id"] for entry in bundle["entry"]]
    assert found == ([filled.second, filled.first] if descending else [filled.first, filled.second])


def test_a_count_is_all_that_is_asked(filled: Filled) -> None:
    for asked in ({"_summary": "count"}, {"_count": "0"}):
        bundle = filled.clinic.found("DocumentReference", filled.whose | asked)
        assert (bundle["total"], "entry" in bundle) == (2, False)
    assert "total" not in filled.clinic.found("DocumentReference", filled.whose | {"_total": "none"})


# Pages


@pytest.fixture(scope="module")
def many(server: str) -> tuple[Resident, Caller, set[str]]:
    patient, clinic = people.a_patient(), Caller.of(server, people.software())
    made = set()
    for number in range(25):
        body = simplified(token(patient), f"Document {number}.".encode())
        made.add(clinic.post("DocumentReference", body).json()["id"])
    return patient, clinic, made


def _next(bundle: JSON) -> str | None:
    return next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)


def _pages(caller: Caller, address: str | None) -> list[JSON]:
    pages: list[JSON] = []
    while address:
        pages.append(caller.found(address) if pages else caller.get(address).json())
        address = _next(pages[-1])
        assert len(pages) < 100
    return pages


@pytest.mark.parametrize("sort", ["", "creation", "-date", "_lastUpdated,-creation"])
def test_each_document_comes_once_while_others_are_deposited(
    sort: str, many: tuple[Resident, Caller, set[str]]
) -> None:
    """Twenty-five bear the same date: only their id tells them apart."""
    patient, clinic, made = many
    stop = threading.Event()
    added: set[str] = set()

    def deposit() -> None:
        while not stop.is_set() and len(added) < 40:
            body = simplified(token(patient), random.randbytes(8).hex().encode())
            added.add(clinic.post("DocumentReference", body).json()["id"])

    before = set(made)
    depositor = threading.Thread(target=deposit)
    depositor.start()
    try:
        order = f"&_sort={sort}" if sort else ""
        pages = _pages(clinic, f"DocumentReference?patient.identifier={token(patient)}&status=current&_count=4{order}")
    finally:
        stop.set()
        depositor.join()
    made |= added
    found = [entry["resource"]["id"] for page in pages for entry in page.get("entry", ())]
    assert len(found) == len(set(found)), "none comes twice"
    assert before <= set(found) <= before | added, "none is passed over"
    assert all(len(page["entry"]) == 4 for page in pages[:-1])


def test_a_page_mark_is_for_its_search_and_its_caller(many: tuple[Resident, Caller, set[str]], server: str) -> None:
    patient, clinic, _ = many
    bundle = clinic.found("DocumentReference", {"patient.identifier": token(patient), "_count": "5"})
    address = _next(bundle)
    assert address
    assert clinic.get(address).status_code == 200
    mark = dict(parse_qsl(urlsplit(address).query))["_cursor"]
    query: dict[str, Any] = {"patient.identifier": token(patient), "_count": "5"}
    holder = Caller.of(server, patient.actor)
    other = people.a_patient()
    people.deposited(people.software(), other)
    for caller, asked in (
        (holder, query),
        (clinic, query | {"type": "57833-6"}),
        (clinic, {"patient.identifier": token(other)}),
        (clinic, query | {"_sort": "creation"}),
    ):
        refused(caller.get("DocumentReference", asked | {"_cursor": mark}), 400, "search-value")
    refused(clinic.get("List", query | {"_cursor": mark}), 400, "search-value")
    for position in range(0, len(mark), max(1, len(mark) // 40)):
        letter = "A" if mark[position] != "A" else "B"
        altered = mark[:position] + letter + mark[position + 1 :]
        refused(clinic.get("DocumentReference", query | {"_cursor": altered}), 400, "search-value")
    # Another size of page is the same search.
    assert clinic.get("DocumentReference", query | {"_count": "7", "_cursor": mark}).status_code == 200


TOTALS: Final = (1, 2, 1, 1, 1, 1, 1, 2, 1)
"""What each search of the guides finds of the two documents of `guided`, in their order; the tenth retrieves one."""
_KIND: Final = "11488-4"


@pytest.fixture
def guided(server: str) -> tuple[Caller, Resident, str, str]:
    """A record with what each search of the guides asks for, and a document and a set that most of them do not: the
    caller, the person, and of the first document the id and the identifier."""
    patient, clinic, identifier = people.a_patient(), Caller.of(server, people.software()), oid()
    one = Transaction(patient.ins)
    one.document("été".encode(), unique_id=identifier)
    one.parts[0]["resource"]["context"]["period"] = {"start": "2020-01-01T08:00:00+01:00"}
    bundle = one.bundle()
    asked = designation("10")
    asked["valueCodeableConcept"] = _concept("http://loinc.org", _KIND)
    others = [each for each in bundle["entry"][0]["resource"]["extension"] if each["url"] != asked["url"]]
    bundle["entry"][0]["resource"]["extension"] = [asked, *others]
    answer = clinic.post("", bundle)
    assert answer.status_code == 200, answer.text
    two = Transaction(patient.ins)
    two.document(b"deux", type=_concept("http://loinc.org", "57833-6"))
    two.parts[0]["resource"]["category"] = [
        _concept("https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument", "42")
    ]
    assert clinic.post("", two.bundle()).status_code == 200
    return clinic, patient, ids(answer.json())[0], identifier


@needs_corpus
def test_the_searches_of_the_guides(guided: tuple[Caller, Resident, str, str]) -> None:
    """As they are written, for a person, a document and a type of ours in the place of theirs."""
    clinic, patient, first, identifier = guided
    *searches, retrieval = _requests(patient, identifier)
    for request, total in zip(searches, TOTALS, strict=True):
        address = request["path"].lstrip("/")
        if request["method"] == "POST":
            answer = clinic.post(address, _form(list(request["form"].items())).encode(), FORM)
            assert (answer.status_code, answer.json()["total"]) == (200, total)
        else:
            assert clinic.found(address, request["query"])["total"] == total, request
    url = clinic.get(f"DocumentReference/{first}").json()["content"][0]["attachment"]["url"]
    assert clinic.get(url, Accept="text/plain").content == "été".encode()
    refused(clinic.get(url, **retrieval["headers"]), 406, "not-acceptable")


def _requests(patient: Resident, identifier: str) -> list[JSON]:
    assert CORPUS is not None
    text = (CORPUS / "fhir/searches/requests.json").read_text(encoding="utf-8")
    for theirs, ours in (
        ("urn:oid:1.2.250.1.213.1.4.8|123456789012345", token(patient)),
        ('"156"', f'"{patient.ins}"'),
        ("9876", short(patient.record_id)),
        ("urn:oid:1.2.250.1.213.1.4.8.99999.0", identifier),
        ("http://loinc.org|1234-5", f"http://loinc.org|{_KIND}"),
    ):
        assert theirs in text, theirs
        text = text.replace(theirs, ours)
    requests: list[JSON] = json.loads(text)
    return requests


def test_a_correction_is_found_by_what_it_replaces(server: str) -> None:
    patient, clinic = people.a_patient(), Caller.of(server, people.software())
    old = f"urn:oid:2.25.{uuid4().int}"
    first = clinic.post("DocumentReference", simplified(token(patient), b"1", unique_id=old)).json()["id"]
    by_id = {"reference": f"DocumentReference/{first}"}
    relation = [{"code": "replaces", "target": by_id}]
    second = clinic.post("DocumentReference", simplified(token(patient), b"2", relatesTo=relation)).json()["id"]
    whose = {"patient.identifier": token(patient)}
    for query in (
        {"relatesto": f"DocumentReference/{first}"},
        {"relatesto:identifier": f"urn:ietf:rfc:3986|{old}"},
        {"relatesto": f"urn:ietf:rfc:3986|{old}"},
    ):
        assert clinic.ids("DocumentReference", whose | query) == {second}, query
    # The index is made again from what is written.
    reindex(patient.record_id)
    assert clinic.ids("DocumentReference", whose | {"relatesto:identifier": f"urn:ietf:rfc:3986|{old}"}) == {second}


@pytest.mark.parametrize(
    ("period", "inside", "outside"),
    [
        ({"start": "2020-03-02T10:00:00+01:00", "end": "2020-03-02"}, "2020-03-02T23:00:00%2B01:00", "2020-03-03"),
        ({"start": "2020-02-27", "end": "2020-03"}, "2020-03-31T23:59:00%2B02:00", "2020-04"),
        ({"start": "2020", "end": "2020"}, "2020-12-31", "2021-01-01"),
    ],
)
def test_a_partial_end_holds_to_its_end(period: JSON, inside: str, outside: str, server: str) -> None:
    patient, clinic = people.a_patient(), Caller.of(server, people.software())
    body = simplified(token(patient), b"x", context={"period": period})
    answer = clinic.post("DocumentReference", body)
    assert answer.status_code == 201, answer.text
    for instant, found in ((inside, 1), (outside, 0)):
        address = f"DocumentReference?patient.identifier={token(patient)}&period={instant}"
        assert clinic.get(address).json()["total"] == found, instant


def test_a_period_that_ends_before_it_starts_is_refused_at_its_place(server: str) -> None:
    patient, clinic = people.a_patient(), Caller.of(server, people.software())
    reversed_one = {"start": "2020-03-02T10:00:00+01:00", "end": "2020-03-01"}
    body = simplified(token(patient), b"x", context={"period": reversed_one})
    outcome = refused(clinic.post("DocumentReference", body), 422, "period-reversed")
    assert outcome["issue"][0]["expression"] == ["DocumentReference.context.period"]
    one = Transaction(patient.ins)
    one.document(b"un")
    one.parts[0]["resource"]["context"]["period"] = reversed_one
    outcome = refused(clinic.post("", one.bundle()), 422, "period-reversed")
    assert outcome["issue"][0]["expression"] == ["Bundle.entry[1].resource.context.period"]
    assert clinic.ids("DocumentReference", {"patient.identifier": token(patient)}) == set()


def test_an_act_that_a_cda_ends_before_its_start_breaks_no_search(server: str) -> None:
    patient, software = people.a_patient(), people.software()
    act = Period(datetime(2020, 3, 2, 10, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC))
    people.deposited(software, patient, of=replace(people.entry(), period=act))
    clinic = Caller.of(server, software)
    for day, found in (("2020-03-02", 1), ("2018-05-02", 0)):
        bundle = clinic.get("DocumentReference", {"patient.identifier": token(patient), "period": day}).json()
        assert bundle["total"] == found
