"""« Qui a accédé » of three years and ten thousand lines: each page of it is there in 50 ms, for the holder and for a
parent, from whom some of it is kept. The least of many counts: what else the machine does only ever slows a page down.
Figures are printed (`-s`)."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import partial
from html import unescape
from uuid import UUID

import httpx2
import pytest

from carnet.consent.declaring import declare
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.documents.test_long_trail import filled
from tests.journeys.test_budgets import best
from tests.people import Resident
from tests.sessions import COOKIE, session_of

pytestmark = pytest.mark.long

LIMIT, REQUESTS, FEW = 50, 9, 50
_PAGE = "/acces"


@dataclass(frozen=True, slots=True)
class Years:
    """A minor of fourteen, who keeps a doctor secret from their parent; a doctor whom both know."""

    child: Resident
    parent: Actor
    secret: Actor
    known: UUID


@pytest.fixture
def years(server: str) -> Years:
    """Anew for each reader: to read the trail is a line of it."""
    assert server
    child = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    parent, secret = people.a_person(), people.a_doctor()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    known = filled(child)
    declare(secret, record_id=child.record_id, secret=True)
    kept = frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})
    people.deposited(secret, child, of=people.entry(labels=kept, authors=()), purpose=Purpose.CARE)
    return Years(child, parent, secret, known)


@pytest.mark.parametrize("reader", ["child", "parent"])
def test_who_looked_is_told_in_a_moment(
    server: str, years: Years, reader: str, capsys: pytest.CaptureFixture[str]
) -> None:
    who = years.child.actor if reader == "child" else years.parent
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of(who)}, timeout=60) as client:
        newest = client.get(_PAGE)
        assert (str(years.secret.id) in newest.text) == (reader == "child")
        older = re.search(r'href="(\?[^"]*avant=[^"]+)"', newest.text)
        assert older, "ten thousand lines are more than one page"
        pages = ("", "?qui=lectures", f"?qui=tous&personne={years.known}", unescape(older[1]))
        for page in pages:
            assert client.get(_PAGE + page).text.count('<li class="cn-row">') > FEW, page

        took = {page: best(partial(_least, client, _PAGE + page, reader, capsys), LIMIT) for page in pages}
        assert max(took.values()) <= LIMIT, took


def _least(client: httpx2.Client, address: str, reader: str, capsys: pytest.CaptureFixture[str]) -> float:
    took = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        answer = client.get(address)
        took.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200
    found = min(took)
    with capsys.disabled():
        print(f"\n{address[:24]} for {reader}: {found:.0f} ms, {len(answer.content) // 1000} kB")  # noqa: T201
    return found
