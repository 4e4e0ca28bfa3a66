"""The page of the FHIR interface names every address that there is, and its examples are taken."""

from __future__ import annotations

import base64
import re
from functools import reduce

import pytest

from carnet.api.fhir.urls import urlpatterns
from tests.api.caller import JSON, Caller
from tests.docs.files import spans
from tests.docs.generate import ROOT
from tests.people import token_of

SPANS = "\n".join(spans(ROOT / "docs/integrate/fhir.md"))


def addresses() -> list[str]:
    """As a page writes them, but for what answers where nothing is."""
    patterns = [str(each.pattern) for each in urlpatterns]
    names = {"<str:fhir_id>": "ID", "<str:number>": "2", "<entry:kind>": "Observation", "<str:name>": "documents"}
    named = [reduce(lambda text, name: text.replace(name, names[name]), names, each) for each in patterns]
    return [each.rstrip("/") for each in named if "<path:" not in each]


@pytest.mark.parametrize("address", addresses())
def test_each_address_is_told(address: str) -> None:
    """In full, or by its end: `…/_search`, `…/ID/_history`."""
    ends = [f"…{address[place.start() :]}" for place in re.finditer("/", address)]
    whole = re.escape(f"/fhir{address}") + r"(?![\w/$])"
    assert re.search(whole, SPANS) or any(re.search(re.escape(end) + r"(?![\w/$])", SPANS) for end in ends)


def test_the_eye_for_addresses() -> None:
    assert "/DocumentReference/ID/_history/2" in addresses()
    assert not re.search(re.escape("/fhir/Nothing"), SPANS)


def _said(path: str) -> bytes:
    return (ROOT / "docs/integrate" / path).read_bytes()


def _alone(content: bytes, media_type: str) -> JSON:
    """A document for ITI-106."""
    binary = {"resourceType": "Binary", "contentType": media_type, "data": base64.b64encode(content).decode()}
    return {"resourceType": "Parameters", "parameter": [{"name": "document", "resource": binary}]}


def test_each_example_of_the_page_is_taken(server: str) -> None:
    """By the hospital of the demonstration, for whom the page has them sent; the second time nothing is added.

    The transaction is sent by who follows first-document.md, and is theirs from then on: test_first_document.py.
    """
    hospital = Caller(server, token_of("hopital"))
    for _ in range(2):
        note = hospital.post("DocumentReference", _said("note.json"))
        assert note.status_code in {200, 201}, note.text
        stored = hospital.get(note.json()["content"][0]["attachment"]["url"], Accept="text/plain").text
        assert stored == "Pansement refait, plaie propre.\n"
        letter = hospital.post("DocumentReference/$generate-metadata", _alone(_said("letter.xml"), "text/xml"))
        assert letter.status_code == 200, letter.text
        assert hospital.get(letter.headers["Location"]).json()["status"] == "current"
