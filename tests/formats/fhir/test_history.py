"""History bundles, checked against the structure and the rules of Bundle in FHIR R4."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.fhir import history, patch
from carnet.formats.fhir.history import Version
from carnet.formats.fhir.patch import Change, Current
from tests.cases import cases
from tests.formats.fhir import profile, r4
from tests.formats.fhir.patch.bodies import NOW, stored

BASE = "https://carnet.example/fhir"
ADDRESS = f"{BASE}/DocumentReference/doc-1/_history"


def _versions(count: int) -> list[Version]:
    """A document that is hidden and shown again, over and over; newest first."""
    text = stored(Current("N")).decode()
    made = [Version(text, 1, NOW, "POST")]
    for number in range(2, count + 1):
        hide = frozenset({"MASQUE_PS"}) if number % 2 == 0 else frozenset()
        change = Change(add=hide, remove=frozenset({"MASQUE_PS"}) - hide)
        moment = NOW + timedelta(minutes=number)
        text = patch.updated(text, change, version=number, last_updated=moment)
        made.append(Version(text.encode() if number % 3 else text, number, moment, "PATCH" if number % 2 else "PUT"))
    return made[::-1]


def _rules(bundle: dict[str, Any]) -> list[str]:
    """Bundle's own invariants, as far as they concern a history."""
    faults = []
    for entry in bundle.get("entry", []):
        # bdl-2 to bdl-4, bdl-8
        if "search" in entry:
            faults.append("bdl-2")
        if "request" not in entry or "response" not in entry:
            faults.append("bdl-3, bdl-4")
        if "/_history/" in entry["fullUrl"]:
            faults.append("bdl-8")
    return faults


@settings(max_examples=cases(60))
@given(st.integers(0, 6), st.none() | st.integers(0, 99), st.booleans())
def test_a_history_of_stored_texts(count: int, total: int | None, more: bool) -> None:
    versions = _versions(count) if count else []
    next_url = f"{ADDRESS}?_cursor=x" if more else None
    bundle = json.loads(history.history(versions, total=total, self_url=ADDRESS, base=BASE, next_url=next_url))
    assert profile.structure(r4.BUNDLE, bundle) == []
    assert list(profile.empty_places(bundle, "")) == []
    assert _rules(bundle) == []
    assert (bundle["type"], bundle.get("total")) == ("history", total)
    assert [(each["relation"], each["url"]) for each in bundle["link"]] == [
        ("self", ADDRESS),
        *([("next", next_url)] if more else []),
    ]
    entries = bundle.get("entry", [])
    assert [each["resource"] for each in entries] == [json.loads(each.text) for each in versions]
    assert {each["fullUrl"] for each in entries} <= {f"{BASE}/DocumentReference/doc-1"}
    for entry, version in zip(entries, versions, strict=True):
        meta = entry["resource"]["meta"]
        assert entry["response"]["etag"] == f'W/"{meta["versionId"]}"'
        assert datetime.fromisoformat(entry["response"]["lastModified"]) == version.last_updated
        assert entry["response"]["lastModified"] == meta["lastUpdated"]


def test_the_first_version_was_created_and_the_later_ones_changed() -> None:
    bundle = json.loads(history.history(_versions(3), total=3, self_url=ADDRESS, base=BASE))
    assert [(each["request"], each["response"]["status"]) for each in bundle["entry"]] == [
        ({"method": "PATCH", "url": "DocumentReference/doc-1"}, "200"),
        ({"method": "PUT", "url": "DocumentReference/doc-1"}, "200"),
        ({"method": "POST", "url": "DocumentReference"}, "201"),
    ]


def test_the_eye_for_rules() -> None:
    bundle = json.loads(history.history(_versions(1), total=1, self_url=ADDRESS, base=BASE))
    bundle["entry"][0] |= {"search": {"mode": "match"}, "fullUrl": f"{ADDRESS}/1"}
    del bundle["entry"][0]["request"]["url"], bundle["entry"][0]["response"]
    assert _rules(bundle) == ["bdl-2", "bdl-3, bdl-4", "bdl-8"]
    assert profile.structure(r4.BUNDLE, bundle) == ["Bundle.entry.request.url: 0, not 1..1"]


def test_a_text_of_another_maker_is_refused() -> None:
    with pytest.raises(ValueError, match="begin"):
        history.history([Version('{"id":"x"}', 1, NOW, "POST")], total=1, self_url=ADDRESS, base=BASE)
