"""An error that a person reports of a fact is told to who opens the document, and its document to the support."""

from __future__ import annotations

from carnet.health import disputing, queries
from carnet.kernel.actor import Purpose
from carnet.kernel.ids import short
from tests import people
from tests.health.stated import stating
from tests.web.browsing import plain
from tests.web.console.desk import support
from tests.web.patient.test_health import diabetes
from tests.web.pro.desk import at_desk, attended, record

WORDS = "Ce n'était que pendant ma grossesse."


def test_the_author_reads_it_and_the_support_does_not(server: str) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    attended(patient, doctor)
    done = stating(patient, diabetes())
    (line,) = queries.lines(patient.actor, Purpose.SELF, patient.record_id)
    target = {"record_id": patient.record_id, "fact": line.fact, "source_id": done.id}
    disputing.report(patient.actor, Purpose.SELF, **target, words=WORDS)
    disputing.report(patient.actor, Purpose.SELF, **target, words="Encore")
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        page = plain(desk.opens(f"{record(patient.record_id)}/documents/{done.id}").text)
    assert "La personne signale une erreur dans ce document." in page
    assert f"Diabète de type 2 : « {WORDS} »" in page
    assert "Encore" not in page, "reported once, it stays so"
    with support(server) as operator:
        found = f"/console/signalements?numero={short(done.id)}"
        listed = plain(operator.opens(found).text)
        assert short(done.id) in listed
        assert "grossesse" not in listed
        assert "Diabète" not in listed
        (case,) = disputing.open_cases(people.an_operator("support"), about=done.id)
        operator.sends("/console/signalements", {"signalement": str(case.id), "acte": "transmis"})
        gone = plain(operator.opens(found).text)
        assert "Rien sous ce numéro" in gone
        assert f"Document {short(done.id)}" not in gone
    assert disputing.of_document(patient.actor, Purpose.SELF, patient.record_id, done.id), (
        "it stays until it is corrected"
    )
