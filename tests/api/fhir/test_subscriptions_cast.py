"""The whole cast of a minor's record asks to be told of its changes: who may, what each hears, and from when on nothing
any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent.emergency import break_glass
from carnet.documents import adding, changing, handing, masking, trail
from carnet.documents.powers import Cause
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from carnet.records.rules import Act, RecordState
from carnet.rights import counter, life
from carnet.rights.counter import Ground
from tests import people
from tests.api.caller import FHIR, Caller, explained, refused, token
from tests.api.fhir.receiver import moved, receiving, settled
from tests.api.fhir.subscribing import SCOPE, Practice, ref, woken
from tests.api.oauth.software import Software, a_doctor_of, acting_for
from tests.api.test_linked import MINOR
from tests.health.stated import kept, result
from tests.people import Resident

REASON = "Douleur thoracique, seule chez elle"
DOCTORS = frozenset({"hers", "attending", "locum", "secret", "team"})


@dataclass
class Cast:
    """`followers`: who has subscribed, by the id of their subscription; `heard` counts what each was told so far."""

    practice: Practice
    mother: Actor
    team: UUID
    doctors: dict[str, tuple[Actor, str]]
    followers: dict[str, str] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)

    @property
    def patient(self) -> Resident:
        return self.practice.patient

    def caller(self, name: str) -> Caller:
        name = name.partition("/")[0]
        software = self.practice.software
        if name == "software":
            return Caller(software.base, software.token())
        return Caller(software.base, software.token(extensions=acting_for(self.doctors[name][1])))

    def doctor(self, name: str) -> Actor:
        return self.doctors[name][0]

    def follows(self, name: str, topic: str = "documents") -> None:
        answer = self.caller(name).post("Subscription", self.practice.asked(topic))
        assert answer.status_code == 201, (name, answer.text)
        self.followers[name if topic == "documents" else f"{name}/{topic}"] = answer.json()["id"]

    def hear(self, *expected: str) -> None:
        """Since the last time these were told of one thing each, and nobody else of anything."""
        for subscription in self.followers.values():
            settled(subscription)
        told = Counter[str]()
        names = {subscription: name for name, subscription in self.followers.items()}
        for each in self.practice.receiver.taken:
            subscription = each.value("subscription")["reference"].rpartition("/")[2]
            told[names[subscription]] += len(each.events)
        new = told - self.heard
        self.heard = told
        assert new == Counter(expected)

    def deposited(self, *labels: str, by: Actor | None = None) -> str:
        of = people.entry(labels=frozenset(labels))
        depositor = by or people.software()
        purpose = Purpose.DEPOSIT if by is None or by.id == self.practice.software.id else Purpose.CARE
        return ref(people.deposited(depositor, self.patient, of=of, purpose=purpose))

    def lines(self, reader: Actor, purpose: Purpose) -> Counter[tuple[str, UUID]]:
        """What somebody reads in the record's trail of what others did."""
        found = trail.lines(reader, purpose, self.patient.record_id, limit=500)
        return Counter((line.action, line.actor_id) for line in found if line.action != "trail-read")


@pytest.fixture
def cast(server: str) -> Iterator[Cast]:
    software = Software(server, SCOPE, acts=True)
    doctors = {name: a_doctor_of(software) for name in (*sorted(DOCTORS), "author", "stranger", "blocked", "urgent")}
    mother = people.a_person()
    with receiving(server) as receiver:
        patient = people.a_patient(birth_date=MINOR)
        record = patient.record_id
        practice = Practice(receiver, software, *doctors["hers"], patient=patient)
        people_actions.represent(SYSTEM, record_id=record, representative_id=mother.id, since=people.long_ago())
        consent.set_attending(SYSTEM, record_id=record, professional_id=doctors["attending"][0].id)
        people_actions.add_deputy(
            deputy_id=doctors["locum"][0].id,
            principal_id=doctors["attending"][0].id,
            kind="locum",
            since=people.long_ago(),
            until=None,
        )
        consent.authorise(
            patient.actor, Purpose.SELF, record_id=record, professional_id=doctors["secret"][0].id, secret=True
        )
        consent.block(patient.actor, Purpose.SELF, record_id=record, professional_id=doctors["blocked"][0].id)
        team = people_actions.add_team(team_id=uuid4(), name="Équipe de l'essai")
        people_actions.join_team(team_id=team, professional_id=doctors["team"][0].id, since=people.long_ago())
        given = consent.Grantee("team", team)
        consent.authorise(patient.actor, Purpose.SELF, record_id=record, grantee=given)
        yield Cast(practice, mother, team, doctors)


