from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.fhir import if_match
from carnet.formats.fhir.outcome import FhirError


@pytest.mark.parametrize(
    ("header", "version"),
    [('W/"3"', 3), ('"3"', 3), (' W/"12" ', 12), ('W/"0"', 0), ("*", None), (" * ", None)],
)
def test_forms(header: str, version: int | None) -> None:
    assert if_match.version(header) == version


@pytest.mark.parametrize(
    "header", ["", "3", "W/3", 'w/"3"', 'W/"3', 'W/"x"', 'W/"-1"', 'W/"3", W/"4"', 'W/"²"', 'W/"' + "9" * 5_000 + '"']
)
def test_what_is_no_version(header: str) -> None:
    with pytest.raises(FhirError) as caught:
        if_match.version(header)
    assert caught.value.status == 400
    assert [(each.details_code, each.expression) for each in caught.value.issues] == [("etag-form", "http.If-Match")]


@given(st.text() | st.from_regex(r'(W/)?"[0-9]*"'))
def test_any_header_is_a_version_or_a_refusal(header: str) -> None:
    try:
        version = if_match.version(header)
    except FhirError:
        return
    assert header.strip() == "*" if version is None else version == int(header.strip().strip('W/"'))


@given(st.integers(0, 999_999_999))
def test_the_etag_that_was_sent_fits(version: int) -> None:
    if_match.check(f'W/"{version}"', version)
    with pytest.raises(FhirError) as caught:
        if_match.check(f'W/"{version}"', version + 1)
    assert caught.value.status == 412
    assert [each.details_code for each in caught.value.issues] == ["version-conflict"]


@pytest.mark.parametrize("header", [None, "*"])
def test_without_a_version_any_will_do(header: str | None) -> None:
    if_match.check(header, 4)
