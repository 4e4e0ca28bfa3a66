"""Names of folders and tags, whatever a person types."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.documents.shelf_rules import (
    LONGEST_FOLDER,
    LONGEST_TAG,
    MOST_TAGS,
    Fault,
    ShelfRefused,
    folder_name,
    tags_in,
    tags_of,
)
from tests.cases import cases


def test_a_name_is_one_plain_line() -> None:
    assert folder_name("  Mon\tgenou\u200b droit\n") == "Mon genou droit"
    # An accent written apart is the same letter.
    assert folder_name("Me\u0301decin") == "Médecin"


@pytest.mark.parametrize(
    ("name", "fault"), [("", Fault.NAME_MISSING), (" \n\u200b", Fault.NAME_MISSING), ("x" * 51, Fault.NAME_LONG)]
)
def test_a_name_that_cannot_be(name: str, fault: Fault) -> None:
    with pytest.raises(ShelfRefused) as refused:
        folder_name(name)
    assert refused.value.fault is fault


def test_tags_are_read_as_people_write_them() -> None:
    assert tags_in("genou, Kiné ;genou; GENOU,, ") == ("genou", "Kiné")


@pytest.mark.parametrize(
    ("words", "fault"), [(["x" * 31], Fault.TAG_LONG), ([f"t{n}" for n in range(11)], Fault.TAGS_MANY)]
)
def test_tags_that_cannot_be(words: list[str], fault: Fault) -> None:
    with pytest.raises(ShelfRefused) as refused:
        tags_of(words)
    assert refused.value.fault is fault


@settings(max_examples=cases(200))
@given(st.lists(st.text(max_size=40), max_size=14))
def test_accepted_tags_are_few_short_and_different_and_come_back_as_they_are(words: list[str]) -> None:
    tags: tuple[str, ...] = ()
    with suppress(ShelfRefused):
        tags = tags_in(",".join(words))
    assert len(tags) <= MOST_TAGS
    assert all(0 < len(tag) <= LONGEST_TAG < LONGEST_FOLDER and tag == tag.strip() for tag in tags)
    assert len({tag.casefold() for tag in tags}) == len(tags)
    assert tags_in(", ".join(tags)) == tags