def test_who_of_the_cast_may_ask(cast: Cast, server: str) -> None:
    patient, practice = cast.patient, cast.practice
    carer = people.a_person()
    people_actions.care_for(
        SYSTEM, record_id=patient.record_id, carer_id=carer.id, rights={"documents"}, acts=True, since=people.long_ago()
    )
    cast.follows("hers")
    cast.hear()
    body, known = practice.asked(), cast.followers["hers"]
    persons = {
        "patient": Caller.of(server, patient.actor),
        "mother": Caller.of(server, cast.mother, Purpose.REPRESENTATIVE),
        "carer": Caller.of(server, carer, Purpose.CARER),
        "agent": Caller.of(server, people.an_operator("support")),
        "without software": Caller.of(server, cast.doctor("hers")),
    }
    professionals = {name: cast.caller(name) for name in ("stranger", "blocked", "urgent", "author")}
    nobody = Caller(server, "nobody")
    for name, caller in (persons | professionals).items():
        refused(caller.post("Subscription", body), 403, *(("forbidden",) if name in professionals else ()))
    assert len({professionals[each].post("Subscription", body).content for each in ("stranger", "blocked")}) == 1
    refused(nobody.post("Subscription", body), 401)
    # In an emergency neither before the glass is broken nor after, and the glass is no right in care.
    emergency = {"X-Carnet-Purpose": "emergency", "X-Carnet-Reason": REASON}
    break_glass(cast.doctor("urgent"), Purpose.EMERGENCY, record_id=patient.record_id, reason=REASON)
    urgent = professionals["urgent"]
    assert urgent.get("DocumentReference", _of(patient), **emergency).status_code == 200
    refused(urgent.post("Subscription", body, **emergency), 403)
    refused(urgent.post("Subscription", body), 403)
    # Whose it is not: nothing of it by any way, as if it were not there.
    other = practice.asked() | {"id": known}
    for name, caller in (persons | professionals).items():
        found = caller.get("Subscription")
        assert found.status_code == 403 or found.json()["total"] == 0, name
        answers = [
            caller.get(f"Subscription/{known}"),
            caller.get(f"Subscription/{known}/$status"),
            caller.get(f"Subscription/{known}/$events"),
            caller.send("PUT", f"Subscription/{known}", json=other, headers={"Content-Type": FHIR}),
            caller.send("DELETE", f"Subscription/{known}"),
        ]
        assert {each.status_code for each in answers} <= {403, 404}, name
        unknown = f"{known.partition('-')[0]}-{'a' * 26}"
        assert [each.status_code for each in answers[:3]] == [
            caller.get(f"Subscription/{unknown}{more}").status_code for more in ("", "/$status", "/$events")
        ]
    for path in ("Subscription", f"Subscription/{known}", f"Subscription/{known}/$events"):
        refused(nobody.get(path), 401)
    # Of no record, of one that was opposed, and of a closed one: what every other door says.
    for state, code in (("", "patient-unknown"), ("opposed", "patient-unknown"), ("closed", "record-not-open")):
        ins = people.a_patient(state=RecordState(state)).ins if state else people.fresh_ins()
        asked = practice.asked()
        filters = asked["_criteria"]["extension"][0]
        filters["valueString"] = filters["valueString"].replace(patient.ins, ins)
        explained(cast.caller("hers").post("Subscription", asked), code)
    assert cast.caller("hers").get(f"Subscription/{known}").json()["status"] == "active"
    assert cast.caller("hers").send("DELETE", f"Subscription/{known}").status_code == 204
    cast.deposited()
    cast.hear()


def _of(patient: Resident) -> dict[str, str]:
    return {"patient.identifier": token(patient), "status": "current"}


def test_what_each_of_them_hears(cast: Cast) -> None:
    patient, record, house = cast.patient, cast.patient.record_id, people.software()
    hers = cast.doctor("hers")
    mine = people.deposited(cast.doctor("author"), patient, purpose=Purpose.CARE)
    for name in (*sorted(DOCTORS), "author", "software"):
        cast.follows(name)
    cast.follows("hers", "entries")
    cast.hear()
    kept(patient, people.deposited(house, patient).id, result(), by=house)
    cast.hear(*DOCTORS, "hers/entries")
    cast.deposited("MASQUE_PS")
    cast.hear("attending", "locum")
    # Not announced to the patient yet: those who treat know, and no log tells that there is something.
    before = cast.lines(patient.actor, Purpose.SELF)
    waits = people.deposited(house, patient, of=people.entry(labels=frozenset({"INVISIBLE_PATIENT"})))
    kept(patient, waits.id, result("9.9"), by=house)
    cast.hear(*DOCTORS, "hers/entries")
    assert cast.lines(patient.actor, Purpose.SELF) == before
    changing.set_label(
        house, Purpose.DEPOSIT, record_id=record, document_id=waits.id, label="INVISIBLE_PATIENT", on=False
    )
    cast.hear()
    assert cast.lines(patient.actor, Purpose.SELF) > before, "told once it is announced"
    # The minor's secret: heard by who treats, and told to the parents by nothing; nor is who was let in by one.
    parents = cast.lines(cast.mother, Purpose.REPRESENTATIVE)
    secret = people.deposited(house, patient, of=people.entry(labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})))
    kept(patient, secret.id, result("7.7"), by=house)
    cast.hear(*DOCTORS, "hers/entries")
    assert cast.lines(cast.mother, Purpose.REPRESENTATIVE) == parents
    cast.deposited(by=people.actor(cast.practice.software.id))
    cast.hear(*DOCTORS, "software")
    again = people.deposited(cast.doctor("author"), patient, purpose=Purpose.CARE)
    cast.hear(*DOCTORS, "author")
    # What the person puts into the hands of one is that one's, also as it goes.
    words = adding.of_profile(
        patient.actor, record, key=uuid4(), title="En bref", day=clock.now().date(), media_type="text/plain"
    )
    handed = handing.hand(
        patient.actor, Purpose.SELF, record_id=record, entry=words, content=b"Pour vous.", readers=(hers.id,)
    )
    cast.hear("hers")
    handing.take_back(patient.actor, Purpose.SELF, record_id=record, document_id=handed.id)
    cast.hear()
    for each in (mine, again):
        changing.withdraw(
            cast.doctor("author"), Purpose.CARE, record_id=record, document_id=each.id, cause=Cause.WRONG_PATIENT
        )
    cast.hear(*DOCTORS, *DOCTORS, "author", "author")


