"""Standing masks: a rule of the holder masks as the label does, what is there and what is to come, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connections

from carnet.consent import actions as consent
from carnet.consent import emergency
from carnet.consent.access import Refused, permit_to_read
from carnet.consent.facts import Choices
from carnet.consent.seeing import Reader
from carnet.documents import changing, extracting, masking, preview, queries, shelf_list
from carnet.documents.changing import NotThere
from carnet.documents.masking import Fault, MaskKind, MaskRefused, Rule
from carnet.documents.preview import Why
from carnet.documents.searching import search_inside
from carnet.documents.shelf_list import Wanted
from carnet.formats.entry import Author, Identifier, Organisation, Period
from carnet.formats.rpps import PROFESSIONAL_OID
from carnet.formats.terminology import document_types
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import open_record, rows
from carnet.people import actions as people_actions
from tests import people
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

ANALYSES, LETTER, DISCHARGE = "11502-2", "11488-4", "34112-3"
MASK = "MASQUE_PS"
SECRET = "INVISIBLE_REPRESENTANTS_LEGAUX"


def category_of(code: str) -> str:
    kind = document_types.by_code(code, "")
    assert kind is not None
    return kind.category


class World:
    """A record with its holder's acts, the software that feeds it, and a doctor who was authorised."""

    def __init__(self, birth_date: str = "1985-01-12") -> None:
        self.patient: Resident = people.a_patient(birth_date=birth_date)
        self.labo = people.software()
        self.doctor = people.authorised(self.patient, people.a_doctor())
        self.names: dict[UUID, str] = {}

    def adds(
        self,
        name: str,
        code: str = ANALYSES,
        *,
        on: datetime | None = None,
        by: Author | None = None,
        labels: frozenset[str] = frozenset(),
        unique_id: str | None = None,
        replaces: tuple[str, ...] = (),
    ) -> UUID:
        of = people.entry(unique_id, type_code=code, title=name, labels=labels, replaces=replaces)
        if on:
            of = replace(of, period=Period(on, None))
        if by:
            of = replace(of, authors=(by,))
        done = people.deposited(self.labo, self.patient, f"Un {name} commun".encode(), of=of)
        self.names[done.id] = name
        return done.id

    def masks(self, rule: Rule) -> UUID:
        return masking.mask(*self.holder, record_id=self.patient.record_id, rule=rule)

    def unmasks(self, mask_id: UUID) -> None:
        masking.unmask(*self.holder, record_id=self.patient.record_id, mask_id=mask_id)

    def labels(self, document_id: UUID, *, on: bool) -> None:
        changing.set_label(*self.holder, record_id=self.patient.record_id, document_id=document_id, label=MASK, on=on)

    @property
    def holder(self) -> tuple[Actor, Purpose]:
        return self.patient.actor, Purpose.SELF

    def seen(self, actor: Actor | None = None, purpose: Purpose = Purpose.CARE) -> set[str]:
        found = queries.list_documents(actor or self.doctor, purpose, self.patient.record_id)
        return {self.names[line.id] for line in found}

    def masked(self) -> dict[str, frozenset[MaskKind]]:
        """What the holder's list marks as masked, and by what."""
        found = queries.list_documents(*self.holder, self.patient.record_id)
        return {self.names[line.id]: line.masked_by for line in found if MASK in line.labels}


def ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def test_a_category_is_masked_now_and_to_come_until_the_rule_ends() -> None:
    world = World()
    world.adds("bilan")
    world.adds("lettre", LETTER)
    rule = world.masks(masking.of_category(category_of(ANALYSES)))
    world.adds("bilan suivant")
    assert world.seen() == {"lettre"}
    assert world.masked() == {name: {MaskKind.CATEGORY} for name in ("bilan", "bilan suivant")}
    world.unmasks(rule)
    assert world.seen() == {"bilan", "bilan suivant", "lettre"}
    assert world.masked() == {}


