"""The law against the database: in situations drawn by chance, every reader gets by every way exactly what the oracle
says, and a change holds with the next request of another process."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from uuid import UUID

import httpx2
import orjson
import pytest
from psycopg import Connection

from carnet.apps.rules import Topic
from carnet.apps.sending import seen_now
from carnet.consent.access import Refused, permit_quietly, permit_to_state, reading
from carnet.consent.emergency import MODES
from carnet.consent.facts import Reason, Refusal, Wish
from carnet.consent.seeing import Reader
from carnet.consent.standing import still_read, without_a_block
from carnet.documents import queries
from carnet.documents.searching import search_inside
from carnet.formats import folding
from carnet.formats.clinical.model import Kind
from carnet.formats.fhir.search import Words
from carnet.health import disputing, foreseeing, profile, screen
from carnet.health import history as happened
from carnet.health import queries as health
from carnet.health import searching as facts
from carnet.health.sections import KINDS, Section
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import Permit, open_record, rows
from carnet.kernel.ids import from_fhir_id, short
from carnet.people import actions as people_actions
from carnet.rights import reading as rights
from carnet.web.pro import shelves
from carnet.web.pro.screen import views
from tests.cases import cases
from tests.cast import TEST_OID
from tests.consent import oracle, situations
from tests.consent.differing import differs, in_short
from tests.consent.readers import Cast, a_cast
from tests.consent.situations import WORD, Situation, a_situation

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


def by_words(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """As software searches inside (`_content`)."""
    words = Words(False, (folding.query(WORD),))  # noqa: FBT003
    answer = queries.search(actor, purpose, record_id, queries.Asked(["current"], words=[words]), limit=50)
    assert answer.total == len(answer.entries)
    return frozenset(_id(entry) for entry in answer.entries)


@cache
def the_owner() -> Connection:
    """One connection for the whole process."""
    return database.connect(config.load(), "owner", autocommit=True)


def told_of(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """Of what a subscriber would be told, if everything in the record came at this moment."""
    permit = permit_quietly(actor, purpose, record_id)
    if permit is None:
        raise Refused(Refusal(Reason.NO_LINK), actor)
    of_record = "select id from record.documents_document where record_id = %s"
    every = {row[0] for row in the_owner().execute(of_record, (record_id,)).fetchall()}
    with open_record(permit, trace=None) as cursor:
        now = seen_now(cursor, record_id, Topic.DOCUMENTS, every)
    return frozenset(each for each, found in now.items() if found.seen and not found.replaced)


def by_raw_sql(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """Whatever the application's role can reach once it has entered, without a condition of its own."""

    def read(permit: Permit) -> frozenset[UUID]:
        with open_record(permit, trace=None) as cursor:
            cursor.execute(
                "select id from record.documents_document union select document_id from record.documents_text union"
                " select source_id from record.health_statement union select document_id from record.health_reading"
            )
            return frozenset(row["id"] for row in rows(cursor))

    return reading(actor, purpose, record_id, read, action="documents-list")


