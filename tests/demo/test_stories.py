"""What the stories tell, as the contract and the demonstration need it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from lxml.etree import fromstring

from carnet.demo import cast
from carnet.demo.cda import build
from carnet.demo.model import Document
from carnet.demo.stories import documents

LABELS = frozenset({"MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"})
BIOLOGY = "11502-2"


def of(key: str) -> list[Document]:
    return [document for document in documents() if document.patient.key == key]


def only(found: list[Document]) -> Document:
    (document,) = found
    return document


def test_dominique_has_forty_documents_over_ten_years() -> None:
    hers = of("dominique")
    assert len(hers) >= 40
    assert (hers[-1].at - hers[0].at).days >= 10 * 365


@pytest.mark.parametrize(
    ("key", "fewest", "most"),
    [("jean", 15, 40), ("lea", 10, 40), ("hugo", 10, 40), ("paul", 3, 10), ("nadia", 2, 2), ("marc", 3, 10)],
)
def test_the_others_have_theirs(key: str, fewest: int, most: int) -> None:
    assert fewest <= len(of(key)) <= most


def test_who_is_opposed_has_none() -> None:
    assert of("claire") == []


def test_two_laboratories_measure_in_two_ways() -> None:
    from carnet.demo.pharmacopoeia import City, Hospital

    houses = {document.organisation.key for document in of("dominique") if document.model.type.code == BIOLOGY}
    assert houses == {"labo", "labo-hopital"}
    assert (City.TSH.code, City.TSH.high) != (Hospital.TSH.code, Hospital.TSH.high)
    assert City.GLUCOSE.ucum != Hospital.GLUCOSE.ucum


def test_everything_dominique_needs_is_there() -> None:
    types = {document.model.type.code for document in of("dominique")}
    assert types >= {
        "11488-4",
        "11502-2",
        "18748-4",
        "57833-6",
        "60593-1",
        "87273-9",
        "11490-0",
        "15507-7",
        "SYNTH",
        "REMB",
    }


def test_one_document_is_hidden_from_professionals_and_one_waits_for_its_announcement() -> None:
    hers = of("dominique")
    assert only([each for each in hers if each.labels == {"MASQUE_PS"}]).author is not None
    waiting = only([each for each in hers if each.labels == {"INVISIBLE_PATIENT"}])
    assert waiting.depositor == "hopital"
    assert waiting is hers[-1]


def test_hugo_keeps_one_visit_and_its_result_comes_without_a_label() -> None:
    secret = only([each for each in of("hugo") if each.labels])
    assert secret.labels == {"INVISIBLE_REPRESENTANTS_LEGAUX"}
    later = only([each for each in of("hugo") if each.at > secret.at])
    assert later.model.type.code == BIOLOGY
    assert later.depositor == "labo"
    assert later.labels == frozenset()
    assert later.orders == secret.orders != ()
    assert all(each.labels <= LABELS for each in documents())


def test_a_wrong_report_is_replaced_by_its_author_and_comes_first() -> None:
    everything = documents()
    corrected = only([each for each in everything if each.replaces])
    wrong = only([each for each in everything if each.key == corrected.replaces])
    assert everything.index(wrong) < everything.index(corrected)
    assert (corrected.version, corrected.depositor, corrected.patient) == (2, wrong.depositor, wrong.patient)
    assert corrected.set_key == wrong.key


def test_the_blocked_doctor_wrote_nothing_and_depositors_are_of_the_cast() -> None:
    keys = {member.key for member in cast.MEMBERS}
    depositors = {document.depositor for document in documents()}
    assert depositors <= keys
    assert "dr-bloque" not in depositors
    assert {"labo", "hopital", "assurance", "dr-martin", "pharm-leroy"} <= depositors


def test_nobody_is_cared_for_before_birth_and_the_stories_end_in_november_2026() -> None:
    for document in documents():
        assert document.patient.born <= document.at.date() <= date(2026, 11, 20)
        assert document.started is None or document.started <= document.at or document.organisation.key == "assurance"


def test_marc_has_nothing_after_his_record_was_closed() -> None:
    assert max(document.at.year for document in of("marc")) <= 2024


def test_men_are_held_against_the_ranges_of_men() -> None:
    """Creatinine of a laboratory in town: 5.0 to 9.5 mg/L for a woman, 7.0 to 12.0 for a man."""
    ranges = {
        key: {text for each in of(key) for text in _ranges_of(each, "Créatinine")} for key in ("jean", "dominique")
    }
    assert ranges["jean"] >= {"7,0 à 12,0 mg/L"}
    assert "5,0 à 9,5 mg/L" not in ranges["jean"]
    assert ranges["dominique"] >= {"5,0 à 9,5 mg/L"}


def _ranges_of(document: Document, analyte: str) -> list[str]:
    rows = fromstring(build(document)).iterfind(".//{*}tr")
    cells = [[" ".join(map(str, cell.itertext())) for cell in row] for row in rows]
    return [row[2] for row in cells if row and row[0].startswith(analyte)]


def test_the_thyroid_of_dominique_is_never_left_without_a_prescription() -> None:
    """From the diagnosis on: no year goes by without a prescription, nor without a check of the TSH after it."""
    told = [each for each in of("dominique") if "lévothyroxine" in each.title and each.model.type.code == "57833-6"]
    days = [each.at.date() for each in told]
    assert all((after - before).days < 380 for before, after in pairwise(days) if before.year >= 2020)
    checks = [each.at.date() for each in of("dominique") if each.model.type.code == BIOLOGY and _ranges_of(each, "TSH")]
    for day in days:
        assert day > date(2026, 1, 1) or any(0 < (check - day).days < 380 for check in checks)
