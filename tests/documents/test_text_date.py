"""The day that the first lines of a pasted text tell."""

from __future__ import annotations

from datetime import date

import pytest

from carnet.documents.text_date import text_date

TODAY = date(2026, 11, 18)
DAY = date(2024, 3, 12)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Compte rendu du 12/03/2024\nPatiente vue pour toux.", DAY),
        ("Lyon, le 12 mars 2024\n\nCher confrère,", DAY),
        ("Consultation du 12.03.2024 ; rendez-vous le 03/02/2027", DAY),
        ("Le 1er août 2023, examen normal.", date(2023, 8, 1)),
        ("Examen : 2024-03-12", DAY),
        ("Vu le 12/03/2024. Le 12 mars 2024, température normale.", DAY),
        ("Mme ESSAI, née le 02/01/1960, vue le 12/03/2024", DAY),
        ("Né(e) le : 02/01/1960\nDate de naissance : 02/01/1960\nDDN 2 janvier 1960\n12/03/2024", DAY),
        ("ESSAI Camille 12/01/1985. Vue le 12 mars 2024.", DAY),
        ("Vu le 12/03/2024, opéré le 02/02/2024", None),
        ("Rendez-vous le 03/02/2027", None),
        ("Le 31/02/2024, le 12/13/2024, le 12/03/24, 12/03/1824", None),
        ("Mme ESSAI, née le 02/01/1960", None),
        ("Sans date.", None),
        ("x " * 400 + "le 12/03/2024", None),
    ],
)
def test_the_one_day_near_the_top_is_proposed(text: str, day: date | None) -> None:
    assert text_date(text, TODAY, "1985-01-12") == day
