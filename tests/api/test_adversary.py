"""The adversary at home: a parent, a curious doctor and a carer try every door for what is kept from them. The same
doors are tried in a world in which it never was; nothing may differ."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from carnet.consent import queries as confidentiality
from carnet.consent.access import Refused, permit_to_read
from carnet.documents import announcing, extracting, masking, queries, shelf_list, trail
from carnet.documents.searching import search_inside
from carnet.documents.shelf_list import Sort, Wanted
from carnet.formats.clinical.model import Observation
from carnet.formats.entry import Author, Identifier, Reference
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import open_record, rows
from carnet.kernel.ids import fhir_id
from carnet.people import actions as people_actions
from tests import people
from tests.api.caller import Caller, token
from tests.api.test_linked import ADULT, MINOR, SECRET
from tests.health.stated import kept, result
from tests.people import Resident

PLAIN = ("abricot", "bretelle", "cyclamen")
HIDDEN = ("zinnia", "tournesol")
TYPED = ("zinia", "tournesl", "tourne", "commun", "titre", "tardif")


@dataclass
class World:
    """`parent` represents the patient: a parent of a minor, or an adult's guardian. `known`: the documents that
    everybody may see, in the order of their deposit."""

    patient: Resident
    parent: Actor
    doctor: Actor
    carer: Actor
    known: list[UUID]
    attending: list[Actor] = field(default_factory=list)


RULE = frozenset({"rule"})
"""Not a label: hidden by a standing mask of its author."""
HER = Author(family="Tournesol", given="Rose")


def a_world(*hidden: frozenset[str], guarded: bool = False) -> World:
    """The same deposits in each; those that are hidden come first, between, and last. What a rule hides is masked by it
    after the first, and from its deposit on after that. `guarded`: of a protected adult, and not of a minor."""
    patient = people.a_patient(birth_date=ADULT if guarded else MINOR)
    parent, labo = people.a_person(), people.software()
    people.represents(patient, parent, guardian=guarded)
    world = World(patient, parent, people.authorised(patient, people.a_doctor()), people.a_person(), [])
    people_actions.care_for(
        SYSTEM,
        record_id=patient.record_id,
        carer_id=world.carer.id,
        rights={"documents"},
        acts=True,
        since=people.long_ago(),
    )
    order = Reference("urn:ihe:iti:xds:2013:order", Identifier("1.2.3.4.5", "ORDER-1"))
    for word in PLAIN:
        for number, labels in enumerate(hidden):
            entry = people.entry(title=f"Titre {HIDDEN[number]}", labels=labels - RULE, references=(order,))
            if labels >= RULE:
                entry = replace(entry, authors=(HER,))
            kept_back = people.deposited(labo, patient, f"Un {HIDDEN[number]} commun".encode(), of=entry)
            # What they share with a document that is shown, and what they alone say.
            alone = result("9.9", day=f"2024-0{PLAIN.index(word) + 1}-2{number}")
            kept(patient, kept_back.id, _stated(word), alone, by=labo)
        if any(labels >= RULE for labels in hidden) and word == PLAIN[0]:
            rule = masking.from_author("Rose Tournesol")
            masking.mask(patient.actor, Purpose.SELF, record_id=patient.record_id, rule=rule)
        entry = people.entry(title=f"Titre {word}")
        world.known.append(people.deposited(labo, patient, f"Un {word} commun".encode(), of=entry).id)
        kept(patient, world.known[-1], _stated(word), by=labo)
    if hidden:
        # What comes later of the same order names no label: it is hidden by its tie.
        late = people.entry(title=f"Titre {HIDDEN[0]}", references=(order,))
        if SECRET in hidden[0]:
            people.deposited(labo, patient, f"Un {HIDDEN[0]} tardif".encode(), of=late)
    while extracting.extract(patient.record_id):
        pass
    return world


def _stated(word: str) -> Observation:
    return result(f"{PLAIN.index(word)}.5", day=f"2024-0{PLAIN.index(word) + 1}-12")


def _by_raw_sql(world: World, actor: Actor, purpose: Purpose) -> Any:
    """Whatever the application's role can reach once it has entered, without a condition of its own."""
    permit = permit_to_read(actor, purpose, world.patient.record_id, action="documents-list")
    found = {}
    for table in ("mask", "document", "version", "text", "list", "list_version", "shelf"):
        with open_record(permit, trace=None) as cursor:
            cursor.execute(f"select count(*) as n from record.documents_{table}")
            found[table] = rows(cursor)[0]["n"]
    for table in ("statement", "reading"):
        with open_record(permit, trace=None) as cursor:
            cursor.execute(f"select count(*) as n from record.health_{table}")
            found[table] = rows(cursor)[0]["n"]
    return found


