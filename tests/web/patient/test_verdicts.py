"""What the support answered of an emergency is read by the person, where they read of it and in the trail."""

from __future__ import annotations

import pytest

from carnet.consent import emergency, queries, reviewing
from carnet.consent.reviewing import Verdict
from carnet.documents import trail
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.web.patient.sentences import sentence
from tests import people
from tests.people import Resident
from tests.web.patient.guest import HOME, Guest


def opened(patient: Resident, doctor: Actor, *, secret: bool = False) -> emergency.Broken:
    return emergency.break_glass(
        doctor, Purpose.EMERGENCY, record_id=patient.record_id, reason="Malaise dans la rue", secret=secret
    )


@pytest.mark.parametrize(
    ("verdict", "told", "then"),
    [
        (Verdict.JUSTIFIED, "l'accès était justifié.", "Notre équipe a vérifié auprès de l'établissement."),
        (Verdict.UNJUSTIFIED, "l'accès n'était pas justifié.", "L'établissement en est saisi."),
    ],
)
def test_the_verdict_stands_where_the_emergency_does(guest: Guest, verdict: Verdict, told: str, then: str) -> None:
    broken = opened(guest.patient, people.a_doctor())
    assert "justifié" not in guest.text(HOME)
    reviewing.close(people.an_operator("support"), broken.id, verdict)
    page = guest.text(HOME)
    assert told in page
    assert then in page
    said = "il était justifié" if verdict is Verdict.JUSTIFIED else "il n'était pas justifié"
    assert f"a vérifié l'accès de Dr Ange Essai : {said}" in guest.text("/acces")


@pytest.mark.usefixtures("house")
def test_the_verdict_on_a_secret_is_the_childs_alone() -> None:
    minor, parent = people.a_patient(birth_date=f"{clock.now().year - 15}-01-02"), people.a_person()
    people.represents(minor, parent)
    broken = [opened(minor, people.a_doctor(), secret=secret) for secret in (True, False)]
    support = people.an_operator("support")
    for each in broken:
        reviewing.close(support, each.id, Verdict.UNJUSTIFIED)
    whose = ((minor.actor, Purpose.SELF, 2), (parent, Purpose.REPRESENTATIVE, 1))
    for who, purpose, count in whose:
        found = queries.confidentiality(who, purpose, minor.record_id).emergencies
        assert [each.verdict for each in found] == [Verdict.UNJUSTIFIED] * count
        lines = trail.lines(who, purpose, minor.record_id)
        told = [sentence(line, who.id).text for line in lines if line.action == "review-closed"]
        assert len(told) == count
        assert all(text.endswith("pas justifié") for text in told)
