"""« C'est une erreur » about what is hidden: whoever is not shown a line is told nowhere that it was reported, nor in
what words. The whole cast around a minor with parents, for what is open, masked or secret, in a document and in a
professional's note."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from carnet.consent.access import Refused
from carnet.consent.caring import Right
from carnet.consent.emergency import break_glass
from carnet.documents import trail
from carnet.documents.changing import NotThere
from carnet.health import disputing, profile, stating
from carnet.health.queries import lines
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.ids import short
from carnet.people import actions as people_actions
from tests import people
from tests.health.stated import result
from tests.health.stated import stating as document_stating
from tests.people import Resident
from tests.web.browsing import token
from tests.web.console.desk import sitting, support
from tests.web.patient.test_errors import weight
from tests.web.pro.desk import at_desk, attended, record

pytestmark = pytest.mark.usefixtures("house")

OPEN, MASKED, SECRET = "ouvert", "masqué", "secret"
# Who is shown what, in a document and in a note of the author's alike.
SHOWN = {
    "minor": {OPEN, MASKED, SECRET},
    "parent": {OPEN, MASKED},
    "other parent": {OPEN, MASKED},
    "carer": {OPEN},
    "author": {OPEN, MASKED, SECRET},
    "attending": {OPEN, MASKED, SECRET},
    "doctor": {OPEN, SECRET},
    "emergency": {OPEN, SECRET},
    "stranger": None,
    "somebody": None,
    "software": set(),
    "support": None,
}


@dataclass
class World:
    """`sources`: by the word that its report bears, the fact and the source that states it."""

    minor: Resident
    cast: dict[str, tuple[Actor, Purpose]]
    sources: dict[str, tuple[UUID, UUID]]

    @property
    def record_id(self) -> UUID:
        return self.minor.record_id


def words_of(kind: str, hidden: str) -> str:
    return f"Zinnia {kind} {hidden}"


@pytest.fixture(scope="module")
def world(house: object) -> World:
    minor, author = people.a_patient(birth_date="2011-01-01"), people.a_doctor()
    people.authorised(minor, author)
    parents = [people.a_person(), people.a_person()]
    for each in parents:
        people.represents(minor, each)
    carer = people.a_person()
    people_actions.care_for(
        SYSTEM,
        record_id=minor.record_id,
        carer_id=carer.id,
        rights=frozenset(right.value for right in Right),
        acts=True,
        since=people.long_ago(),
        until=None,
    )
    made = World(
        minor,
        {
            "minor": (minor.actor, Purpose.SELF),
            "parent": (parents[0], Purpose.REPRESENTATIVE),
            "other parent": (parents[1], Purpose.REPRESENTATIVE),
            "carer": (carer, Purpose.CARER),
            "author": (author, Purpose.CARE),
            "attending": (attended(minor, people.a_doctor()), Purpose.CARE),
            "doctor": (people.authorised(minor, people.a_doctor()), Purpose.CARE),
            "emergency": (people.a_doctor(), Purpose.EMERGENCY),
            "stranger": (people.a_doctor(), Purpose.CARE),
            "somebody": (people.a_person(), Purpose.REPRESENTATIVE),
            "software": (people.software(), Purpose.DEPOSIT),
            "support": (people.an_operator("support"), Purpose.SUPPORT),
        },
        {},
    )
    break_glass(made.cast["emergency"][0], Purpose.EMERGENCY, record_id=minor.record_id, reason="Inconsciente")
    for number, hidden in enumerate((OPEN, MASKED, SECRET)):
        _report_of_document(made, author, hidden, str(number + 1))
        _report_of_note(made, author, hidden, str(70 + number))
    return made


def _report_of_document(world: World, author: Actor, hidden: str, value: str) -> None:
    label = {OPEN: frozenset(), MASKED: {"MASQUE_PS"}, SECRET: {"INVISIBLE_REPRESENTANTS_LEGAUX"}}[hidden]
    done = document_stating(world.minor, result(value), of=people.entry(labels=frozenset(label)), by=author)
    fact = next(line.fact for line in lines(*_by_minor(world), world.record_id) if done.id in line.sources)
    _report(world, words_of("document", hidden), fact, done.id)


def _report_of_note(world: World, author: Actor, hidden: str, value: str) -> None:
    said = stating.state(
        author,
        Purpose.CARE,
        record_id=world.record_id,
        entry=weight(value),
        masked=hidden == MASKED,
        secret=hidden == SECRET,
    )
    _report(world, words_of("note", hidden), said.fact, said.id)


def _report(world: World, words: str, fact: UUID, source_id: UUID) -> None:
    world.sources[words] = fact, source_id
    disputing.report(*_by_minor(world), record_id=world.record_id, fact=fact, source_id=source_id, words=words)


def _by_minor(world: World) -> tuple[Actor, Purpose]:
    return world.minor.actor, Purpose.SELF


def shown_to(who: str) -> set[str]:
    return {words_of(kind, hidden) for kind in ("document", "note") for hidden in SHOWN[who] or ()}


@pytest.mark.parametrize("who", SHOWN)
def test_each_is_told_of_an_error_as_of_what_is_wrong(world: World, who: str) -> None:
    actor, purpose = world.cast[who]
    asked = (actor, purpose, world.record_id)
    if SHOWN[who] is None:
        for read in (profile.told, disputing.pending, disputing.followed):
            with pytest.raises(Refused):
                pytest.fail(f"{read}: {read(*asked)}")
        return
    expected = {world.sources[words] for words in shown_to(who)}
    assert {each.words for each in profile.told(*asked, ()).reports} == shown_to(who)
    assert disputing.pending(*asked) == expected
    for words, (fact, source_id) in world.sources.items():
        told = profile.told_of(*asked, fact)
        assert bool(told.lines) == (words in shown_to(who)), words
        assert {each.words for each in told.reports} == shown_to(who)
        of_document = {each.words for each in disputing.of_document(*asked, source_id)}
        assert of_document == {words} & shown_to(who)


@pytest.mark.parametrize("who", ["parent", "other parent"])
def test_a_parent_neither_follows_nor_undoes_nor_repeats_a_secret_one(world: World, who: str) -> None:
    actor, purpose = world.cast[who]
    followed = disputing.followed(actor, purpose, world.record_id)
    assert {(each.fact, each.source_id) for each in followed} == {world.sources[each] for each in shown_to(who)}
    for words in world.sources.keys() - shown_to(who):
        fact, source_id = world.sources[words]
        with pytest.raises(NotThere):
            disputing.take_back(actor, purpose, record_id=world.record_id, fact=fact, source_id=source_id)
        with pytest.raises(NotThere):
            disputing.report(actor, purpose, record_id=world.record_id, fact=fact, source_id=source_id, words="")


def test_the_trail_tells_parents_of_no_secret_report(world: World) -> None:
    def told(who: str) -> int:
        found = trail.lines(*world.cast[who], world.record_id, limit=500)
        done = [line for line in found if line.outcome == "done"]
        return sum(line.action in {"fact-reported", "note-reported"} for line in done)

    assert (told("minor"), told("parent"), told("other parent")) == (6, 4, 4)


def test_a_carer_and_professionals_report_nothing(world: World) -> None:
    for who in ("carer", "author", "attending", "doctor", "emergency", "stranger", "software", "support"):
        actor, purpose = world.cast[who]
        for fact, source_id in world.sources.values():
            with pytest.raises(Refused):
                disputing.report(actor, purpose, record_id=world.record_id, fact=fact, source_id=source_id, words="")


@pytest.fixture
def pages(world: World, server: str) -> dict[str, str]:
    """What each who has pages reads of this record, all of them joined."""
    found = {}
    home = record(world.record_id)
    documents = [f"{home}/documents/{source}" for words, (_, source) in world.sources.items() if "document" in words]
    for who in ("author", "attending", "doctor"):
        with at_desk(server, world.cast[who][0]) as desk:
            desk.finds(world.minor.ins)
            found[who] = "".join(desk.opens(each).text for each in (home, f"{home}/documents", *documents))
            found[who] += desk.opens(f"{home}/noter").text + desk.opens(f"{home}/recherche?q=zinnia").text
    with support(server) as operator:
        of = (f"?numero={short(source)}" for _, source in world.sources.values())
        found["support"] = "".join(operator.opens(f"/console/signalements{each}").text for each in ("", *of))
    errors = [f"/sante/erreur/{fact}/{source}" for fact, source in world.sources.values()]
    own = ("/sante", "/sante/erreurs", "/sante/mesures/weight", "/sante/resultats", "/acces?qui=tous", "/histoire")
    for who in ("minor", "parent"):
        with sitting(server, world.cast[who][0]) as browser:
            if who == "parent":
                sent = {"ouvrir": str(world.record_id), **token(browser.opens("/carnets").text)}
                assert browser.client.post("/carnets/ouvrir", data=sent, follow_redirects=True).status_code == 200
            found[who] = "".join(browser.opens(each).text for each in (*own, *errors))
    return found


def test_no_page_tells_it_either(world: World, pages: dict[str, str]) -> None:
    every = {words_of(kind, hidden) for kind in ("document", "note") for hidden in (OPEN, MASKED, SECRET)}
    for who in ("minor", "parent"):
        assert {words for words in every if words in pages[who]} == shown_to(who), who
    notes = {words for words in every if "note" in words}
    for who in ("attending", "doctor"):
        # The words about a note are its author's to read.
        assert {words for words in every if words in pages[who]} == shown_to(who) - notes, who
    assert {words for words in every if words in pages["author"]} == every
    assert "Zinnia" not in pages["support"]
    assert str(world.record_id) not in pages["support"]


def test_what_becomes_secret_takes_its_reports_along() -> None:
    """A note that is corrected under a secret: the parent who followed the error sees it end, and not into what."""
    minor, parent, author = people.a_patient(birth_date="2011-01-01"), people.a_person(), people.a_doctor()
    people.represents(minor, parent)
    people.authorised(minor, author)
    asked = (parent, Purpose.REPRESENTATIVE, minor.record_id)
    said = stating.state(author, Purpose.CARE, record_id=minor.record_id, entry=weight("80"))
    disputing.report(*asked[:2], record_id=minor.record_id, fact=said.fact, source_id=said.id, words="Non")
    stating.state(author, Purpose.CARE, record_id=minor.record_id, entry=weight("81"), secret=True, instead_of=said.id)
    assert lines(*asked) == ()
    (followed,) = disputing.followed(*asked)
    assert (followed.source_id, followed.corrected, followed.label) == (said.id, True, "")
    assert followed.answered_at
