"""Folders change: what each was, told to each as they may know it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from carnet.documents.trail import Asked, lines
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from tests.api.caller import JSON, Caller, refused, token
from tests.api.test_linked import MINOR, SECRET, Family, a_family
from tests.api.transactions import Transaction, ids, oid
from tests.formats.fhir.patch.bodies import concept


class Folder:
    """One folder of a clinic in the record of a child."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.unique_id = oid()
        self.id = ""

    @property
    def path(self) -> str:
        return f"List/{self.id}"

    def put(self, *labels: str, keeping: Sequence[str] = (), content: bytes = b"") -> str:
        """A new document with these labels, in the folder beside those that are kept there; answers its id."""
        sent = Transaction(self.family.child.ins)
        label = [concept(each) for each in ("N", *labels)]
        new = sent.document(content or clock.now().isoformat().encode(), securityLabel=label)
        kept = [f"DocumentReference/{each}" for each in keeping]
        sent.folder([*kept, new], folder_id=self.id, unique_id=self.unique_id)
        answer = self.family.gp.post("", sent.bundle())
        assert answer.status_code == 200, answer.text
        self.id = ids(answer.json(), "List")[1]
        return ids(answer.json())[0]

    def read_by(self, who: Caller) -> JSON:
        answer = who.get(self.path)
        assert answer.status_code == 200
        read: JSON = answer.json()
        found = {each["resource"]["id"]: each["resource"] for each in who.found("List", self.whose())["entry"]}
        assert found[self.id] == read
        return read

    def history_of(self, who: Caller) -> list[JSON]:
        bundle = who.get(f"{self.path}/_history").json()
        assert (bundle["type"], bundle["total"]) == ("history", len(bundle["entry"]))
        told = [each["resource"] for each in bundle["entry"]]
        for each in told:
            version = each["meta"]["versionId"]
            read = who.get(f"{self.path}/_history/{version}")
            assert read.json() == each
            assert read.headers["ETag"] == f'W/"{version}"'
        return told

    def whose(self) -> dict[str, Any]:
        return {"patient.identifier": token(self.family.child)}


@pytest.fixture
def family(server: str) -> Family:
    return a_family(server, MINOR)


def held(resource: JSON) -> set[str]:
    return {each["item"]["reference"].split("/")[1] for each in resource.get("entry", ())}


def versions(told: list[JSON]) -> list[str]:
    return [each["meta"]["versionId"] for each in told]


def moved(family: Family) -> int:
    """How often the parent is told that somebody put something into a folder."""
    trail = lines(family.guardian, Purpose.REPRESENTATIVE, family.child.record_id, asked=Asked(others=True))
    return sum(line.action == "folders-changed" for line in trail)


def test_a_folder_keeps_what_it_was(family: Family) -> None:
    folder = Folder(family)
    first = folder.put()
    second = folder.put(keeping=[first])
    for who in (family.gp, family.herself, family.parent):
        told = folder.history_of(who)
        assert versions(told) == ["2", "1"]
        assert [held(each) for each in told] == [{first, second}, {first}]
        assert told[0] == folder.read_by(who)
    assert moved(family) == 2


def test_what_a_folder_takes_in_out_of_sight_changes_nothing_that_is_seen(family: Family) -> None:
    folder = Folder(family)
    first = folder.put()
    before, history, since = folder.read_by(family.parent), folder.history_of(family.parent), clock.now()
    secret = folder.put(SECRET, keeping=[first])
    assert folder.read_by(family.parent) == before
    assert folder.history_of(family.parent) == history
    assert family.parent.ids("List", folder.whose() | {"_lastUpdated": f"gt{since.isoformat()}"}) == set()
    assert moved(family) == 1
    refused(family.parent.get(f"{folder.path}/_history/2"), 404, "not-found")
    assert versions(folder.history_of(family.herself)) == ["2", "1"]
    # What comes in sight is told, and what is secret stays so.
    third = folder.put(keeping=[first, secret])
    told = folder.history_of(family.parent)
    assert [held(each) for each in told] == [{first, third}, {first}]
    assert versions(told) == ["3", "1"]
    assert moved(family) == 2


def test_a_folder_of_secrets_is_not_there(family: Family) -> None:
    folder = Folder(family)
    folder.put(SECRET)
    folder.put(SECRET)
    for path in (folder.path, f"{folder.path}/_history", f"{folder.path}/_history/1"):
        refused(family.parent.get(path), 404, "not-found")
    assert moved(family) == 0
    assert len(folder.history_of(family.herself)) == 2


def test_a_submission_set_has_the_one_version(family: Family) -> None:
    sent = Transaction(family.child.ins)
    sent.document(b"un")
    (set_id,) = ids(family.gp.post("", sent.bundle()).json(), "List")
    bundle = family.herself.get(f"List/{set_id}/_history").json()
    assert [each["resource"] for each in bundle["entry"]] == [family.herself.get(f"List/{set_id}").json()]
    assert bundle["entry"][0]["request"]["method"] == "POST"
