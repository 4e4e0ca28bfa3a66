"""The CapabilityStatement, checked against the structure of R4 and the published definitions of MHD and PDSm."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

from carnet.formats.fhir import capability
from carnet.formats.fhir.capability import OAuth
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir import profile, r4

JSON = dict[str, Any]
NOW = datetime(2026, 6, 12, 8, 30, tzinfo=UTC)
BASE = "https://carnet.example/fhir"
TOKEN, INTROSPECT, REVOKE, AUTHORIZE, REGISTER = (
    f"https://carnet.example/oauth/{name}" for name in ("token", "introspect", "revoke", "authorize", "register")
)

# The codes that R4 has for each.
TYPE_INTERACTIONS = {
    *("read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type")
}
SYSTEM_INTERACTIONS = {"transaction", "batch", "search-system", "history-system"}
PARAMETER_TYPES = {"number", "date", "string", "token", "reference", "composite", "quantity", "uri", "special"}
# Written otherwise in the statements of the guides than as the code of the parameter.
CODES = {
    "DesignationType": "designationType",
    "SourceId": "sourceId",
    "PDSm_isArchived": "isArchived",
    "PDSm_authorOrg": "authorOrg",
    "PDSm_DocumentReference_period-start": "period-start",
    "PDSm_DocumentReference_period-end": "period-end",
    "PDSm_List_PatientAsSource": "source",
    "PDSm_List_PractitionerRoleAsSource": "source",
    "DocumentReference Patient": "patient",
    "DocumentRefence Author": "author",
    "_lastupdated": "_lastUpdated",
}


def _made(oauth: OAuth | None = None) -> JSON:
    made: JSON = json.loads(capability.statement(base_url=BASE, software_version="0.1.0", date=NOW, oauth=oauth))
    return made


def _resources(statement: JSON) -> dict[str, JSON]:
    return {each["type"]: each for each in statement["rest"][0].get("resource", [])}


@cache
def _published() -> dict[str, JSON]:
    """The definitions by their canonical URLs."""
    assert CORPUS is not None
    folder = CORPUS / "fhir" / "definitions"
    read = (json.loads(path.read_bytes()) for guide in ("mhd", "pdsm") for path in (folder / guide).glob("*.json"))
    return {each["url"]: each for each in read}


def test_structure() -> None:
    oauth = OAuth(authorize=AUTHORIZE, token=TOKEN, register=REGISTER, introspect=INTROSPECT, revoke=REVOKE)
    for statement in (_made(), _made(oauth)):
        assert profile.violations(r4.CAPABILITY_STATEMENT, statement) == []
        assert (statement["kind"], statement["fhirVersion"], statement["format"]) == ("instance", "4.0.1", ["json"])
        assert statement["implementation"]["url"] == BASE
        assert statement["date"] == "2026-06-12T08:30:00+00:00"


def test_the_eye_for_structure() -> None:
    statement = _made()
    del statement["kind"], statement["rest"][0]["resource"][0]["searchParam"][0]["type"]
    statement["rest"][0]["resource"][1]["conditionalPatch"] = True
    assert profile.violations(r4.CAPABILITY_STATEMENT, statement) == [
        "CapabilityStatement.kind: 0, not 1..1",
        "CapabilityStatement.rest.resource.searchParam.type: 0, not 1..1",
        "rest.resource.conditionalPatch: unknown",
    ]


def test_codes_and_rules() -> None:
    rest = _made()["rest"][0]
    types = [each["type"] for each in rest["resource"]]
    assert len(set(types)) == len(types)
    assert {each["code"] for each in rest["interaction"]} <= SYSTEM_INTERACTIONS
    for resource in rest["resource"]:
        codes = [each["code"] for each in resource["interaction"]]
        assert set(codes) <= TYPE_INTERACTIONS
        assert len(set(codes)) == len(codes)
        names = [each["name"] for each in resource.get("searchParam", [])]
        # cpb-12
        assert len(set(names)) == len(names)
        assert {each["type"] for each in resource.get("searchParam", [])} <= PARAMETER_TYPES
        assert ("search-type" in codes) == bool(names)
        assert resource.get("readHistory", False) == ("vread" in codes)
        # A chain has no definition of its own, everything else has.
        assert {each["name"] for each in resource.get("searchParam", []) if "definition" not in each} == {
            name for name in names if "." in name
        }


_BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/"


@needs_corpus
def test_canonical_urls_lead_to_published_definitions() -> None:
    statement = _made()
    published = _published()
    named = re.findall(r'https://(?:profiles\.ihe\.net|interop\.esante\.gouv\.fr)/[^"\s]+', json.dumps(statement))
    assert len(set(named)) > 15
    assert {url for url in named if "/ImplementationGuide/" not in url} <= published.keys()
    guides = {guide for each in published.values() for guide in each.get("implementationGuide", ())}
    assert set(statement["implementationGuide"]) <= guides
    for resource in _resources(statement).values():
        for url in filter(None, (resource.get("profile"), *resource.get("supportedProfile", ()))):
            if url.startswith(_BACKPORT):
                continue  # a guide that the corpus has not: its addresses are those of its own sources
            assert published[url]["type"] == resource["type"]
        for parameter in resource.get("searchParam", ()):
            known = published.get(parameter.get("definition", ""))
            if known:
                assert (known["code"], known["type"]) == (parameter["name"], parameter["type"])
                assert resource["type"] in known["base"]
        for operation in resource.get("operation", ()):
            if operation["definition"] in published:
                assert published[operation["definition"]]["code"] == operation["name"]


@needs_corpus
def test_what_the_actors_demand() -> None:
    """Every interaction and search parameter of the server actors that the statement claims to be."""
    ours, published = _made(), _published()
    system = {each["code"] for each in ours["rest"][0]["interaction"]}
    for url in ours["instantiates"]:
        rest = published[url]["rest"][0]
        # MHD's responder would also search without naming a type.
        assert {each["code"] for each in rest.get("interaction", ())} - {"search-system"} <= system
        for theirs in rest.get("resource", ()):
            mine = _resources(ours)[theirs["type"]]
            assert _codes(theirs, "interaction", "code") <= _codes(mine, "interaction", "code")
            done = {each["name"]: each["type"] for each in mine.get("searchParam", ())}
            for asked in theirs.get("searchParam", ()):
                assert done[CODES.get(asked["name"], asked["name"])] == asked["type"]
            operations = {each["name"].removeprefix("$") for each in theirs.get("operation", ())}
            assert operations <= _codes(mine, "operation", "name")


def _codes(resource: JSON, element: str, name: str) -> set[str]:
    return {each[name] for each in resource.get(element, ())}


@needs_corpus
def test_core_parameters_are_those_that_the_guides_name() -> None:
    responder = _published()["https://profiles.ihe.net/ITI/MHD/CapabilityStatement/IHE.MHD.DocumentResponder"]
    ours = _resources(_made())
    for kind, resource in _resources(responder).items():
        theirs = {each["name"]: each.get("definition") for each in resource.get("searchParam", ())}
        mine = {each["name"]: each.get("definition") for each in ours[kind].get("searchParam", ())}
        shared = theirs.keys() & mine.keys()
        assert {name: mine[name] for name in shared} == {name: theirs[name] for name in shared}


def test_where_tokens_come_from() -> None:
    assert "service" not in _made()["rest"][0]["security"]
    oauth = OAuth(authorize=AUTHORIZE, token=TOKEN, register=REGISTER, introspect=INTROSPECT, revoke=REVOKE)
    security = _made(oauth)["rest"][0]["security"]
    assert [each["coding"][0]["code"] for each in security["service"]] == ["SMART-on-FHIR"]
    addresses = security["extension"][0]
    assert addresses["url"] == "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
    assert {each["url"]: each["valueUri"] for each in addresses["extension"]} == {
        "authorize": AUTHORIZE,
        "register": REGISTER,
        "token": TOKEN,
        "introspect": INTROSPECT,
        "revoke": REVOKE,
    }