def test_what_is_before_a_date_goes_by_the_act() -> None:
    world = World()
    day = date(2020, 3, 10)
    noon = datetime.combine(day, datetime.min.time(), clock.now().tzinfo).replace(hour=12)
    world.adds("veille", on=noon - timedelta(days=1))
    world.adds("jour", on=noon)
    world.masks(masking.before(day, today=clock.now().date()))
    assert world.seen() == {"jour"}
    world.adds("vieux papier", on=noon - timedelta(days=900))
    assert world.seen() == {"jour"}


def test_an_author_is_the_professional_of_the_directory_or_the_name() -> None:
    world = World()
    writes = people.a_doctor()
    house = Organisation("Clinique des Lilas")
    number = Identifier(PROFESSIONAL_OID, f"8{people.rpps_of(writes)}")
    by_number = Author(family="Lenoir", given="Zoé", identifier=number)
    by_name = Author(family="Lenoir", given="Zoé", organisation=house)
    world.adds("numéro", by=by_number)
    world.adds("nom", by=by_name)
    world.adds("autre", by=Author(family="Blanc", given="Aya", organisation=house))
    found = masking.authors(*world.holder, world.patient.record_id)
    assert {(each.name, each.documents) for each in found} == {
        ("Zoé Lenoir", 2),
        ("Aya Blanc", 1),
        ("Clinique des Lilas", 2),
    }
    rules = {each.name: each.rule for each in found}
    assert rules["Zoé Lenoir"].author_id == writes.id
    ended = world.masks(rules["Zoé Lenoir"])
    assert world.seen() == {"autre"}
    world.unmasks(ended)
    world.masks(rules["Clinique des Lilas"])
    assert world.seen() == {"numéro"}


def test_what_was_masked_one_by_one_stays_masked_when_a_rule_ends() -> None:
    world = World()
    alone = world.adds("un")
    world.adds("deux")
    world.labels(alone, on=True)
    rule = world.masks(masking.of_category(category_of(ANALYSES)))
    world.unmasks(rule)
    assert world.seen() == {"deux"}
    other = world.masks(masking.of_category(category_of(ANALYSES)))
    world.labels(alone, on=False)
    assert world.seen() == set(), "the rule masks what is shown one by one"
    world.unmasks(other)
    assert world.seen() == {"un", "deux"}


def test_of_two_rules_each_masks_by_itself() -> None:
    world = World()
    world.adds("bilan", on=ago(900))
    one = world.masks(masking.of_category(category_of(ANALYSES)))
    other = world.masks(masking.before(clock.now().date(), today=clock.now().date()))
    assert world.masked() == {"bilan": {MaskKind.CATEGORY, MaskKind.BEFORE}}
    world.unmasks(one)
    assert world.seen() == set()
    world.unmasks(other)
    assert world.seen() == {"bilan"}


def test_the_attending_doctor_the_author_and_who_brought_it_go_on_seeing() -> None:
    world = World()
    attends, writes = people.a_doctor(), people.authorised(world.patient, people.a_doctor())
    consent.set_attending(SYSTEM, record_id=world.patient.record_id, professional_id=attends.id)
    number = Identifier(PROFESSIONAL_OID, f"8{people.rpps_of(writes)}")
    world.adds("sien", by=Author(family="Essai", given="Ange", identifier=number))
    world.adds("autre")
    world.masks(masking.of_category(category_of(ANALYSES)))
    assert world.seen(attends) == {"sien", "autre"}
    assert world.seen(people.actor(writes.id)) == {"sien"}
    assert world.seen(world.labo, Purpose.DEPOSIT) == {"sien", "autre"}
    assert world.seen() == set()
    lines = queries.list_documents(attends, Purpose.CARE, world.patient.record_id)
    assert all(MASK in line.labels for line in lines), "who sees it is told that it is masked"


