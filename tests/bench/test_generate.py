"""A generated record is like one that came in by deposits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx2
import orjson
import pytest
from bench.generate import Filled, Known
from bench.patterns import LONG, patterns

from bench import generate, requests
from carnet.cli.token import token_for
from carnet.consent import actions as consent
from carnet.demo.cda import build
from carnet.demo.identifiers import INS_TEST
from carnet.demo.words import PARIS
from carnet.documents import intake
from carnet.formats.entry import DocumentEntry, Identifier, replace
from carnet.formats.fhir import document_reference
from carnet.formats.terminology import document_types, labels
from carnet.kernel import config, database
from carnet.kernel.actor import ActorKind, Purpose
from carnet.kernel.ids import fhir_id, short
from carnet.people import actions as people
from carnet.people import queries
from carnet.people.scopes import full
from tests.conftest import House, carnet

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def filled(house: House) -> Filled:
    """One adult and one child are the patterns; two records of each to measure with, and as many others again."""
    return generate.fill(240, readable=2, writable=2, wanted=2)


@dataclass(frozen=True)
class Caller:
    base: str
    token: str

    def get(self, path: str, accept: str = "application/fhir+json") -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": accept}
        return httpx2.get(f"{self.base}/fhir/{path}", headers=headers)

    def found(self, known: Known, **asked: str) -> list[dict[str, Any]]:
        query = {"patient.identifier": f"urn:oid:{INS_TEST}|{known.ins}", "_count": "100", **asked}
        answer = self.get(f"DocumentReference?{httpx2.QueryParams(query)}")
        assert answer.status_code == 200, answer.text
        return [each["resource"] for each in answer.json().get("entry", [])]


def doctor(server: str, known: Known) -> Caller:
    return Caller(server, token_for(known.doctor))


def holder(server: str, known: Known) -> Caller:
    scope = full(ActorKind.PERSON)
    return Caller(server, people.issue_token(actor_id=account_of(known), purpose=Purpose.SELF, scope=scope))


def account_of(known: Known) -> UUID:
    found: UUID = row("select actor_id from app.people_person where record_id = %s", known.record_id)[0]
    return found


def row(statement: str, *values: object) -> tuple[Any, ...]:
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(statement.encode(), values).fetchone()
    assert found is not None
    return tuple(found)


def test_the_text_is_what_the_writer_writes(server: str, filled: Filled) -> None:
    for known in filled.readable:
        caller = holder(server, known)
        shown = {each["id"]: each for each in caller.found(known)}
        assert set(shown) == {fhir_id(known.record_id, each) for each in known.documents}
        for document_id in known.documents:
            resource = shown[fhir_id(known.record_id, document_id)]
            content = caller.get(f"Binary/{resource['id']}", "text/xml").content
            assert resource == orjson.loads(written(known, document_id, content, resource))


def written(known: Known, document_id: UUID, content: bytes, shown: dict[str, Any]) -> bytes:
    """From the document itself under the names of the copy, which the row tells, by the writer of deposits."""
    unique_id, labels, status, deposited_at, updated_at, sha256, replaces_id, replaced = row(
        # What it replaces is named when it is of the same type.
        "select d.unique_id, d.labels, d.status, d.deposited_at, d.updated_at, d.sha256, o.id, o.unique_id"
        " from record.documents_document d left join record.documents_document o on o.record_id = d.record_id"
        " and o.id = d.replaces_id and o.type_ordinal = d.type_ordinal where d.record_id = %s and d.id = %s",
        known.record_id,
        document_id,
    )
    assert sha256 == hash_of(content)
    fhir = fhir_id(known.record_id, document_id)
    return document_reference.write(
        replace(entry_of(content, unique_id, known.ins), replaces=(replaced,) if replaced else ()),
        fhir_id=fhir,
        patient_id=short(known.record_id),
        version=shown["meta"]["versionId"],
        last_updated=updated_at.astimezone(PARIS),
        indexed=deposited_at.astimezone(PARIS),
        status=status,
        labels_mask=labels,
        size=len(content),
        sha1=hash_of(content, "sha1"),
        content_url=f"Binary/{fhir}",
        entry_uuid=document_id,
        replaces_id=fhir_id(known.record_id, replaces_id) if replaces_id else None,
    )


def hash_of(content: bytes, name: str = "sha256") -> bytes:
    return hashlib.new(name, content).digest()


def entry_of(content: bytes, unique_id: str, ins: str) -> DocumentEntry:
    entry = intake.read_cda(content)
    return replace(
        entry,
        unique_id=unique_id,
        patient=replace(entry.patient, ins=Identifier(INS_TEST, ins)),
        category=document_types.class_of(entry.type.code, entry.type.system),
        replaces=(),
    )


def test_it_is_found_by_its_own_identifiers(server: str, filled: Filled) -> None:
    known = filled.readable[0]
    caller = holder(server, known)
    wanted = fhir_id(known.record_id, known.letter)
    unique_id = row("select unique_id from record.documents_document where id = %s", known.letter)[0]
    for token in (f"urn:ietf:rfc:3986|urn:oid:{unique_id}", f"urn:uuid:{known.letter}"):
        assert [each["id"] for each in caller.found(known, identifier=token)] == [wanted]
    replaced = caller.get(f"DocumentReference/{wanted}").json()["relatesTo"][0]["target"]["reference"]
    assert [each["id"] for each in caller.found(known, relatesto=replaced)] == [wanted]
    sets = caller.get(f"List?patient.identifier=urn:oid:{INS_TEST}|{known.ins}&code=submissionset").json()
    assert sets["total"] == len(known.documents)


def test_those_that_are_there_to_be_many_are_found_as_well(server: str, filled: Filled) -> None:
    known = {each.record_id for each in (*filled.readable, *filled.writable)}
    others = "select id, ins from record.records_record r where ins like %s and id <> all (%s) order by ins desc"
    record_id, ins = row(others, f"{filled.readable[0].ins[:7]}%", list(known))
    model = filled.readable[0]
    other = Known(record_id, ins, model.doctor, model.letter, (), b"")
    shown = holder(server, other).found(other)
    assert len(shown) == len(model.documents)
    assert all(each["subject"]["reference"].endswith(short(record_id)) for each in shown)


def test_what_is_measured_is_compressed_as_a_deposit_is(filled: Filled) -> None:
    letter = "select pg_column_compression(fhir) from record.documents_document where id = %s"
    assert row(letter, filled.readable[0].letter) == ("pglz",)
    assert "toast_tuple_target=3072" in row("select reloptions from pg_class where relname = 'documents_document'")[0]
    assert row("select reloptions from pg_class where relname = 'documents_list'")[0] is None


def test_the_letter_is_as_long_as_it_is_said_to_be(server: str, filled: Filled) -> None:
    known = filled.readable[0]
    content = doctor(server, known).get(f"Binary/{fhir_id(known.record_id, known.letter)}", "text/xml").content
    assert LONG * 0.98 < len(content) < LONG


def test_the_second_lock_holds(server: str, filled: Filled) -> None:
    """What is masked is seen by the holder and the médecin traitant, not by another doctor, whom the holder lets in."""
    for known in filled.readable:
        masked = fhir_id(known.record_id, masked_of(known))
        stranger = Caller(server, token_for("dr-nguyen"))
        assert stranger.get(f"Binary/{masked}").status_code in {403, 404}
        authorise(known, "dr-nguyen")
        everything = {each["id"] for each in holder(server, known).found(known)}
        assert masked in everything
        assert masked in {each["id"] for each in doctor(server, known).found(known)}
        assert {each["id"] for each in stranger.found(known)} == everything - {masked}
        assert stranger.get(f"Binary/{masked}").status_code == 404


def masked_of(known: Known) -> UUID:
    statement = "select id from record.documents_document where record_id = %s and labels & %s <> 0"
    found: UUID = row(statement, known.record_id, labels.MASQUE_PS)[0]
    return found


def authorise(known: Known, key: str) -> None:
    account, professional = queries.actor_by_id(account_of(known)), queries.actor_by_key(key)
    assert account
    assert professional
    consent.authorise(account, Purpose.SELF, record_id=known.record_id, professional_id=professional.id)


def test_a_child_keeps_secrets_in_the_copy_as_well(server: str, filled: Filled) -> None:
    """The links by which a later document is known to belong to a secret are the copy's own."""
    child = filled.readable[1]
    links = row("select count(*) from record.documents_link where record_id = %s", child.record_id)[0]
    assert links >= len(child.documents)


def test_one_more_comes_in_by_both_ways_and_once_only(server: str, filled: Filled) -> None:
    known = filled.writable[0]
    target = requests.Target(known.record_id, known.ins, token_for("hopital"), known.letter, known.blank)
    headers = {"Authorization": f"Bearer {target.token}", "Content-Type": "application/fhir+json"}
    for number, (scenario, statuses) in enumerate({"simplified": (201, 200), "provide": (200, 200)}.items()):
        asked = requests.request(scenario, target, target.token, number)
        for status in statuses:
            answer = httpx2.post(f"{server}{asked.path}", content=asked.body, headers=headers)
            assert answer.status_code == status, answer.text
    added = len(holder(server, known).found(known)) - len(known.documents)
    assert added == 2


def test_the_same_seed_gives_the_same_people_and_documents() -> None:
    assert told(7) == told(7)
    assert told(7) != told(8)


def told(seed: int) -> list[bytes]:
    return [build(document) for pattern in patterns(2, seed) for document in pattern.documents]


def test_the_trail_of_a_filled_house_holds(filled: Filled) -> None:
    assert carnet("audit", "verify").returncode == 0
    born = datetime.fromisoformat(str(row("select min(at) from trail.line")[0]))
    assert born.tzinfo is not None
