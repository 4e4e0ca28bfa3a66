"""A secret covers rights: whom a minor or a protected adult let in, in whose hands they were, and what was done by it.
The same world is made twice, with the secret and without; a parent, or the guardian, who tries every door finds no
difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent import alerts, consents, declaring, reviewing, standing
from carnet.consent import queries as confidentiality
from carnet.consent.access import Refused, permit_to_read
from carnet.consent.actions import Grantee
from carnet.consent.emergency import break_glass
from carnet.consent.facts import Reason
from carnet.consent.reviewing import Verdict
from carnet.consent.seeing import Reader
from carnet.documents import adding, changing, handing, masking, preview, queries, trail
from carnet.formats import rpps
from carnet.formats.clinical.model import Kind, Problem
from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Identifier, Reference
from carnet.health import stating
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import open_record, rows
from carnet.kernel.ids import short
from carnet.people import actions as organisations
from tests import people
from tests.api import test_adversary as adversary
from tests.api.caller import Caller, refused
from tests.api.consents import declared
from tests.api.test_adversary import World, a_world

pytestmark = pytest.mark.usefixtures("house")

SECRET = "INVISIBLE_REPRESENTANTS_LEGAUX"
REASON = "Intoxication aiguë, amené par ses amis"
ZINNIA = Problem(kind=Kind.PROBLEM, code=Concept("Zinnia"), clinical="active", verification="confirmed")


def reads(doctor: Actor, world: World) -> None:
    queries.list_documents(doctor, Purpose.CARE, world.patient.record_id)
    queries.read_document(doctor, Purpose.CARE, world.patient.record_id, world.known[0])


def is_refused(read: Callable[[], Any]) -> None:
    with pytest.raises(Refused):
        read()


def a_visit(world: World) -> Actor:
    """A doctor whom the parents never heard of: looks up, tries, is told the consent, reads, deposits."""
    doctor, record = people.a_doctor(), world.patient.record_id
    standing.looked_up(doctor, Purpose.CARE, record)
    standing.standing(doctor, record)
    is_refused(lambda: reads(doctor, world))
    declaring.declare(doctor, record_id=record, secret=True)
    reads(doctor, world)
    secret = people.entry(title="Titre zinnia", labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}))
    people.deposited(doctor, world.patient, b"Un zinnia commun", of=secret, purpose=Purpose.CARE)
    # Without a label it is of that visit all the same.
    people.deposited(
        doctor, world.patient, b"Un tournesol", of=people.entry(title="Titre tournesol"), purpose=Purpose.CARE
    )
    (own,) = consents.consents(doctor, Purpose.CARE, record)
    consents.end(doctor, Purpose.CARE, record_id=record, consent_id=own.id)
    is_refused(lambda: queries.search(doctor, Purpose.EMERGENCY, record, queries.Asked(["current"])))
    queries.list_documents(doctor, Purpose.CARE, record)  # Their own document is left to them.
    return doctor


def by_the_minor(world: World) -> Actor:
    """Given, looked at, taken back, blocked, disputed: all of it about somebody whom the parents do not know."""
    doctor, record, minor = people.a_doctor(), world.patient.record_id, (world.patient.actor, Purpose.SELF)
    is_refused(lambda: reads(doctor, world))
    consent.authorise(*minor, record_id=record, professional_id=doctor.id, secret=True)
    reads(doctor, world)
    preview.preview(*minor, record, Reader(doctor.id))
    consent.withdraw(*minor, record_id=record, professional_id=doctor.id)
    consent.authorise(*minor, record_id=record, professional_id=doctor.id, secret=True)
    consent.block(*minor, record_id=record, professional_id=doctor.id)
    is_refused(lambda: reads(doctor, world))
    consent.unblock(*minor, record_id=record, professional_id=doctor.id)
    reviewing.dispute(*minor, record_id=record, professional_id=doctor.id)
    support = people.an_operator("support")
    for case in reviewing.open_cases(support):
        if case.professional.id == doctor.id:
            reviewing.close(support, case.id, Verdict.JUSTIFIED)
    return doctor


def what_a_visit_asked_for(world: World) -> Actor:
    """Who was let in by a secret notes, and asks for analyses, by an order and by name alone; laboratories that know of
    no secret answer, before the visit is told and after."""
    doctor, labo, record = people.a_doctor(), people.software(), world.patient.record_id
    order = Reference("urn:ihe:iti:xds:2013:order", Identifier("1.2.3.4.5", "ORDER-7"))
    early = people.entry(title="Titre tournesol", references=(order,))
    people.deposited(labo, world.patient, b"Un tournesol", of=early)
    declaring.declare(doctor, record_id=record, secret=True)
    number = Identifier(rpps.PROFESSIONAL_OID, people.rpps_of(doctor))
    visit = people.entry(
        title="Titre zinnia", references=(order,), authors=(replace(adversary.HER, identifier=number),)
    )
    people.deposited(doctor, world.patient, b"Un zinnia commun", of=visit, purpose=Purpose.CARE)
    stating.state(doctor, Purpose.CARE, record_id=record, entry=ZINNIA)
    late = people.entry(title="Titre tournesol", references=(order,))
    people.deposited(people.software(), world.patient, b"Un tournesol", of=late)
    asked = replace(people.entry(title="Titre tournesol"), referrers=(number,))
    people.deposited(people.software(), world.patient, b"Un tournesol", of=asked)
    return doctor


def a_result(world: World) -> Actor:
    """Software and a midwife have nothing here but what is secret, read it again, try for more, and are shut out."""
    labo, midwife, record = people.software(), people.a_doctor(), world.patient.record_id
    secret = people.entry(title="Titre zinnia", labels=frozenset({SECRET}), authors=(adversary.HER,))
    people.deposited(labo, world.patient, b"Un zinnia commun", of=secret)
    queries.list_documents(labo, Purpose.DEPOSIT, record)
    other = replace(secret, unique_id="2.25.7070")
    people.deposited(midwife, world.patient, b"Un zinnia", of=other, purpose=Purpose.CARE)
    queries.list_documents(midwife, Purpose.CARE, record)
    is_refused(lambda: queries.list_documents(midwife, Purpose.EMERGENCY, record))
    minor = (world.patient.actor, Purpose.SELF)
    consent.block(*minor, record_id=record, professional_id=midwife.id)
    consent.unblock(*minor, record_id=record, professional_id=midwife.id)
    masking.mask(*minor, record_id=record, rule=masking.from_author("Rose Tournesol"))
    return midwife


def a_known_doctor(world: World) -> Actor:
    """The minor lets in by a secret whom the parents have authorised: what they know of goes on."""
    doctor = world.doctor
    consent.authorise(
        world.patient.actor,
        Purpose.SELF,
        record_id=world.patient.record_id,
        professional_id=doctor.id,
        secret=True,
        instead=True,
    )
    return doctor


def a_known_author(world: World) -> Actor:
    """Who has written here in the open: what the parents saw of that they go on seeing, and nothing of the visit, nor
    of what was refused around it."""
    (_, doctor), record = world.attending, world.patient.record_id
    standing.standing(doctor, record)
    declaring.declare(doctor, record_id=record, secret=True)
    reads(doctor, world)
    is_refused(lambda: queries.list_documents(doctor, Purpose.EMERGENCY, record))
    is_refused(lambda: break_glass(doctor, Purpose.REGULATION, record_id=record, reason=REASON))
    secret = people.entry(title="Titre zinnia", labels=frozenset({SECRET}))
    people.deposited(doctor, world.patient, b"Un zinnia commun", of=secret, purpose=Purpose.CARE)
    (own,) = consents.consents(doctor, Purpose.CARE, record)
    consents.end(doctor, Purpose.CARE, record_id=record, consent_id=own.id)
    queries.list_documents(doctor, Purpose.CARE, record)
    return doctor


def a_known_author_shut_out(world: World) -> Actor:
    """Who has written here in the open, all that a minor does about them: given to read, handed a document, taken back,
    looked at, blocked, disputed."""
    (_, doctor), record, minor = world.attending, world.patient.record_id, (world.patient.actor, Purpose.SELF)
    of: dict[str, Any] = {"record_id": record, "professional_id": doctor.id}
    consent.authorise(*minor, **of, secret=True)
    reads(doctor, world)
    preview.preview(*minor, record, Reader(doctor.id))
    words = adding.of_profile(
        minor[0], record, key=uuid4(), title="Titre zinnia", day=clock.now().date(), media_type="text/plain"
    )
    handed = handing.hand(*minor, record_id=record, entry=words, content=b"Un zinnia commun", readers=(doctor.id,))
    queries.read_document(doctor, Purpose.CARE, record, handed.id)
    handing.take_back(*minor, record_id=record, document_id=handed.id)
    consent.block(*minor, **of)
    queries.list_documents(doctor, Purpose.CARE, record)  # What they wrote is left to them.
    consent.withdraw(*minor, **of)
    consent.unblock(*minor, **of)
    consent.unblock(*minor, **of)
    reviewing.dispute(*minor, **of)
    for case in reviewing.open_cases(people.an_operator("support")):
        if case.professional.id == doctor.id:
            reviewing.close(people.an_operator("support"), case.id, Verdict.JUSTIFIED)
    return doctor


def a_known_author_in_an_emergency(world: World) -> Actor:
    """Who has written here in the open finds the person, reads their own, and only then says that it is a secret."""
    (_, doctor), record = world.attending, world.patient.record_id
    standing.looked_up(doctor, Purpose.CARE, record)
    standing.standing(doctor, record)
    queries.list_documents(doctor, Purpose.CARE, record)
    is_refused(lambda: queries.list_documents(doctor, Purpose.EMERGENCY, record))
    break_glass(doctor, Purpose.EMERGENCY, record_id=record, reason=REASON, secret=True)
    queries.list_documents(doctor, Purpose.EMERGENCY, record)
    queries.list_documents(doctor, Purpose.CARE, record)
    return doctor


def a_visit_to_the_medecin_traitant(world: World) -> Actor:
    """Who reads by right, and is asked to keep the visit from them when it has begun."""
    (doctor, _), record = world.attending, world.patient.record_id
    reads(doctor, world)
    declaring.declare(doctor, record_id=record, secret=True)
    reads(doctor, world)
    return doctor


def a_secret_deposit_of_the_medecin_traitant(world: World) -> Actor:
    """Who says nothing before there is something to keep."""
    (doctor, _), record = world.attending, world.patient.record_id
    reads(doctor, world)
    secret = people.entry(title="Titre zinnia", labels=frozenset({SECRET}))
    people.deposited(doctor, world.patient, b"Un zinnia commun", of=secret, purpose=Purpose.CARE)
    queries.search(doctor, Purpose.CARE, record, queries.Asked(["current"]))
    return doctor


def an_emergency(world: World) -> Actor:
    """Told to the médecin traitant and to the minor, and to nobody else."""
    doctor, record = people.a_doctor(), world.patient.record_id
    break_glass(doctor, Purpose.EMERGENCY, record_id=record, reason=REASON, secret=True)
    queries.list_documents(doctor, Purpose.EMERGENCY, record)
    attending, _ = world.attending
    for alert in alerts.unseen(attending):
        alerts.seen(attending, alert.id)
    return doctor


def parents_world(*, guarded: bool = False) -> World:
    """`guarded`: a guardian's, of a protected adult."""
    world, attending, author = a_world(guarded=guarded), people.a_doctor(), people.a_doctor()
    consent.set_attending(SYSTEM, record_id=world.patient.record_id, professional_id=attending.id)
    people.deposited(author, world.patient, b"Une marguerite", purpose=Purpose.CARE)
    world.attending = [attending, author]
    return world


