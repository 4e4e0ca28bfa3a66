"""The list with its filters and counts, against a second statement of the rule."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnet.documents import queries, reporting, shelf, shelf_list
from carnet.documents.changing import change
from carnet.documents.shelf_list import Sort, View, Wanted
from carnet.formats.entry import Author, DocumentEntry, Period
from carnet.formats.fhir import patch
from carnet.formats.terminology import document_types
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from tests import people
from tests.cases import cases
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

TYPES = ("11502-2", "34112-3", "18748-4", "57833-6")
AUTHORS = ("Ange", "Lou", "")
TAGS = ("genou", "kiné", "suivi d'été")
ARCHIVE = patch.read(
    "application/json-patch+json",
    b'[{"op":"replace","path":"/extension[url:\'https://interop.esante.gouv.fr'
    b'/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived\']/valueBoolean","value":true}]',
)


@dataclass(frozen=True)
class Stocked:
    """A record with documents of every kind, and what this test itself knows of them."""

    patient: Resident
    since: datetime
    folders: dict[str, UUID]
    known: dict[UUID, dict[str, Any]]


def _entry(chance: random.Random) -> tuple[DocumentEntry, dict[str, Any]]:
    code, given_name = chance.choice(TYPES), chance.choice(AUTHORS)
    masked = chance.random() < 0.3
    # Some at the turn of a year, when it is already January in Paris.
    at = datetime(chance.choice((2022, 2023, 2024)), 12, 31, 23, 30, tzinfo=ZoneInfo("UTC"))
    at -= timedelta(days=chance.choice((0, 0, 40, 200)))
    made = replace(
        people.entry(type_code=code, labels=frozenset({"MASQUE_PS"}) if masked else frozenset()),
        period=Period(at),
        authors=(Author(family="Essai", given=given_name),) if given_name else (Author(),),
    )
    kind = document_types.by_code(code, "")
    assert kind
    return made, {
        "category": kind.category,
        "year": at.astimezone(ZoneInfo("Europe/Paris")).year,
        "author": f"{given_name} Essai" if given_name else "",
        "hidden": masked,
        "at": at,
    }


@pytest.fixture(scope="module")
def stock(house: object) -> Stocked:
    chance = random.Random(20261126)
    patient, software = people.a_patient(), people.software()
    known: dict[UUID, dict[str, Any]] = {}
    folders: dict[str, UUID] = {}
    since = clock.now()
    for number in range(36):
        if number == 18:
            since = clock.now()
        entry, facts = _entry(chance)
        done = people.deposited(software, patient, f"Texte {number}.".encode(), of=entry)
        folder, pinned = chance.choice(("", "", "Genou", "Dos")), chance.random() < 0.25
        tags = tuple(sorted(chance.sample(TAGS, chance.randrange(3))))
        shelf.arrange(
            patient.actor,
            Purpose.SELF,
            record_id=patient.record_id,
            document_id=done.id,
            tags=tags,
            pinned=pinned,
            new_folder=folder,
        )
        place = shelf.place(patient.actor, Purpose.SELF, patient.record_id, done.id)
        assert place
        if place.folder_id:
            folders[folder] = place.folder_id
        opened = chance.random() < 0.3
        if opened:
            queries.content(patient.actor, Purpose.SELF, patient.record_id, done.id)
        view = chance.choice((View.CURRENT,) * 4 + (View.NOT_MINE, View.ARCHIVED))
        if view is View.NOT_MINE:
            reporting.report(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id, words="")
        elif view is View.ARCHIVED:
            change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id, wanted=ARCHIVE)
        known[done.id] = facts | {
            "view": view,
            "folder": place.folder_id,
            "tags": tags,
            "pinned": pinned,
            "fresh": number >= 18 and not opened,
            "mine": False,
        }
    return Stocked(patient, since, folders, known)


def matches(wanted: Wanted) -> dict[str, Callable[[dict[str, Any]], bool]]:
    """The rule told again, one test a choice."""
    return {
        "view": lambda facts: facts["view"] is wanted.view,
        "category": lambda facts: wanted.category in {None, facts["category"]},
        "year": lambda facts: wanted.year in {None, facts["year"]},
        "author": lambda facts: wanted.author in {None, facts["author"]},
        "folder": lambda facts: wanted.folder in {None, facts["folder"]},
        "tag": lambda facts: wanted.tag is None or wanted.tag in facts["tags"],
        "fresh": lambda facts: not wanted.fresh or facts["fresh"],
        "hidden": lambda facts: not wanted.hidden or facts["hidden"],
        "pinned": lambda facts: not wanted.pinned or facts["pinned"],
        "mine": lambda facts: not wanted.mine or facts["mine"],
    }


def left(stock: Stocked, wanted: Wanted, without: str = "") -> Iterator[dict[str, Any]]:
    tests = [test for name, test in matches(wanted).items() if name != without]
    return (facts for facts in stock.known.values() if all(test(facts) for test in tests))


choices = st.builds(
    Wanted,
    view=st.sampled_from([View.CURRENT, View.CURRENT, *View]),
    category=st.none() | st.sampled_from([kind.category for kind in document_types.all_types()][:40]),
    year=st.none() | st.sampled_from([2021, 2022, 2023, 2024, 2025]),
    author=st.none() | st.sampled_from(["Ange Essai", "Lou Essai", "Personne"]),
    tag=st.none() | st.sampled_from([*TAGS, "rien"]),
    fresh=st.booleans(),
    hidden=st.booleans(),
    pinned=st.booleans(),
    mine=st.sampled_from([False, False, False, True]),
    sort=st.sampled_from(Sort),
)


@settings(max_examples=cases(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=choices, folder=st.sampled_from(["", "", "Genou", "Dos"]))
def test_what_is_left_and_what_each_choice_would_leave(stock: Stocked, wanted: Wanted, folder: str) -> None:
    wanted = replace(wanted, folder=stock.folders.get(folder))
    found = shelf_list.documents(
        stock.patient.actor, Purpose.SELF, stock.patient.record_id, wanted, since=stock.since, limit=100
    )
    expected = [each for each, facts in stock.known.items() if all(test(facts) for test in matches(wanted).values())]
    assert {line.id for line in found.lines} == set(expected)
    counts = found.counts
    assert counts.total == len(expected)
    assert dict(counts.years) == Counter(facts["year"] for facts in left(stock, wanted, "year"))
    assert dict(counts.categories) == Counter(facts["category"] for facts in left(stock, wanted, "category"))
    assert dict(counts.views) == Counter(facts["view"].value for facts in left(stock, wanted, "view"))
    assert dict(counts.authors) == Counter(
        facts["author"] for facts in left(stock, wanted, "author") if facts["author"]
    )
    assert dict(counts.tags) == Counter(tag for facts in left(stock, wanted, "tag") for tag in facts["tags"])
    assert {each.id: each.count for each in counts.folders} == {
        each: sum(facts["folder"] == each for facts in left(stock, wanted, "folder")) for each in stock.folders.values()
    }
    for name in ("fresh", "hidden", "pinned", "mine"):
        assert counts.flags[name] == sum(facts[name] for facts in left(stock, wanted, name)), name


def test_pages_follow_one_another_in_order(stock: Stocked) -> None:
    pages = [
        shelf_list.documents(
            stock.patient.actor, Purpose.SELF, stock.patient.record_id, Wanted(), offset=offset, limit=7
        )
        for offset in range(0, 42, 7)
    ]
    lines = [line for page in pages for line in page.lines]
    assert len({line.id for line in lines}) == len(lines) == pages[0].counts.total
    dates = [stock.known[line.id]["at"] for line in lines]
    assert dates == sorted(dates, reverse=True)
    assert {page.counts.total for page in pages} == {len(lines)}


def test_the_other_orders(stock: Stocked) -> None:
    def dates(sort: Sort, name: str) -> list[datetime]:
        found = shelf_list.documents(
            stock.patient.actor, Purpose.SELF, stock.patient.record_id, Wanted(sort=sort), limit=100
        )
        return [getattr(line, name) for line in found.lines]

    assert dates(Sort.OLDEST, "service_start") == sorted(dates(Sort.NEWEST, "service_start"))
    assert dates(Sort.DEPOSITED, "deposited_at") == sorted(dates(Sort.NEWEST, "deposited_at"), reverse=True)


@pytest.mark.parametrize("visited", [True, False])
def test_the_home_is_told_what_the_list_counts(stock: Stocked, *, visited: bool) -> None:
    of = stock.patient.actor, Purpose.SELF, stock.patient.record_id
    since = stock.since if visited else None
    whole = shelf_list.documents(*of, Wanted(), since=since, limit=1_000)
    told = shelf_list.newest(*of, since=since, limit=5)
    flags = whole.counts.flags
    assert (told.count, told.fresh, told.pinned) == (whole.counts.total, flags["fresh"], flags["pinned"] > 0)
    assert told.oldest == min(whole.counts.years)
    # Fresh ones first, then by deposit
    first = sorted(whole.lines, key=lambda line: (not line.fresh, -line.deposited_at.timestamp(), line.id))[:5]
    assert told.lines == tuple(first)
    assert {line.fresh for line in told.lines} == ({True, False} if 0 < told.fresh < 5 else {told.fresh > 0})
    names = {folder.id: folder.name for folder in whole.counts.folders}
    everything = shelf_list.newest(*of, since=since, limit=1_000)
    held = {line.folder_id for line in whole.lines if line.folder_id}
    assert everything.folders == {each: names[each] for each in held}


def test_the_home_of_an_empty_record() -> None:
    patient = people.a_patient()
    told = shelf_list.newest(patient.actor, Purpose.SELF, patient.record_id, since=None, limit=3)
    assert told == shelf_list.Newest((), 0, 0, pinned=False, oldest=None, folders={})


def test_a_replaced_document_stands_among_the_old_ones() -> None:
    patient, software = people.a_patient(), people.software()
    first = people.entry()
    old = people.deposited(software, patient, of=first)
    new = people.deposited(software, patient, b"Corrected.", of=people.entry(replaces=(first.unique_id,)))

    def ids(view: View) -> list[UUID]:
        found = shelf_list.documents(patient.actor, Purpose.SELF, patient.record_id, Wanted(view=view))
        return [line.id for line in found.lines]

    assert (ids(View.CURRENT), ids(View.OLD)) == ([new.id], [old.id])


def test_the_list_of_an_empty_record() -> None:
    patient = people.a_patient()
    found = shelf_list.documents(patient.actor, Purpose.SELF, patient.record_id, Wanted())
    assert (found.lines, found.counts.total, found.counts.folders) == ((), 0, ())
    assert [line.action for line in people.trail(patient)][:1] == ["documents-list"]
