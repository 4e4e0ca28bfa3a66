"""Search inside documents, against a second and naive statement of what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.documents import extracting, queries
from carnet.documents.queries import DocumentLine
from carnet.documents.searching import Hits, Position, search_inside
from carnet.formats import folding
from carnet.formats.folding import Term
from carnet.formats.terminology import document_types
from carnet.kernel.actor import Purpose
from carnet.kernel.db import READER, WRITER
from tests import people
from tests.cases import cases
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

WORDS = (
    *("hémoglobine", "hémoglobines", "glycémie", "à jeun", "12,5", "1,25", "CA 19-9", "HbA1c", "25-OH-vitamine D"),
    *("œdème", "travaux", "travail", "anti-inflammatoire", "antalgique", "10 mg", "10mg", "Dr Essai", "l’épaule"),
    *("scanner", "thoracique", "lésion", "lésions", "artérielle", "artériel", "yeux", "œil", "B12", "12.03.2019"),
)
TYPES = ("11502-2", "11488-4", "57833-6", "18748-4")
TITLES = ("Lettre du Dr Roux", "Scanner thoracique", "Ordonnance", "Bilan œil et yeux")


@dataclass(frozen=True)
class Library:
    patient: Resident
    contents: dict[UUID, str] = field(repr=False)


@pytest.fixture(scope="module")
def library() -> Library:
    """Thirty documents of words that hardly differ."""
    patient, software, random = people.a_patient(), people.software(), Random(7)
    contents = {}
    for _ in range(30):
        text = " ".join(random.choices(WORDS, k=random.choice((0, 2, 6, 12, 180))))
        entry = people.entry(type_code=random.choice(TYPES), title=random.choice(TITLES))
        contents[people.deposited(software, patient, text.encode() or b".", of=entry).id] = text
    while extracting.extract(patient.record_id):
        pass
    return Library(patient, contents)


def search(library: Library, asked: str, **options: Any) -> Hits:
    return search_inside(library.patient.actor, Purpose.SELF, library.patient.record_id, asked, **options)


def heading(line: DocumentLine) -> str:
    parts = [line.title, line.author_label, line.organisation_label, line.type_label, line.category_label]
    return " \n ".join(parts)


def folded(text: str) -> set[str]:
    return {word.folded for word in folding.words(text)}


def begins(term: Term, words: set[str]) -> bool:
    """A simple word of three letters at least is enough when it begins one."""
    may = len(term.parts) == 1 and len(term.joined) >= 3 and term.joined.isalpha()
    return any(word.startswith(term.joined) for word in words) if may else folding.matches(term, words)


def naive(library: Library, asked: str, category: str = "") -> list[UUID]:
    return [line.id for line in of_category(every(library, asked), category)]


def of_category(lines: list[DocumentLine], category: str) -> list[DocumentLine]:
    label = document_types.categories().get(category, "")
    return [line for line in lines if not label or line.category_label == label]


def every(library: Library, asked: str) -> list[DocumentLine]:
    """One document after the other, as who reads them all; where none has all the words, by how they begin."""
    return _naive(library, asked, folding.matches) or _naive(library, asked, begins)


def _naive(library: Library, asked: str, has: Callable[[Term, set[str]], bool]) -> list[DocumentLine]:
    terms = folding.query(asked)
    found = []
    for line in queries.list_documents(library.patient.actor, Purpose.SELF, library.patient.record_id):
        head = folded(heading(line))
        whole = head | folded(library.contents[line.id])
        if terms and all(has(term, whole) for term in terms):
            headed = all(has(term, head) for term in terms)
            found.append((not headed, -(line.service_start or line.created_at).timestamp(), line.id, line))
    return [each[-1] for each in sorted(found, key=lambda each: each[:3])]


def pages(library: Library, asked: str, category: str, limit: int) -> Iterator[Hits]:
    after: Position | None = None
    while True:
        hits = search(library, asked, category=category, after=after, limit=limit)
        yield hits
        after = hits.next
        if after is None:
            return


ASKED = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(TITLES),
        st.sampled_from(WORDS).map(str.upper),
        st.sampled_from(
            (
                "clinique",
                "biologie",
                "le",
                "scaner",
                "inconnu",
                "ordonnances",
                "inflammatoire",
                "25OH",
                "thorac",
                "arté",
                "ordonn",
            )
        ),
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@settings(max_examples=cases(25))
@given(ASKED, st.sampled_from(("", "BIOLOGIE", "CPT_REND", "DEPISTAG", "?")), st.integers(1, 40))
def test_what_is_found_is_what_who_reads_everything_finds(
    library: Library, asked: str, category: str, limit: int
) -> None:
    found = list(pages(library, asked, category, limit))
    lines = every(library, asked)
    wanted = [line.id for line in of_category(lines, category)]
    assert [hit.document.id for hits in found for hit in hits.hits] == wanted
    assert {hits.total for hits in found} == {len(wanted)}
    everything = {code: len(of_category(lines, code)) for code in document_types.categories()}
    assert found[0].categories == {code: count for code, count in everything.items() if count}


@settings(max_examples=cases(15))
@given(ASKED)
def test_every_hit_is_shown_where_it_stands(library: Library, asked: str) -> None:
    for hit in search(library, asked).hits:
        shown = "".join(piece.text for piece in hit.snippet).strip("…")
        assert shown in library.contents[hit.document.id]
        assert bool(hit.page) == bool(hit.snippet)
        assert "".join(piece.text for piece in hit.title) == hit.document.title
        around = heading(hit.document).removeprefix(hit.document.title)
        marked = [piece for piece in (*hit.title, *hit.snippet) if piece.hit]
        assert marked or any(begins(term, folded(around)) for term in folding.query(asked))


@settings(max_examples=cases(15))
@given(st.text(max_size=60))
def test_any_text_may_be_asked(library: Library, asked: str) -> None:
    hits = search(library, asked)
    assert [hit.document.id for hit in hits.hits] == naive(library, asked)[:20]


@pytest.mark.parametrize("asked", ["", "  ", "?!", "\x00", "%"])
def test_without_a_word_nothing_is_asked(library: Library, asked: str) -> None:
    before = len(people.acts_of_people(library.patient.record_id))
    assert search(library, asked) == Hits()
    assert len(people.acts_of_people(library.patient.record_id)) == before


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("scaner", "scanner"),
        ("le scaner throacique", "le scanner thoracique"),
        ("HÉMOGLOBYNE", "hémoglobine"),
        ("hemoglobine ordonnonce", "hemoglobine ordonnance"),
        ("anti-inflamatoire", "anti-inflammatoire"),
        ("xylophone", ""),
        ("12,6", ""),
        ("scaner xylophone", ""),
    ],
)
def test_a_typing_error_is_mended_with_words_of_the_record(library: Library, asked: str, meant: str) -> None:
    hits = search(library, asked)
    assert (hits.total, hits.suggestion) == (0, meant)
    if meant:
        assert search(library, meant).total > 0


@pytest.mark.parametrize(("asked", "whole"), [("thorac", "thoracique"), ("Hémog ordonn", "hémoglobine ordonnance")])
def test_who_is_still_typing_finds_what_goes_on_so(library: Library, asked: str, whole: str) -> None:
    begun = search(library, asked)
    assert begun.total == search(library, whole).total > 0
    assert begun.suggestion == ""
    first = begun.hits[0]
    assert {word.lower() for word in first.words.split()} <= {*whole.split(), "hémoglobines"}
    assert any(piece.hit for piece in (*first.title, *first.snippet))
    assert search(library, "scanner").hits[0].words == "", "as it was asked"


def test_a_word_that_stands_there_is_not_taken_for_a_beginning(library: Library) -> None:
    """« lésion » and « lésions » are one word; « travail » is not « travaux »; « 12 » begins no « 12,5 »."""
    assert {hit.document.id for hit in search(library, "artériel", limit=40).hits} == set(naive(library, "artériel"))
    assert search(library, "12,").total == len(naive(library, "12,"))


def test_a_search_is_one_round_trip_and_one_line(library: Library) -> None:
    def made(read: Callable[[], object]) -> tuple[int, int]:
        count, before = 0, len(people.acts_of_people(library.patient.record_id))

        def counting(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*arguments)

        with connections[READER].execute_wrapper(counting), connections[WRITER].execute_wrapper(counting):
            read()
        return count, len(people.acts_of_people(library.patient.record_id)) - before

    search(library, "scanner")
    assert made(lambda: search(library, "scanner")) == (1, 1)
    assert made(lambda: search(library, "xylophone")) == (1, 1)
    assert made(lambda: search(library, "scaner")) == (2, 1), "once more for the form of the mended word"
    assert made(lambda: search(library, "thorac")) == (2, 1), "once more for what goes on so"
    assert people.raw_trail(library.patient.record_id)[-1] == ("documents-search", "done")
