"""The 50 real documents, against the facts that another script read from them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from lxml import html

from carnet.formats import ins
from carnet.formats.cda import Level1, attachments, read, read_body, to_html
from carnet.formats.cda.nodes import children
from carnet.formats.cda.xml import HL7, clinical_document, parse
from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Organisation
from tests.corpus import cda_bytes, cda_facts, needs_corpus

pytestmark = needs_corpus

# Documents with a fault of their own that does no harm, and what is said of it.
_FAULTS = {
    "cda/BIO-TROD_2024.01_COVID-19_Grippe-A_Grippe-B.xml": "legalAuthenticator/time",
    "cda/CSE-CS24_2025.01.xml": "clé du matricule INS",
    "cda/CSE-CS8_2024.01.xml": "clé du matricule INS",
    "cda/CSE-MDE_2023.01.xml": "clé du matricule INS",
    "cda/SDM-MR_2024.01_nouveau-ne.xml": "clé du matricule INS",
}
_UUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.IGNORECASE)
_FACTS = cda_facts()
_each = pytest.mark.parametrize("facts", _FACTS, ids=[each["file"] for each in _FACTS])


def _id(fact: dict[str, str]) -> str:
    root = fact["root"].lower()
    return f"{root}^{fact['extension']}" if "extension" in fact else root


def _code(fact: dict[str, Any]) -> tuple[str, str]:
    return fact["code"], fact.get("codeSystem", "")


def _coded(code: Coded | None) -> tuple[str, str] | None:
    return None if code is None else (code.code, code.system)


def _instant(stated: str) -> datetime:
    digits, zone = stated[:-5], stated[-5:]
    return datetime.strptime(digits.ljust(14, "0") + zone, "%Y%m%d%H%M%S%z")


def _first_identifier(ids: list[dict[str, str]]) -> Identifier | None:
    return _identifier(ids[0]) if ids else None


def _identifier(fact: dict[str, str]) -> Identifier:
    if "extension" in fact:
        return Identifier(fact["root"], fact["extension"])
    kind = "uuid" if _UUID.fullmatch(fact["root"]) else "oid"
    return Identifier("urn:ietf:rfc:3986", f"urn:{kind}:{fact['root'].lower()}")


@_each
def test_identity_of_the_document(facts: dict[str, Any]) -> None:
    entry = read(cda_bytes(facts))
    assert entry.unique_id == _id(facts["id"])
    assert _coded(entry.type) == _code(facts["typeCode"])
    assert entry.type.display == facts["typeCode"]["displayName"]
    assert entry.title == " ".join(facts["title"].split())
    assert entry.created == _instant(facts["effectiveTime"])
    assert entry.created.utcoffset() == _instant(facts["effectiveTime"]).utcoffset()
    assert _coded(entry.confidentiality) == _code(facts["confidentialityCode"])
    assert entry.labels == frozenset()
    assert entry.language == facts["languageCode"]
    assert entry.set_id == _id(facts["setId"])
    assert entry.version == facts["versionNumber"]
    assert entry.media_type == ("application/xslt+xml" if "wrappedIn" in facts else "text/xml")
    parents = [_id(each) for related in facts["relatedDocuments"] for each in related["parentIds"]]
    assert list(entry.replaces) == parents


@_each
def test_patient(facts: dict[str, Any]) -> None:
    patient, stated = read(cda_bytes(facts)).patient, facts["patient"]
    assert patient.ins == Identifier(facts["ins"][0]["root"], facts["ins"][0]["extension"])
    others = [each for each in stated["ids"] if each["root"] not in ins.OIDS and not each["root"].endswith(".13")]
    assert patient.local == _first_identifier(others)
    families = {each["qualifier"]: each["value"] for each in stated["name"]["family"]}
    assert patient.birth_family == families["BR"]
    assert patient.used_family == families.get("CL", "")
    assert patient.birth_givens == " ".join(each for each in stated["name"]["given"] if isinstance(each, str))
    assert patient.sex == stated["gender"]
    assert patient.birth_date.replace("-", "") == stated["birthTime"]
    assert patient.birth_place == stated.get("birthplace", "")


def _check_person(read_: Author, stated: dict[str, Any]) -> None:
    assert read_.identifier == _first_identifier(stated["ids"])
    name = stated["name"] or {}
    for part in ("family", "given"):
        parts = [each if isinstance(each, str) else each["value"] for each in name.get(part, [])]
        assert getattr(read_, part) == " ".join(parts)
    assert _coded(read_.profession) == (_code(stated["profession"]) if stated["profession"] else None)
    assert bool(read_.device) == ("device" in stated)


def _check_organisation(read_: Organisation | None, stated: dict[str, Any] | None) -> None:
    if stated is None:
        assert read_ is None
        return
    assert read_ is not None
    assert read_.name == " ".join((stated["name"] or "").split())
    assert read_.identifier == _first_identifier(stated["ids"])


@_each
def test_authors_authenticator_custodian(facts: dict[str, Any]) -> None:
    entry = read(cda_bytes(facts))
    assert len(entry.authors) == len(facts["authors"])
    for author, stated in zip(entry.authors, facts["authors"], strict=True):
        _check_person(author, stated)
        _check_organisation(author.organisation, stated.get("organization"))
        assert author.at == _instant(stated["time"])
        assert author.family or author.device or author.organisation
    assert entry.authenticator is not None
    _check_person(entry.authenticator, facts["legalAuthenticator"])
    if _FAULTS.get(facts["file"]) != "legalAuthenticator/time":
        assert entry.authenticator.at == _instant(facts["legalAuthenticator"]["time"])
    _check_organisation(entry.custodian, facts["custodian"])


def _check_period(entry: DocumentEntry, events: list[dict[str, Any]]) -> None:
    times = next(each["effectiveTime"] for each in events if "effectiveTime" in each)
    assert entry.period.start == _instant(times["low"])
    assert entry.period.end == (_instant(times["high"]) if "high" in times else None)


@_each
def test_acts(facts: dict[str, Any]) -> None:
    entry, events = read(cda_bytes(facts)), facts["serviceEvents"]
    codes = [each["code"] for each in events if each.get("code")]
    stated = {_code(code) for each in codes for code in (each, *each.get("translation", [])) if "code" in code}
    assert {_coded(each) for each in entry.events} == stated
    _check_period(entry, events)
    setting = next(each["standardIndustryClassCode"] for each in events if "standardIndustryClassCode" in each)
    assert _coded(entry.setting) == _code(setting)
    assert _coded(entry.facility) == _code(facts["healthCareFacilityCode"])
    orders = [_identifier(each) for order in facts["inFulfillmentOf"] for each in order]
    assert [each.identifier for each in entry.references if each.kind == "order"] == orders


@_each
def test_format_and_warnings(facts: dict[str, Any]) -> None:
    entry = read(cda_bytes(facts))
    assert entry.format is not None
    assert (entry.format.code == "urn:ihe:iti:xds-sd:pdf:2008") == (facts["body"]["kind"] == "nonXMLBody")
    assert entry.format.code != "urn:asipSante:modelesHorsProfils:2011"
    fault = _FAULTS.get(facts["file"])
    assert len(entry.warnings) == (1 if fault else 0)
    assert not fault or fault in entry.warnings[0]


@_each
def test_body(facts: dict[str, Any]) -> None:
    body, stated = read_body(cda_bytes(facts)), facts["body"]
    if stated["kind"] == "nonXMLBody":
        assert isinstance(body, Level1)
        assert (body.media_type, len(body.data)) == (stated["mediaType"], stated["decodedBytes"])
        assert body.data.startswith(b"%PDF-")
        return
    assert not isinstance(body, Level1)
    assert len(body.sections) == facts["sections"]["topLevel"]
    media = facts["entries"]["embeddedMedia"]
    assert len(attachments(cda_bytes(facts))) == len(media)


def _words(text: str) -> str:
    return " ".join(text.split())


@_each
def test_the_narrative_loses_no_word_and_keeps_the_rules(facts: dict[str, Any]) -> None:
    if facts["body"]["kind"] == "nonXMLBody":
        return
    document = clinical_document(parse(cda_bytes(facts)))
    written = to_html(cda_bytes(facts))
    fragment = html.fragment_fromstring(written)
    shown = _words(" ".join(map(str, fragment.itertext())))
    for text in document.iterfind(f".//{HL7}section/{HL7}text"):
        for leaf in text.iter(*(HL7 + name for name in ("td", "th", "paragraph", "item", "content"))):
            own = _words(leaf.text or "")
            assert own in shown
    titles = children(document, "component/structuredBody/component/section/title")
    assert {_words(each.text or "") for each in titles} - {""} <= {each.text for each in fragment.iter("h2")}
    ids = re.findall(r' id="([^"]*)"', written)
    assert len(ids) == len(set(ids))
    levels = [int(each) for each in re.findall(r"<h(\d)", written)]
    assert all(after <= before + 1 for before, after in zip([1, *levels], levels, strict=False))
    assert not re.search(r"style=|<script|javascript:|\son\w+=", written)


def test_the_marks_and_wrappers_of_the_corpus_are_all_met() -> None:
    assert len(_FACTS) == 50
    assert sum(each["bom"] for each in _FACTS) == 3
    assert sum("wrappedIn" in each for each in _FACTS) == 1
    assert sum(each["body"]["kind"] == "nonXMLBody" for each in _FACTS) == 7
    assert all(cda_bytes(each).startswith(b"\xef\xbb\xbf") == each["bom"] for each in _FACTS)
    assert _UUID.fullmatch(next(each for each in _FACTS if "-chains/" in each["file"])["setId"]["root"])


def test_the_deletion_request_of_the_chain_is_the_replacement_itself() -> None:
    """Byte for byte: what makes it a request travels beside the document (the action of the XDM submission)."""
    chain = {
        each["file"].rpartition("/")[2].partition("_")[0]: cda_bytes(each) for each in _FACTS if "ris" in each["file"]
    }
    assert chain["suppression"] == chain["remplacement"]
    first, second = read(chain["transmission"]), read(chain["remplacement"])
    assert second.replaces == (first.unique_id,)
    assert second.set_id == first.set_id
