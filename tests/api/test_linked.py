"""A secret of a minor, or of a protected adult, follows its act: what comes later of the same visit, order or document
is secret by itself, whoever deposits it; a mere suspicion waits for its depositor; of none of it does who represents
them see a trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import pytest

from carnet.documents.trail import Asked, lines
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.ids import from_fhir_id
from carnet.people import actions as people_actions
from tests import people
from tests.api.caller import JSON, Caller, codes_of, refused, token
from tests.api.publish import simplified, simplified_cda
from tests.api.transactions import Transaction, ids
from tests.formats.cda.sample import HEADER, cda
from tests.formats.fhir.patch.bodies import concept, operation
from tests.people import Resident

SECRET: Final = "INVISIBLE_REPRESENTANTS_LEGAUX"
MINOR: Final = f"{clock.now().year - 14}-01-01"
ADULT: Final = "1985-01-12"
ORDER: Final = "urn:ihe:iti:xds:2013:order"
A_DAY: Final = timedelta(days=1)
PRESCRIBER: Final = "810009876543"


@dataclass(frozen=True)
class Family:
    """A child, a parent who reads and acts for her, and two houses that know nothing of each other; or a protected
    adult, and the guardian."""

    child: Resident
    guardian: Actor
    herself: Caller
    parent: Caller
    gp: Caller
    labo: Caller


def a_family(server: str, birth_date: str, *, guarded: bool = False) -> Family:
    child, parent = people.a_patient(birth_date=birth_date), people.a_person()
    people.represents(child, parent, guardian=guarded)
    callers = (Caller.of(server, people.software()), Caller.of(server, people.software()))
    return Family(
        child, parent, Caller.of(server, child.actor), Caller.of(server, parent, Purpose.REPRESENTATIVE), *callers
    )


@pytest.fixture
def family(server: str) -> Family:
    return a_family(server, MINOR)


def order(value: str) -> JSON:
    identifier = {
        "type": {"coding": [{"system": "urn:ietf:rfc:3986", "code": ORDER}]},
        "system": "urn:oid:1.2.3.4.5",
        "value": value,
    }
    return {"context": {"related": [{"identifier": identifier}]}}


def publish(caller: Caller, child: Resident, *labels: str, **changes: Any) -> tuple[str, set[str]]:
    """Its id, and what the depositor is told of it."""
    body = simplified(token(child), uuid4().hex.encode(), labels=("N", *labels), **changes)
    return _published(caller, body)


def publish_cda(caller: Caller, child: Resident, *labels: str, **parts: str) -> tuple[str, set[str]]:
    parts.setdefault("id", f'<id root="2.25.{uuid4().int}"/>')
    patient = HEADER["patient"].replace("279035121518989", child.ins)
    content = cda(patient=patient, **{"orders": "", **parts})
    # The professional who wrote it, in the metadata as in the header.
    number = {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": PRESCRIBER if "author" in parts else "810001001014"}
    author = {"resourceType": "Practitioner", "id": "auteur", "identifier": [number], "name": [{"family": "PETIT"}]}
    changes = {
        "securityLabel": [concept(each) for each in ("N", *labels)],
        "contained": [author, {"resourceType": "Organization", "id": "maison", "name": "Clinique de l'Essai"}],
    }
    return _published(caller, simplified_cda(token(child), content, **changes))


def _published(caller: Caller, body: bytes) -> tuple[str, set[str]]:
    answer = caller.post("DocumentReference", body, Prefer="return=OperationOutcome")
    assert answer.status_code == 201, answer.text
    fhir_id = answer.headers["Location"].split("/DocumentReference/")[1].split("/")[0]
    return fhir_id, codes_of(answer.json()) & {"secret-linked", "secret-suspected"}


def seen(caller: Caller, child: Resident, fhir_id: str) -> bool:
    """Listed, counted, found, read and told of in the same breath, or nothing of it."""
    whose = {"patient.identifier": token(child)}
    listed = fhir_id in caller.ids("DocumentReference", whose | {"_count": "200"})
    found = bool(caller.ids("DocumentReference", whose | {"_id": fhir_id}))
    read = [
        caller.get(path).status_code == 200
        for path in (f"DocumentReference/{fhir_id}", f"Binary/{fhir_id}", f"DocumentReference/{fhir_id}/_history")
    ]
    in_lists = fhir_id in caller.get("List", whose | {"_count": "200"}).text
    assert {listed, found, in_lists, *read} == {listed}
    return listed


def told(family: Family, fhir_id: str) -> bool:
    """Whether the parent's trail names the document in what others did."""
    pair = from_fhir_id(fhir_id)
    assert pair
    trail = lines(family.guardian, Purpose.REPRESENTATIVE, family.child.record_id, asked=Asked(others=True))
    return any(line.target_id == pair[1] for line in trail)