Door = Callable[[World, Actor, Purpose], Any]


def _listed(world: World, actor: Actor, purpose: Purpose) -> Any:
    return [(line.title, line.labels) for line in queries.list_documents(actor, purpose, world.patient.record_id)]


def _shelf(world: World, actor: Actor, purpose: Purpose) -> Any:
    found = shelf_list.documents(actor, purpose, world.patient.record_id, Wanted(sort=Sort.DEPOSITED), limit=20)
    home = shelf_list.newest(actor, purpose, world.patient.record_id, since=clock.now() - timedelta(days=1), limit=20)
    told = [line.title for line in home.lines], home.count, home.fresh, home.pinned, home.oldest
    return [line.title for line in found.lines], found.counts, told


def _searched(word: str) -> Door:
    def search(world: World, actor: Actor, purpose: Purpose) -> Any:
        found = search_inside(actor, purpose, world.patient.record_id, word)
        return [hit.document.title for hit in found.hits], found.total, found.categories, found.suggestion

    return search


def _trail(world: World, actor: Actor, purpose: Purpose) -> Any:
    found = trail.lines(actor, purpose, world.patient.record_id, limit=500)
    return [(line.action, line.outcome, line.title, line.detail) for line in found]


def _settings(world: World, actor: Actor, purpose: Purpose) -> Any:
    found = confidentiality.confidentiality(actor, purpose, world.patient.record_id)
    return len(found.given), found.choices, found.emergencies


def _told(world: World, actor: Actor, purpose: Purpose) -> Any:
    return announcing.told(actor, purpose, world.patient.record_id)


ROOMS: dict[str, Door] = {
    "list": _listed,
    "shelf": _shelf,
    "trail": _trail,
    "settings": _settings,
    "notice": _told,
    "raw SQL": _by_raw_sql,
    **{
        f"search {word}": _searched(word)
        for word in (*PLAIN, *HIDDEN, "zinia", "tournesl", "tourne", "commun", "titre", "tardif")
    },
}
ADDRESSES = (
    "DocumentReference?patient.identifier={ins}&status=current",
    "DocumentReference?patient.identifier={ins}&status=current,superseded&_summary=count",
    "DocumentReference?patient.identifier={ins}&_count=2&_sort=-date",
    "DocumentReference?patient.identifier={ins}&type=http://loinc.org|11502-2",
    "DocumentReference?patient.identifier={ins}&security-label=INVISIBLE_REPRESENTANTS_LEGAUX",
    "DocumentReference?patient.identifier={ins}&security-label=MASQUE_PS",
    "List?patient.identifier={ins}&code=submissionset",
    "List?patient.identifier={ins}&code=folder",
    "AuditEvent?patient.identifier={ins}",
    "Consent?patient.identifier={ins}",
    "Observation?patient.identifier={ins}&_revinclude=Provenance:target",
    "Observation?patient.identifier={ins}&code=3016-3&_count=2&_sort=-_lastUpdated",
    "Observation?patient.identifier={ins}&status=final,entered-in-error&_summary=count",
    "Patient/{record}/$everything?_type=Patient,DocumentReference,Observation",
    "Patient/{record}/$summary",
    "Patient/{record}/$new-since",
    "Patient/{record}/$new-since?since=2020-01-01",
    "DocumentReference/{first}",
    "DocumentReference/{first}/_history",
    "Binary/{first}",
)


def _in_rooms(world: World, actor: Actor, purpose: Purpose) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, door in ROOMS.items():
        try:
            found[name] = door(world, actor, purpose)
        except Refused as refused:
            found[name] = refused.reason
    return found