def test_an_emergency_sees_it_as_the_holder_chose() -> None:
    world = World()
    world.adds("bilan")
    world.masks(masking.of_category(category_of(ANALYSES)))
    rescuer = people.a_doctor()
    emergency.break_glass(
        rescuer, Purpose.EMERGENCY, record_id=world.patient.record_id, reason="Inconscient aux urgences"
    )
    assert world.seen(rescuer, Purpose.EMERGENCY) == set()
    consent.choose(*world.holder, record_id=world.patient.record_id, choices=Choices(masked=True))
    assert world.seen(rescuer, Purpose.EMERGENCY) == {"bilan"}


def test_nothing_tells_a_professional_of_a_rule_or_of_what_it_covers() -> None:
    world = World()
    hidden = world.adds("bilan")
    world.adds("lettre", LETTER)
    while extracting.extract(world.patient.record_id):
        pass
    world.masks(masking.of_category(category_of(ANALYSES)))
    record_id = world.patient.record_id
    assert queries.read_document(world.doctor, Purpose.CARE, record_id, hidden) is None
    assert queries.versions(world.doctor, Purpose.CARE, record_id, hidden) == []
    found = queries.search(world.doctor, Purpose.CARE, record_id, queries.Asked())
    assert (found.total, len(found.entries)) == (1, 1)
    assert queries.search_lists(world.doctor, Purpose.CARE, record_id, queries.Asked()).total == 1
    inside = search_inside(world.doctor, Purpose.CARE, record_id, "commun")
    assert (inside.total, [hit.document.title for hit in inside.hits]) == (1, ["lettre"])
    permit = permit_to_read(world.doctor, Purpose.CARE, record_id, action="documents-list")
    for table in ("mask", "document", "version", "text", "list"):
        with open_record(permit, trace=None) as cursor:
            cursor.execute(f"select count(*) as n from record.documents_{table}")
            assert rows(cursor)[0]["n"] == {"document": 1, "text": 1, "list": 1}.get(table, 0), table
    with pytest.raises(Refused):
        masking.masks(world.doctor, Purpose.CARE, record_id)
    with pytest.raises(Refused):
        masking.mask(world.doctor, Purpose.CARE, record_id=record_id, rule=masking.of_category(category_of(LETTER)))


def test_a_rule_covers_earlier_versions_and_a_correction_is_judged_for_itself() -> None:
    world = World()
    first, second = "1.2.3.1", "1.2.3.2"
    world.adds("brouillon", LETTER, unique_id=first)
    world.masks(masking.of_category(category_of(ANALYSES)))
    world.adds("bilan", ANALYSES, unique_id=second, replaces=(first,))
    assert world.seen() == set(), "what it replaced does not come to light again"
    world.adds("lettre", LETTER, replaces=(second,))
    assert world.seen() == {"lettre"}


def test_what_a_mask_would_cover_is_told_before() -> None:
    world = World()
    world.labels(world.adds("un"), on=True)
    world.adds("deux")
    world.adds("lettre", LETTER)
    rule = masking.of_category(category_of(ANALYSES))
    told = masking.foresee(*world.holder, world.patient.record_id, rule)
    assert (told.documents, told.already) == (2, 1)
    assert masking.masks(*world.holder, world.patient.record_id) == ()
    mask_id = world.masks(rule)
    (stands,) = masking.masks(*world.holder, world.patient.record_id)
    assert (stands.id, stands.rule, stands.documents) == (mask_id, rule, 2)
    assert stands.rule.category == category_of(ANALYSES)


def test_the_holders_filter_finds_what_rules_mask() -> None:
    world = World()
    world.adds("bilan")
    world.adds("lettre", LETTER)
    world.masks(masking.of_category(category_of(ANALYSES)))
    found = shelf_list.documents(*world.holder, world.patient.record_id, Wanted(hidden=True))
    assert [line.title for line in found.lines] == ["bilan"]
    assert found.counts.flags["hidden"] == 1


