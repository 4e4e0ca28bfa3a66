"""What the CDA documents of the corpus state is written as FHIR R4, and comes back as it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

import pytest

from carnet.formats.clinical.model import Entry
from carnet.formats.fhir import entries, structure
from carnet.formats.fhir.node import Problems
from tests.corpus import cda_bytes, cda_facts, needs_corpus

pytestmark = needs_corpus
_MANY = 700
IDS = entries.Written("e", "Patient/p", language="fr")


def test_each_entry_of_the_corpus_comes_back() -> None:
    cda = pytest.importorskip("carnet.formats.cda.entries")
    lost: Counter[str] = Counter()
    count = 0
    for facts in cda_facts():
        for entry in cda.read(cda_bytes(facts)).entries:
            count += 1
            lost.update(f"{facts['file']}: {each}" for each in _lost(entry))
    assert lost == Counter()
    assert count > _MANY


def _lost(entry: Entry) -> list[str]:
    resource = entries.load(entries.dump(entries.write(entry, IDS)))
    problems = Problems()
    structure.check(resource, resource["resourceType"], problems, "", strict=True, clinical=True)
    found = entries.read(resource)
    if found is None:
        return [type(entry).__name__]
    told = replace(found, path=entry.path)
    names = [each.name for each in fields(entry) if getattr(told, each.name) != getattr(entry, each.name)]
    return [*(each.expression for each in problems.issues), *(f"{type(entry).__name__}.{name}" for name in names)]
