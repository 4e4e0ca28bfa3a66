"""The law against the database: in situations drawn by chance, every reader gets by every way exactly what the oracle
says, and a change holds with the next request of another process."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from uuid import UUID

import httpx2
import orjson
import pytest

from carnet.consent import actions as consent
from carnet.consent.access import Refused, permit_to_read
from carnet.documents import queries
from carnet.documents.searching import search_inside
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import open_record, rows
from carnet.kernel.ids import from_fhir_id
from carnet.people import actions as people_actions
from carnet.rights import reading as rights
from tests.cases import cases
from tests.cast import TEST_OID
from tests.consent.situations import WORD, Situation, a_cast, a_situation

pytestmark = pytest.mark.usefixtures("house")

Way = Callable[[Actor, Purpose, UUID], frozenset[UUID]]


def listed(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    return frozenset(line.id for line in queries.list_documents(actor, purpose, record_id))


def found(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    answer = queries.search(actor, purpose, record_id, queries.Asked(["current"]))
    assert answer.total == len(answer.entries)
    return frozenset(_id(entry) for entry in answer.entries)


def searched(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    answer = search_inside(actor, purpose, record_id, WORD, limit=50)
    assert answer.total == len(answer.hits) == sum(answer.categories.values())
    return frozenset(hit.document.id for hit in answer.hits)


def by_raw_sql(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """Whatever the application's role can reach once it has entered, without a condition of its own."""
    permit = permit_to_read(actor, purpose, record_id, action="documents-list")
    with open_record(permit, trace=None) as cursor:
        cursor.execute("select id from record.documents_document union select document_id from record.documents_text")
        return frozenset(row["id"] for row in rows(cursor))


def exported(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    permit = permit_to_read(actor, purpose, record_id, action="documents-list")
    return frozenset(document.id for document in rights.documents(permit))


def _id(entry: bytes) -> UUID:

    known = from_fhir_id(orjson.loads(entry)["id"])
    assert known
    return known[1]


WAYS: tuple[Way, ...] = (listed, found, searched, by_raw_sql, exported)


def gets(way: Way, actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID] | None:
    try:
        return way(actor, purpose, record_id)
    except Refused:
        return None


def opens(s: Situation, actor: Actor, purpose: Purpose) -> frozenset[UUID] | None:
    try:
        return frozenset(
            paper.id for paper in s.papers if queries.read_document(actor, purpose, s.patient.record_id, paper.id)
        )
    except Refused:
        return None


def check(s: Situation, chance: Random) -> int:
    """Every reader by one way at least, who sees something by all; how many situations that were."""
    tried = s.who()
    for actor, purpose in tried:
        expected = s.expected(actor, purpose)
        ways = WAYS if expected else (chance.choice(WAYS),)
        for way in ways:
            assert gets(way, actor, purpose, s.patient.record_id) == expected, (way.__name__, actor, purpose, s)
        if expected or chance.random() < 0.1:
            assert opens(s, actor, purpose) == expected, (actor, purpose, s)
    return len(tried)


@pytest.mark.parametrize("seed", range(4))
def test_every_reader_gets_by_every_way_what_the_law_gives(seed: int) -> None:
    chance, tried = Random(f"situations/{seed}"), 0
    cast = a_cast(chance)
    while tried < cases(1250):
        tried += check(a_situation(chance, cast), chance)


def asked(server: str, actor: Actor, purpose: Purpose, s: Situation) -> frozenset[UUID] | None:
    """Over HTTP, in another process, which remembers what it was asked before."""
    scope = "patient/*.rs" if actor.kind is ActorKind.PERSON else "user/*.rs"
    token = people_actions.issue_token(actor_id=actor.id, purpose=purpose, scope=scope)
    answer = httpx2.get(
        f"{server}/fhir/DocumentReference",
        params={"patient.identifier": f"urn:oid:{TEST_OID}|{s.patient.ins}", "status": "current", "_count": 50},
        headers={"Authorization": f"Bearer {token}"},
    )
    closed = answer.status_code == 422 and "record-not-open" in answer.text
    if answer.status_code == 403 or closed:
        return None
    bundle = answer.json()
    assert bundle["total"] == len(bundle.get("entry", []))
    known = [from_fhir_id(entry["resource"]["id"]) for entry in bundle.get("entry", [])]
    return frozenset(each[1] for each in known if each)


def test_what_is_given_and_taken_away_holds_on_the_next_request_of_another_process(server: str) -> None:
    chance = Random("situations/changes")
    cast = a_cast(chance)
    for _ in range(cases(4)):
        s = a_situation(chance, cast)
        readers = [pro.actor for pro in cast.pros.values()]
        for actor in chance.sample(readers, 5):
            assert asked(server, actor, Purpose.CARE, s) == s.expected(actor, Purpose.CARE)
        if not s.state.open or not s.given:
            continue
        gone = s.given[-1][0]
        consent.withdraw(s.patient.actor, Purpose.SELF, record_id=s.patient.record_id, grantee=gone)
        s.given = [each for each in s.given if each[0] != gone]
        for actor in readers:
            assert asked(server, actor, Purpose.CARE, s) == s.expected(actor, Purpose.CARE)
