"""Documents that mean harm, or are broken: no crash, no hang, and what is sound is read all the same."""

from __future__ import annotations

import os
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from carnet.formats.cda import CdaError
from carnet.formats.cda.entries import read
from carnet.formats.cda.xml import MAX_DEPTH, MAX_NODES
from tests.cases import cases
from tests.corpus import needs_corpus
from tests.formats.cda.entries.independent import FILES, file_bytes
from tests.formats.cda.entries.small import VITAL, body, observation, section

_SECONDS: Final = 4.0
_RICH: Final = "BIO-CR-BIO_2024.01_Electrophorese.xml"


@contextmanager
def _soon() -> Iterator[None]:
    """Of the processor: others may be at work on the machine."""
    start = time.process_time()
    yield
    assert time.process_time() - start < _SECONDS


def test_as_many_observations_as_a_document_may_hold() -> None:
    many = f"<entry>{observation()}</entry>" * (MAX_NODES // 12)
    with _soon():
        given_back = body(section(many))
    assert len(given_back.entries) == 5_000
    assert [each.code for each in given_back.faults] == ["too-many-entries"]
    assert len({each.path for each in given_back.entries}) == 5_000


def test_as_many_faults_as_a_document_may_hold() -> None:
    many = (
        f"""<entry>{observation('<effectiveTime value="never"/><value xsi:type="PQ" value="?"/>', code="")}</entry>"""
    )
    with _soon():
        given_back = body(section(many * (MAX_NODES // 20)))
    assert given_back.entries == ()
    assert 0 < len(given_back.faults) <= 501


@pytest.mark.parametrize("name", ["component", "entryRelationship"])
def test_statements_within_statements_to_the_limit(name: str) -> None:
    outer = "organizer" if name == "component" else "act"
    levels = (MAX_DEPTH - 20) // 2
    opened = f'<{outer} moodCode="EVN"><code code="1"/><{name}>' * levels
    closed = f"</{name}></{outer}>" * levels
    with _soon():
        given_back = body(section(f"<entry>{opened}{observation() * 5_000}{closed}</entry>"))
    assert len(given_back.entries) == 5_000
    assert given_back.faults == ()


def test_sections_within_sections_to_the_limit() -> None:
    inner = section(f"<entry>{observation(template=VITAL)}</entry>" * 2_000, code="8716-3")
    for _ in range((MAX_DEPTH - 20) // 2):
        inner = section("", code="8716-3", inner=inner)
    with _soon():
        assert len(body(inner).entries) == 2_000


def _pointing(mark: str) -> str:
    code = f'<code code="1"><originalText><reference value="#{mark}"/></originalText></code>'
    return f"<entry>{observation(code=code)}</entry>"


def test_a_narrative_too_long_for_a_name() -> None:
    text = f'<content ID="long">{"bla " * 1_000_000}</content>'
    with _soon():
        given_back = body(section(_pointing("long") * 3_000, text=text))
    assert len(given_back.entries) == 3_000
    assert {each.code.text for each in given_back.entries} == {""}
    assert {each.code for each in given_back.faults} == {"text-too-long"}


def test_many_different_references_into_one_another() -> None:
    depth = MAX_DEPTH - 20
    opened = "".join(f'<content ID="c{level}">' for level in range(depth))
    text = opened + "<br/>" * 60_000 + "</content>" * depth
    with _soon():
        given_back = body(section("".join(_pointing(f"c{level}") for level in range(depth)), text=text))
    assert len(given_back.entries) == depth


def test_references_in_a_circle() -> None:
    text = """<content ID="a"><reference value="#b"/>un</content><content ID="b"><reference value="#a"/></content>
        <content ID="a">deux</content>"""
    given_back = body(section(_pointing("a") + _pointing("b"), text=text))
    assert [each.code.text for each in given_back.entries] == ["un", ""]


def test_a_reference_to_what_holds_it() -> None:
    whole = """<code code="1"><originalText ID="me"><reference value="#me"/></originalText></code>"""
    (entry,) = body(section(f"<entry>{observation(code=whole)}</entry>")).entries
    assert entry.code.label == "1"


def test_thousands_of_translations_and_ranges() -> None:
    code = '<code code="1">' + "".join(f'<translation code="{each}"/>' for each in range(20_000)) + "</code>"
    ranges = "<referenceRange><observationRange><text>x</text></observationRange></referenceRange>" * 10_000
    with _soon():
        (entry,) = body(section(f"<entry>{observation(ranges, code=code)}</entry>")).entries
    assert len(entry.code.codings) == 20
    assert len(entry.ranges) == 50  # type: ignore[attr-defined]


@needs_corpus
def test_documents_cut_anywhere() -> None:
    data = file_bytes(_RICH)
    for end in range(0, len(data), max(1, len(data) // 60)):
        with pytest.raises(CdaError):
            read(data[:end])


def _drop(element: etree._Element, _: random.Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _double(element: etree._Element, _: random.Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.append(deepcopy(element))


def _rename(element: etree._Element, chance: random.Random) -> None:
    element.tag = "{urn:hl7-org:v3}" + chance.choice(("code", "value", "entry", "component", "observation", "text"))


def _blank(element: etree._Element, chance: random.Random) -> None:
    for name in list(element.attrib):
        element.set(name, chance.choice(("", "1", "-", "20249999", "#", "é", "9" * 60, "nullFlavor", "c:PQ", "TS")))


def _nullify(element: etree._Element, chance: random.Random) -> None:
    element.set("nullFlavor", chance.choice(("UNK", "NA", "", "?")))


def _retype(element: etree._Element, chance: random.Random) -> None:
    kinds = ("PQ", "IVL_PQ", "CD", "TS", "IVL_TS", "RTO", "INT", "BL", "ED", "REAL", ":", "")
    element.set("{http://www.w3.org/2001/XMLSchema-instance}type", chance.choice(kinds))


_BREAKS: Final[tuple[Callable[[etree._Element, random.Random], None], ...]] = (
    _drop,
    _double,
    _rename,
    _blank,
    _nullify,
    _retype,
)


@needs_corpus
@given(st.sampled_from(range(len(FILES) or 1)), st.randoms(use_true_random=False), st.integers(1, 60))
@settings(max_examples=cases(40))
def test_broken_documents(which: int, chance: random.Random, breaks: int) -> None:
    _ends_well(which, chance, breaks)


@needs_corpus
@pytest.mark.long
def test_fuzzing() -> None:
    """No crash, no hang, no leak, for CARNET_FUZZ_SECONDS."""
    until = time.monotonic() + float(os.environ.get("CARNET_FUZZ_SECONDS", "60"))
    number = 0
    for number in range(200):
        _spoilt(number)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    while time.monotonic() < until:
        number += 1
        _spoilt(number)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    sys.stdout.write(f"{number} documents, {grown / 1000:.0f} kB more")
    assert grown < 2_000_000


def _spoilt(number: int) -> None:
    chance = random.Random(number)
    _ends_well(chance.randrange(len(FILES)), chance, chance.randint(1, 60))


def _ends_well(which: int, chance: random.Random, breaks: int) -> None:
    """Whatever is dropped, doubled, renamed or spoilt in a real document, it is read or refused."""
    root = etree.fromstring(FILES[which].read_bytes())
    bodies = list(root.iter("{urn:hl7-org:v3}structuredBody"))
    elements = list(bodies[0].iterdescendants("{urn:hl7-org:v3}*")) if bodies else []
    for _ in range(breaks if elements else 0):
        chance.choice(_BREAKS)(chance.choice(elements), chance)
    with _soon():
        try:
            given_back = read(etree.tostring(root))
        except CdaError:
            return
    assert not [each for each in given_back.faults if each.code == "unreadable"]
    assert all(each.path.startswith("/") for each in given_back.entries)