def _over_http(server: str, world: World, actor: Actor, purpose: Purpose) -> dict[str, Any]:

    caller = Caller.of(server, actor, purpose)
    first = fhir_id(world.patient.record_id, world.known[0])
    names = {"ins": token(world.patient), "first": first, "record": first.partition("-")[0]}
    found = {}
    for address in ADDRESSES:
        answer = caller.get(address.format(**names))
        headers = {name: answer.headers[name] for name in ("content-type", "link", "etag") if name in answer.headers}
        found[address] = answer.status_code, _normal(str(headers), world), _normal(_text(answer), world)
    return found


def _text(answer: httpx2.Response) -> str:
    """The choices for emergencies have no order among themselves, nor have the entries of a whole record."""
    if answer.status_code == 200 and "everything" in str(answer.url):
        whole = answer.json()
        whole["entry"].sort(key=lambda entry: str(entry["resource"].get("valueQuantity")))
        return str(whole)
    if answer.status_code != 200 or b"/Consent" not in answer.content:
        return answer.text
    bundle = answer.json()
    bundle["entry"].sort(key=lambda entry: str(entry["resource"]["provision"]["purpose"]))
    return str(bundle)


def _where(one: str, other: str) -> str:
    """Around the first difference."""
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[max(0, at - 200) : at + 60]}\n{other[max(0, at - 200) : at + 60]}"


_NAMES = re.compile(r"\b\d{11,}\b|[0-9a-z]{26}(?:-[0-9a-z]+)*|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Za-z+/]{27}=")


def _normal(text: str, world: World) -> str:
    """Ids, numbers and instants by the order in which they appear: what tells worlds apart is not what they are."""
    seen: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        return seen.setdefault(match[0], f"#{len(seen)}")

    text = text.replace(world.patient.ins, "INS")
    text = re.sub(r"\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})", "@", text)
    text = re.sub(r"_cursor(?:=|%3D)[\w.~%-]+", "_cursor", text)
    return _NAMES.sub(named, text)


@pytest.mark.parametrize(
    ("who", "purpose", "hidden"),
    [
        ("parent", Purpose.REPRESENTATIVE, (frozenset({SECRET}), frozenset({SECRET, "INVISIBLE_PATIENT"}))),
        ("parent", Purpose.REPRESENTATIVE, (frozenset({"INVISIBLE_PATIENT"}),)),
        ("doctor", Purpose.CARE, (frozenset({"MASQUE_PS"}), frozenset({SECRET, "MASQUE_PS"}))),
        ("doctor", Purpose.CARE, (RULE,)),
        ("doctor", Purpose.CARE, (frozenset({"MASQUE_PS"}), RULE)),
        ("parent", Purpose.REPRESENTATIVE, (frozenset({SECRET, "rule"}),)),
        ("guardian", Purpose.REPRESENTATIVE, (frozenset({SECRET}), frozenset({SECRET, "INVISIBLE_PATIENT"}))),
        ("stranger", Purpose.CARER, (frozenset({SECRET}), frozenset({"MASQUE_PS"}))),
        ("carer", Purpose.CARER, (frozenset({SECRET}), frozenset({"MASQUE_PS"}))),
        ("carer", Purpose.CARER, (frozenset({"INVISIBLE_PATIENT"}), RULE)),
    ],
)
def test_nothing_differs_from_a_world_without_it(
    who: str, purpose: Purpose, hidden: tuple[frozenset[str], ...], server: str
) -> None:
    guarded = who == "guardian"
    with_it, without = a_world(*hidden, guarded=guarded), a_world(guarded=guarded)
    stranger = people.a_person()
    told = {}
    for name, world in (("with", with_it), ("without", without)):
        actor = stranger if who == "stranger" else getattr(world, "parent" if guarded else who)
        told[name] = {**_in_rooms(world, actor, purpose), **_over_http(server, world, actor, purpose)}
    for door, answer in told["without"].items():
        assert told["with"][door] == answer, _where(str(told["with"][door]), str(answer))
    if who != "stranger":
        assert len(told["with"]["list"]) == len(PLAIN), "what may be seen is seen"