def _confidentiality(world: World, actor: Actor, purpose: Purpose) -> Any:
    found = confidentiality.confidentiality(actor, purpose, world.patient.record_id)
    return len(found.given), len(found.blocked), len(found.attending), found.choices, found.emergencies


def _seers(world: World, actor: Actor, purpose: Purpose) -> Any:
    found = preview.look(actor, purpose, world.patient.record_id, lambda seers: [Reader(x.id) for x in seers])
    assert found
    return [seer.capacity for seer in found.seers], [len(each.shown) for each in found.previews.values()]


DOORS: dict[str, adversary.Door] = {
    "settings": _confidentiality,
    "trail": adversary.ROOMS["trail"],
    "list": adversary.ROOMS["list"],
    "raw SQL": adversary.ROOMS["raw SQL"],
    "unseen": lambda w, a, p: confidentiality.unseen(a, p, w.patient.record_id),
    "consents": lambda w, a, p: len(consents.consents(a, p, w.patient.record_id)),
    "disputes": lambda w, a, p: reviewing.cases(a, p, w.patient.record_id),
    "seers": _seers,
}


def told(server: str, world: World, actor: Actor, purpose: Purpose) -> dict[str, Any]:
    return {
        **{name: door(world, actor, purpose) for name, door in DOORS.items()},
        **adversary._over_http(server, world, actor, purpose),
    }


