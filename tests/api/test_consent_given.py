"""`Consent` by the person, or who represents them: to whom they open the record, and whom they keep out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent.caring import Right
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.ids import short
from carnet.people import actions as people_actions
from carnet.people.rules import Capacity
from carnet.web.i18n import PARIS
from tests import people
from tests.api.caller import JSON, Caller, codes_of, refused
from tests.api.consents import END, SCOPE, a_patient_of_hers, declared, found, given, holder, sound, told_to
from tests.consent.test_giving import came_in_by_a_code
from tests.people import Resident

FINESS = "urn:oid:1.2.250.1.71.4.2.2"
SECRET = "INVISIBLE_REPRESENTANTS_LEGAUX"
VISIBILITY = "urn:oid:1.2.250.1.213.1.1.4.13"
UNMASKED = [{"type": "permit", "securityLabel": [{"system": VISIBILITY, "code": "MASQUE_PS"}]}]
EXPRESS = [{"url": "urn:carnet:fhir:extension:express-consent", "valueBoolean": True}]


@pytest.fixture
def patient() -> Resident:
    return a_patient_of_hers()


def documents(server: str, who: Actor, patient: Resident) -> int | None:
    """How many that professional finds, None when the record does not open."""
    asked = {"patient": short(patient.record_id), "status": "current"}
    answer = Caller.of(server, who).get("DocumentReference", asked)
    if answer.status_code != 200:
        refused(answer, 403, "forbidden")
        return None
    return int(answer.json()["total"])


def acts(patient: Resident) -> list[str]:
    """What was done by a person and changes anything, newest first."""
    mine = {"authorise", "block", "withdraw", "child-agrees", "child-against", "child-unasked"}
    return [each.action for each in people.trail(patient) if each.action in mine and each.outcome == "done"]


def a_child(age: int) -> tuple[Resident, Actor]:
    """With a parent who represents them."""
    child, parent = people.a_patient(birth_date=f"{clock.now().year - age - 1}-01-12"), people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    people.deposited(people.software(), child)
    return child, parent


def a_house() -> tuple[UUID, str]:
    number = f"1{people.fresh_ins()[4:13]}"
    return people_actions.add_organisation(organisation_id=uuid4(), identifier=number, name="Clinique du Parc"), number


def to_house(patient: Resident, number: str, kind: str = "permit", **more: Any) -> JSON:
    reference = {"type": "Organization", "identifier": {"system": FINESS, "value": number}}
    actor = {"role": {"text": "x"}, "reference": reference}
    return declared(patient, provision={"type": kind, "actor": [actor]}, **more)


def test_an_authorisation_opens_the_record_until_it_is_ended(server: str, patient: Resident) -> None:
    doctor, mine = people.a_doctor(), holder(server, patient)
    assert documents(server, doctor, patient) is None
    answer = mine.post("Consent", given(patient, doctor))
    assert answer.status_code == 201, answer.text
    made = sound(answer.json())
    assert answer.headers["Location"].endswith(f"/fhir/Consent/{made['id']}")
    assert (made["status"], told_to(made)) == ("active", doctor.name)
    assert "end" not in made["provision"]["period"]
    assert "performer" not in made
    assert acts(patient) == ["authorise"]
    assert mine.get(f"Consent/{made['id']}").json() == made
    assert documents(server, doctor, patient) == 1
    assert mine.patch(f"Consent/{made['id']}", END).json()["status"] == "inactive"
    assert documents(server, doctor, patient) is None
    assert acts(patient) == ["withdraw", "authorise"]


def test_what_lasts_waits_while_the_account_settles(server: str) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    came_in_by_a_code(patient)
    mine = holder(server, patient)
    refused(mine.post("Consent", given(patient, doctor)), 422, "consent-settling")
    assert documents(server, doctor, patient) is None
    today = given(patient, doctor, period={"end": str(clock.now().astimezone(PARIS).date())})
    assert mine.post("Consent", today).status_code == 201, "of a visit"


def test_it_leaves_one_line(server: str) -> None:
    patient = people.a_patient()
    for sent in (given(patient, people.a_doctor()), given(patient, people.a_doctor(), "deny")):
        before = len(people.acts_of_people(patient.record_id))
        assert holder(server, patient).post("Consent", sent, Prefer="return=minimal").content == b""
        assert len(people.acts_of_people(patient.record_id)) == before + 1


def test_until_an_end_and_what_was_given_before_ends(server: str, patient: Resident) -> None:
    doctor, mine = people.a_doctor(), holder(server, patient)
    mine.post("Consent", given(patient, doctor))
    end = clock.now().replace(microsecond=0) + timedelta(days=500)
    made = mine.post("Consent", given(patient, doctor, period={"end": end.isoformat()})).json()
    assert datetime.fromisoformat(made["provision"]["period"]["end"]) == end
    (holds,) = [each for each in found(mine, patient, status="active") if "actor" in each["provision"]]
    assert holds == made
    day = mine.post("Consent", given(patient, doctor, period={"end": str(clock.now().astimezone(PARIS).date())})).json()
    assert datetime.fromisoformat(day["provision"]["period"]["end"]) > clock.now()


def test_to_all_of_an_organisation(server: str, patient: Resident) -> None:
    house, number = a_house()
    mine = holder(server, patient)
    assert codes_of(refused(mine.post("Consent", to_house(patient, number)), 422)) == {"consent-opens-nothing"}
    doctor = people.a_doctor(organisation_id=house)
    made = sound(mine.post("Consent", to_house(patient, number)).json())
    assert told_to(made) == "Clinique du Parc"
    assert documents(server, doctor, patient) == 1
    assert mine.patch(f"Consent/{made['id']}", END).status_code == 200
    assert sound(mine.post("Consent", made).json())["provision"]["actor"] == made["provision"]["actor"], (
        "as it was read"
    )
    bare = {"system": "https://finess.esante.gouv.fr", "value": number[1:]}
    contained = {"resourceType": "Organization", "id": "house", "identifier": [bare]}
    actor = {"role": {"text": "x"}, "reference": {"reference": "#house"}}
    sent = declared(patient, contained=[contained], provision={"type": "permit", "actor": [actor]})
    assert mine.post("Consent", sent).status_code == 201
    for more in ({"extension": EXPRESS}, {"meta": {"security": [{"system": VISIBILITY, "code": SECRET}]}}):
        refused(mine.post("Consent", to_house(patient, number, **more)), 422, "consent-of-all")
    refused(mine.post("Consent", to_house(patient, number, "deny")), 422, "consent-block")


def test_occupational_medicine_needs_it_in_so_many_words(server: str, patient: Resident) -> None:
    doctor, mine = people.a_doctor(capacity=Capacity.OCCUPATIONAL), holder(server, patient)
    refused(mine.post("Consent", given(patient, doctor)), 422, "consent-express")
    assert documents(server, doctor, patient) is None
    made = mine.post("Consent", given(patient, doctor) | {"extension": EXPRESS}).json()
    assert sound(made)["extension"] == EXPRESS
    assert documents(server, doctor, patient) == 1


def test_what_is_masked_is_shown_by_the_page_alone(server: str, patient: Resident) -> None:
    masked = people.entry(labels=frozenset({"MASQUE_PS"}))
    people.deposited(people.software(), patient, of=masked)
    doctor, mine = people.a_doctor(), holder(server, patient)
    refused(mine.post("Consent", given(patient, doctor, provision=UNMASKED)), 422, "consent-unmasked")
    assert acts(patient) == []
    consent.authorise(
        patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id, unmasked=True
    )
    made = next(each for each in found(mine, patient, status="active") if "actor" in each["provision"])
    assert made["provision"]["provision"][0]["securityLabel"][0]["code"] == "MASQUE_PS"
    assert documents(server, doctor, patient) == 2
    refused(mine.post("Consent", made), 422, "consent-unmasked")
    del made["provision"]["provision"]
    assert mine.post("Consent", made).status_code == 201
    assert documents(server, doctor, patient) == 1


def test_who_is_not_to_be_authorised(server: str, patient: Resident) -> None:
    """As on the person's own page."""
    attending, blocked = people.a_doctor(), people.a_doctor()
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=attending.id)
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=blocked.id)
    mine, before = holder(server, patient), found(holder(server, patient), patient)
    for doctor, code in (
        (attending, "consent-attending"),
        (blocked, "consent-blocked"),
        (people.a_doctor(capacity=Capacity.INSURER), "consent-opens-nothing"),
        (people.a_doctor(capacity=Capacity.CHILD_PROTECTION), "consent-opens-nothing"),
        (people.a_doctor(capacity=Capacity.SECRETARIAT), "consent-opens-nothing"),
    ):
        outcome = refused(mine.post("Consent", given(patient, doctor)), 422, code)
        assert outcome["issue"][0]["expression"] == ["Consent.provision.actor[0].reference"]
    assert found(mine, patient) == before
    assert acts(patient) == ["block"]


