"""Documents on A4 pages that say what they are, and several as one file."""

from __future__ import annotations

import json
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from carnet.demo import pdf
from carnet.kernel import render
from carnet.kernel.render import BLOCKS, Head, Part
from tests.kernel.render import samples
from tests.kernel.render.shown import ink, refusal, shown

HEAD = Head("Compte rendu", "12 mars 2024. Dr Essai", "ESSAI Camille", "Imprimé ce jour")


def words(*runs: tuple[str, bool]) -> dict[str, object]:
    return {"words": [list(run) for run in runs]}


def a_set(*blocks: dict[str, object]) -> Part:
    return Part(BLOCKS, json.dumps(blocks).encode())


def test_every_page_says_whose_and_what_it_is_and_what_medicine_writes_is_written() -> None:
    text = "HbA1c ≤ 6,5 % → élevée ; β2 ≥ 3 µg, 37 °C, œdème, ½ cp, ☑ oui, Şerban, 東"
    made = render.printed([a_set({**words((text, False)), "title": 0})], HEAD, most=5)
    (page,) = render.texts(made)
    for said in ("Compte rendu", "12 mars 2024. Dr Essai", "ESSAI Camille", "1/1", "Imprimé ce jour"):
        assert said in page
    assert "HbA1c ≤ 6,5 % → élevée ; β2 ≥ 3 µg, 37 °C, œdème, ½ cp, [x] oui, Serban, [?]" in page


def test_long_tables_repeat_their_head_and_lose_no_row_nor_a_long_word() -> None:
    head = [words(("Analyse", True)), words(("Valeur", True))]
    rows = [[words((f"analyse{number}", False)), words(("valeur " * 30, False))] for number in range(60)]
    long = words(("x" * 400, False))
    made = render.printed([a_set({"rows": [head, *rows], "head": 1}, long)], HEAD, most=20)
    pages = render.texts(made)
    assert len(pages) > 2
    for number in range(60):
        assert sum(f"analyse{number} " in page for page in pages) == 1, number
    assert sum("Analyse Valeur" in page for page in pages) == len(pages)
    assert sum(page.count("x") for page in pages) == 400


def test_pdfs_pictures_and_text_become_pages_of_one_file() -> None:
    letter = pdf.write(letterhead="Clinique", title="Lettre", head=[], paragraphs=["Bonjour."])
    photograph = samples.picture(Image.new("L", (300, 400), "black"), "PNG")
    both = render.printed([Part("application/pdf", letter), Part("image/png", photograph)], HEAD, most=5)
    one = render.joined([both, render.printed([a_set(words(("fin", False)))], HEAD, most=1)])
    with pikepdf.open(BytesIO(one)) as found:
        assert len(found.pages) == 3
        assert {tuple(round(float(each)) for each in page.mediabox) for page in found.pages} == {(0, 0, 595, 842)}
    first, second, last = render.texts(one)
    assert "Bonjour." in first
    assert "1/2" in first
    assert "2/2" in second
    assert "fin" in last
    assert ink(shown(render.page_image(one, 2, 600)), (0.2, 0.3, 0.8, 0.8)) > 1000


def test_nothing_that_runs_comes_along() -> None:
    with pikepdf.new() as written:
        written.add_blank_page()
        written.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        out = BytesIO()
        written.save(out)
    made = render.printed([Part("application/pdf", out.getvalue())], HEAD, most=1)
    assert b"JavaScript" not in made
    with pikepdf.open(BytesIO(made)) as found:
        assert "/OpenAction" not in found.Root


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (Part("application/pdf", b"%PDF-1.4 rien"), "broken"),
        (Part("image/gif", b"GIF89a"), "unsupported"),
        (
            Part("application/pdf", pdf.write(letterhead="", title="T", head=[], paragraphs=["m"] * 200)),
            "too-many-pages",
        ),
        (a_set(*[words(("ligne", False))] * 300), "too-many-pages"),
    ],
    ids=["broken", "unsupported", "pages", "lines"],
)
def test_what_cannot_be_printed_is_said(part: Part, code: str) -> None:
    assert refusal(lambda: render.printed([part], HEAD, most=2)) == code