def hidden(family: Family, fhir_id: str) -> None:
    assert seen(family.herself, family.child, fhir_id)
    assert not seen(family.parent, family.child, fhir_id)
    assert not told(family, fhir_id)


def open_to_all(family: Family, fhir_id: str) -> None:
    assert seen(family.herself, family.child, fhir_id)
    assert seen(family.parent, family.child, fhir_id)
    assert told(family, fhir_id)


def test_the_result_of_a_secret_order_is_secret_by_itself(family: Family) -> None:
    visit, said = publish(family.gp, family.child, SECRET, **order("O-1"))
    assert said == set(), "who asks for the secret knows of it"
    result, said = publish(family.labo, family.child, **order("O-1"))
    assert said == {"secret-linked"}
    other, said = publish(family.labo, family.child, **order("O-2"))
    assert said == set()
    hidden(family, visit)
    hidden(family, result)
    open_to_all(family, other)
    assert seen(family.labo, family.child, result), "its depositor sees it as before"


def test_what_came_before_the_secret_becomes_secret(family: Family) -> None:
    result, _ = publish(family.labo, family.child, **order("O-1"))
    open_to_all(family, result)
    publish(family.gp, family.child, SECRET, **order("O-1"))
    hidden(family, result)
    # Its depositor does not open what is secret by another's act; the child does.
    show = [operation("replace", "/securityLabel", [concept("N")])]
    refused(family.labo.patch(f"DocumentReference/{result}", show), 403, "forbidden")
    assert family.herself.patch(f"DocumentReference/{result}", show).status_code == 200
    assert seen(family.parent, family.child, result)


@pytest.mark.parametrize("who", ["gp", "herself"])
def test_a_secret_that_is_declared_later_takes_its_results_along(who: str, family: Family) -> None:
    """The visit came without a word, its result too; then it is to be a secret."""
    visit, _ = publish(family.gp, family.child, **order("O-1"))
    result, _ = publish(family.labo, family.child, **order("O-1"))
    other, _ = publish(family.labo, family.child, **order("O-2"))
    number = family.labo.get(f"DocumentReference/{result}").json()["masterIdentifier"]
    replaced = [{"code": "replaces", "target": {"identifier": {each: number[each] for each in ("system", "value")}}}]
    corrected, _ = publish(family.labo, family.child, relatesTo=replaced)
    open_to_all(family, result)
    hide = [operation("add", "/securityLabel/-", concept(SECRET))]
    declarer: Caller = getattr(family, who)
    assert declarer.patch(f"DocumentReference/{visit}", hide).status_code == 200
    for each in (visit, result, corrected):
        hidden(family, each)
    open_to_all(family, other)
    # By the tie it is not its depositor's to open.
    show = [operation("replace", "/securityLabel", [concept("N")])]
    refused(family.labo.patch(f"DocumentReference/{result}", show), 403, "forbidden")