SECRETS = [
    a_visit,
    what_a_visit_asked_for,
    by_the_minor,
    a_result,
    a_known_doctor,
    a_known_author,
    a_known_author_shut_out,
    an_emergency,
    a_known_author_in_an_emergency,
    a_visit_to_the_medecin_traitant,
    a_secret_deposit_of_the_medecin_traitant,
]


def by_the_way(world: World, secret: Callable[[World], Actor]) -> None:
    """What is no secret of it: who hands a document out looks at their settings first."""
    if secret is a_known_author_shut_out:
        confidentiality.confidentiality(world.patient.actor, Purpose.SELF, world.patient.record_id)


@pytest.mark.parametrize("guarded", [False, True], ids=["parent", "guardian"])
@pytest.mark.parametrize("secret", SECRETS)
def test_who_represents_finds_no_trace_of_whom_was_let_in(
    secret: Callable[[World], Actor], server: str, *, guarded: bool
) -> None:
    with_it, without = parents_world(guarded=guarded), parents_world(guarded=guarded)
    secret(with_it)
    by_the_way(without, secret)
    found = {
        name: told(server, world, world.parent, Purpose.REPRESENTATIVE)
        for name, world in (("with", with_it), ("without", without))
    }
    for door, answer in found["without"].items():
        assert found["with"][door] == answer, (door, adversary._where(str(found["with"][door]), str(answer)))


