"""The support's list of accesses to look into, over HTTP, when there are many."""

from __future__ import annotations

import re

from carnet.consent import reviewing
from carnet.consent.emergency import break_glass
from carnet.consent.reviewing import Verdict
from carnet.kernel.actor import Purpose
from tests import people
from tests.web.browsing import plain
from tests.web.console.desk import pages, support

ADDRESS = "/console/acces"
REASON = "Chute dans un escalier"


def emergencies(count: int) -> list[str]:
    """The numbers of so many cases, made now."""
    patient = people.a_patient()
    found = [
        break_glass(people.a_doctor(), Purpose.EMERGENCY, record_id=patient.record_id, reason=REASON).id
        for _ in range(count)
    ]
    operator = people.an_operator("support")
    return [case.number for each in found if (case := reviewing.open_case(operator, each))]


def test_every_case_is_reached_page_by_page_and_by_its_number(server: str) -> None:
    numbers = emergencies(reviewing.PAGE + 2)
    with support(server) as desk:
        read = pages(desk, ADDRESS)
        assert len(read) > 1
        assert "Voir la suite" in plain(read[0])
        told = re.search(r"(\d+) accès attendent un avis", plain(read[0]))
        assert told
        assert int(told[1]) >= len(numbers)
        assert all(any(number in page for page in read) for number in numbers)
        for typed in (numbers[-1], numbers[-1].lower().replace("-", " ")):
            one = desk.opens(f"{ADDRESS}?numero={typed}").text
            assert one.count('class="cn-row cn-row--act"') == 1
            assert numbers[-1] in one
        assert "Rien sous ce numéro." in desk.text(f"{ADDRESS}?numero=0000")
        # The last of them can be answered.
        (answer,) = re.findall(r'href="(\?cas=[^"]+avis=justified)"', one)
        case = answer.partition("cas=")[2].partition("&")[0]
        assert numbers[-1] in desk.opens(f"{ADDRESS}{answer.replace('&amp;', '&')}").text
        assert "Votre avis est enregistré." in plain(desk.sends(ADDRESS, {"cas": case, "avis": "justified"}).text)
        assert "Rien sous ce numéro." in desk.text(f"{ADDRESS}?numero={numbers[-1]}")
    operator = people.an_operator("support")
    waiting = reviewing.waiting(operator).numbered
    for number in numbers[:-1]:
        reviewing.close(operator, waiting[number.replace("-", "")], Verdict.JUSTIFIED)


def test_of_an_emergency_of_which_nobody_was_written_to_the_support_is_told(server: str) -> None:
    (number,) = emergencies(1)
    with support(server) as desk:
        said = desk.text(f"{ADDRESS}?numero={number}")
        assert "Aucun courriel n'est parti pour l'annoncer" in said
        assert REASON not in said