def test_the_documents_of_a_secret_visit_are_secret(family: Family) -> None:
    def visit(value: str) -> str:
        return (
            f'<componentOf><encompassingEncounter><id root="1.2.3.8" extension="{value}"/>'
            '<effectiveTime value="20240105"/></encompassingEncounter></componentOf>'
        )

    publish_cda(family.gp, family.child, SECRET, encounter=visit("V-1"))
    same, said = publish_cda(family.labo, family.child, encounter=visit("V-1"))
    assert said == {"secret-linked"}
    hidden(family, same)
    other, said = publish_cda(family.labo, family.child, encounter=visit("V-2"))
    assert said == set()
    open_to_all(family, other)


def related(*values: str) -> JSON:
    """A document that names several orders."""
    return {"context": {"related": [each for value in values for each in order(value)["context"]["related"]]}}


def test_a_new_secret_takes_along_what_it_reaches_through_others(family: Family) -> None:
    """The prescription names the visit and the order, its result the order alone, what the result asked for neither."""
    prescription, _ = publish(family.gp, family.child, **related("V-1", "O-1"))
    result, _ = publish(family.labo, family.child, **related("O-1", "O-2"))
    second, _ = publish(family.labo, family.child, **order("O-2"))
    other, _ = publish(family.labo, family.child, **order("O-3"))
    for each in (prescription, result, second):
        open_to_all(family, each)
    publish(family.gp, family.child, SECRET, **order("V-1"))
    for each in (prescription, result, second):
        hidden(family, each)
    open_to_all(family, other)
    # What comes after it all is known by the order alone.
    late, said = publish(family.labo, family.child, **order("O-2"))
    assert said == {"secret-linked"}
    hidden(family, late)


def test_a_new_secret_follows_the_names_of_every_version(family: Family) -> None:
    result, _ = publish(family.labo, family.child, **order("O-1"))
    replaced = [{"code": "replaces", "target": {"reference": f"DocumentReference/{result}"}}]
    corrected, _ = publish(family.labo, family.child, relatesTo=replaced, **order("O-2"))
    second, _ = publish(family.labo, family.child, **order("O-2"))
    open_to_all(family, second)
    publish(family.gp, family.child, SECRET, **order("O-1"))
    for each in (result, corrected, second):
        hidden(family, each)


def test_what_comes_with_a_secret_is_secret_by_what_was_there(family: Family) -> None:
    """Two documents of one transaction, that name nothing in common but the open ones of before."""
    publish(family.gp, family.child, **related("V-1", "O-1"))
    publish(family.labo, family.child, **related("O-1", "O-2"))
    transaction = Transaction(family.child.ins)
    for labels, named in ((("N", SECRET), "V-1"), (("N",), "O-2"), (("N",), "O-3")):
        transaction.document(named.encode(), securityLabel=[concept(each) for each in labels])
        transaction.parts[-2]["resource"]["context"] |= order(named)["context"]
    answer = family.gp.post("", transaction.bundle())
    assert answer.status_code == 200, answer.text
    visit, result, other = ids(answer.json())
    hidden(family, visit)
    hidden(family, result)
    open_to_all(family, other)
    assert "secret-linked" in answer.text, "its depositor is told"


def test_what_the_child_shows_does_not_show_what_comes_of_it(family: Family) -> None:
    publish(family.gp, family.child, SECRET, **order("V-1"))
    prescription, _ = publish(family.gp, family.child, **related("V-1", "O-1"))
    show = [operation("replace", "/securityLabel", [concept("N")])]
    assert family.herself.patch(f"DocumentReference/{prescription}", show).status_code == 200
    result, said = publish(family.labo, family.child, **order("O-1"))
    assert said == {"secret-linked"}
    hidden(family, result)
    assert seen(family.parent, family.child, prescription)


def test_a_correction_of_a_secret_document_is_secret(family: Family) -> None:
    old, _ = publish(family.gp, family.child, SECRET)
    target = [{"code": "replaces", "target": {"reference": f"DocumentReference/{old}"}}]
    new, _ = publish(family.gp, family.child, relatesTo=target)
    hidden(family, new)


