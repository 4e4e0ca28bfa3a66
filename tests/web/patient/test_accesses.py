"""« Qui a accédé à mon carnet », a page at a time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

import httpx2
import pytest

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.consent.declaring import declare
from carnet.consent.standing import standing
from carnet.documents import trail
from carnet.health import history
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Purpose
from carnet.web.patient import accesses
from carnet.web.patient.accesses import ALL, Wanted
from carnet.web.patient.sentences import Event
from carnet.web.patient.visit import Visit
from tests import people
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain

pytestmark = pytest.mark.usefixtures("house")

_WRITE = """
    insert into trail.line (at, record_id, actor_kind, actor_id, purpose, capacity, door, action, outcome, target_kind,
                            target_id)
    select %(last)s - n * interval '5 seconds', %(record)s, 'professional', %(actor)s, 'care', 'authorised', 'web',
           %(action)s, 'done', 'documents', %(target)s
      from generate_series(0, %(count)s - 1) n
"""


def written(patient: Resident, actor: UUID, action: str, last: datetime, count: int) -> None:
    values = {"record": patient.record_id, "actor": actor, "action": action, "last": last, "count": count}
    with database.connect(config.load(), "owner") as owner:
        owner.execute(_WRITE, values | {"target": None})
        owner.commit()


def pages(patient: Resident) -> list[list[Event]]:
    found: list[list[Event]] = []
    older = ""
    while not found or older:
        log = accesses.page_of(Visit(patient.actor, patient.record_id), Wanted(ALL), older)
        older = log.older
        found.append([event for day in log.days for event in day.events])
    return found


def counted(found: list[list[Event]], who: UUID) -> list[int]:
    return [act.count for page in found for event in page if event.lead.stranger == who for act in event.acts]


def test_a_visit_is_told_as_a_whole_however_many_lines_came_after_it() -> None:
    patient, writer, reader = people.a_patient(), people.a_doctor().id, people.a_doctor().id
    now = clock.now()
    written(patient, writer, "document-deposit", now - timedelta(hours=2), 29)
    written(patient, reader, "documents-list", now - timedelta(hours=2), 40)
    for newer in (0, 40, 45, 20):
        written(patient, people.a_doctor().id, "documents-list", now - timedelta(minutes=1), newer)
        found = pages(patient)
        assert (counted(found, writer), counted(found, reader)) == ([29], [40])
    assert len(found) > 1


def test_a_visit_longer_than_a_page_is_on_one() -> None:
    patient, writer = people.a_patient(), people.a_doctor().id
    long_ago = clock.now() - timedelta(days=3)
    written(patient, writer, "document-deposit", long_ago, 300)
    written(patient, people.a_doctor().id, "documents-list", long_ago - timedelta(hours=2), 1)
    first, second = pages(patient)[:2]
    assert counted([first], writer) == [300]
    assert counted([second], writer) == []


def test_which_lines_are_shown_is_said_and_in_sight(server: str) -> None:
    patient = people.a_patient()
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(patient.actor)}) as client:
        page = client.get("/acces?qui=refus").text
        assert "Affiché : Refusés" in plain(page)
        assert re.findall(r'class="cn-chip" href="\?qui=([a-z]+)"', page)[0] == "refus"
        assert "Affiché" not in plain(client.get("/acces").text)


def test_who_looked_at_their_rights_and_had_none_is_found_among_what_was_refused(server: str) -> None:
    patient, reader, stranger, blocked = people.a_patient(), people.a_doctor(), people.a_doctor(), people.a_doctor()
    people.authorised(patient, reader)
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=blocked.id)
    for each in (reader, stranger, blocked):
        standing(people.actor(each.id), patient.record_id)
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(patient.actor)}) as client:
        page = client.get("/acces?qui=refus").text
        said, others = plain(page), plain(client.get("/acces").text)
        met = [plain(row) for row in client.get("/acces/personnes").text.split('<li class="cn-row">')[1:]]
    assert {str(each.id) in page for each in (stranger, blocked)} == {True}
    assert str(reader.id) not in page
    assert said.count("a vérifié ses droits sur votre carnet : aucun accès, rien n'a été lu") >= 2
    assert "Vous avez bloqué ce soignant : rien ne lui est montré." in said
    assert "L1111-17, R1111-46" in said
    assert "a vérifié ses droits sur votre carnet, sans rien lire" in others
    assert "aucun accès, rien n'a été lu" in others
    assert sum("1 refusée" in row for row in met) == 2


def test_a_person_is_chosen_among_those_who_came_and_everything_of_theirs_is_shown(server: str) -> None:
    patient, reader, stranger = people.a_patient(), people.a_doctor(), people.a_doctor()
    people.authorised(patient, reader)
    assert history.history(reader, Purpose.CARE, patient.record_id).lines == ()
    with pytest.raises(Refused):
        history.history(stranger, Purpose.CARE, patient.record_id)
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of(patient.actor)}, timeout=30) as client:
        assert 'href="/acces/personnes"' in client.get("/acces").text
        page = client.get("/acces/personnes").text
        first, second = [plain(row) for row in page.split('<li class="cn-row">')[1:]]
        assert re.search(r"Soignant\. La dernière fois le .{6,20}\. 1 ligne\. 1 refusée", first), first
        assert re.search(r"Soignant\. La dernière fois le .{6,20}\. 1 ligne\.", second), second
        assert "refusée" not in second
        assert page.index(str(stranger.id)) < page.index(str(reader.id))
        theirs = client.get(f"/acces?qui=tous&personne={reader.id}").text
        assert "Personne d'autre" not in plain(theirs)
        assert str(stranger.id) not in theirs


def test_of_who_came_in_secret_a_parent_is_offered_nobody() -> None:
    minor = people.a_patient(birth_date=f"{clock.now().year - 15}-01-02")
    parent, doctor = people.a_person(), people.a_doctor()
    people.represents(minor, parent)
    declare(doctor, record_id=minor.record_id, until=None, express=False, secret=True)
    history.history(doctor, Purpose.CARE, minor.record_id)
    for who, purpose, known in ((minor.actor, Purpose.SELF, True), (parent, Purpose.REPRESENTATIVE, False)):
        found = trail.met(who, purpose, minor.record_id)
        assert (doctor.id in {each.id for each in found}) == known
