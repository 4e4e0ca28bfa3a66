"""Choices of the list, as addresses and back."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.documents.shelf_list import Counts, FolderCount, Sort, View, Wanted
from carnet.formats.terminology import document_types
from carnet.web.patient import filters
from tests.cases import cases

CATEGORIES = list(document_types.categories())
FLAGS = {"fresh": 2, "hidden": 1, "pinned": 0, "mine": 1}
FOLDER = UUID(int=7)
PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=60)
WANTED = st.builds(
    Wanted,
    view=st.sampled_from(View),
    category=st.none() | st.sampled_from(CATEGORIES),
    year=st.none() | st.integers(1800, 2199),
    author=st.none() | PRINTABLE,
    folder=st.none() | st.just(FOLDER) | st.uuids(),
    tag=st.none() | PRINTABLE,
    fresh=st.booleans(),
    hidden=st.booleans(),
    pinned=st.booleans(),
    mine=st.booleans(),
    sort=st.sampled_from([Sort.NEWEST, Sort.OLDEST, Sort.DEPOSITED]),
)
COUNTS = Counts(
    total=3,
    views={"": 3, "old": 1},
    categories={code: number + 1 for number, code in enumerate(CATEGORIES[:9])},
    years={2024: 2, 2025: 1},
    authors={"Dr Ange Essai": 3},
    tags={"genou": 1},
    flags=FLAGS,
    folders=(FolderCount(FOLDER, "Genou", 1),),
)


def asked(address: str) -> Wanted:
    return filters.read(dict(parse_qsl(urlsplit(address).query, keep_blank_values=True)))


def all_choices(shown: filters.Filters) -> list[filters.Choice]:
    return [*shown.first, *(choice for group in shown.more for choice in group.choices)]


@settings(max_examples=cases(200))
@given(WANTED)
def test_an_address_asks_what_it_was_made_for(wanted: Wanted) -> None:
    assert asked(filters.href(wanted)) == wanted


@settings(max_examples=cases(200))
@given(st.dictionaries(st.sampled_from(["vue", "categorie", "annee", "classeur", "etiquette", "tri"]), st.text()))
def test_what_makes_no_sense_is_not_asked(query: dict[str, str]) -> None:
    wanted = filters.read(query)
    assert asked(filters.href(wanted)) == wanted


@settings(max_examples=cases(200))
@given(WANTED)
def test_each_choice_changes_one_thing_and_keeps_the_others(wanted: Wanted) -> None:
    shown = filters.filters(wanted, COUNTS)
    for choice in all_choices(shown):
        other = asked(choice.href)
        changed = [each.name for each in fields(Wanted) if getattr(other, each.name) != getattr(wanted, each.name)]
        if choice.id == "f-tous":
            assert other == Wanted(sort=wanted.sort)
        else:
            assert len(changed) == (0 if choice.chosen and choice.count is None else 1)
    # What is chosen can be taken back, and every mark has its own name on the page.
    for each in fields(Wanted):
        if each.name != "sort" and getattr(wanted, each.name) != each.default and each.name != "folder":
            default: Any = {each.name: each.default}
            back = replace(wanted, **default)
            assert [choice for choice in all_choices(shown) if choice.chosen and asked(choice.href) == back], each.name
    ids = [choice.id for choice in all_choices(shown)]
    assert len(set(ids)) == len(ids)


def test_few_types_stand_in_sight_and_the_others_behind() -> None:
    shown = filters.filters(Wanted(), COUNTS)
    types = [choice for choice in shown.first if choice.id.startswith("f-category")]
    assert [choice.count for choice in types] == [6, 7, 8, 9]
    assert [choice.count for choice in shown.more[2].choices] == [1, 2, 3, 4, 5]
    assert shown.first[0].count == sum(range(1, 10))
