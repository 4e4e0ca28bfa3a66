"""What a doctor sees as running: what has no date or a second phase too; what is only proposed, as just that."""

from __future__ import annotations

from dataclasses import replace

from carnet.formats.clinical.values import Span
from tests.people import a_doctor, a_patient, authorised
from tests.web.patient.test_told_safely import days, medicine, twice
from tests.web.pro.desk import at_desk
from tests.web.pro.screens import card, looks, states


def test_what_runs_is_told_as_running_and_what_is_proposed_as_proposed(server: str) -> None:
    patient = a_patient()
    states(
        patient,
        medicine("APIXABAN 5 mg", dosages=(twice(2, days(7)), twice(1))),
        replace(medicine("ROSUVASTATINE EG 5 mg, comprimé pelliculé"), when=Span()),
        medicine("COUMADINE 5 mg", "1 le soir", intent="proposal"),
        kind="57833-6",
    )
    with at_desk(server, authorised(patient, a_doctor(profession="21"))) as desk:
        told = card(looks(desk, patient), "traitements")
    assert "2 comprimés 2 fois par jour pendant 7 jours" in told
    assert "2 comprimés 1 fois par jour" in told
    assert "ROSUVASTATINE EG 5 mg" in told
    assert "Prévu ou proposé, pas commencé" in told.partition("COUMADINE")[2]
