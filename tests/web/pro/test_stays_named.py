"""A doctor reads of each last stay what it was for, where a source states it, and not « Hospitalisation » twice."""

from __future__ import annotations

from dataclasses import replace

from carnet.formats.clinical.values import Concept
from tests.people import a_doctor, a_patient, authorised
from tests.web.pro.desk import at_desk
from tests.web.pro.screens import a_stay, ago, card, looks, states


def test_a_stay_is_named_by_its_ward_its_reason_or_as_its_source_has_it(server: str) -> None:
    patient = a_patient()
    states(patient, a_stay("Clinique un", ago(10)), title="Lettre de liaison : sortie de cardiologie")
    states(patient, replace(a_stay("Clinique deux", ago(100)), reasons=(Concept("Pneumopathie"),)))
    states(patient, replace(a_stay("Clinique trois", ago(200)), code=Concept("Séjour de répit")))
    states(patient, a_stay("Clinique quatre", ago(300)))
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        told = card(looks(desk, patient), "sejours")
    named = ("Séjour en cardiologie", "Clinique un", "Séjour : pneumopathie", "Clinique deux", "Séjour de répit")
    assert [told.index(each) for each in named] == sorted(told.index(each) for each in named)
    assert told.index("Hospitalisation") > told.index("Clinique trois"), "nothing is known of the last one"
    assert told.count("Hospitalisation") == 1