def test_each_right_ends_and_nothing_is_heard_any_more(cast: Cast) -> None:
    patient, record = cast.patient, cast.patient.record_id
    people.deposited(cast.doctor("author"), patient, purpose=Purpose.CARE)
    for name in (*sorted(DOCTORS), "author"):
        cast.follows(name)
    consent.withdraw(patient.actor, Purpose.SELF, record_id=record, professional_id=cast.doctor("hers").id)
    cast.deposited()
    cast.hear(*(DOCTORS - {"hers"}))
    consent.block(patient.actor, Purpose.SELF, record_id=record, professional_id=cast.doctor("secret").id)
    cast.deposited()
    cast.hear("attending", "locum", "team")
    attending, locum = cast.doctor("attending"), cast.doctor("locum")
    people_actions.end_deputy(deputy_id=locum.id, principal_id=attending.id)
    cast.deposited()
    cast.hear("attending", "team")
    masking.mask(patient.actor, Purpose.SELF, record_id=record, rule=masking.of_everything())
    cast.deposited()
    cast.hear("attending")
    people_actions.leave_team(team_id=cast.team, professional_id=cast.doctor("team").id)
    consent.set_attending(SYSTEM, record_id=record, professional_id=people.a_doctor().id)
    consent.block(patient.actor, Purpose.SELF, record_id=record, professional_id=cast.doctor("author").id)
    cast.deposited()
    cast.hear()
    people.deposited(cast.doctor("author"), patient, purpose=Purpose.CARE)
    cast.hear("author")
    # Nothing shows in what they are told of it, and whoever stops being told leaves no word that a parent reads.
    parents = cast.lines(cast.mother, Purpose.REPRESENTATIVE)
    for name in sorted(DOCTORS):
        assert cast.caller(name).get(f"Subscription/{cast.followers[name]}").json()["status"] == "active"
        told = cast.caller(name).get(f"Subscription/{cast.followers[name]}/$events").text
        assert "DocumentReference/" not in told
    assert cast.caller("secret").send("DELETE", f"Subscription/{cast.followers['secret']}").status_code == 204
    assert cast.lines(cast.mother, Purpose.REPRESENTATIVE) == parents
    secret_one = cast.doctor("secret").id
    assert secret_one not in {who for _, who in parents}
    assert ("subscription-ended", secret_one) in cast.lines(patient.actor, Purpose.SELF)


def test_silent_while_the_record_is_not_open(cast: Cast) -> None:
    patient, agent = cast.patient, people.an_operator("support")
    for name in ("hers", "attending", "software"):
        cast.follows(name)
    cast.hear()

    def life_of(act: Act, ground: Ground, **more: Any) -> None:
        counter.act(agent, record_id=patient.record_id, act=act, ground=ground, **more)

    # Something waits already when it is put aside, and what comes meanwhile is kept for later readers, told to nobody.
    for subscription in cast.followers.values():
        moved(subscription, "retry_at = now() + interval '1 hour'")
    cast.deposited()
    life_of(Act.SUSPEND, Ground.IDENTITY)
    for subscription in cast.followers.values():
        moved(subscription, "retry_at = null")
        woken(subscription)
    cast.deposited(by=people.actor(cast.practice.software.id))
    cast.hear()
    life_of(Act.RESUME, Ground.SETTLED)
    cast.deposited()
    cast.hear("hers", "attending")
    life.act(patient.actor, record_id=patient.record_id, act=Act.CLOSE)
    for subscription in cast.followers.values():
        woken(subscription)
    cast.hear()
    life.act(patient.actor, record_id=patient.record_id, act=Act.REOPEN)
    for subscription in cast.followers.values():
        moved(subscription, "retry_at = now() + interval '1 hour'")
    cast.deposited()
    life_of(Act.RECORD_DEATH, Ground.CERTIFICATE, died_on=clock.now().date())
    for name, subscription in cast.followers.items():
        moved(subscription, "retry_at = null")
        woken(subscription)
        explained(cast.caller(name).post("Subscription", cast.practice.asked()), "record-not-open")
    cast.hear()
    for name in cast.followers:
        found = cast.caller(name).get(f"Subscription/{cast.followers[name]}/$events")
        assert (found.status_code, "DocumentReference/" in found.text) == (200, False)