def test_who_looks_with_anothers_eyes_is_told_what_a_rule_masks() -> None:
    world = World()
    world.adds("bilan")
    world.adds("lettre", LETTER)
    world.masks(masking.of_category(category_of(ANALYSES)))
    found = preview.preview(*world.holder, world.patient.record_id, Reader(world.doctor.id))
    assert found is not None
    assert ([line.title for line in found.shown], found.count(Why.MASKED), found.total) == (["lettre"], 1, 2)
    look = preview.look(*world.holder, world.patient.record_id, lambda _: [])
    assert look is not None
    assert look.hidden == 1


def test_a_rule_and_a_deposit_at_the_same_time_leave_nothing_unmasked() -> None:
    world = World()
    world.adds("premier")
    rule = masking.of_category(category_of(ANALYSES))
    with ThreadPoolExecutor(4) as at_once:
        made = [at_once.submit(_alone, partial(world.adds, f"bilan {number}")) for number in range(3)]
        made.append(at_once.submit(_alone, partial(world.masks, rule)))
        for each in made:
            each.result()
    assert world.seen() == set()
    assert len(world.masked()) == 4


def _alone(act: Callable[[], object]) -> None:
    """On connections of its own."""
    try:
        act()
    finally:
        connections.close_all()


def test_each_act_leaves_its_line() -> None:
    world = World()
    rule = world.masks(masking.of_category(category_of(ANALYSES)))
    world.unmasks(rule)
    lines = [(line.action, line.detail) for line in people.trail(world.patient)[:2]]
    assert lines == [("mask-end", "category"), ("mask-add", "category")]


def _refused(act: Callable[[], object]) -> Fault:
    with pytest.raises(MaskRefused) as refused:
        act()
    return refused.value.fault


def test_what_cannot_be_masked_is_refused() -> None:
    world = World()
    world.adds("bilan")
    today = clock.now().date()
    rule = masking.of_category(category_of(ANALYSES))
    world.masks(rule)
    assert _refused(lambda: world.masks(rule)) is Fault.ALREADY
    assert _refused(lambda: world.masks(masking.from_author("Personne Connue"))) is Fault.AUTHOR_UNKNOWN
    assert _refused(lambda: masking.of_category("rien")) is Fault.CATEGORY_UNKNOWN
    assert _refused(lambda: masking.before(today + timedelta(days=1), today=today)) is Fault.DATE_AHEAD
    assert _refused(lambda: masking.before(date(1, 1, 1), today=today)) is Fault.DATE_TOO_OLD
    with pytest.raises(NotThere):
        world.unmasks(world.patient.record_id)


def test_a_rule_tells_a_parent_of_nothing_that_is_secret() -> None:
    world = World(birth_date=f"{clock.now().year - 14}-01-01")
    parent = people.a_person()
    people_actions.represent(
        SYSTEM, record_id=world.patient.record_id, representative_id=parent.id, since=people.long_ago()
    )
    as_parent = (people.actor(parent.id), Purpose.REPRESENTATIVE)
    centre = Author(family="Vega", given="Lou", organisation=Organisation("Centre de planification"))
    world.adds("secret", by=centre, labels=frozenset({SECRET}))
    world.adds("bilan")
    record_id = world.patient.record_id
    assert all("Vega" not in each.name for each in masking.authors(*as_parent, record_id))
    world.masks(masking.from_author("Lou Vega"))
    world.masks(masking.of_category(category_of(ANALYSES)))
    (told,) = masking.masks(*as_parent, record_id)
    assert (told.rule.kind, told.documents) == (MaskKind.CATEGORY, 1)
    permit = permit_to_read(*as_parent, record_id, action="documents-list")
    with open_record(permit, trace=None) as cursor:
        cursor.execute("select kind from record.documents_mask")
        assert [row["kind"] for row in rows(cursor)] == ["category"]
    assert [each.documents for each in masking.masks(*world.holder, record_id)] == [1, 2]
    world.adds("ordonnance", by=centre)
    assert len(masking.masks(*as_parent, record_id)) == 2, "what is not of the secret alone is told"
    masking.unmask(*as_parent, record_id=record_id, mask_id=told.id)
    assert len(masking.masks(*world.holder, record_id)) == 1