@pytest.mark.parametrize("guarded", [False, True], ids=["minor", "adult"])
@pytest.mark.parametrize("secret", [a_visit, by_the_minor, a_known_author_shut_out, an_emergency])
def test_whose_secret_it_is_reads_all_of_it(secret: Callable[[World], Actor], *, guarded: bool) -> None:
    world = parents_world(guarded=guarded)
    doctor = secret(world)
    lines = trail.lines(world.patient.actor, Purpose.SELF, world.patient.record_id, limit=500)
    assert {"documents-list"} <= {line.action for line in lines if line.actor_id == doctor.id}
    settings = confidentiality.confidentiality(world.patient.actor, Purpose.SELF, world.patient.record_id)
    kept = [(each.to.id, each.secret) for each in settings.given]
    kept += [(each.professional.id, each.secret) for each in settings.emergencies]
    assert all(secret for who, secret in kept if who == doctor.id)


def test_what_was_a_secret_stays_one_after_the_parents_know_the_doctor() -> None:
    """A right that a parent gives later shows what comes after it, and nothing of before."""
    world = parents_world()
    doctor, record, parent = a_visit(world), world.patient.record_id, (world.parent, Purpose.REPRESENTATIVE)
    consent.authorise(*parent, record_id=record, professional_id=doctor.id)
    reads(doctor, world)
    lines = [line for line in trail.lines(*parent, record, limit=500) if line.actor_id == doctor.id]
    assert [line.action for line in lines] == ["document-read", "documents-list"]
    consent.block(*parent, record_id=record, professional_id=doctor.id)
    left = {line.id for line in queries.list_documents(doctor, Purpose.CARE, record)}
    assert left.isdisjoint({*world.known}), "their own documents alone are left to them"


def test_a_parents_block_ends_the_secret_right_too_and_their_withdrawal_does_not() -> None:
    world = parents_world()
    doctor, record = people.a_doctor(), world.patient.record_id
    parent, minor = (world.parent, Purpose.REPRESENTATIVE), (world.patient.actor, Purpose.SELF)
    consent.authorise(*minor, record_id=record, professional_id=doctor.id, secret=True)
    consent.withdraw(*parent, record_id=record, professional_id=doctor.id)
    reads(doctor, world)
    consent.block(*parent, record_id=record, professional_id=doctor.id)
    consent.unblock(*parent, record_id=record, professional_id=doctor.id)
    is_refused(lambda: reads(doctor, world))


def test_a_parent_cannot_make_a_secret() -> None:
    world = parents_world()
    with pytest.raises(ValueError, match="holder alone"):
        consent.authorise(
            world.parent,
            Purpose.REPRESENTATIVE,
            record_id=world.patient.record_id,
            professional_id=people.a_doctor().id,
            secret=True,
        )


def test_by_sql_as_the_applications_role_the_parents_see_no_row_of_it() -> None:
    world = parents_world()
    for secret in SECRETS:
        secret(world)
    permit = permit_to_read(world.parent, Purpose.REPRESENTATIVE, world.patient.record_id, action="trail-read")
    with open_record(permit, trace=None) as cursor:
        for table in ("consent_authorisation", "consent_block", "consent_emergency", "consent_review"):
            cursor.execute(f"select count(*) as n from record.{table} where hidden_from <> 0")
            assert rows(cursor)[0]["n"] == 0