def exported(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    def read(permit: Permit) -> frozenset[UUID]:
        return frozenset(document.id for document in rights.documents(permit))

    return reading(actor, purpose, record_id, read, action="documents-list")


def stated(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """The documents by which facts are told: what all say is told once, by all that are in sight."""
    lines = health.lines(actor, purpose, record_id)
    found = _sources([line.sources for line in lines if line.kind is Kind.RESULT])
    assert sorted(line.sources[0] for line in lines if line.kind is Kind.PRESCRIPTION) == sorted(found)
    return found


def stated_to_software(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    answer = health.search(actor, purpose, record_id, [Kind.RESULT], queries.Asked())
    assert answer.total == len(answer.entries)
    return _sources([each.sources for each in answer.entries])


def history(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """The documents in its lines, each of which is one or two; and the facts in them by the same documents."""
    told = happened.history(actor, purpose, record_id, limit=100)
    papers = [paper.id for line in told.lines for paper in line.papers]
    assert len(papers) == len(set(papers)), papers
    assert told.counts.total == len(told.lines)
    by_year = sum(told.counts.years.values()) + told.counts.undated
    assert by_year == told.counts.every_year == told.counts.total
    assert {fact.source for line in told.lines for fact in line.facts} <= set(papers)
    return frozenset(papers)


def entry_search(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """As `stated`, by a word of what is told of every fact."""
    found = facts.find(actor, purpose, record_id, "TSH", limit=100)
    assert found.total == sum(hit.times for hit in found.hits)
    told = health.lines(actor, purpose, record_id, [Kind.RESULT])
    assert found.total == len(told)
    assert {hit.id for hit in found.hits} <= {line.fact for line in told}
    return _sources([line.sources for line in told])


def profiled(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """As `stated`, with the documents that the page of the profile names."""
    told = profile.told(actor, purpose, record_id, [Kind.RESULT])
    found = _sources([line.sources for line in told.lines])
    assert set(told.documents) == found
    return found


def treated(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """By what each of them prescribed long ago, which is told without its text; of the last ones alone where no more
    are asked for, with how many there are beside them."""
    told = profile.told(actor, purpose, record_id, KINDS[Section.TREATMENTS], over=profile.Over(100))
    assert not told.more
    assert all(not line.fhir for line in told.lines)
    few = profile.told(actor, purpose, record_id, KINDS[Section.TREATMENTS], over=profile.Over(3))
    assert few.lines == told.lines[:3]
    assert sum(few.more.values()) == len(told.lines[3:])
    return frozenset(source for line in told.lines for source in line.sources)


def reported(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """By the errors that the holder reported, on every page that tells them beside the lines."""
    told = profile.told(actor, purpose, record_id, ()).reports
    assert {(each.fact, each.source_id) for each in told} == disputing.pending(actor, purpose, record_id)
    for each in told:
        assert disputing.of_document(actor, purpose, record_id, each.source_id)
        assert profile.told_of(actor, purpose, record_id, each.fact).reports == told
    if purpose in {Purpose.SELF, Purpose.REPRESENTATIVE}:
        followed = disputing.followed(actor, purpose, record_id)
        assert {(each.fact, each.source_id) for each in followed} == {(each.fact, each.source_id) for each in told}
    return frozenset(each.source_id for each in told)


def reported_of_each(s: Situation, actor: Actor, purpose: Purpose) -> frozenset[UUID]:
    """By each document, as who opens it is told of its errors."""
    asked = (actor, purpose, s.patient.record_id)
    return frozenset(paper.id for paper in s.papers if disputing.of_document(*asked, paper.id))


def on_the_screen(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """Of a professional's first view; what it tells is stated by the documents that it lists, and by no other."""
    told = screen.read(actor, purpose, record_id, screen.Wanted(frozenset(Kind), each=1000))
    papers = frozenset(paper.line.id for paper in told.papers)
    assert {source for line in (*told.lines, *told.values) for source in line.sources} <= papers
    assert {line.fact for line in told.values} == {
        line.fact for line in health.lines(actor, purpose, record_id, [Kind.RESULT]) if not line.struck
    }
    return papers


def on_a_shelf(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
    """As a professional's list has them, whatever is set aside in it; each choice is counted on the same."""
    lines = queries.list_documents(actor, purpose, record_id)
    wanted = shelves.Wanted(period=shelves.ALL, folded=True)
    shelf = shelves.of(lines, wanted, views.every().of(None), clock.now(), None)
    ids = [placed.line.id for placed in shelf.lines]
    assert len(ids) == len(set(ids)) == shelf.total == sum(shelf.categories.values()) == sum(shelf.years.values())
    return frozenset(ids)


def _sources(told: list[tuple[UUID, ...]]) -> frozenset[UUID]:
    every = max(told, key=len, default=())
    alone = [sources[0] for sources in told if len(sources) == 1]
    assert not told or sorted(every) == sorted(alone if len(every) > 1 else {*every, *alone}), told
    return frozenset(every)


def over_fhir(server: str) -> Way:
    """By software, with a token of the reader's own."""

    def way(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[UUID]:
        answer = _asked(server, actor, purpose, {"patient": short(record_id)})
        if _is_refused(answer):
            raise Refused(Refusal(Reason.NO_LINK), actor)
        return _told(answer)

    return way


def _is_refused(answer: httpx2.Response) -> bool:
    """By the decision; a record that is closed is told to who may know that there is one."""
    return answer.status_code == httpx2.codes.FORBIDDEN or "record-not-open" in answer.text


def foreseen(s: Situation, reader: Actor, purpose: Purpose) -> frozenset[UUID] | None:
    """What its holder is shown with this reader's eyes; None when the reader would be shown nothing at all."""
    reader = replace(reader, regulates=True)
    look = foreseeing.foresee(s.patient.actor, Purpose.SELF, s.patient.record_id, Reader(reader.id, purpose))
    if look is None or isinstance(look.documents.decision, Refusal):
        assert look is None or not look.told
        return None
    shown = frozenset(line.id for line in look.documents.shown)
    assert shown.isdisjoint(each.line.id for each in look.documents.withheld)
    assert {line.fact for line in look.told} == _facts_in_common(s, reader, purpose), f"{s.name}: {reader} {purpose}"
    return shown


def _facts_in_common(s: Situation, reader: Actor, purpose: Purpose) -> set[UUID]:
    """What the reader is told by a document that the holder may know of."""
    try:
        told = {line.fact: set(line.sources) for line in health.lines(reader, purpose, s.patient.record_id)}
    except Refused:
        return set()
    known = health.lines(s.patient.actor, Purpose.SELF, s.patient.record_id)
    return {line.fact for line in known if not told.get(line.fact, set()).isdisjoint(line.sources)}


def _id(entry: bytes) -> UUID:
    known = from_fhir_id(orjson.loads(entry)["id"])
    assert known
    return known[1]


# Of so many at most for each reader: over thousands of readers each way is tried with each other.
AT_ONCE = cases(3)
OF_FACTS: tuple[Way, ...] = (stated, stated_to_software, entry_search, profiled, treated, reported)
WAYS: tuple[Way, ...] = (
    listed,
    found,
    searched,
    by_words,
    told_of,
    by_raw_sql,
    exported,
    stated,
    stated_to_software,
    history,
    entry_search,
    profiled,
    treated,
    reported,
    on_the_screen,
    on_a_shelf,
)


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


def says(actor: Actor, purpose: Purpose, record_id: UUID) -> str | None:
    """As what they may say something of health themselves."""
    try:
        return permit_to_state(actor, purpose, record_id, action="entry-stated").types
    except Refused:
        return None


def check(s: Situation, server: str) -> int:
    """Every reader by one way at least, who sees something by all; how many situations that were."""
    chance, tried = Random(f"ways/{s.name}"), s.who()
    for actor, purpose in tried:
        expected = s.expected(actor, purpose)
        # Software that reads in an emergency breaks the glass by reading.
        softly = purpose in MODES and (actor.id, purpose) not in s.broken
        # The way over HTTP is slow, and every other time.
        there = not softly and actor.kind is not ActorKind.OPERATOR and chance.random() < 0.5
        every = (*WAYS, over_fhir(server)) if there else WAYS
        ways = chance.sample(every, min(AT_ONCE, len(every))) if expected else (chance.choice(every),)
        for way in ways:
            got = gets(way, actor, purpose, s.patient.record_id)
            told = expected - s.in_hands() if expected and way in OF_FACTS else expected
            told = told & s.reported if told and way is reported else told
            assert got == told, differs(s, actor, purpose, way.__name__, told, got)
        if expected is not None and not softly and chance.random() < 0.25:
            own = profile.told(actor, purpose, s.patient.record_id, ())
            words = frozenset(each.kind.value for each in own.words), bool(own.arrangement.answered)
            assert words == s.told(actor, purpose), (s.name, actor, purpose, words)
            open_words, open_papers = s.handed()
            paper = profile.told(actor, purpose, s.patient.record_id, [Kind.RESULT], for_others=True)
            assert {each.kind.value for each in paper.words} == words[0] & open_words, (s.name, actor, purpose)
            sources = _sources([line.sources for line in paper.lines])
            assert sources == (expected - s.in_hands()) & open_papers, (s.name, actor, purpose)
        if expected is not None and not softly and chance.random() < 0.25:
            got, told = reported_of_each(s, actor, purpose), expected & s.reported
            assert got == told, differs(s, actor, purpose, "errors reported", told, got)
        if purpose is Purpose.CARER:
            answer = oracle.answer(s.facts(actor, purpose, Wish.STATE))
            assert says(actor, purpose, s.patient.record_id) == (answer and answer[1]), (s.name, actor)
        if chance.random() < (0.3 if expected else 0.1):
            got = opens(s, actor, purpose)
            assert got == expected, differs(s, actor, purpose, "open", expected, got)
        if s.may_preview(actor, purpose) and chance.random() < 0.2:
            got, shown = foreseen(s, actor, purpose) or frozenset(), s.foretold(actor, purpose)
            assert got == shown, differs(s, actor, purpose, "preview", shown, got)
    if chance.random() < 0.3:
        check_recent(s)
    return len(tried)


def check_recent(s: Situation) -> None:
    """Among a professional's recent patients stands who would let them read now; a block is told by nothing."""
    for pro in s.cast.pros.values():
        asked = [s.facts(pro.actor, purpose) for purpose in (Purpose.CARE, *MODES)]
        expected = any(oracle.answer(without_a_block(facts)) is not None for facts in asked)
        got = s.patient.record_id in still_read(pro.actor, [s.patient.record_id])
        assert got == expected, differs(s, pro.actor, Purpose.CARE, "recent", frozenset(), None)


@cache
def the_cast_of(seed: str) -> Cast:
    """Once in a process: who is drawn by the same name bears the same identifiers."""
    return a_cast(Random(f"cast/{seed}"))


def tried(seed: object, server: str, most: int) -> None:
    """What fails names its situation: all of them up to it come again with the same seed in a new process, and it alone
    with `CARNET_SITUATION=<name>` (`test_one_situation_again`)."""
    cast, so_far, number = the_cast_of(str(seed)), 0, 0
    while so_far < most:
        so_far += check(a_situation(f"{seed}/{number}", cast), server)
        number += 1


@pytest.mark.parametrize("seed", range(4))
def test_every_reader_gets_by_every_way_what_the_law_gives(seed: int, server: str) -> None:
    tried(seed, server, 1250)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40))
def test_in_a_hundred_thousand_situations_too(seed: int, server: str) -> None:
    tried(f"long/{seed}", server, 2500)


def test_one_situation_again(server: str) -> None:
    """That of a failure, by the name that it told: `CARNET_SITUATION=…`."""
    name = os.environ.get("CARNET_SITUATION", "again/1")
    check(a_situation(name, the_cast_of(name.rpartition("/")[0])), server)


def test_the_same_name_says_the_same_again() -> None:
    """By places; records and documents are numbered by the clock, in the order in which they come."""
    cast = the_cast_of("again")
    assert in_short(a_situation("again/0", cast)) == in_short(a_situation("again/0", cast))


_tokens: dict[tuple[UUID, Purpose], str] = {}


def _asked(server: str, actor: Actor, purpose: Purpose, query: dict[str, str]) -> httpx2.Response:
    scope = "patient/*.rs" if actor.kind is ActorKind.PERSON else "user/*.rs"
    if actor.kind is ActorKind.CLIENT:
        scope = "system/*.rs"
    key = (actor.id, purpose)
    if key not in _tokens:
        # Software says of whom the provider says so that they answer calls: of nobody else would it get this purpose.
        _tokens[key] = people_actions.issue_token(
            actor_id=actor.id, purpose=purpose, scope=scope, regulates=actor.regulates
        )
    headers = {"Authorization": f"Bearer {_tokens[key]}"}
    if purpose in MODES:
        headers["X-Carnet-Reason"] = "Inconscient"
    asked = {**query, "status": "current", "_count": "50"}
    return httpx2.get(f"{server}/fhir/DocumentReference", params=asked, headers=headers)


def _told(answer: httpx2.Response) -> frozenset[UUID]:
    assert answer.status_code == httpx2.codes.OK, answer.text
    bundle = answer.json()
    assert bundle["total"] == len(bundle.get("entry", [])), bundle
    known = [from_fhir_id(entry["resource"]["id"]) for entry in bundle.get("entry", [])]
    return frozenset(each[1] for each in known if each)


def asked(server: str, actor: Actor, purpose: Purpose, s: Situation) -> frozenset[UUID] | None:
    """Over HTTP, in another process, which remembers what it was asked before."""
    answer = _asked(server, actor, purpose, {"patient.identifier": f"urn:oid:{TEST_OID}|{s.patient.ins}"})
    return None if _is_refused(answer) else _told(answer)


CHANGES = ("_authorise", "_withdraw", "_block", "_attend", "_choose", "_break", "_mask", "_unmask", "_hand", "_take")


def test_a_change_holds_on_the_next_request_of_another_process(server: str) -> None:
    """Whatever the holder, the insurance or somebody in an emergency does: who reads more or less does so at once."""
    chance = Random("situations/changes")
    cast = a_cast(chance)
    readers = [(pro.actor, purpose) for pro in cast.pros.values() for purpose in (Purpose.CARE, Purpose.EMERGENCY)]
    tried = set()
    for number in range(cases(6)):
        s = a_situation(f"changes/{number}", cast)
        readers_here = [*chance.sample(readers, 8), (s.patient.actor, Purpose.SELF), (s.parent, Purpose.REPRESENTATIVE)]
        if not s.state.open:
            continue
        for act in [CHANGES[(4 * number + nth) % len(CHANGES)] for nth in range(4)]:
            _all_ask(server, s, readers_here)
            getattr(situations, act)(chance, s)
            tried.add(act)
            _all_ask(server, s, readers_here)
    assert tried == set(CHANGES)


def _all_ask(server: str, s: Situation, readers: list[tuple[Actor, Purpose]]) -> None:
    for actor, purpose in readers:
        # Who reads in an emergency breaks the glass by reading, which is a change of its own.
        if purpose is Purpose.EMERGENCY and (actor.id, purpose) not in s.broken:
            continue
        got, expected = asked(server, actor, purpose, s), s.expected(actor, purpose)
        assert got == expected, differs(s, actor, purpose, "another process", expected, got)
