"""« Voir comme… »: what the holder is shown of a reader is what that reader gets, less what the holder may not know."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent import emergency
from carnet.consent.access import Refused
from carnet.consent.actions import Grantee
from carnet.consent.facts import As, Choices, Decision, Grant, Reason
from carnet.consent.seeing import Profile, Reader
from carnet.documents import preview, queries
from carnet.documents.preview import Preview, Why
from carnet.documents.trail import lines
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from carnet.people.rules import Capacity
from tests import people
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

KINDS = {
    "analyses": ("11502-2", frozenset[str]()),
    "letter": ("11488-4", frozenset[str]()),
    "masked": ("11502-2", frozenset({"MASQUE_PS"})),
    "unannounced": ("11502-2", frozenset({"INVISIBLE_PATIENT"})),
    "secret": ("11502-2", frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})),
}
KNOWN = set(KINDS) - {"unannounced"}


class World:
    """A minor's record with a document of each kind, and the software that brought them."""

    def __init__(self) -> None:
        self.patient: Resident = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
        self.software = people.software()
        self.names: dict[UUID, str] = {}
        for name, (code, labels) in KINDS.items():
            self.names[self.adds(name, code, labels, by=self.software)] = name

    def adds(
        self, name: str, code: str, labels: frozenset[str], *, by: Actor, replaces: tuple[str, ...] = (), uid: str = ""
    ) -> UUID:
        of = people.entry(uid or None, type_code=code, labels=labels, replaces=replaces)
        done = people.deposited(by, self.patient, name.encode(), of=of)
        self.names[done.id] = name
        return done.id

    def looks(self, who: UUID | Profile, purpose: Purpose = Purpose.CARE, *, supposed: bool = False) -> Preview:
        found = preview.preview(
            self.patient.actor, Purpose.SELF, self.patient.record_id, Reader(who, purpose, supposed)
        )
        assert found is not None
        return found

    def shown(self, who: UUID | Profile, purpose: Purpose = Purpose.CARE, *, supposed: bool = False) -> set[str]:
        return {self.names[line.id] for line in self.looks(who, purpose, supposed=supposed).shown}

    def gets(self, actor: Actor, purpose: Purpose = Purpose.CARE) -> set[str]:
        """What the reader's own list holds, less what the holder may not know."""
        try:
            found = queries.list_documents(people.actor(actor.id), purpose, self.patient.record_id)
        except Refused:
            return set()
        return {self.names[line.id] for line in found if "INVISIBLE_PATIENT" not in line.labels}

    def attended_by(self, doctor: Actor) -> Actor:
        consent.set_attending(SYSTEM, record_id=self.patient.record_id, professional_id=doctor.id)
        return doctor

    def deputy(self, kind: str, principal: Actor, deputy: Actor) -> Actor:
        people_actions.add_deputy(
            deputy_id=deputy.id, principal_id=principal.id, kind=kind, since=clock.now() - timedelta(days=1)
        )
        return deputy


@pytest.fixture
def world() -> World:
    return World()


def reason(decision: Decision) -> Reason | None:
    return None if isinstance(decision, Grant) else decision.reason


def test_an_authorised_doctor(world: World) -> None:
    doctor = people.authorised(world.patient, people.a_doctor())
    seen = world.looks(doctor.id)
    assert world.shown(doctor.id) == world.gets(doctor) == {"analyses", "letter", "secret"}
    assert {(world.names[each.line.id], each.why) for each in seen.withheld} == {("masked", Why.MASKED)}
    assert (seen.seen, seen.total) == (3, 4)


def test_a_profession_that_may_read_little(world: World) -> None:
    optician = people.authorised(world.patient, people.a_doctor(profession="28"))
    seen = world.looks(optician.id)
    assert {world.names[line.id] for line in seen.shown} == world.gets(optician)
    assert Why.PROFESSION in {each.why for each in seen.withheld}
    assert seen.total == len(KNOWN)


def test_the_attending_doctor_and_those_who_stand_in(world: World) -> None:
    attending = world.attended_by(people.a_doctor())
    locum = world.deputy("locum", attending, people.a_doctor())
    secretary = world.deputy("secretary", attending, people.a_doctor(capacity=Capacity.SECRETARIAT))
    assert world.shown(attending.id) == world.gets(attending) == KNOWN
    assert world.shown(locum.id) == world.gets(locum) == KNOWN
    assert world.shown(secretary.id) == world.gets(secretary) == KNOWN - {"masked"}


