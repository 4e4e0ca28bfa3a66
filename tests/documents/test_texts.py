"""What is read out of documents, and how it is cut."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.documents import texts
from carnet.formats import folding
from carnet.kernel import render
from tests.cases import cases
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.formats.cda import sample
from tests.kernel.render import samples

LETTERS = "aàâéèêïîôùçœ-’' ,.;0123456789abcdefghijklmnopqrstuvwxyzABC\n\t\u00a0\u00ad"
RUNS = st.one_of(st.text(LETTERS, max_size=40), st.integers(1, 1500).map(lambda size: "x" * size))


def two_pages() -> bytes:
    """The pages of two files in one."""
    first, second = (
        pikepdf.open(BytesIO(samples.page(samples.lines(text)))) for text in ("Compte rendu", "Hémoglobine 12,5")
    )
    first.pages.extend(second.pages)
    return samples.saved(first)


@settings(max_examples=cases(150))
@given(st.lists(RUNS, max_size=40).map("".join))
def test_passages_hold_the_whole_page_and_cut_no_word(page: str) -> None:
    cut = texts.passages(page)
    assert "".join("".join(cut).split()) == "".join(page.split())
    assert texts.words_of(cut) == {word.folded for word in folding.words(page)}
    assert all(len(each) <= 1000 or not any(map(str.isspace, each)) for each in cut)


def test_each_page_of_a_pdf_is_read_by_itself() -> None:
    assert texts.read(two_pages(), "application/pdf").pages == ("Compte rendu", "Hémoglobine 12,5")


def test_a_document_of_level_1_is_read_in_the_file_that_it_carries() -> None:
    assert texts.read(sample.level1(two_pages()), "text/xml").pages == ("Compte rendu", "Hémoglobine 12,5")
    assert texts.read(sample.level1(b"Cher ami", "text/plain"), "text/xml").pages == ("Cher ami",)


@pytest.mark.parametrize(
    ("data", "media_type", "fault"),
    [
        (b"\xff\xd8\xff", "image/jpeg", "unsupported"),
        (b"not a PDF", "application/pdf", "broken"),
        (samples.blank(1, password="secret"), "application/pdf", "encrypted"),
        (b"<a>", "text/xml", "malformed-xml"),
        (sample.level1(b"\xff\xd8\xff", "image/jpeg"), "text/xml", "unsupported"),
        (sample.level1(b"not a PDF"), "text/xml", "broken"),
        (b"{", "application/fhir+json", "not-json"),
    ],
)
def test_what_cannot_be_read_has_its_reason(data: bytes, media_type: str, fault: str) -> None:
    assert texts.read(data, media_type) == texts.Read(fault=fault)


def test_pdf_files_inside_a_structured_document_are_read_after_its_own_text() -> None:
    def attached(data: bytes) -> str:
        value = f'<value mediaType="application/pdf" representation="B64">{b64encode(data).decode()}</value>'
        return f'<entry><observationMedia ID="M">{value}</observationMedia></entry>'

    files = [b"%PDF-1.4 broken", two_pages(), *(samples.page(samples.lines(f"annexe{n}")) for n in range(5))]
    body = sample.section("<text>Voir les annexes</text>" + "".join(map(attached, files)))
    (page,) = texts.read(sample.cda(body), "text/xml").pages
    assert page.endswith("Voir les annexes\nCompte rendu\nHémoglobine 12,5\nannexe0\nannexe1\nannexe2")


def test_a_scan_is_read_and_has_no_words() -> None:
    assert texts.read(samples.blank(2), "application/pdf") == texts.Read(("", ""))


@needs_corpus
@pytest.mark.parametrize("facts", cda_facts(), ids=lambda facts: str(facts["file"]).rpartition("/")[2])
def test_every_real_document_is_read(facts: dict[str, dict[str, str]]) -> None:
    """The files that those of level 1 carry are scans."""
    found = texts.read(cda_bytes(facts), "text/xml")
    assert texts.words_of(found.pages) or facts["body"]["kind"] == "nonXMLBody"


def test_the_text_of_all_pages_is_theirs() -> None:
    assert render.text(two_pages()) == "\n".join(render.texts(two_pages()))
