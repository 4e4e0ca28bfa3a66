"""The schedule's data: checked when it is loaded, each fault with its row; what vaccines are known by."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from carnet.demo import pharmacopoeia
from carnet.formats.cda.build.clinical import Vaccine
from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Coded
from carnet.formats.terminology.systems import to_uri
from carnet.formats.terminology.table import Table, TerminologyError
from carnet.health.schedule import diseases, edition_on, protects
from carnet.health.schedule.ages import length
from carnet.health.schedule.edition import parse

ATC, CIS, SNOMED = "2.16.840.1.113883.6.73", "1.2.250.1.213.2.3.1", "2.16.840.1.113883.6.96"
REFERENCE = json.loads((files("carnet.health.schedule") / "data" / "france-2025.json").read_text(encoding="utf-8"))


def _spoiled(change: Callable[[dict[str, Any]], None]) -> Table:
    document = json.loads(json.dumps(REFERENCE))
    change(document["lines"][0])
    return Table("spoiled.json", document)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda line: line.update(diseases=["plague"]), "unknown diseases: plague"),
        (lambda line: line.update(diseases=[]), "unknown diseases: none at all"),
        (lambda line: line.update(id="ror"), "two lines have the same id"),
        (lambda line: line.update(doses=[]), "has no doses"),
        (lambda line: line["doses"][1].update({"from": "two months"}), "is no length of time"),
        (lambda line: line["doses"][0].pop("from"), "'from' is missing"),
        (lambda line: line["doses"][0].update(late="1m"), "is late before it is due"),
        (lambda line: line.update(doses=[{"from": "2m"}, {"from": "4m"}]), "needs 'gap' or 'pace'"),
        (lambda line: line.update(booster=True), "a booster is one dose"),
        (lambda line: line.update(condition=[{"facts": ["rich"]}]), "asks a fact without words: rich"),
        (lambda line: line.update(born="2018-02-30"), "is no day"),
        (lambda line: line.update(basis="rumour"), "'basis' must be one of"),
        (lambda line: line.update(campaign={"from": "13-01", "until": "01-31", "early": 3}), "no day of a year"),
    ],
)
def test_a_fault_in_the_schedule_names_its_row(change: Callable[[dict[str, Any]], None], fault: str) -> None:
    with pytest.raises(TerminologyError, match=fault):
        parse(_spoiled(change))


def test_the_edition_says_what_it_is() -> None:
    edition = edition_on(date(2026, 11, 26))
    assert (edition.version, edition.effective) == ("2025", date(2025, 1, 1))
    assert "to be confirmed" in edition.basis
    assert all(disease in diseases() for disease in edition.diseases)
    assert all(line.words.fr and line.words.en for line in edition.lines)


def test_months_are_those_of_the_calendar() -> None:
    assert length("1m").after(date(2026, 1, 31)) == date(2026, 2, 28)
    assert length("18y").after(date(2008, 2, 29)) == date(2026, 2, 28)
    assert length("6w").after(date(2026, 1, 10)) == date(2026, 2, 21)
    assert length("56d").after(date(9999, 12, 1)) == date.max


@pytest.mark.parametrize(
    ("system", "code", "name", "expected"),
    [
        (ATC, "J07CA09", "", "diphtheria hepatitis_b hib pertussis polio tetanus"),
        (to_uri(ATC), "J07BD52", "", "measles mumps rubella"),
        (ATC, "J07AM", "vaccins tétaniques", "tetanus"),
        (CIS, "61077869", "VACCIN BCG SSI", "tuberculosis"),
        (SNOMED, "1119349007", "", "covid19"),
        ("", "", "REPEVAX", "diphtheria pertussis polio tetanus"),
        ("", "", "Vaccin pneumococcique conjugué 20-valent", "pneumococcus"),
        (ATC, "J07AH", "Vaccin méningococcique", ""),
        ("", "", "Vaccin", ""),
    ],
)
def test_what_a_vaccine_protects_from(system: str, code: str, name: str, expected: str) -> None:
    concept = Concept(name, (Coded(code, system, name),) if code else ())
    assert " ".join(sorted(protects([concept]).diseases)) == expected


def test_the_diseases_that_a_source_names_are_taken_where_the_vaccine_is_unknown() -> None:
    measles = Concept("", (Coded("14189004", SNOMED, "Measles"),))
    assert protects([Concept("Vaccin")], [measles]).diseases == {"measles"}
    assert protects([Concept("Repevax")], [measles]).diseases == {"diphtheria", "pertussis", "polio", "tetanus"}


def test_every_vaccine_of_the_demonstration_is_known() -> None:
    vaccines = [each for each in vars(pharmacopoeia).values() if isinstance(each, Vaccine)]
    assert len(vaccines) > 10
    assert [each.name for each in vaccines if not protects([Concept(each.name, (each.atc,))]).diseases] == []
