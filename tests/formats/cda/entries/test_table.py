"""The table of the corpus, file by file: entries found against independent counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from carnet.formats.cda.entries import read
from carnet.formats.clinical.model import Observation
from tests.corpus import needs_corpus
from tests.formats.cda.entries.corpus_table import LEFT, ROWS
from tests.formats.cda.entries.independent import FILES, counts, document, left, standing

pytestmark = needs_corpus

_each = pytest.mark.parametrize("path", FILES, ids=[each.stem for each in FILES])


def test_every_file_has_its_row() -> None:
    assert sorted(each.name for each in FILES) == sorted(ROWS)


@_each
def test_entries_against_independent_counts(path: Path) -> None:
    row, root = ROWS[path.name], document(path)
    given = read(path.read_bytes())
    observed = [each for each in given.entries if isinstance(each, Observation)]
    assert dict(Counter(each.kind.value for each in observed)) == row.found
    assert counts(root) == row.counted
    differing = {kind for kind in row.found | row.counted if row.found.get(kind, 0) != row.counted.get(kind, 0)}
    assert differing == set(row.why)
    elements = {standing(root, each) for each in observed}
    assert len(elements) == len(observed), "no observation is read twice"
    assert left(root, elements) == row.left
    assert set(row.left) <= set(LEFT)
    assert not [each for each in given.faults if each.code == "unreadable"]


@_each
def test_no_date_is_made_up_and_none_is_lost(path: Path) -> None:
    root = document(path)
    for entry in read(path.read_bytes()).entries:
        if not isinstance(entry, Observation):
            continue
        own = standing(root, entry).xpath("string(h:effectiveTime/@value|h:effectiveTime/h:low/@value)", namespaces=_V3)
        around = standing(root, entry).xpath("boolean(ancestor::h:organizer/h:effectiveTime//@value)", namespaces=_V3)
        digits = "".join(filter(str.isdigit, entry.when.start))
        assert digits.startswith(str(own)[:8]) if own else bool(entry.when.start) <= bool(around)


_V3 = {"h": "urn:hl7-org:v3"}