def test_a_blocked_doctor_and_a_stranger_and_a_withdrawn_one(world: World) -> None:
    blocked, stranger = people.authorised(world.patient, people.a_doctor()), people.a_doctor()
    consent.block(world.patient.actor, Purpose.SELF, record_id=world.patient.record_id, professional_id=blocked.id)
    for doctor, why in ((blocked, Reason.BLOCKED), (stranger, Reason.NO_LINK)):
        seen = world.looks(doctor.id)
        assert (reason(seen.decision), seen.shown, world.gets(doctor)) == (why, (), set())
        assert {each.why for each in seen.withheld} == {Why.NOTHING}
    doctor = people.authorised(world.patient, people.a_doctor())
    assert world.shown(doctor.id)
    consent.withdraw(world.patient.actor, Purpose.SELF, record_id=world.patient.record_id, professional_id=doctor.id)
    assert world.shown(doctor.id) == world.gets(doctor) == set()


def test_an_emergency(world: World) -> None:
    doctor = people.a_doctor()
    # Before the glass is broken, and after.
    assert reason(world.looks(doctor.id, Purpose.EMERGENCY).decision) is Reason.GLASS
    emergency.break_glass(doctor, Purpose.EMERGENCY, record_id=world.patient.record_id, reason="Malaise")
    seen = {"analyses", "letter", "secret"}
    assert world.shown(doctor.id, Purpose.EMERGENCY) == world.gets(doctor, Purpose.EMERGENCY) == seen
    assert world.shown(Profile.EMERGENCY) == seen
    # The holder's choices hold for those to come too.
    consent.choose(
        world.patient.actor,
        Purpose.SELF,
        record_id=world.patient.record_id,
        choices=Choices(emergency=True, regulation=False, masked=True),
    )
    assert world.shown(doctor.id, Purpose.EMERGENCY) == world.gets(doctor, Purpose.EMERGENCY) == KNOWN
    assert world.shown(Profile.EMERGENCY) == KNOWN
    assert reason(world.looks(Profile.REGULATION).decision) is Reason.EMERGENCY_REFUSED


def test_a_representative(world: World) -> None:
    parent, passer_by = people.a_person(), people.a_person()
    people_actions.represent(
        SYSTEM, record_id=world.patient.record_id, representative_id=parent.id, since=people.long_ago()
    )
    assert world.shown(parent.id) == world.gets(parent, Purpose.REPRESENTATIVE) == {"analyses", "letter", "masked"}
    assert {each.why for each in world.looks(parent.id).withheld} == {Why.SECRET}
    # Nobody learns from this page who exists.
    for unknown in (passer_by.id, uuid4(), world.software.id):
        found = preview.preview(world.patient.actor, Purpose.SELF, world.patient.record_id, Reader(unknown))
        assert found is None
    # The parent is not told that somebody looked at what they see.
    theirs = {line.action for line in lines(parent, Purpose.REPRESENTATIVE, world.patient.record_id)}
    assert "preview" not in theirs
    assert "preview" in {line.action for line in people.trail(world.patient)}


def test_as_if_somebody_were_authorised(world: World) -> None:
    doctor, occupational = people.a_doctor(), people.a_doctor(capacity=Capacity.OCCUPATIONAL)
    insurer = people.a_doctor(capacity=Capacity.INSURER)
    assert world.shown(doctor.id) == set()
    before = world.shown(doctor.id, supposed=True)
    assert before == world.shown(occupational.id, supposed=True) == {"analyses", "letter", "secret"}
    assert reason(world.looks(insurer.id, supposed=True).decision) is Reason.NEVER
    # Nothing was given by looking; what was told is what comes.
    assert world.gets(doctor) == set()
    people.authorised(world.patient, doctor)
    assert world.gets(doctor) == before


def test_nobody_in_particular(world: World) -> None:
    doctor = people.authorised(world.patient, people.a_doctor())
    pharmacist = people.authorised(world.patient, people.a_doctor(profession="21"))
    nurse = people.authorised(world.patient, people.a_doctor(profession="60"))
    assert world.shown(Profile.DOCTOR) == world.gets(doctor)
    assert world.shown(Profile.PHARMACIST) == world.gets(pharmacist)
    assert world.shown(Profile.NURSE) == world.gets(nurse)
    assert reason(world.looks(Profile.STRANGER).decision) is Reason.NO_LINK
    carer = people.a_person()
    people_actions.care_for(
        SYSTEM,
        record_id=world.patient.record_id,
        carer_id=carer.id,
        rights={"documents"},
        since=people.long_ago(),
    )
    assert world.shown(Profile.CARER) == world.gets(carer, Purpose.CARER)


