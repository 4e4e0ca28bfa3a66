"""What a parent took back for a child who is asked: given again with the child's answer, by no short way."""

from __future__ import annotations

import httpx2

from carnet.consent import actions as consent
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from tests import people
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain
from tests.web.patient.guest import about, granting
from tests.web.patient.test_carers import Helper
from tests.web.patient.test_family import a_child


def test_a_parent_gives_again_with_the_answer_of_the_child(server: str) -> None:
    parent, doctor = people.a_patient(), people.a_doctor()
    child = a_child(parent.actor, birth_date=f"{clock.now().year - 14}-01-02")
    of = (parent.actor, Purpose.REPRESENTATIVE)
    consent.authorise(*of, record_id=child.record_id, professional_id=doctor.id)
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(parent.actor)}) as client:
        at = Helper(client)
        at.opens_the_record_of(child)
        page = at.sends(about(doctor.id), {"acte": "retirer"})
        assert "L'autorisation est retirée." in plain(page.text)
        assert 'value="rendre"' not in page.text
        again = at.sends(about(doctor.id), {"acte": "rendre"})
        assert again.status_code == 422
        assert "ce qu'en dit votre enfant" in plain(again.text)
        assert [each.action for each in people.trail(child) if each.outcome == "done"].count("authorise") == 1
        assert at.sends(granting(doctor), {"duree": "toujours"}).status_code == 422
        at.sends(granting(doctor), {"duree": "toujours", "enfant": "agrees"})
    acts = [each.action for each in people.trail(child) if each.outcome == "done"]
    assert acts.count("authorise") == 2
    assert "child-agrees" in acts
