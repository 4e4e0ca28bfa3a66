"""The copy of a whole record: everything that its holder may see, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import unquote
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from carnet.consent import actions as consent
from carnet.consent import standing
from carnet.consent.access import Refused
from carnet.consent.facts import Choices
from carnet.consent.trail import TrailLine
from carnet.documents import adding, changing, trail
from carnet.documents import queries as documents
from carnet.documents.powers import Cause
from carnet.formats.fhir import structure
from carnet.formats.fhir.node import Problems
from carnet.kernel import clock, config, database, jobs
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import WRITER
from carnet.kernel.vault import Missing, passing
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import name_of
from carnet.people import actions as people_actions
from carnet.records import actions as records
from carnet.records.rules import OptOut, RecordState
from carnet.rights import actions, choices
from carnet.rights.models import Export
from carnet.web.patient.sentences import sentence
from carnet.web.patient.uses import USES
from tests import people
from tests.documents.test_adding import added
from tests.kernel.vault import samples as vault_samples
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")
FRANCE = ZoneInfo("Europe/Paris")


def made(patient: Resident) -> Export:
    actions.ask(patient.actor, Purpose.SELF, record_id=patient.record_id)
    return awaited(patient)


def awaited(patient: Resident, by: tuple[Actor, Purpose] | None = None) -> Export:
    """A worker of another test may have taken the job: it is waited for."""
    asked = by or (patient.actor, Purpose.SELF)
    for _ in range(100):
        jobs.run_pending()
        found = actions.offered(*asked, record_id=patient.record_id)
        assert found
        if found.content_id:
            return found
        time.sleep(0.1)
    raise AssertionError("not made")


def taken(patient: Resident) -> zipfile.ZipFile:
    made(patient)
    found = actions.take(patient.actor, Purpose.SELF, record_id=patient.record_id)
    assert found
    archive = zipfile.ZipFile(io.BytesIO(b"".join(found[1])))
    assert archive.testzip() is None
    return archive


def a_full_record() -> tuple[Resident, dict[str, bytes]]:
    """Documents that the holder sees, by title, beside those that they do not see."""
    patient, depositor = people.a_patient(), people.software()
    seen = {"Analyses": b"Taux normal.", "Analyses de 2024 : suite/fin": b"Stable.", "Courrier": b"Cher confrere"}
    for title, content in seen.items():
        people.deposited(depositor, patient, content, of=people.entry(title=title))
    hidden = people.entry(title="Annonce", labels=frozenset({"INVISIBLE_PATIENT"}))
    people.deposited(depositor, patient, b"A annoncer de vive voix", of=hidden)
    withdrawn = people.deposited(depositor, patient, b"D'un autre patient", of=people.entry(title="Mégarde"))
    changing.withdraw(
        depositor, Purpose.DEPOSIT, record_id=patient.record_id, document_id=withdrawn.id, cause=Cause.WRONG_PATIENT
    )
    return patient, seen


def test_originals_are_the_bytes_that_were_deposited() -> None:
    patient, seen = a_full_record()
    archive = taken(patient)
    originals = {name: archive.read(name) for name in archive.namelist() if name.startswith("originals/")}
    assert sorted(originals.values()) == sorted(seen.values())
    today = f"{clock.now().astimezone(FRANCE):%Y-%m-%d}"
    assert f"originals/{today} Analyses de 2024 suite fin.txt" in originals


def test_what_is_hidden_or_withdrawn_is_nowhere() -> None:
    patient, _ = a_full_record()
    archive = taken(patient)
    everything = "\n".join([*archive.namelist(), *(archive.read(name).decode() for name in archive.namelist())])
    assert [word for word in ("Annonce", "vive voix", "Mégarde", "autre patient") if word in everything] == []


def test_every_file_is_as_the_manifest_says() -> None:
    patient, seen = a_full_record()
    archive = taken(patient)
    manifest = json.loads(archive.read("manifest.json"))
    told = {each["path"]: (each["size"], each["sha256"]) for each in manifest["files"]}
    found = {
        name: (len(archive.read(name)), sha256(archive.read(name)).hexdigest())
        for name in archive.namelist()
        if name != "manifest.json"
    }
    assert told == found
    assert {each["title"] for each in manifest["documents"]} == set(seen)
    for each in manifest["documents"]:
        assert found[each["path"]] == (each["size"], each["sha256"])


def test_fhir_is_fhir() -> None:
    patient, seen = a_full_record()
    archive = taken(patient)
    kinds: list[str] = []
    for name in archive.namelist():
        if name.startswith("fhir/"):
            resource = json.loads(archive.read(name))
            problems = Problems()
            structure.check(resource, resource["resourceType"], problems, resource["resourceType"])
            assert problems.issues == (), name
            kinds.append(resource["resourceType"])
    assert kinds.count("DocumentReference") == len(seen)
    assert kinds.count("Patient") == 1
    # A submission set for each deposit that holds something to be seen.
    assert kinds.count("List") == len(seen)


def test_lists_hold_only_what_is_in_the_export() -> None:
    patient, _ = a_full_record()
    archive = taken(patient)
    names = set(archive.namelist())
    items = [
        item["item"]["reference"].replace("/", "-")
        for name in names
        if name.startswith("fhir/List-")
        for item in json.loads(archive.read(name)).get("entry", [])
    ]
    assert items
    assert {f"fhir/{item}.json" for item in items} <= names


def test_the_journal_is_what_the_page_of_accesses_tells() -> None:
    patient, _ = a_full_record()
    before = trail.lines(patient.actor, Purpose.SELF, patient.record_id, limit=1000)
    archive = taken(patient)
    rows = list(csv.DictReader(io.StringIO(archive.read("journal.csv").decode("utf-8-sig")), delimiter=";"))
    assert rows == json.loads(archive.read("journal.json"))
    # The asking came after what the page showed.
    assert rows[0]["acte"] == "export-asked"
    assert [_told(row) for row in rows[1:]] == [_line(line, patient.actor.id) for line in before]


def test_a_copy_made_at_the_counter_tells_of_the_trail_what_the_holders_own_tells() -> None:
    """No look-up around what is not announced, and what the holder did is theirs in both."""
    patient, _ = a_full_record()
    author, record = people.a_doctor(), patient.record_id
    standing.looked_up(author, Purpose.CARE, record)
    standing.standing(author, record)
    waits = people.entry(title="Biopsie", labels=frozenset({"INVISIBLE_PATIENT"}))
    people.deposited(author, patient, b"A annoncer", of=waits, purpose=Purpose.CARE)
    documents.list_documents(author, Purpose.CARE, record)
    mine, at_the_counter = _journal(taken(patient)), _journal(copied(patient))
    asked = [row for row in mine if row["acte"] == "export-asked"]
    assert len(asked) == 1
    # What was done after the one was asked for is in the other alone.
    since = {"export-asked", "export-taken"}
    assert [row for row in at_the_counter if row["acte"] not in since] == [
        row for row in mine if row["acte"] not in since
    ]
    assert "record-existence" not in {row["acte"] for row in at_the_counter}
    assert {row["en clair"] for row in at_the_counter if row["acte"] == "export-asked"} == {asked[0]["en clair"]}


def copied(patient: Resident) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(actions.copy(patient.record_id).stream())))


def _journal(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(archive.read("journal.json"))
    return found


def _told(row: dict[str, str]) -> tuple[str, ...]:
    return row["quand"], row["en clair"], row["qui"], row["acte"], row["issue"], row["document"]


def _line(line: TrailLine, own: UUID) -> tuple[str, ...]:
    """As the page shows it."""
    shown = sentence(line, own)
    words = f"{shown.text}. {shown.more}".strip()
    return line.at.isoformat(), words, line.actor_name, line.action, line.outcome, line.title or ""


def test_what_the_person_chose_is_in_the_copy_with_its_day() -> None:
    patient, _ = a_full_record()
    own = patient.actor, Purpose.SELF
    unchosen = {each["choix"]: each for each in json.loads(taken(patient).read("choix.json"))}
    assert {name for name, each in unchosen.items() if not each["accepté"]} == {"masked"}
    assert all(each["depuis"] is None for each in unchosen.values())
    choices.choose(*own, record_id=patient.record_id, unwanted={OptOut.PREVENTION, OptOut.STATISTICS})
    consent.choose(*own, record_id=patient.record_id, choices=Choices(regulation=False))
    chosen = {each["choix"]: each for each in json.loads(taken(patient).read("choix.json"))}
    refused = {name for name, each in chosen.items() if not each["accepté"]}
    assert refused == {"prevention", "statistics", "regulation", "masked"}
    assert (
        datetime.fromisoformat(chosen["statistics"]["depuis"])
        == choices.chosen(*own, patient.record_id)[OptOut.STATISTICS]
    )
    assert set(chosen) == {*OptOut, "emergency", "regulation", "masked"}
    shown = {what.value: text for what, text, *_ in USES.values()}
    assert {name: each["en clair"] for name, each in chosen.items() if name in shown} == shown, "as on their page"
    choices.choose(*own, record_id=patient.record_id, unwanted=())
    undone = {each["choix"]: each for each in json.loads(taken(patient).read("choix.json"))}
    assert (undone["statistics"]["accepté"], undone["statistics"]["depuis"]) == (True, None)


def test_a_title_is_no_formula_in_a_spreadsheet() -> None:
    patient = people.a_patient()
    people.deposited(people.software(), patient, of=people.entry(title='=HYPERLINK("https://evil.example")'))
    journal = taken(patient).read("journal.csv").decode("utf-8-sig")
    titles = [row["document"] for row in csv.DictReader(io.StringIO(journal), delimiter=";") if row["document"]]
    assert titles == ['\'=HYPERLINK("https://evil.example")']


class _Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"} and value]


def test_the_guide_leads_to_every_original_and_runs_nothing() -> None:
    patient, seen = a_full_record()
    people.deposited(people.software(), patient, of=people.entry(title="<script>alert(1)</script> 50 % #1"))
    archive = taken(patient)
    guide = _Links(archive.read("LISEZMOI.html").decode())
    assert {unquote(link) for link in guide.links} == {n for n in archive.namelist() if n.startswith("originals/")}
    assert len(guide.links) == len(seen) + 1
    assert "script" not in guide.tags


def test_asking_taking_and_dropping_stand_in_the_trail() -> None:
    patient, _ = a_full_record()
    taken(patient)
    actions.drop(patient.actor, Purpose.SELF, record_id=patient.record_id)
    acts = [line.action for line in people.trail(patient) if line.action.startswith("export")]
    assert acts == ["export-dropped", "export-taken", "export-asked"]


def test_one_at_a_time_and_a_new_one_takes_its_place() -> None:
    patient, _ = a_full_record()
    first = actions.ask(patient.actor, Purpose.SELF, record_id=patient.record_id)
    again = actions.ask(patient.actor, Purpose.SELF, record_id=patient.record_id)
    assert again.id == first.id
    ready = awaited(patient)
    assert ready.content_id
    second = made(patient)
    assert second.id != first.id
    with pytest.raises(Missing):
        passing.open(ready.content_id)


def test_it_lies_encrypted_and_is_gone_after_its_days() -> None:
    patient, _ = a_full_record()
    export = made(patient)
    assert export.content_id
    assert export.until - export.asked_at == timedelta(days=7)
    stored = b"".join(here().store.get(name_of(export.content_id)))
    assert b"Taux normal." not in stored
    assert b"LISEZMOI" not in stored
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update app.rights_export set until = now() where id = %s", (export.id,))
    assert actions.take(patient.actor, Purpose.SELF, record_id=patient.record_id) is None
    assert actions.drop_ended() >= 1
    assert passing.drop_ended(export.until) >= 1
    assert not here().store.exists(name_of(export.content_id))


def test_nobody_else_takes_or_finds_it() -> None:
    patient, _ = a_full_record()
    made(patient)
    doctor = people.authorised(patient, people.a_doctor())
    other = people.a_patient()
    for actor, purpose in ((doctor, Purpose.CARE), (other.actor, Purpose.SELF), (people.software(), Purpose.DEPOSIT)):
        for act in (actions.ask, actions.take, actions.drop):
            with pytest.raises(Refused):
                act(actor, purpose, record_id=patient.record_id)


def test_who_lost_the_right_meanwhile_gets_none() -> None:
    patient, _ = a_full_record()
    actions.ask(patient.actor, Purpose.SELF, record_id=patient.record_id)
    records.set_state(people.an_operator("support"), record_id=patient.record_id, state=RecordState.CLOSED, reason="x")
    (export,) = Export.objects.using("default").filter(record_id=patient.record_id)
    for _ in range(100):
        jobs.run_pending()
        export.refresh_from_db(using="default")
        if export.refused:
            break
        time.sleep(0.1)
    assert (export.refused, export.content_id) == (True, None)


def test_a_file_that_is_missing_is_said_and_stops_nothing() -> None:
    patient, seen = a_full_record()
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute(
            "select blob_id from record.documents_document where record_id = %s and title = 'Courrier'",
            (patient.record_id,),
        ).fetchone()
    assert row
    here().store.delete(name_of(row[0]))
    archive = taken(patient)
    manifest = json.loads(archive.read("manifest.json"))
    assert [each["title"] for each in manifest["documents"] if not each["path"]] == ["Courrier"]
    assert "Courrier (fichier indisponible)" in archive.read("LISEZMOI.html").decode()
    assert len([name for name in archive.namelist() if name.startswith("originals/")]) == len(seen) - 1


def test_one_that_ended_makes_room_before_the_purge() -> None:
    patient, _ = a_full_record()
    made(patient)
    Export.objects.using(WRITER).filter(record_id=patient.record_id).update(until=clock.now() - timedelta(minutes=1))
    assert actions.offered(patient.actor, Purpose.SELF, record_id=patient.record_id) is None
    assert made(patient).documents == 3


def test_one_that_is_dropped_while_it_is_made_stays_dropped() -> None:
    patient, _ = a_full_record()
    asked = actions.ask(patient.actor, Purpose.SELF, record_id=patient.record_id)

    def make() -> None:
        try:
            actions.make(asked.id)
        finally:
            connections.close_all()

    pool = ThreadPoolExecutor(1)
    with database.connect(config.load(), "owner") as owner, owner.transaction():
        # The copy is written, and waits to be kept.
        owner.execute("lock table app.kernel_passing in access exclusive mode")
        job = pool.submit(make)
        waiting = "select count(*) from pg_locks where not granted and relation = 'app.kernel_passing'::regclass"
        while owner.execute(waiting).fetchone() == (0,):
            time.sleep(0.05)
        actions.drop(patient.actor, Purpose.SELF, record_id=patient.record_id)
    job.result()
    assert actions.offered(patient.actor, Purpose.SELF, record_id=patient.record_id) is None
    assert actions.take(patient.actor, Purpose.SELF, record_id=patient.record_id) is None


def test_what_was_withdrawn_since_is_not_taken() -> None:
    patient, depositor = people.a_patient(), people.software()
    done = people.deposited(depositor, patient, b"D'un autre patient")
    made(patient)
    changing.withdraw(
        depositor, Purpose.DEPOSIT, record_id=patient.record_id, document_id=done.id, cause=Cause.WRONG_PATIENT
    )
    assert actions.offered(patient.actor, Purpose.SELF, record_id=patient.record_id) is None
    assert actions.take(patient.actor, Purpose.SELF, record_id=patient.record_id) is None
    assert made(patient).documents == 0


def test_what_was_kept_from_its_owner_since_is_not_taken() -> None:
    """A copy made as a parent may hold what the child keeps secret from then on."""
    child, parent = people.a_patient(birth_date="2015-05-01"), people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    done = people.deposited(people.software(), child, b"Consultation")
    asked = (parent, Purpose.REPRESENTATIVE)
    actions.ask(*asked, record_id=child.record_id)
    assert awaited(child, asked).documents == 1
    changing.set_label(
        child.actor,
        Purpose.SELF,
        record_id=child.record_id,
        document_id=done.id,
        label="INVISIBLE_REPRESENTANTS_LEGAUX",
        on=True,
    )
    assert actions.offered(*asked, record_id=child.record_id) is None
    assert actions.take(*asked, record_id=child.record_id) is None


def test_pictures_are_in_the_copy_of_who_added_them() -> None:
    patient = people.a_patient()
    given = [vault_samples.image("JPEG"), vault_samples.image("PNG")]
    done = added(patient, *given)
    people.deposited(people.software(), patient)
    archive = taken(patient)
    inside = {name: archive.read(name) for name in archive.namelist() if name.startswith("photos/")}
    assert inside == {
        "photos/2025-03-12 Ordonnance de lunettes.jpg": given[0],
        "photos/2025-03-12 Ordonnance de lunettes.png": given[1],
    }
    listed = {each["path"]: each["sha256"] for each in json.loads(archive.read("manifest.json"))["files"]}
    assert all(listed[name] == sha256(data).hexdigest() for name, data in inside.items())
    assert "telles que votre appareil les a faites" in archive.read("LISEZMOI.html").decode()
    adding.take_back(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id)
    later = taken(patient)
    assert not [name for name in later.namelist() if name.startswith("photos/")]
    assert "<b>photos</b>" not in later.read("LISEZMOI.html").decode()
