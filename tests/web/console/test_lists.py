"""Lists of what waits for the support: none of them ends in silence, and each finds the one that somebody names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from uuid import UUID, uuid4

import pytest

from carnet.consent import parents as asked_by_parents
from carnet.kernel.actor import Actor
from carnet.people import publishers
from carnet.people.identity_cases import reference
from carnet.people.publishers import Wish
from carnet.rights import joining, pairs, parents
from carnet.rights.pairs import Kind
from carnet.web.console.listing import PAGE
from tests import people
from tests.web.browsing import Browsing, plain
from tests.web.console.desk import a_joining, a_parents_request, pages, support


def a_request_for_two() -> UUID:
    """For a code, asked by another operator."""
    asker, patient = people.an_operator("support"), people.a_patient()
    (asked,) = pairs.waiting(asker, named=pairs.ask(asker, patient.record_id, Kind.ENTRY))
    return asked.id


def refuse_parents(who: Actor, case_id: UUID) -> None:
    assert parents.refuse(who, case_id, reason="no-link")


LISTS: dict[str, tuple[str, Callable[[], UUID], Callable[[Actor, UUID], None], Callable[[UUID], str]]] = {
    "parents": ("/console/parents", a_parents_request, refuse_parents, asked_by_parents.number),
    "joinings": ("/console/reunir", a_joining, joining.refuse, reference),
    "for two": ("/console/confirmer", a_request_for_two, pairs.refuse, reference),
}


@pytest.mark.parametrize(("address", "lay", "refuse", "number"), LISTS.values(), ids=LISTS)
def test_all_that_waits_is_reached(
    server: str,
    address: str,
    lay: Callable[[], UUID],
    refuse: Callable[[Actor, UUID], None],
    number: Callable[[UUID], str],
) -> None:
    mine = [lay() for _ in range(PAGE + 2)]
    with support(server) as desk:
        read = pages(desk, address)
        shown = [len(_cases(page, address)) for page in read]
        assert shown[:-1] == [PAGE] * (len(read) - 1)
        assert {str(each) for each in mine} <= {found for page in read for found in _cases(page, address)}
        assert f"{sum(shown)} demandes attendent, la plus ancienne d'abord." in plain(read[0])
        assert "Revenir au début" in read[1]
        onward = re.search(rf'href="{address}(\?apres=([^"]+))"', read[0])
        assert onward
        refuse(people.an_operator("support"), UUID(onward[2]))  # by another, meanwhile
        assert _cases(desk.opens(address + onward[1]).text, address) == _cases(read[1], address)
        _is_found(desk, address, mine[-1], number(mine[-1]))
    _settle(refuse, set(mine) - {UUID(onward[2])})


def _is_found(desk: Browsing, address: str, case_id: UUID, number: str) -> None:
    for typed in (number, number.lower().replace("-", "+")):
        assert _cases(desk.opens(f"{address}?numero={typed}").text, address) == [str(case_id)]
    nobody = plain(desk.text(f"{address}?numero=0000-0000"))
    assert "Rien sous ce numéro." in nobody
    assert "Revenir au début" in nobody
    assert len(_cases(desk.opens(f"{address}?numero=-").text, address)) == PAGE, "it names nothing"


def _settle(refuse: Callable[[Actor, UUID], None], cases: Collection[UUID]) -> None:
    """The lists of other tests are theirs."""
    who = people.an_operator("support")
    for each in cases:
        refuse(who, each)


def _cases(page: str, address: str) -> list[str]:
    return re.findall(rf'href="{address}/([0-9a-f-]{{36}})"', page)


def test_every_publisher_is_reached_and_found_by_name(server: str) -> None:
    word = f"Zèbre{uuid4().hex[:6]}"
    made = [_registers(f"{word} {number}", f"Éditeur {word}") for number in range(21)]
    with support(server) as desk:
        read = pages(desk, "/console/editeurs")
        waiting = [plain(found) for page in read for found in re.findall(r'<h2 id="d-[^"]+">(.*?)</h2>', page)]
        assert {f"{word} {number}" for number in range(21)} <= set(waiting)
        assert f"{len(waiting)} demandes attendent, la plus ancienne d'abord." in plain(read[0])
        asked = f"/console/editeurs?nom={word.lower()}"
        found = desk.opens(asked).text
        assert found.count("<article") == 20
        onward = re.search(r'href="/console/editeurs(\?nom=[^"]+)"', found)
        assert onward
        assert f"{word} 20" in plain(desk.text("/console/editeurs" + onward[1].replace("&amp;", "&")))
        assert f"{word} 3" in plain(desk.text(f"/console/editeurs?nom={made[3]}"))
        who = people.an_operator("support")
        for each in publishers.waiting(who, named=word):
            publishers.refuse(who, each.id, "Essai.")
        answered = plain(desk.text(asked))
        assert "Aucune demande de ce nom n'attend." in answered
        assert f"{word} 7" in answered


def test_what_operators_added_is_reached_too(server: str) -> None:
    names = [f"Logiciel {uuid4().hex[:8]}" for _ in range(PAGE + 1)]
    for each in names:
        people.software(each)
    with support(server) as desk:
        read = plain("".join(pages(desk, "/console/editeurs", "apres-ajouts")))
        assert all(each in read for each in names)
        assert names[9] in plain(desk.text(f"/console/editeurs?nom={names[9].replace(' ', '+')}"))


def _registers(software: str, publisher: str) -> str:
    wish = Wish(software, publisher, "1 rue du Pré", "", "Ange Essai", "a@example.org", "system/DocumentReference.c")
    return publishers.register(wish, [], sandbox=True, address=uuid4().hex).client_key
