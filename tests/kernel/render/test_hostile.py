"""Whatever is in a file: an answer or a refusal that a person can read, soon, and the next one is served."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.kernel import render
from tests.cases import cases
from tests.kernel.render import samples
from tests.kernel.render.shown import refusal

_TYPED = samples.page(samples.lines("Compte rendu"))
_SCRIPT = b"/AA << /O << /S /JavaScript /JS (while(1){}) >> >>"

# What makes it hostile, and how the image of its first page is refused ("" when it is shown).
_HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "30 000 pages": (lambda: samples.blank(30_000), {""}),
    "a page of 1 GiB in 2 kB": (samples.bomb, {"too-complex"}),
    "an object stream of 1 GiB": (samples.object_bomb, {"too-complex", "broken"}),
    "forms within forms": (samples.endless_forms, {"too-complex"}),
    "an image of 3.6 thousand million points": (samples.vast_image, {""}),
    "a path of 3 million lines": (samples.endless_path, {"", "too-complex"}),
    "a page of 350 000 km": (lambda: samples.page(media=b"[0 0 1e12 1e12]"), {""}),
    "a page of one point": (lambda: samples.page(media=b"[0 0 1 1]"), {""}),
    "a page like a hair": (lambda: samples.page(media=b"[0 0 0.001 14400]"), {""}),
    "a page of less than nothing": (lambda: samples.page(media=b"[0 0 -5 -5]"), {""}),
    "a password": (lambda: samples.blank(password="secret"), {"encrypted"}),
    "a script": (lambda: samples.page(samples.lines("a"), extra=_SCRIPT), {""}),
    "no table of objects": (lambda: _TYPED.replace(b"startxref", b"startover"), {""}),
    "half of it": (lambda: _TYPED[: len(_TYPED) // 2], {"broken"}),
    "no page": (lambda: samples.empty_tree(0), {"broken"}),
    "a lie about pages": (lambda: samples.empty_tree(2_000_000_000), {"broken"}),
    "a tree that is its own child": (samples.looping_tree, {"broken"}),
    "nothing": (lambda: b"", {"broken"}),
    "something else": (lambda: b"\x89PNG" * 1000, {"broken"}),
}


def _first_page(pdf: bytes) -> render.Image:
    return render.page_image(pdf, 1, 820)


_OPERATIONS: list[Callable[[bytes], object]] = [
    render.page_count,
    _first_page,
    lambda pdf: render.page_text(pdf, 1),
    render.text,
]
_KNOWN = {"", "broken", "encrypted", "too-complex"}


# Each of these takes all the processor's time that there is.
_AS_LONG = {"a page of 1 GiB in 2 kB", "an object stream of 1 GiB", "forms within forms"}


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=[pytest.mark.long] if each in _AS_LONG else []) for each in _HOSTILE]
)
def test_a_hostile_pdf_is_refused_or_shown_harmless(name: str) -> None:
    make, expected = _HOSTILE[name]
    pdf = make()
    found = []
    for operation in _OPERATIONS:
        began = time.monotonic()
        found.append(refusal(lambda operation=operation: operation(pdf)))  # type: ignore[misc]
        assert time.monotonic() - began < 15
    # On a busy machine the clock may run out before the processor's time does.
    slow = {"busy"} if "too-complex" in expected else set()
    assert set(found) <= _KNOWN | slow
    assert found[_OPERATIONS.index(_first_page)] in expected | slow
    assert render.page_text(_TYPED, 1).text == "Compte rendu"


def test_the_last_of_many_pages_is_shown_as_soon_as_the_first() -> None:
    pdf = samples.blank(30_000)
    assert render.page_count(pdf) == 30_000
    began = time.monotonic()
    assert render.page_image(pdf, 30_000, 820).width == 820
    assert time.monotonic() - began < 2


def test_every_image_stays_within_its_points() -> None:
    for media in (b"[0 0 595 14400]", b"[0 0 14400 20]", b"[0 0 1 14400]"):
        image = render.page_image(samples.page(media=media), 1, 2400)
        assert image.width * image.height <= 8_100_000
        assert max(image.width, image.height) <= 16_001


@settings(max_examples=cases(60))
@given(st.data())
def test_a_damaged_pdf_is_shown_or_refused_never_anything_else(data: st.DataObject) -> None:
    damaged = bytearray(samples.filled_form())
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    operation = data.draw(st.sampled_from(_OPERATIONS))
    assert refusal(lambda: operation(bytes(damaged))) in _KNOWN
