"""The page of the FHIR interface names every address that there is."""

from __future__ import annotations

import re
from functools import reduce

import pytest

from carnet.api.fhir.urls import urlpatterns
from tests.docs.files import spans
from tests.docs.generate import ROOT

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
