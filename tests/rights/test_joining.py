"""Two records of one person: proposed, confirmed by other eyes, joined without losing a document."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from carnet.consent.access import Refused
from carnet.documents import announcing, changing, queries, trail
from carnet.documents.queries import DocumentLine
from carnet.formats.clinical.model import Kind, Vaccination
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Author, DocumentEntry, Identifier, Reference
from carnet.formats.rpps import PROFESSIONAL_OID
from carnet.health import queries as health
from carnet.health import stating
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.erasing import journal
from carnet.kernel.ids import short
from carnet.people import actions as people_actions
from carnet.people.identity_cases import Proof, reference
from carnet.records.queries import existence, record_of_ins
from carnet.records.rules import Act, RecordState
from carnet.rights import erasing, joining, life
from carnet.rights.joining import Fault, NotJoined
from tests import people
from tests.api.caller import Caller
from tests.cast import TEST_OID
from tests.conftest import ROOT
from tests.documents.test_announcing import as_if_later
from tests.formats.cda.sample import cda
from tests.kernel.embedded_user import eventually
from tests.people import Resident
from tests.working import worked

pytestmark = pytest.mark.usefixtures("house")
FHIR = "application/fhir+json"
RESULTS = json.dumps(
    json.loads((ROOT / "docs/integrate/results.json").read_text())["parameter"][0]["resource"]
).encode()


@pytest.fixture
def support() -> tuple[Actor, Actor]:
    return people.an_operator("support"), people.an_operator("support")


Support = tuple[Actor, Actor]


def proposed(support: Support, one: Resident, other: Resident) -> UUID:
    joining.propose(support[0], waiting=one.ins, final=other.ins, proof=Proof.REGISTER)
    return joining.cases(support[1])[-1].id


def joined(support: Support, one: Resident, other: Resident) -> UUID:
    case_id = proposed(support, one, other)
    joining.confirm(support[1], case_id, Proof.REGISTER)
    worked()
    eventually(lambda: not exists(one))  # a worker of the house may have taken the job first
    return case_id


def exists(one: Resident) -> bool:
    found = existence(people.software(), one.record_id)
    return found is not None and found.state.exists


def listed(actor: Actor, patient: Resident, purpose: Purpose = Purpose.SELF) -> dict[str, DocumentLine]:
    return {line.title: line for line in queries.list_documents(actor, purpose, patient.record_id)}


def why(support: Support, one: Resident, other: Resident) -> Fault:
    with pytest.raises(NotJoined) as refused:
        joining.propose(support[0], waiting=one.ins, final=other.ins, proof=Proof.CARD)
    return refused.value.fault


def test_every_document_comes_with_its_labels_its_versions_and_whose_it_is(support: Support) -> None:
    laboratory, doctor = people.software(), people.a_doctor()
    one, other = people.a_waiting_record(), people.a_patient()
    old = people.deposited(laboratory, one, b"first", of=people.entry("1.2.3.1.7", title="Première version"))
    masked = frozenset({"MASQUE_PS"})
    new = people.entry(title="Corrigé", labels=masked, replaces=("1.2.3.1.7",))
    corrected = people.deposited(laboratory, one, b"second", of=new)
    people.deposited(laboratory, one, RESULTS, of=replace(people.entry(title="Analyses"), media_type=FHIR))
    letter = people.deposited(doctor, one, b"letter", of=people.entry(title="Lettre"), purpose=Purpose.CARE)
    people.deposited(people.software(), other, b"mine", of=people.entry(title="Déjà là"))
    worked()
    joined(support, one, other)

    mine = listed(other.actor, other)
    assert set(mine) == {"Corrigé", "Analyses", "Lettre", "Déjà là"}
    assert (mine["Corrigé"].id, mine["Corrigé"].labels) == (corrected.id, masked)
    for each, content in ((old, b"first"), (corrected, b"second"), (letter, b"letter")):
        found = queries.content(other.actor, Purpose.SELF, other.record_id, each.id)
        assert found is not None
        assert b"".join(found.chunks) == content
    (fact,) = health.lines(other.actor, Purpose.SELF, other.record_id, [Kind.RESULT])
    assert (fact.value, fact.sources) == (Decimal("6.8"), (mine["Analyses"].id,))
    # The author sees again what is theirs, and nothing else; the laboratory finds it by its identifier.
    assert set(listed(people.actor(doctor.id), other, Purpose.CARE)) == {"Lettre"}
    by_identifier = queries.Asked(["current", "superseded"])
    answer = queries.search(people.actor(laboratory.id), Purpose.DEPOSIT, other.record_id, by_identifier)
    assert answer.total == 3
    assert all(short(one.record_id).encode() not in text for text in answer.entries)


def test_the_record_that_waited_is_none_and_its_number_leads_to_the_other(support: Support) -> None:
    laboratory, doctor = people.software(), people.a_doctor()
    one, other = people.a_waiting_record(), people.a_patient()
    people.deposited(laboratory, one)
    joined(support, one, other)
    state = existence(laboratory, one.record_id)
    assert state is not None
    assert not state.state.exists
    assert record_of_ins(TEST_OID, one.ins) == record_of_ins(TEST_OID, other.ins) == other.record_id
    for actor, purpose in ((laboratory, Purpose.DEPOSIT), (doctor, Purpose.CARE), (other.actor, Purpose.SELF)):
        with pytest.raises(Refused):
            queries.list_documents(people.actor(actor.id), purpose, one.record_id)
    with pytest.raises(Refused):
        people.deposited(people.actor(laboratory.id), one)
    assert [line.action for line in people.trail(other)].count("documents-joined") == 1


def test_who_deposited_finds_their_own_by_its_identifier_alone_as_before(support: Support, server: str) -> None:
    """Also what both records had."""
    laboratory = people.software()
    one, other = people.a_waiting_record(), people.a_patient()
    people.deposited(laboratory, one, b"first", of=people.entry("1.2.3.9.5"))
    for each in (one, other):
        people.deposited(laboratory, each, b"same", of=people.entry("1.2.3.9.6"))
    joined(support, one, other)
    caller = Caller.of(server, people.actor(laboratory.id))
    for number in ("1.2.3.9.5", "1.2.3.9.6"):
        assert len(caller.ids("DocumentReference", {"identifier": f"urn:ietf:rfc:3986|urn:oid:{number}"})) == 1, number


def test_what_both_have_comes_once_and_what_they_have_differently_stops_it(support: Support) -> None:
    laboratory = people.software()
    one, other = people.a_waiting_record(), people.a_patient()
    for each in (one, other):
        people.deposited(laboratory, each, b"same", of=people.entry("1.2.3.9.1", title="Le même"))
    people.deposited(laboratory, one, b"follows", of=people.entry(title="La suite", replaces=("1.2.3.9.1",)))
    joined(support, one, other)
    assert set(listed(other.actor, other)) == {"La suite"}, "what it corrects is overtaken here too"
    third = people.a_waiting_record()
    people.deposited(people.software(), third, b"another", of=people.entry("1.2.3.9.1"))
    assert why(support, third, other) is Fault.CLASH


def test_what_was_joined_ends_with_the_record_to_which_it_was(support: Support) -> None:
    """Through another that was joined in its turn; nothing readable is left of the documents."""
    first, second, final = people.a_waiting_record(), people.a_waiting_record(), people.a_patient()
    people.deposited(people.software(), first, b"Ce qui doit partir.")
    joined(support, first, second)
    joined(support, second, final)
    three = [each.record_id for each in (first, second, final)]
    assert [bool(contents(each)) for each in three] == [True, True, True]
    life.act(final.actor, record_id=final.record_id, act=Act.ASK_ERASING)
    assert not erasing.carry_out(first.record_id)
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute("update record.kernel_scope set erase_at = now() where record_id = %s", (final.record_id,))
    assert erasing.carry_out(final.record_id)
    assert [contents(each) for each in three] == [[], [], []]
    assert set(three) <= set(journal.read(journal.place(config.load()))), "a restoration erases them again"
    assert people.raw_trail(first.record_id)[-1] == ("record-erased", "done")
    assert record_of_ins(TEST_OID, first.ins) is None


def contents(record_id: UUID) -> list[UUID]:
    """With the key by which they are read."""
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(
            "select id from app.kernel_blob where scope_id = %s"
            " union all select scope_id from app.kernel_datakey where scope_id = %s",
            (record_id, record_id),
        )
        return [row[0] for row in found.fetchall()]


def test_what_waits_for_its_announcement_is_told_and_shown_in_the_record_to_which_it_came(support: Support) -> None:
    one, other = people.a_waiting_record(), people.a_patient()
    waits = people.entry(title="À annoncer", labels=frozenset({"INVISIBLE_PATIENT"}), authors=())
    withheld = people.deposited(people.a_doctor(), one, of=waits, purpose=Purpose.CARE)
    as_if_later(one, 16)
    joined(support, one, other)
    worked()
    eventually(lambda: announcing.told(other.actor, Purpose.SELF, other.record_id))
    assert listed(other.actor, other) == {}
    as_if_later(other, 16)
    eventually(lambda: set(listed(other.actor, other)) == {"À annoncer"})
    assert listed(other.actor, other)["À annoncer"].id == withheld.id


def test_two_pairs_of_eyes(support: Support) -> None:
    one, other = people.a_waiting_record(), people.a_patient()
    people.deposited(people.software(), one)
    case_id = proposed(support, one, other)
    with pytest.raises(NotJoined) as refused:
        joining.confirm(support[0], case_id, Proof.CARD)
    assert refused.value.fault is Fault.ONE_PAIR_OF_EYES
    read = joining.case(support[1], case_id)
    assert read is not None
    assert (read.waiting.number, read.final.number, read.mine) == (one.ins, other.ins, False)
    joining.refuse(support[1], case_id)
    assert joining.case(support[1], case_id) is None
    with pytest.raises(NotJoined):
        joining.confirm(support[1], case_id, Proof.CARD)
    worked()
    assert listed(other.actor, other) == {}
    with pytest.raises(PermissionError):
        joining.propose(people.an_operator("steering"), waiting=one.ins, final=other.ins, proof=Proof.CARD)


def test_what_keeps_two_records_two(support: Support) -> None:
    other = people.a_patient()
    assert why(support, other, other) is Fault.SAME
    assert why(support, people.a_patient(), other) is Fault.OPENED
    assert why(support, people.a_waiting_record(birth_date="1985-01-13"), other) is Fault.OTHER_BIRTH
    assert why(support, people.a_waiting_record(sex="M"), other) is Fault.OTHER_SEX
    assert why(support, people.a_waiting_record(), people.a_waiting_record(state=RecordState.CLOSED)) is Fault.NOT_OPEN
    noted = people.a_waiting_record()
    dose = Vaccination(kind=Kind.VACCINATION, code=Concept("Rappel"), status="completed", when=Span("2026-05-04"))
    stating.state(people.a_doctor(), Purpose.CARE, record_id=noted.record_id, entry=dose)
    assert why(support, noted, other) is Fault.WORDS, "what a professional noted without a document would be lost"
    assert why(support, Resident(SYSTEM, other.record_id, people.fresh_ins()), other) is Fault.UNKNOWN


def test_a_case_that_came_to_nothing_meanwhile_leaves_both_as_they_were(support: Support) -> None:
    """Opened by its holder between the confirmation and the work."""
    one, other = people.a_waiting_record(), people.a_patient()
    people.deposited(people.software(), one, of=people.entry(title="À elle"))
    case_id = proposed(support, one, other)
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute(
            "update app.rights_joining set decision = 'confirmed', decided_at = now() where id = %s", (case_id,)
        )
    holder = actor_of(one)
    joining.carry_out(case_id)
    assert set(listed(holder, one)) == {"À elle"}
    assert listed(other.actor, other) == {}
    assert joining.undone(support[0])[0][:2] == (reference(case_id), Fault.OPENED), "the support is told"
    # Nothing bars another proposal, once its reason is no more.
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute("update app.people_person set record_id = null where record_id = %s", (one.record_id,))
    joined(support, one, other)
    assert set(listed(other.actor, other)) == {"À elle"}


def actor_of(one: Resident) -> Actor:
    return people.actor(people_actions.add_person(actor_id=uuid4(), key=None, name="C. Essai", record_id=one.record_id))


def test_what_is_kept_from_the_parents_betrays_nothing_by_the_join(support: Support) -> None:
    """Nor by a line of the trail, where nothing came that they may see."""
    birth = f"{clock.now().year - 15}-01-12"
    parent = people.a_person()
    for labels, told in ((frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}), 0), (frozenset[str](), 1)):
        one, other = people.a_waiting_record(birth_date=birth), people.a_patient(birth_date=birth)
        people_actions.represent(
            SYSTEM, record_id=other.record_id, representative_id=parent.id, since=people.long_ago()
        )
        people.deposited(people.software(), one, of=people.entry(title="Consultation", labels=labels))
        joined(support, one, other)
        assert set(listed(other.actor, other)) == {"Consultation"}
        seen = listed(parent, other, Purpose.REPRESENTATIVE)
        assert len(seen) == told
        lines = trail.lines(parent, Purpose.REPRESENTATIVE, other.record_id)
        assert [line.action for line in lines].count("documents-joined") == told


SECRET = frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})


def of_order(number: str, title: str, labels: frozenset[str] = frozenset()) -> DocumentEntry:
    return replace(
        people.entry(title=title, labels=labels), references=(Reference("order", Identifier("1.2.3", number)),)
    )


def of_visit(visit: str, title: str, *, asked_by: str = "899900000001") -> tuple[DocumentEntry, bytes]:
    """What its content alone says: at which visit it was, and who asked for it."""
    entry = replace(
        people.entry(title=title),
        media_type="text/xml",
        encounter=Identifier("1.2.3.8", visit),
        referrers=(Identifier(PROFESSIONAL_OID, asked_by),),
    )
    told = (
        f'<participant typeCode="REF"><associatedEntity classCode="PROV">'
        f'<id root="{PROFESSIONAL_OID}" extension="{asked_by}"/></associatedEntity></participant>'
    )
    stay = f'<encompassingEncounter><id root="1.2.3.8" extension="{visit}"/></encompassingEncounter>'
    number = f'<id root="{entry.unique_id}"/>'
    return entry, cda(id=number, orders=told, encounter=f"<componentOf>{stay}</componentOf>")


def test_a_minors_secret_holds_across_the_join_on_both_sides(support: Support) -> None:
    """What came is tied to what was there, what was there to what came, and what comes later to both."""
    birth, laboratory, doctor = f"{clock.now().year - 15}-01-12", people.software(), people.a_doctor()
    one, other = people.a_waiting_record(birth_date=birth), people.a_patient(birth_date=birth)
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=other.record_id, representative_id=parent.id, since=people.long_ago())
    number = f"8{people.rpps_of(doctor)}"
    author = Author(identifier=Identifier(PROFESSIONAL_OID, number), family="Essai")

    def adds(to: Resident, of: DocumentEntry, content: bytes = b"text") -> None:
        people.deposited(laboratory, to, content, of=of)

    adds(one, replace(of_order("A", "Visite A", SECRET), authors=(author,)))
    adds(one, of_order("B", "Analyses B"))
    adds(one, of_order("C", "Analyses C"))
    adds(one, *of_visit("V-1", "Du séjour"))
    adds(one, of_order("D", "Analyses D"))
    adds(other, of_order("A", "Ici A"))
    adds(other, of_order("B", "Visite B", SECRET))
    adds(other, *of_visit("V-2", "Demandé", asked_by=number))
    adds(other, of_order("E", "Ici E"))
    joined(support, one, other)
    assert set(listed(parent, other, Purpose.REPRESENTATIVE)) == {"Analyses C", "Du séjour", "Analyses D", "Ici E"}
    adds(other, of_order("A", "Plus tard A"))
    adds(other, of_order("C", "Visite C", SECRET))
    adds(other, replace(of_visit("V-1", "Visite V-1")[0], labels=SECRET), of_visit("V-1", "")[1])
    assert set(listed(parent, other, Purpose.REPRESENTATIVE)) == {"Analyses D", "Ici E"}
    assert len(listed(other.actor, other)) == 12, "the young person sees all"
    lines = trail.lines(parent, Purpose.REPRESENTATIVE, other.record_id)
    assert {line.target_id for line in lines if line.action == "document-hidden-from-representatives"} == set()


def test_ties_that_cannot_be_told_any_more_keep_two_records_two(support: Support) -> None:
    """Of a document whose visit its content no longer says."""
    birth = f"{clock.now().year - 15}-01-12"
    one, other = people.a_waiting_record(birth_date=birth), people.a_patient(birth_date=birth)
    visit = replace(people.entry(), encounter=Identifier("1.2.3.8", "V-1"))
    people.deposited(people.software(), one, of=visit)
    assert why(support, one, other) is Fault.TIES


def test_a_correction_that_comes_is_kept_from_whom_the_corrected_is(support: Support) -> None:
    laboratory, doctor = people.software(), people.a_doctor()
    one, other = people.a_waiting_record(), people.a_patient()
    for each in (one, other):
        people.deposited(laboratory, each, b"same", of=people.entry("1.2.3.9.3", title="Le même"))
    people.deposited(laboratory, one, b"follows", of=people.entry(title="La suite", replaces=("1.2.3.9.3",)))
    line = listed(other.actor, other)["Le même"]
    changing.set_label(
        other.actor, Purpose.SELF, record_id=other.record_id, document_id=line.id, label="MASQUE_PS", on=True
    )
    joined(support, one, other)
    assert set(listed(other.actor, other)) == {"La suite"}
    people.authorised(other, doctor)
    assert listed(doctor, other, Purpose.CARE) == {}