def _requested(number: str = PRESCRIBER) -> str:
    return (
        f'<participant typeCode="REF"><associatedEntity classCode="PROV">'
        f'<id root="1.2.250.1.71.4.2.1" extension="{number}"/></associatedEntity></participant>'
    )


def _written() -> str:
    return HEADER["author"].replace("810001001014", PRESCRIBER)


def test_what_the_professional_of_a_secret_asked_for_waits_for_its_depositor(family: Family) -> None:
    publish_cda(family.gp, family.child, SECRET, author=_written())
    results = []
    for _ in range(2):
        result, said = publish_cda(family.labo, family.child, orders=_requested())
        assert said == {"secret-suspected"}
        hidden(family, result)
        results.append(result)
    other, said = publish_cda(family.labo, family.child, orders=_requested("810001111111"))
    assert said == set()
    open_to_all(family, other)
    # It belongs to the secret: it stays; or it does not: it is shown.
    confirmed, denied = results
    confirm = [operation("add", "/securityLabel/-", concept(SECRET))]
    assert family.labo.patch(f"DocumentReference/{confirmed}", confirm).status_code == 200
    hidden(family, confirmed)
    deny = [operation("replace", "/securityLabel", [concept("N")])]
    assert family.labo.patch(f"DocumentReference/{denied}", deny).status_code == 200
    assert seen(family.parent, family.child, denied)


def test_parents_are_refused_without_a_word(family: Family) -> None:
    secret, _ = publish(family.gp, family.child, SECRET)
    unknown = f"{secret.partition('-')[0]}-{'a' * 26}"
    for path in ("DocumentReference/{}", "Binary/{}", "DocumentReference/{}/_history"):
        answers = [family.parent.get(path.format(each)) for each in (secret, unknown)]
        assert refused(answers[0], 404, "not-found") == refused(answers[1], 404, "not-found")
    counted = family.parent.found("DocumentReference", {"patient.identifier": token(family.child), "_summary": "count"})
    assert counted["total"] == 0
    assert family.parent.ids("List", {"patient.identifier": token(family.child)}) == set()


def test_of_a_protected_adults_secret_the_guardian_sees_nothing(server: str) -> None:
    """What came before it openly, what comes of it, and what its professional asked for; nothing else is hidden."""
    family = a_family(server, ADULT, guarded=True)
    before, _ = publish(family.labo, family.child, **order("O-1"))
    other, _ = publish(family.labo, family.child, **order("O-2"))
    open_to_all(family, before)
    publish(family.gp, family.child, SECRET, **order("O-1"))
    publish_cda(family.gp, family.child, SECRET, author=_written())
    after, said = publish(family.labo, family.child, **order("O-1"))
    assert said == {"secret-linked"}
    asked, said = publish_cda(family.labo, family.child, orders=_requested())
    assert said == {"secret-suspected"}
    for each in (before, after, asked):
        hidden(family, each)
    open_to_all(family, other)


@pytest.mark.parametrize(
    ("since", "until"),
    [(None, None), (-people.LONG_AGO, -A_DAY), (A_DAY, people.LONG_AGO)],
    ids=["none", "was", "comes"],
)
def test_an_adult_whom_no_guardian_represents_now_has_no_suspicions(
    since: timedelta | None, until: timedelta | None, server: str
) -> None:
    family = a_family(server, ADULT)
    if since and until:
        people_actions.represent(
            SYSTEM,
            record_id=family.child.record_id,
            representative_id=family.guardian.id,
            kind="guardian",
            since=clock.now() + since,
            until=clock.now() + until,
            ground="Jugement du tribunal judiciaire",
        )
    publish_cda(family.gp, family.child, SECRET, author=_written())
    result, said = publish_cda(family.labo, family.child, orders=_requested())
    assert said == set()
    assert seen(family.herself, family.child, result)
    labels = family.labo.get(f"DocumentReference/{result}").json()["securityLabel"]
    assert [each["coding"][0]["code"] for each in labels] == ["N"]
