"""The stored text after a PATCH: what was asked for has changed, and nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.entry import DocumentEntry
from carnet.formats.fhir import bundle, patch
from carnet.formats.fhir.patch import Change, Current
from tests.cases import cases
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir import profile
from tests.formats.fhir.entries import entries
from tests.formats.fhir.patch.bodies import ARCHIVED, JSON, NOW, VISIBILITY, after, codes, currents, stored

LATER = NOW + timedelta(minutes=5)


@cache
def _definition() -> JSON:
    assert CORPUS is not None
    folder = CORPUS / "fhir" / "definitions" / "pdsm"
    definition: JSON = json.loads(
        (folder / "StructureDefinition-pdsm-comprehensive-document-reference.json").read_bytes()
    )
    return definition


@st.composite
def changes(draw: st.DrawFn) -> tuple[Current, Change]:
    current = draw(currents)
    wanted = draw(st.frozensets(st.sampled_from(VISIBILITY)))
    base = draw(st.sampled_from(["N", "R", "V"]))
    archived = draw(st.booleans())
    change = Change(
        add=wanted - current.labels,
        remove=current.labels - wanted,
        base=base if base != current.base else None,
        archived=archived if archived != current.archived else None,
        withdraw=draw(st.booleans()),
    )
    return current, change


@settings(max_examples=cases(100))
@given(changes(), entries)
def test_what_was_asked_for_and_nothing_else(both: tuple[Current, Change], entry: DocumentEntry) -> None:
    current, change = both
    before = stored(current, entry=entry)
    text = patch.updated(before, change, version=7, last_updated=LATER)
    old, new = json.loads(before), json.loads(text)
    ends = after(current, change)
    assert codes(new) == list(ends.served)
    assert new["status"] == ends.status
    archived = [{"url": ARCHIVED, "valueBoolean": True}] if ends.archived else None
    assert new.get("extension") == archived
    assert new["meta"] == old["meta"] | {"versionId": "7", "lastUpdated": "2026-06-12T08:35:00+00:00"}
    moved = {"securityLabel", "status", "extension", "meta"}
    assert {k: v for k, v in new.items() if k not in moved} == {k: v for k, v in old.items() if k not in moved}
    assert [k for k in new if k != "extension"] == [k for k in old if k != "extension"]
    # FHIR's own order: extensions follow what is contained.
    assert "extension" not in new or list(new).index("extension") == list(new).index("contained") + 1
    assert patch.current(text) == ends


@needs_corpus
@settings(max_examples=cases(50))
@given(changes(), entries)
def test_it_still_satisfies_the_profile(both: tuple[Current, Change], entry: DocumentEntry) -> None:
    current, change = both
    text = patch.updated(stored(current, entry=entry), change, version=2, last_updated=LATER)
    assert profile.violations(_definition(), json.loads(text)) == []


@settings(max_examples=cases(50))
@given(changes())
def test_a_bundle_takes_it_as_it_takes_every_stored_text(both: tuple[Current, Change]) -> None:
    current, change = both
    text = patch.updated(stored(current), change, version=2, last_updated=LATER)
    made = json.loads(bundle.searchset([text], total=1, self_url="u", base="https://carnet.example/fhir"))
    assert made["entry"][0]["fullUrl"] == "https://carnet.example/fhir/DocumentReference/doc-1"
    assert made["entry"][0]["resource"] == json.loads(text)


def test_extensions_of_others_stay() -> None:
    other = {"url": "https://example.org/other", "valueString": "x"}
    resource: dict[str, Any] = json.loads(stored(Current("N", archived=True)))
    resource["extension"].append(other)
    text = json.dumps(resource, separators=(",", ":"))
    assert patch.current(text).archived
    restored = json.loads(patch.updated(text, Change(archived=False), version=2, last_updated=LATER))
    assert restored["extension"] == [other]
    assert list(restored) == list(resource)


def test_a_text_of_another_maker_is_refused() -> None:
    with pytest.raises(ValueError, match="begin"):
        patch.updated('{"id":"doc-1","resourceType":"DocumentReference"}', Change(), version=2, last_updated=LATER)
