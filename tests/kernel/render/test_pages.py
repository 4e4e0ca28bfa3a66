"""Pages of a PDF as people see them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from carnet.formats.cda import Level1, read_body
from carnet.kernel import render
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.kernel.render import samples
from tests.kernel.render.shown import ink, refusal, shown

_TYPED = samples.page(samples.lines("Compte rendu", "Examen normal"))
_WHOLE = (0.0, 0.0, 1.0, 1.0)


def test_a_page_is_as_wide_as_asked_and_keeps_its_shape() -> None:
    image = render.page_image(_TYPED, 1, 820)
    assert (image.width, image.height) in {(820, 1160), (820, 1161)}
    assert ink(shown(image), _WHOLE) > 100


def test_each_page_by_its_number() -> None:
    pdf = samples.blank(3)
    assert render.page_count(pdf) == 3
    assert render.page_image(pdf, 3, 100).width == 100
    assert [refusal(lambda n=n: render.page_image(pdf, n, 100)) for n in (0, 4, -1)] == ["no-such-page"] * 3  # type: ignore[misc]


def test_a_page_turned_by_the_document_is_shown_turned() -> None:
    turned = samples.page(samples.lines("Compte rendu"), extra=b"/Rotate 90")
    image = render.page_image(turned, 1, 842)
    assert image.width > image.height
    (first, *_) = render.page_text(turned, 1).boxes
    assert ink(shown(image), (first.x0, first.y0, first.x1, first.y1)) > 50


def test_what_is_filled_into_a_form_is_seen_and_read() -> None:
    pdf = samples.filled_form()
    found = render.page_text(pdf, 1)
    assert found.text.splitlines() == ["Nom :", "Valeur remplie"]
    box = found.boxes[-1]
    assert ink(shown(render.page_image(pdf, 1, 1200)), (box.x0, box.y0, box.x1, box.y1)) > 50


@pytest.mark.parametrize(("width", "expected"), [(1, 16), (10_000, 2378)])
def test_a_width_is_brought_within_bounds(width: int, expected: int) -> None:
    assert abs(render.page_image(_TYPED, 1, width).width - expected) <= 2


def test_neither_the_library_nor_the_file_enter_this_process() -> None:
    code = (
        "import sys; from carnet.kernel import render; "
        "print(render.page_count(sys.stdin.buffer.read()), 'pypdfium2' in sys.modules, 'PIL' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=_TYPED, capture_output=True, check=True)
    assert done.stdout.split() == [b"1", b"False", b"False"]


@pytest.fixture(scope="module")
def pdfs() -> list[bytes]:
    bodies = [read_body(cda_bytes(facts)) for facts in cda_facts()]
    found = [body.data for body in bodies if isinstance(body, Level1) and body.media_type == "application/pdf"]
    assert len(found) >= 6
    return found


@needs_corpus
def test_every_page_of_real_documents_shows_something(pdfs: list[bytes]) -> None:
    for pdf in pdfs:
        for number in range(1, render.page_count(pdf) + 1):
            assert ink(shown(render.page_image(pdf, number, 820)), _WHOLE) > 500


@needs_corpus
@pytest.mark.parametrize(("width", "weight"), [(820, 80_000), (1640, 220_000)])
def test_a_page_appears_soon_and_is_light(pdfs: list[bytes], width: int, weight: int) -> None:
    render.page_image(pdfs[0], 1, 820)
    before = _seconds_of_forks()
    for pdf in pdfs:
        assert len(render.page_image(pdf, 1, width).data) < weight
    assert (_seconds_of_forks() - before) / len(pdfs) < 0.4


def _seconds_of_forks() -> float:
    """Processor time, which other work on the machine changes little."""
    fields = [Path(f"/proc/{each.pid}/stat").read_text().rpartition(")")[2].split() for each in render._helper._idle]
    return sum(int(each[13]) + int(each[14]) for each in fields) / os.sysconf("SC_CLK_TCK")
