"""TD3.3a to TD3.3d by PATCH: plain and conditional, in both languages, by the whole cast of a record, with the versions
that each may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import pytest

from carnet.consent import actions as consent
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.api.caller import FHIR, JSON, Caller, refused, token
from tests.api.publish import simplified
from tests.api.stored import rows_of
from tests.formats.fhir.patch.bodies import ARCHIVED, concept, extension, fhirpath, operation
from tests.people import Resident

MASK: Final = "MASQUE_PS"
UNANNOUNCED: Final = "INVISIBLE_PATIENT"
SECRET: Final = "INVISIBLE_REPRESENTANTS_LEGAUX"
ADULT: Final = "1985-01-12"
MINOR: Final = f"{clock.now().year - 14}-01-01"


@dataclass(frozen=True)
class Cast:
    """A record, a document in it, and everybody who may have to do with it."""

    patient: Resident
    fhir_id: str
    unique_id: str
    callers: dict[str, Caller]

    def labels(self) -> set[str]:
        resource = self.callers["depositor"].get(f"DocumentReference/{self.fhir_id}").json()
        return {each["coding"][0]["code"] for each in resource["securityLabel"]}

    def sees(self) -> set[str]:
        """Who reads it, which is who finds it."""
        reading = {
            name
            for name, caller in self.callers.items()
            if caller.get(f"DocumentReference/{self.fhir_id}").status_code == 200
        }
        whose = {"patient.identifier": token(self.patient)}
        finding = {
            name for name, caller in self.callers.items() if self.fhir_id in caller.get("DocumentReference", whose).text
        }
        assert reading == finding
        return reading


ALL: Final = {"depositor", "holder", "parent", "attending", "authorised", "stranger", "blocked", "software", "operator"}
READERS: Final = {"depositor", "holder", "parent", "attending", "authorised"}


def _cast(server: str, *, birth_date: str, labels: tuple[str, ...] = ("N",)) -> Cast:
    patient, parent = people.a_patient(birth_date=birth_date), people.a_person()
    people_actions.represent(
        SYSTEM, record_id=patient.record_id, representative_id=parent.id, since=clock.now() - people.LONG_AGO
    )
    attending, blocked = people.a_doctor(), people.a_doctor()
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=attending.id)
    people.authorised(patient, blocked)
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=blocked.id)
    operator = people.actor(people_actions.add_operator(actor_id=uuid4(), key=None, name="Soutien", role="support"))
    actors: dict[str, tuple[Actor, Purpose | None]] = {
        "depositor": (people.software(), None),
        "holder": (patient.actor, None),
        "parent": (parent, Purpose.REPRESENTATIVE),
        "attending": (attending, None),
        "authorised": (people.authorised(patient, people.a_doctor()), None),
        "stranger": (people.a_doctor(), None),
        "blocked": (blocked, None),
        "software": (people.software(), None),
        "operator": (operator, None),
    }
    callers = {name: Caller.of(server, actor, purpose) for name, (actor, purpose) in actors.items()}
    answer = (
        callers["depositor"]
        .post("DocumentReference", simplified(token(patient), b"Compte rendu.", labels=labels))
        .json()
    )
    return Cast(patient, answer["id"], answer["masterIdentifier"]["value"], callers)


@pytest.fixture
def adult(server: str) -> Cast:
    return _cast(server, birth_date=ADULT)


def add(label: str) -> list[JSON]:
    return [operation("add", "/securityLabel/-", concept(label))]


# What each act is, who may do it, and who sees the document afterwards.
ACTS: Final[dict[str, tuple[list[JSON], set[str], set[str]]]] = {
    "mask": (add(MASK), READERS, READERS - {"authorised"}),
    "unannounced": (add(UNANNOUNCED), {"depositor"}, READERS - {"holder", "parent"}),
    "secret": (add(SECRET), {"depositor", "holder"}, READERS - {"parent"}),
    "archive": ([operation("add", "/extension/-", extension(archived=True))], READERS - {"authorised"}, READERS),
    "classify": ([operation("replace", "/securityLabel/0", concept("R"))], {"depositor"}, READERS),
    "withdraw": ([operation("replace", "/status", "entered-in-error")], {"depositor"}, set()),
}
_REFUSED: Final = {"stranger": 403, "blocked": 403, "software": 404, "operator": 403}


@pytest.mark.parametrize("act", ACTS)
def test_who_may_and_who_sees_it_then(act: str, server: str) -> None:
    body, allowed, seeing = ACTS[act]
    cast = _cast(server, birth_date=MINOR)
    for name in sorted(ALL - allowed):
        refused(cast.callers[name].patch(f"DocumentReference/{cast.fhir_id}", body), _REFUSED.get(name, 403))
    assert cast.sees() == READERS
    assert rows_of(cast.patient.record_id)["documents_version"] == 0
    for name in sorted(allowed):
        # What the patient has read is not withheld any more.
        cast = _cast(server, birth_date=MINOR)
        answer = cast.callers[name].patch(f"DocumentReference/{cast.fhir_id}", body)
        assert (answer.status_code, answer.headers.get("ETag")) == (200, 'W/"2"'), (name, answer.text)
        assert cast.sees() == seeing, name


@pytest.mark.parametrize(
    ("label", "who"),
    [(MASK, READERS - {"authorised"}), (UNANNOUNCED, {"depositor"}), (SECRET, {"depositor", "holder"})],
)
def test_who_may_show_it_again(label: str, who: set[str], server: str) -> None:
    remove = [operation("remove", "/securityLabel/1")]
    cast = _cast(server, birth_date=MINOR, labels=("N", label))
    for name in sorted(ALL - who):
        answer = cast.callers[name].patch(f"DocumentReference/{cast.fhir_id}", remove)
        assert answer.status_code in {403, 404}
        refused(answer, answer.status_code)
    assert cast.labels() == {"N", label}
    for name in sorted(who):
        answer = cast.callers[name].patch(f"DocumentReference/{cast.fhir_id}", remove)
        assert answer.status_code == 200, (name, answer.text)
        assert (cast.labels(), cast.sees()) == ({"N"}, READERS)
        cast = _cast(server, birth_date=MINOR, labels=("N", label)) if name != max(who) else cast


FHIRPATH: Final = {
    "mask": fhirpath(type="replace", path="DocumentReference.securityLabel[0]", value=concept(MASK)),
    "archive": fhirpath(
        type="add",
        path="DocumentReference",
        name="extension",
        value=[{"name": "url", "valueUri": ARCHIVED}, {"name": "value", "valueBoolean": True}],
    ),
    "withdraw": fhirpath(type="replace", path="DocumentReference.status", value="entered-in-error"),
}


@pytest.mark.parametrize("language", ["json", "fhirpath"])
@pytest.mark.parametrize("act", FHIRPATH)
@pytest.mark.parametrize("conditional", [False, True])
def test_each_act_in_both_languages_plain_and_conditional(
    act: str, language: str, conditional: bool, adult: Cast
) -> None:
    depositor = adult.callers["depositor"]
    path = f"DocumentReference/{adult.fhir_id}"
    if conditional:
        path = f"DocumentReference?identifier=urn:ietf:rfc:3986|{adult.unique_id}"
    body: Any = ACTS[act][0]
    if language == "fhirpath":
        body = {"resourceType": "Parameters", "parameter": [FHIRPATH[act]]}
    answer = depositor.patch(path, body, FHIR if language == "fhirpath" else "application/json-patch+json")
    assert answer.status_code == 200, answer.text
    if act == "withdraw":
        refused(depositor.get(f"DocumentReference/{adult.fhir_id}"), 404, "not-found")
        return
    stored = depositor.get(f"DocumentReference/{adult.fhir_id}")
    assert stored.json() == answer.json()
    assert stored.json()["meta"]["versionId"] == "2"
    archived = [each["valueBoolean"] for each in stored.json().get("extension", ()) if each["url"] == ARCHIVED]
    assert (MASK in adult.labels(), True in archived) == (act == "mask", act == "archive")


def test_a_conditional_patch_names_its_document_as_it_likes(adult: Cast) -> None:
    depositor, whose = adult.callers["depositor"], f"patient.identifier={token(adult.patient)}"
    answer = depositor.patch(f"DocumentReference?{whose}&isArchived=false", add(MASK))
    assert answer.status_code == 200, answer.text
    assert adult.labels() == {"N", MASK}
    # What is not understood is refused here: without it another document might be meant.
    refused(depositor.patch(f"DocumentReference?{whose}&titre=x", add(MASK)), 400, "search-parameter")
    depositor.post("DocumentReference", simplified(token(adult.patient), b"2"))
    refused(depositor.patch(f"DocumentReference?{whose}", add(MASK)), 412, "several-matches")


def test_a_plain_media_type_carries_both_languages(adult: Cast) -> None:
    """Some clients know no other."""
    depositor, path = adult.callers["depositor"], f"DocumentReference/{adult.fhir_id}"
    assert depositor.patch(path, add(MASK), "application/json").status_code == 200
    body = {"resourceType": "Parameters", "parameter": [FHIRPATH["archive"]]}
    assert depositor.patch(path, body, "application/json").status_code == 200
    refused(depositor.patch(path, {"status": "entered-in-error"}, "application/json"), 400, "not-a-resource")


def test_a_condition_meets_one_document(adult: Cast) -> None:
    depositor, whose = adult.callers["depositor"], f"patient.identifier={token(adult.patient)}&status=current"
    depositor.post("DocumentReference", simplified(token(adult.patient), b"Un autre."))
    refused(depositor.patch(f"DocumentReference?{whose}", add(MASK)), 412, "several-matches")
    unknown = "identifier=urn:ietf:rfc:3986|urn:oid:1.2.3.4"
    refused(depositor.patch(f"DocumentReference?{whose}&{unknown}", add(MASK)), 404, "not-found")
    refused(depositor.patch(f"DocumentReference?{unknown}", add(MASK)), 404, "not-found")
    refused(depositor.patch("DocumentReference", add(MASK)), 400)
    refused(depositor.patch(f"DocumentReference?{whose}&colour=blue", add(MASK)), 400)
    assert adult.labels() == {"N"}
    # What the caller does not see is not met.
    stranger = adult.callers["software"]
    named = f"identifier=urn:ietf:rfc:3986|{adult.unique_id}"
    refused(stranger.patch(f"DocumentReference?{named}", add(MASK)), 404, "not-found")


def test_a_version_that_has_passed_changes_nothing(adult: Cast) -> None:
    depositor, path = adult.callers["depositor"], f"DocumentReference/{adult.fhir_id}"
    assert depositor.patch(path, add(MASK), **{"If-Match": 'W/"1"'}).status_code == 200
    archive = ACTS["archive"][0]
    refused(depositor.patch(path, archive, **{"If-Match": 'W/"1"'}), 412, "version-conflict")
    refused(depositor.patch(path, archive, **{"If-Match": "1"}), 400, "etag-form")
    named = f"DocumentReference?identifier=urn:ietf:rfc:3986|{adult.unique_id}"
    refused(depositor.patch(named, archive, **{"If-Match": 'W/"7"'}), 412, "version-conflict")
    assert depositor.get(path).headers["ETag"] == 'W/"2"'
    assert depositor.patch(path, archive, **{"If-Match": 'W/"2"'}).status_code == 200
    assert depositor.patch(path, [operation("remove", "/securityLabel/1")], **{"If-Match": "*"}).status_code == 200


def test_what_is_so_already_makes_no_version(adult: Cast) -> None:
    depositor, path = adult.callers["depositor"], f"DocumentReference/{adult.fhir_id}"
    answer = depositor.patch(path, [operation("replace", "/securityLabel/0", concept("N"))])
    assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"1"')
    assert depositor.get(f"{path}/_history").json()["total"] == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([operation("replace", "/type", {})], "patch-element"),
        ([operation("replace", "/status", "superseded")], "patch-superseded"),
        ([operation("remove", "/securityLabel/0")], "patch-base-label"),
        ([operation("test", "/status", "superseded"), *add(MASK)], "patch-test-failed"),
        ([*add(MASK), *add(UNANNOUNCED)], "labels-exclusive"),
        ([], "patch-body"),
    ],
)
def test_what_a_patch_may_not_do(body: list[JSON], code: str, adult: Cast) -> None:
    refused(adult.callers["depositor"].patch(f"DocumentReference/{adult.fhir_id}", body), 422, code)
    assert rows_of(adult.patient.record_id)["documents_version"] == 0


def test_what_was_announced_is_not_withheld_again(adult: Cast) -> None:
    path, depositor = f"DocumentReference/{adult.fhir_id}", adult.callers["depositor"]
    for body in (add(UNANNOUNCED), [operation("remove", "/securityLabel/1")]):
        assert depositor.patch(path, body).status_code == 200
    refused(depositor.patch(path, add(UNANNOUNCED)), 422, "already-announced")
    assert adult.callers["holder"].get(path).status_code == 200
    replacing = [{"code": "replaces", "target": {"reference": path}}]
    next_version = simplified(token(adult.patient), b"2", labels=("N", UNANNOUNCED), relatesTo=replacing)
    refused(depositor.post("DocumentReference", next_version), 422, "already-announced")


def test_versions_are_seen_by_who_sees_the_document(adult: Cast) -> None:
    path = f"DocumentReference/{adult.fhir_id}"
    depositor, holder, authorised = (adult.callers[name] for name in ("depositor", "holder", "authorised"))
    holder.patch(path, add(MASK))
    depositor.patch(path, ACTS["archive"][0])
    for caller in (depositor, holder):
        bundle = caller.get(f"{path}/_history").json()
        assert (bundle["type"], bundle["total"]) == ("history", 3)
        versions = [entry["resource"]["meta"]["versionId"] for entry in bundle["entry"]]
        assert versions == ["3", "2", "1"]
        for entry, version in zip(bundle["entry"], versions, strict=True):
            read = caller.get(f"{path}/_history/{version}")
            assert (read.json(), read.headers["ETag"]) == (entry["resource"], f'W/"{version}"')
    # Version 1 was not masked; the document is, and so are all its versions.
    for each in (f"{path}/_history", f"{path}/_history/1", f"{path}/_history/2"):
        refused(authorised.get(each), 404, "not-found")
    holder.patch(path, [operation("remove", "/securityLabel/1")])
    shown = authorised.get(f"{path}/_history").json()
    assert {entry["resource"]["meta"]["versionId"] for entry in shown["entry"]} >= {"4"}


def test_each_act_stands_in_the_trail(adult: Cast) -> None:
    path = f"DocumentReference/{adult.fhir_id}"
    adult.callers["holder"].patch(path, add(MASK))
    adult.callers["authorised"].patch(path, add(MASK))
    actions = [(action, outcome) for action, outcome in people.raw_trail(adult.patient.record_id)]
    assert ("document-masked", "done") in actions
    assert ("document-change", "refused") in actions


def test_an_expired_right_changes_nothing(adult: Cast, server: str) -> None:
    doctor = people.a_doctor()
    people.authorised(adult.patient, doctor, until=clock.now() + timedelta(seconds=1))
    caller = Caller.of(server, doctor)
    people.wait_until(clock.now() + timedelta(seconds=1.1))
    refused(caller.patch(f"DocumentReference/{adult.fhir_id}", add(MASK)), 403, "forbidden")
