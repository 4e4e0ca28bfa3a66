from __future__ import annotations

from typing import Any

import orjson
import pytest

from carnet.formats.text import TextError, extract
from tests.corpus import CORPUS, needs_corpus


def _text(resource: Any) -> str:
    return extract(orjson.dumps(resource), "application/fhir+json")


def _narrative(div: str) -> dict[str, str]:
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{div}</div>'}


def test_titles_and_narratives_in_their_order() -> None:
    inner = {"title": "Allergies", "text": _narrative("<p>Pénicilline</p><p>Pas d&#39;autre</p>")}
    composition = {
        "resourceType": "Composition",
        "title": "Synthèse",
        "section": [
            {"title": "Antécédents", "text": _narrative("Asthme&nbsp;léger"), "section": [inner]},
            {"title": "Fin"},
        ],
    }
    other = {"resourceType": "Condition", "text": _narrative("Redite")}
    bundle = {"resourceType": "Bundle", "type": "document", "entry": [{"resource": composition}, {"resource": other}]}
    assert _text(bundle).split("\n") == [
        "Synthèse",
        "Antécédents",
        "Asthme léger",
        "Allergies",
        "Pénicilline",
        "Pas d'autre",
        "Fin",
    ]


def test_a_row_of_a_table_is_a_line_and_scripts_are_nothing() -> None:
    table = "<table><tr><th>TSH</th><td></td><td><p>2,5</p><p>mUI/l</p></td></tr></table><script>x()</script>"
    assert _text({"resourceType": "Observation", "text": _narrative(table)}) == "TSH ; 2,5 mUI/l"


@pytest.mark.parametrize(
    "odd",
    [
        [], "x", None, {"entry": {}}, {"entry": [None, {"resource": 3}]}, {"text": {"div": 4}}, {"text": {"div": ""}},
        {"text": {"div": "<?xml version='1.0' encoding='utf-16'?><div>"}}, {"section": [1, {"section": "x"}]},
        {"text": {"div": "<div>" * 5000}},
    ],
)  # fmt: skip
def test_what_is_odd_has_no_text_and_no_harm(odd: Any) -> None:
    assert _text(odd) == ""


def test_nothing_outside_is_read() -> None:
    reaching = "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><div>vu &b;</div>"
    found = _text({"text": {"div": reaching}})
    assert "vu" in found
    assert "root" not in found


def test_what_is_no_json_is_said() -> None:
    with pytest.raises(TextError) as refusal:
        extract(b"{", "application/fhir+json")
    assert refusal.value.code == "not-json"


@needs_corpus
def test_patient_summaries_of_the_guide() -> None:
    assert CORPUS is not None
    for path in sorted((CORPUS / "fhir" / "ips").glob("Bundle-*.json")):
        found = extract(path.read_bytes(), "application/fhir+json")
        entries = orjson.loads(path.read_bytes())["entry"]
        (composition,) = [each["resource"] for each in entries if each["resource"]["resourceType"] == "Composition"]
        lines = found.split("\n")
        for title in [composition["title"], *(each["title"] for each in composition["section"])]:
            assert " ".join(title.split()) in lines
        assert len(found) > 300
