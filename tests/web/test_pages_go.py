"""What a page was made of goes when the page is made, and does not wait for the garbage collector."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from carnet.web.jinja import environment


class Told:
    name = "lévothyroxine"


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize(
    "text",
    [
        "{% macro said(one) %}{{ one.name }}{{ more }}{% endmacro %}{{ said(told) }}",
        "{% import 'patient/health_parts.html' as h with context %}{{ told.name }}",
    ],
)
def test_no_macro_keeps_what_its_page_told(text: str) -> None:
    told = Told()
    kept = weakref.ref(told)
    template = environment().from_string(text)
    assert Told.name in template.render(told=told, more="")
    del told
    assert kept() is None


def test_macros_that_every_page_shares_are_kept_from_page_to_page() -> None:
    template = environment().from_string("{% from 'components.html' import tag %}{{ tag('À jour') }}")
    assert template.render() == template.render()
    assert "À jour" in template.render()