def test_a_block_keeps_a_professional_out(server: str, patient: Resident) -> None:
    doctor, mine = people.authorised(patient, people.a_doctor()), holder(server, patient)
    assert documents(server, doctor, patient) == 1
    answer = mine.post("Consent", given(patient, doctor, "deny"))
    assert answer.status_code == 201, answer.text
    made = sound(answer.json())
    assert (made["provision"]["type"], made["status"], told_to(made)) == ("deny", "active", doctor.name)
    assert documents(server, doctor, patient) is None
    assert acts(patient) == ["block", "authorise"]
    refused(mine.post("Consent", made), 422, "consent-blocked")
    refused(mine.patch(f"Consent/{made['id']}", END), 422, "consent-not-ended-here")
    consent.unblock(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    assert mine.post("Consent", made).status_code == 201, "what was read is sent back"


def test_the_medecin_traitant_is_not_to_be_blocked(server: str, patient: Resident) -> None:
    doctor = people.a_doctor()
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=doctor.id)
    outcome = refused(holder(server, patient).post("Consent", given(patient, doctor, "deny")), 422, "consent-attending")
    assert "Assurance Maladie" in outcome["issue"][0]["diagnostics"]
    assert documents(server, doctor, patient) == 1


def test_who_represents_a_minor_gives_and_blocks(server: str) -> None:
    child, parent = a_child(8)
    doctor, as_parent = people.a_doctor(), Caller.of(server, parent, Purpose.REPRESENTATIVE)
    made = sound(as_parent.post("Consent", given(child, doctor)).json())
    assert documents(server, doctor, child) == 1
    assert as_parent.get(f"Consent/{made['id']}").json() == made
    assert as_parent.post("Consent", given(child, doctor, "deny")).status_code == 201
    assert documents(server, doctor, child) is None
    label = {"meta": {"security": [{"system": VISIBILITY, "code": SECRET}]}}
    refused(as_parent.post("Consent", given(child, people.a_doctor()) | label), 422, "consent-secret")
    refused(Caller.of(server, parent).post("Consent", given(child, people.a_doctor())), 403, "forbidden")
    assert acts(child) == ["block", "authorise"]