def test_a_member_of_an_authorised_team(world: World) -> None:
    team, member = people_actions.add_team(team_id=uuid4(), name="Équipe d'essai"), people.a_doctor()
    people_actions.join_team(team_id=team, professional_id=member.id, since=people.long_ago())
    consent.authorise(
        world.patient.actor, Purpose.SELF, record_id=world.patient.record_id, grantee=Grantee("team", team)
    )
    seen = world.looks(member.id)
    assert isinstance(seen.decision, Grant)
    assert seen.decision.capacity is As.TEAM
    assert world.shown(member.id) == world.gets(member)


def test_what_is_withheld_from_the_holder_is_neither_shown_nor_counted(world: World) -> None:
    # A doctor without any right who deposited one thing: what the holder may not know of yet.
    doctor = people.a_doctor()
    uid = f"2.25.{uuid4().int}"
    world.adds("his own, unannounced", "11502-2", frozenset({"INVISIBLE_PATIENT"}), by=doctor)
    seen = world.looks(doctor.id)
    assert (reason(seen.decision), seen.shown) == (Reason.NO_LINK, ())
    assert seen.total == len(KNOWN)
    # His correction of a letter, withheld too: the letter stands, for the holder and in each preview.
    world.adds("first letter", "11488-4", frozenset(), by=doctor, uid=uid)
    world.adds("its correction", "11488-4", frozenset({"INVISIBLE_PATIENT"}), by=doctor, replaces=(uid,))
    authorised = people.authorised(world.patient, people.a_doctor())
    attending = world.attended_by(people.a_doctor())
    for reader in (doctor, authorised, attending):
        preview_of = world.looks(reader.id)
        assert "first letter" in {world.names[line.id] for line in preview_of.shown}
        assert preview_of.total == len(KNOWN) + 1
    # Of what he wrote and the holder knows, he is told to be the author.
    decision = world.looks(doctor.id).decision
    assert isinstance(decision, Grant)
    assert decision.capacity is As.AUTHOR


def test_a_version_that_only_the_holder_sees_replaced(world: World) -> None:
    doctor = people.authorised(world.patient, people.a_doctor())
    uid = f"2.25.{uuid4().int}"
    old = world.adds("old", "11488-4", frozenset(), by=world.software, uid=uid)
    world.adds("new, masked", "11488-4", frozenset({"MASQUE_PS"}), by=world.software, replaces=(uid,))
    seen = world.looks(doctor.id)
    assert world.shown(doctor.id) == world.gets(doctor) == {"analyses", "letter", "secret", "old"}
    # It is told as the holder knows it, and is none of their current documents.
    assert next(line.status for line in seen.shown if line.id == old) == "superseded"
    assert (seen.seen, seen.total) == (3, 5)


def test_nobody_else_looks_with_somebody_elses_eyes(world: World) -> None:
    doctor = people.authorised(world.patient, people.a_doctor())
    with pytest.raises(Refused):
        preview.preview(doctor, Purpose.CARE, world.patient.record_id, Reader(doctor.id))
    with pytest.raises(Refused):
        preview.preview(people.a_patient().actor, Purpose.SELF, world.patient.record_id, Reader(doctor.id))
    # Each attempt stands in the trail, and looking leaves the holder's own line, never one of the reader.
    refused = [line for line in people.trail(world.patient) if line.outcome == "refused"]
    assert {line.action for line in refused} == {"preview"}
    assert world.looks(doctor.id)
    done = [line for line in people.trail(world.patient) if line.action == "preview" and line.outcome == "done"]
    assert {line.actor_id for line in done} == {world.patient.actor.id}


def test_one_document_with_the_eyes_of_several(world: World) -> None:
    doctor = people.authorised(world.patient, people.a_doctor())
    masked = next(each for each, name in world.names.items() if name == "masked")
    withheld = next(each for each, name in world.names.items() if name == "unannounced")
    attending = world.attended_by(people.a_doctor())
    asked = (world.patient.actor, Purpose.SELF, world.patient.record_id)
    found = preview.look(*asked, lambda seers: [Reader(each.id) for each in seers], document_id=masked)
    assert found
    assert found.document
    assert (found.hidden, found.secret) == (1, 1)
    sees = {reader.who: masked in {line.id for line in each.shown} for reader, each in found.previews.items()}
    assert sees == {doctor.id: False, attending.id: True}
    # Unknown and hidden are the same.
    for nowhere in (withheld, uuid4()):
        assert preview.look(*asked, lambda _: [], document_id=nowhere) is None