def test_who_has_nothing_here_but_what_is_not_announced_is_told_once_it_is() -> None:
    """The author reads again what the patient does not know of yet: a line would tell that there is something."""
    patient, doctor = people.a_patient(), people.a_doctor()
    waits = people.entry(title="Biopsie", labels=frozenset({"INVISIBLE_PATIENT"}))
    made = people.deposited(doctor, patient, b"Biopsie", of=waits, purpose=Purpose.CARE)
    queries.list_documents(doctor, Purpose.CARE, patient.record_id)
    assert doctor.id not in {line.actor_id for line in people.trail(patient)}
    changing.set_label(
        doctor, Purpose.CARE, record_id=patient.record_id, document_id=made.id, label="INVISIBLE_PATIENT", on=False
    )
    assert {"documents-list", "document-deposit"} <= {
        line.action for line in people.trail(patient) if line.actor_id == doctor.id
    }


def test_a_rule_that_told_of_a_secret_alone_is_told_when_the_secret_is_lifted() -> None:
    world = parents_world()
    record, minor, parent = (
        world.patient.record_id,
        (world.patient.actor, Purpose.SELF),
        (world.parent, Purpose.REPRESENTATIVE),
    )
    rose = people.entry(title="Titre zinnia", labels=frozenset({SECRET}), authors=(adversary.HER,))
    made = people.deposited(people.software(), world.patient, b"Un zinnia", of=rose)
    masking.mask(*minor, record_id=record, rule=masking.from_author("Rose Tournesol"))
    assert masking.masks(*parent, record) == ()
    changing.set_label(*minor, record_id=record, document_id=made.id, label=SECRET, on=False)
    assert len(masking.masks(*parent, record)) == 1


def test_who_is_named_medecin_traitant_is_blocked_by_no_secret_either() -> None:
    world, doctor = parents_world(), people.a_doctor()
    record, minor = world.patient.record_id, (world.patient.actor, Purpose.SELF)
    consent.authorise(*minor, record_id=record, professional_id=doctor.id, secret=True)
    consent.block(*minor, record_id=record, professional_id=doctor.id)
    is_refused(lambda: reads(doctor, world))
    consent.set_attending(SYSTEM, record_id=record, professional_id=doctor.id)
    reads(doctor, world)
    # The minor is told what became of the block; the representatives, who never heard of it, are not.
    lines = trail.lines(*minor, record, limit=500)
    assert ("block-ended", doctor.id) in {(line.action, line.target_id) for line in lines}
    shown = trail.lines(world.parent, Purpose.REPRESENTATIVE, record, limit=500)
    assert not {"block-ended", "block"} & {line.action for line in shown}
    assert ("attending", doctor.id) in {(line.action, line.target_id) for line in shown}


@pytest.mark.parametrize("wrote", [False, True])
@pytest.mark.parametrize("by_team", [False, True])
def test_a_parent_who_lets_in_whom_the_minor_blocked_in_secret_reads_of_no_refusal(
    server: str, *, by_team: bool, wrote: bool
) -> None:
    """What the parents see is that nothing was read."""
    world = parents_world()
    house = organisations.add_organisation(
        organisation_id=uuid4(), identifier=f"1{people.fresh_ins()[4:13]}", name="Clinique du Parc"
    )
    doctor, record = people.a_doctor(organisation_id=house), world.patient.record_id
    minor, parent = (world.patient.actor, Purpose.SELF), (world.parent, Purpose.REPRESENTATIVE)
    if wrote:
        people.deposited(doctor, world.patient, b"Une marguerite", purpose=Purpose.CARE)
    consent.authorise(*minor, record_id=record, professional_id=doctor.id, secret=True)
    consent.block(*minor, record_id=record, professional_id=doctor.id)
    whom = Grantee("organisation", house) if by_team else Grantee("professional", doctor.id)
    consent.authorise(*parent, record_id=record, grantee=whom)
    caller, query = Caller.of(server, doctor), {"patient": short(record), "status": "current"}
    assert caller.get("DocumentReference", query).status_code == (200 if wrote else 403)
    refused(caller.post("Consent", declared(world.patient)), 403, "forbidden")
    seen = trail.lines(*parent, record, limit=500)
    assert [line.action for line in seen if line.actor_id == doctor.id] == ["document-deposit"] * wrote
    assert not {"block", Reason.BLOCKED.value} & {word for line in seen for word in (line.action, line.detail)}
    events = Caller.of(server, *parent).get("AuditEvent", {"patient": short(record)})
    assert events.json()["entry"]
    assert ":blocked" not in events.text
    mine = trail.lines(*minor, record, limit=500)
    assert [line for line in mine if line.actor_id == doctor.id and line.detail == Reason.BLOCKED.value]
