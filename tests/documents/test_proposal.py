"""What a file's name and words tell of a document."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.documents.adding import DEFAULT_TYPE, TYPES
from carnet.documents.proposal import propose
from tests.cases import cases

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("name", "text", "type_code", "title", "day"),
    [
        ("Ordonnance Dr Martin 12-03-2025.pdf", "", "DOCPAT02", "Ordonnance Dr Martin", date(2025, 3, 12)),
        ("Résultats prise de sang.pdf", "", "DOCPAT05", "Résultats prise de sang", None),
        ("compte-rendu_irm_genou.pdf", "", "DOCPAT04", "Compte rendu irm genou", None),
        ("carnet de vaccination.jpg", "", "DOCPAT06", "Carnet de vaccination", None),
        ("2023-05-06 attestation mutuelle.pdf", "", "DOCPAT09", "Attestation mutuelle", date(2023, 5, 6)),
        ("directives anticipées.pdf", "", "EXPPAT_3", "Directives anticipées", None),
        # The name says nothing, the words do.
        ("scan001.pdf", "LABORATOIRE BIO-LOIRE\nHémogramme, glycémie", "DOCPAT05", "", None),
        ("document (3).pdf", "Cher Confrère, j'ai vu en consultation…", "DOCPAT03", "", None),
        # What a phone calls its pictures is no title, and its date is one.
        ("IMG_20250312_101112.jpg", "", "EXPPAT_2", "", date(2025, 3, 12)),
        ("PXL_20240101_120000.MP.jpg", "", "EXPPAT_2", "", date(2024, 1, 1)),
        ("IMG-20240101-WA0003.jpg", "", "EXPPAT_2", "", date(2024, 1, 1)),
        # Neither the future nor a day that does not exist is proposed.
        ("IMG_20990101.jpg", "", "EXPPAT_2", "", None),
        ("scan 31-02-2024.pdf", "", "EXPPAT_2", "", None),
        # A word inside another word tells nothing.
        ("radiologue.pdf", "", "EXPPAT_2", "Radiologue", None),
        ("", "", "EXPPAT_2", "", None),
    ],
)
def test_a_proposal(name: str, text: str, type_code: str, title: str, day: date | None) -> None:
    proposal = propose(name, text, TODAY)
    assert (proposal.type_code, proposal.title, proposal.day) == (type_code, title, day)


@settings(max_examples=cases(200))
@given(st.text(max_size=300), st.text(max_size=2000))
def test_any_name_and_text_give_a_type_that_a_person_may_choose(name: str, text: str) -> None:
    proposal = propose(name, text, TODAY)
    assert proposal.type_code in TYPES
    assert proposal.day is None or proposal.day <= TODAY


@settings(max_examples=cases(100))
@given(st.text(alphabet="0123456789_-. ()", max_size=40))
def test_numbers_alone_are_no_title_and_tell_no_type(stem: str) -> None:
    proposal = propose(f"IMG_{stem}.jpg", "", TODAY)
    assert (proposal.title, proposal.type_code) == ("", DEFAULT_TYPE)