def test_a_child_who_is_old_enough_is_asked(server: str) -> None:
    child, parent = a_child(14)
    doctor, as_parent = people.a_doctor(), Caller.of(server, parent, Purpose.REPRESENTATIVE)
    answered = {"url": "urn:carnet:fhir:extension:child-answer"}
    for extension in ([], [answered | {"valueCode": "yes"}]):
        sent = given(child, doctor) | ({"extension": extension} if extension else {})
        refused(as_parent.post("Consent", sent), 422, "consent-child-asked")
    assert acts(child) == []
    sent = given(child, doctor) | {"extension": [answered | {"valueCode": "against"}]}
    assert as_parent.post("Consent", sent).status_code == 201
    assert acts(child) == ["authorise", "child-against"]
    assert Caller.of(server, child.actor).post("Consent", given(child, people.a_doctor())).status_code == 201


def test_a_secret_of_a_minor_is_not_told_to_the_parent(server: str) -> None:
    child, parent = a_child(16)
    doctor, mine = people.a_doctor(), holder(server, child)
    as_parent = Caller.of(server, parent, Purpose.REPRESENTATIVE)
    before = found(as_parent, child)
    label = {"meta": {"security": [{"system": VISIBILITY, "code": SECRET}]}}
    made = sound(mine.post("Consent", given(child, doctor) | label).json())
    assert made["meta"]["security"][0]["code"] == SECRET
    assert documents(server, doctor, child) == 1
    assert found(as_parent, child) == before
    refused(as_parent.get(f"Consent/{made['id']}"), 404, "not-found")
    # A block of whom the parent does not know is as secret, and no answer to the parent tells of it.
    block = sound(mine.post("Consent", given(child, doctor, "deny")).json())
    assert block["meta"]["security"][0]["code"] == SECRET
    asked = {"url": "urn:carnet:fhir:extension:child-answer", "valueCode": "unasked"}
    assert as_parent.post("Consent", given(child, doctor) | {"extension": [asked]}).status_code == 201
    assert documents(server, doctor, child) is None


def test_an_adult_whom_nobody_represents_has_no_secret(server: str, patient: Resident) -> None:
    label = {"meta": {"security": [{"system": VISIBILITY, "code": SECRET}]}}
    answer = holder(server, patient).post("Consent", given(patient, people.a_doctor()) | label)
    refused(answer, 422, "consent-secret")


