"""The band above the history: what lasted, from when to when, as its sources say, and for who may see it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml.html import HtmlElement, fromstring

from carnet.formats.clinical.model import Entry, Kind, Problem
from carnet.formats.clinical.values import Concept, Span
from carnet.kernel import clock
from tests import people
from tests.health.stated import stating
from tests.people import Resident
from tests.web.browsing import plain
from tests.web.patient.test_carers import Helper
from tests.web.patient.test_declaring_vaccinations import House, doors
from tests.web.patient.test_family import SECRET, a_child

__all__ = ["doors"]

BORN = "1979-03-28"


def problem(name: str, start: str = "", end: str = "", **more: Any) -> Problem:
    given = {"clinical": "active"} | more
    return Problem(kind=Kind.PROBLEM, code=Concept(name), when=Span(start, end), path=name, **given)


def whose(*entries: Entry) -> Resident:
    patient = people.a_patient(birth_date=BORN)
    stating(patient, *entries)
    return patient


def band(at: Helper, address: str = "/histoire") -> HtmlElement | None:
    page: HtmlElement = fromstring(at.opens(address).text)
    (place,) = page.xpath("//*[@id='frise']")
    return place if len(place) else None


def told(at: Helper) -> list[str]:
    """To who hears the page."""
    found = band(at)
    return [] if found is None else [plain(each.text_content()) for each in found.xpath(".//ul/li")]


def test_each_problem_is_told_with_its_years_in_their_order(doors: House) -> None:
    asthma = problem("Asthme", "1988", "1997-06", clinical="resolved")
    pneumonia = problem("Pneumonie", "2014-02-03", "2014-03-01", clinical="resolved")
    over = problem("Ulcère", "2001", clinical="resolved")
    at = doors.at(whose(problem("Diabète de type 2", "2021-03"), over, asthma, pneumonia))
    assert told(at) == [
        "Asthme, de 1988 à 1997",
        "Ulcère, à partir de 2001",
        "Pneumonie, en 2014",
        "Diabète de type 2, depuis 2021",
    ]
    found = band(at)
    assert found is not None
    for chart in found.xpath(".//svg"):
        bars = [float(each.get("width")) for each in chart.xpath("./rect")]
        assert bars[0] > bars[3] > max(bars[1:3]), "nine years, five, and what lasted less or ended nobody knows when"
        years = [each.text for each in chart.xpath("./text")]
        assert {"1979", str(clock.now().year)} <= set(years), "from birth to today"


def test_no_bar_and_no_name_leaves_the_drawing(doors: House) -> None:
    long = "Polyarthrite rhumatoïde séropositive érosive avec atteinte pulmonaire interstitielle diffuse"
    at = doors.at(whose(problem(long, "1980"), problem("Asthme", "1979-04"), problem("Grippe", BORN, BORN)))
    found = band(at)
    assert found is not None
    for chart in found.xpath(".//svg"):
        wide = float(chart.get("viewbox", chart.get("viewBox")).split()[2])
        for bar in chart.xpath("./rect"):
            assert 0 <= float(bar.get("x")) <= float(bar.get("x")) + float(bar.get("width")) <= wide
        for text in chart.xpath("./text"):
            at_x, length = float(text.get("x")), len(text.text) * 6.6
            begins = {"start": at_x, "end": at_x - length, "middle": at_x - length / 2}[text.get("text-anchor")]
            assert -1 <= begins <= begins + length <= wide + 1, text.text


def test_what_does_not_hold_has_no_bar(doors: House) -> None:
    wrong = [
        problem("Cancer", "2015", verification="refuted"),
        problem("Lupus", "2016", verification="provisional"),
        problem("Sans date"),
        problem("À venir", f"{clock.now().year + 2}"),
    ]
    at = doors.at(whose(problem("Asthme", "1988"), problem("Diabète", "2021"), *wrong))
    assert told(at) == ["Asthme, depuis 1988", "Diabète, depuis 2021"]


def test_one_alone_is_compared_with_nothing(doors: House) -> None:
    at = doors.at(whose(problem("Asthme", "1988")))
    assert band(at) is None


def test_the_longest_are_shown_and_the_others_counted(doors: House) -> None:
    every = [problem(f"Angine {year}", str(year), str(year), clinical="resolved") for year in range(2000, 2007)]
    at = doors.at(whose(problem("Asthme", "1988"), *every))
    assert len(told(at)) == 6
    assert told(at)[0] == "Asthme, depuis 1988"
    found = band(at)
    assert found is not None
    assert "Voir le détail, et 2 autres problèmes de santé" in plain(found.text_content())


@pytest.mark.parametrize("address", ["/histoire?type=problemes", "/histoire?q=asthme", "/histoire?annee=2021"])
def test_choices_leave_the_list_alone(doors: House, address: str) -> None:
    at = doors.at(whose(problem("Asthme", "1988"), problem("Diabète", "2021")))
    assert band(at) is not None
    assert band(at, address) is None


def test_to_a_parent_a_secret_leaves_no_bar(doors: House) -> None:
    parent = people.a_patient()
    year = clock.now().year - 16
    child = a_child(parent.actor, birth_date=f"{year}-02-03")
    stating(child, problem("Asthme", f"{year + 3}"), problem("Eczéma", f"{year + 1}"))
    hers, own = doors.at(parent, opening=child), doors.at(child)
    before = told(hers)
    secret = replace(people.entry(), labels=frozenset({SECRET}))
    stating(child, problem("Épilepsie", f"{year + 10}"), of=secret)
    assert told(hers) == before == [f"Eczéma, depuis {year + 1}", f"Asthme, depuis {year + 3}"]
    assert told(own) == [*before, f"Épilepsie, depuis {year + 10}"]


def test_names_stay_french_in_english(doors: House) -> None:
    at = doors.at(whose(problem("Asthme", "1988"), problem("Diabète", "2021")))
    at.opens("/langue/en")
    assert told(at) == ["Asthme, since 1988", "Diabète, since 2021"]
    found = band(at)
    assert found is not None
    assert found.xpath(".//li/*[@lang='fr']/text()") == ["Asthme", "Diabète"]


@pytest.mark.parametrize("address", ["/histoire", "/accueil"])
def test_a_look_at_a_page_is_one_line_of_the_trail(doors: House, address: str) -> None:
    patient = whose(problem("Asthme", "1988"), problem("Diabète", "2021"))
    at = doors.at(patient)
    before = [line.action for line in people.trail(patient)].count("entries-list")
    at.opens(address)
    assert [line.action for line in people.trail(patient)].count("entries-list") == before + 1


def test_two_sources_are_one_bar_by_the_newest(doors: House) -> None:
    patient = whose(problem("Asthme", "1988"), problem("Diabète", "2021"))
    stating(patient, replace(problem("Asthme", "1990"), path="second"))
    assert [each.partition(",")[0] for each in told(doors.at(patient))] == ["Asthme", "Diabète"]