def test_nobody_else_gives_and_nothing_is_written(server: str, patient: Resident) -> None:
    """Whether the number is known is not told to them either."""
    carer = people.a_person()
    people_actions.care_for(
        SYSTEM,
        record_id=patient.record_id,
        carer_id=carer.id,
        rights=[each.value for each in Right],
        acts=True,
        since=people.long_ago(),
    )
    blocked = people.a_doctor()
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=blocked.id)
    before = found(holder(server, patient), patient)
    unknown = given(patient, people.a_doctor())
    unknown["provision"]["actor"][0]["reference"]["identifier"]["value"] = "800000000000"
    refused(holder(server, patient).post("Consent", unknown), 422, "consent-actor-unknown")
    doctor = people.a_doctor()
    sent = (given(patient, doctor), given(patient, doctor, "deny"), given(patient, blocked), unknown)
    for caller in (
        Caller.of(server, carer, Purpose.CARER),
        Caller.of(server, people.a_person()),
        Caller.of(server, people.a_patient().actor),
        Caller.of(server, people.a_person(), Purpose.REPRESENTATIVE),
    ):
        answers = [caller.post("Consent", each) for each in sent]
        refused(answers[0], 403, "forbidden")
        assert {each.content for each in answers} == {answers[0].content}
    authorised = people.authorised(patient, people.a_doctor())
    for who in (people.software(), people.an_operator("support"), blocked, authorised):
        caller = Caller.of(server, who)
        assert codes_of(refused(caller.post("Consent", sent[0]), 422)) == {"consent-actor"}
        assert "consent-permit" in codes_of(refused(caller.post("Consent", sent[1]), 422))
    assert Caller(server, "nobody").post("Consent", given(patient, blocked)).status_code == 401
    assert len(found(holder(server, patient), patient)) == len(before) + 1


def test_the_scope_of_before_gives_nothing(server: str, patient: Resident) -> None:
    token = people_actions.issue_token(actor_id=patient.actor.id, purpose=Purpose.SELF, scope="patient/*.rus")
    refused(Caller(server, token).post("Consent", given(patient, people.a_doctor())), 403, "scope-insufficient")


LATER = {"end": "2020-01-01"}
TEAM = {"role": {"text": "x"}, "reference": {"type": "CareTeam", "display": "Équipe"}}
LITERAL = {"role": {"text": "x"}, "reference": {"reference": "Practitioner/abc"}}


@pytest.mark.parametrize(
    ("kind", "provision", "more", "codes"),
    [
        ("permit", {}, {"provision": {"type": "permit"}}, {"required"}),
        ("permit", {"actor": [TEAM]}, {}, {"consent-recipient"}),
        ("permit", {"actor": [LITERAL]}, {}, {"consent-recipient"}),
        ("permit", {"period": LATER}, {}, {"consent-span"}),
        ("permit", {"period": {"start": "2999-01-01"}}, {}, {"consent-span"}),
        ("permit", {"period": {"end": "3000-06-01"}}, {}, {"consent-span"}),
        ("permit", {"purpose": [{"code": "BTG"}]}, {}, {"consent-purpose"}),
        ("deny", {"purpose": [{"system": "urn:carnet:purpose", "code": "regulation"}]}, {}, {"consent-purpose"}),
        ("permit", {"securityLabel": [{"code": "N"}]}, {}, {"consent-narrower"}),
        ("permit", {"provision": [{"type": "deny"}]}, {}, {"consent-narrower"}),
        ("permit", {"provision": [*UNMASKED, *UNMASKED]}, {}, {"consent-narrower"}),
        ("permit", {"provision": [{**UNMASKED[0], "period": {"end": "2999-01-01"}}]}, {}, {"consent-narrower"}),
        ("deny", {"period": {"end": "2999-01-01"}}, {}, {"consent-block"}),
        ("deny", {"provision": UNMASKED}, {}, {"consent-block"}),
        ("deny", {}, {"extension": EXPRESS}, {"consent-block"}),
        ("deny", {}, {"meta": {"security": [{"system": VISIBILITY, "code": SECRET}]}}, {"consent-block"}),
        ("permit", {}, {"meta": {"security": [{"system": VISIBILITY, "code": "MASQUE_PS"}]}}, {"consent-label"}),
        ("permit", {}, {"status": "inactive"}, {"consent-status"}),
        ("permit", {}, {"scope": {"coding": [SCOPE | {"code": "research"}]}}, {"consent-scope"}),
        ("permit", {}, {"sourceAttachment": {"title": "Accord signé"}}, {"forbidden-element"}),
        ("permit", {}, {"provision": None}, {"required"}),
    ],
)
def test_what_cannot_be_given(
    kind: str, provision: JSON, more: JSON, codes: set[str], server: str, patient: Resident
) -> None:
    mine = holder(server, patient)
    sent = {
        name: value for name, value in (given(patient, people.a_doctor(), kind, **provision) | more).items() if value
    }
    assert codes_of(refused(mine.post("Consent", sent), 422)) >= codes
    assert acts(patient) == []


def test_one_is_named(server: str, patient: Resident) -> None:
    sent = given(patient, people.a_doctor())
    sent["provision"]["actor"] *= 2
    refused(holder(server, patient).post("Consent", sent), 422, "too-many")
