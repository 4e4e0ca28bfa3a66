"""Files on their way into a record: what is taken, who finds it again, and when it is gone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from django.db import connections
from PIL import Image

from carnet.documents import drafts
from carnet.documents.drafts import Draft, DraftRefused, Piece
from carnet.kernel import clock, config, database
from carnet.kernel.ids import uuid7
from carnet.kernel.vault import Missing, passing
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import name_of
from tests import people
from tests.kernel.render import samples as hostile
from tests.kernel.vault import samples
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

LIMIT = 1024 * 1024


def received(data: bytes, name: str = "IMG_1.jpg") -> Piece:
    return drafts.receive(name, data, limit=LIMIT, until=clock.now() + drafts.LASTS)


def begun(patient: Resident, *pieces: Piece) -> Draft:
    draft = drafts.extend(patient.actor, patient.record_id, uuid7(), pieces)
    assert draft
    return draft


def html_as_pdf() -> bytes:
    return b"<!doctype html><script>alert(1)</script>%PDF-1.7"


def image_with_zip() -> bytes:
    return samples.image("JPEG") + b"PK\x05\x06" + bytes(18)


def huge() -> bytes:
    out = BytesIO()
    Image.new("1", (30000, 30000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (bytes(LIMIT + 1), "too-large"),
        (b"MZ" + bytes(200), "unsupported-type"),
        (b"GIF89a" + bytes(200), "unsupported-type"),
        (b"PK\x03\x04" + bytes(200), "unsupported-type"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(200), "heic"),
        (html_as_pdf(), "polyglot"),
        (b"<!doctype html><script>alert(1)</script>", "unsupported-type"),
        (b'<?xml version="1.0"?><ClinicalDocument/>', "unsupported-type"),
        (samples.pdf(samples.on_opening), "active-content"),
        (image_with_zip(), "polyglot"),
        (samples.image("JPEG")[:200], "broken"),
        (huge(), "too-complex"),
        (hostile.blank(password="x"), "encrypted"),
    ],
)
def test_a_hostile_or_useless_file_is_refused_by_its_code(data: bytes, code: str) -> None:
    with pytest.raises(DraftRefused) as refused:
        received(data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\moi\\scan.pdf", "scan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\r\nc\u202e.pdf", "a b c .pdf"),
        ("", ""),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_name_is_only_ever_words(given: str, kept: str) -> None:
    assert received(samples.pdf(), given).name == kept


def test_files_come_one_after_the_other_and_are_found_again() -> None:
    patient = people.a_patient()
    first, second = received(samples.image("JPEG")), received(samples.image("PNG"), "IMG_2.png")
    draft = begun(patient, first)
    drafts.extend(patient.actor, patient.record_id, draft.id, [second])
    found = drafts.find(patient.actor, patient.record_id, draft.id)
    assert found
    assert found.pieces == (first, second)
    assert drafts.unfinished(patient.actor, patient.record_id) == [found]


def test_two_first_files_at_the_same_instant_are_both_kept() -> None:
    for _ in range(5):
        patient, draft_id, both = people.a_patient(), uuid7(), threading.Barrier(2)

        def put(
            piece: Piece,
            patient: Resident = patient,
            draft_id: UUID = draft_id,
            both: threading.Barrier = both,
        ) -> None:
            try:
                both.wait()
                drafts.extend(patient.actor, patient.record_id, draft_id, [piece])
            finally:
                connections.close_all()

        pieces = {received(samples.image("JPEG")), received(samples.image("PNG"))}
        with ThreadPoolExecutor(2) as pool:
            for job in [pool.submit(put, piece) for piece in pieces]:
                job.result()
        found = drafts.find(patient.actor, patient.record_id, draft_id)
        assert found
        assert set(found.pieces) == pieces


def test_nobody_else_finds_it() -> None:
    patient, other = people.a_patient(), people.a_patient()
    draft = begun(patient, received(samples.pdf()))
    assert drafts.find(other.actor, other.record_id, draft.id) is None
    assert drafts.extend(other.actor, other.record_id, draft.id, [received(samples.pdf())]) is None
    assert drafts.without(other.actor, other.record_id, draft.id, draft.pieces[0].content_id) is None
    drafts.drop(other.actor, other.record_id, draft.id)
    assert drafts.find(patient.actor, patient.record_id, draft.id) == draft


def test_one_file_or_pictures() -> None:
    patient = people.a_patient()
    draft = begun(patient, received(samples.image("JPEG")))
    with pytest.raises(DraftRefused) as refused:
        drafts.extend(patient.actor, patient.record_id, draft.id, [received(samples.pdf())])
    assert refused.value.code == "one-file"
    many = [received(samples.image("JPEG"))] * drafts.MOST_PIECES
    with pytest.raises(DraftRefused) as refused:
        drafts.extend(patient.actor, patient.record_id, draft.id, many)
    assert refused.value.code == "too-many-pictures"
    assert drafts.find(patient.actor, patient.record_id, draft.id) == draft


def test_a_page_is_taken_out_and_its_content_is_gone() -> None:
    patient = people.a_patient()
    kept = samples.image("JPEG")
    keep, leave = received(kept), received(samples.image("PNG"))
    draft = begun(patient, keep, leave)
    shorter = drafts.without(patient.actor, patient.record_id, draft.id, leave.content_id)
    assert shorter
    assert shorter.pieces == (keep,)
    assert_gone(leave.content_id)
    assert passing.read(keep.content_id) == kept


def assert_gone(content_id: UUID) -> None:
    with pytest.raises(Missing):
        passing.open(content_id)
    assert not here().store.exists(name_of(content_id))


def test_what_is_dropped_leaves_nothing() -> None:
    patient = people.a_patient()
    draft = begun(patient, received(samples.pdf()))
    drafts.drop(patient.actor, patient.record_id, draft.id)
    assert drafts.unfinished(patient.actor, patient.record_id) == []
    assert_gone(draft.pieces[0].content_id)


def test_after_its_time_it_is_gone() -> None:
    patient = people.a_patient()
    draft = begun(patient, received(samples.pdf()))
    _move(draft.id, timedelta(hours=-25))
    assert drafts.find(patient.actor, patient.record_id, draft.id) is None
    assert drafts.drop_ended() >= 1
    assert_gone(draft.pieces[0].content_id)


def _move(draft_id: UUID, by: timedelta) -> None:
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update app.documents_draft set until = until + %s where id = %s", (by, draft_id))


def test_the_table_holds_neither_names_nor_types() -> None:
    patient = people.a_patient()
    draft = begun(patient, received(samples.pdf(), "résultat VIH.pdf"))
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute("select sealed from app.documents_draft where id = %s", (draft.id,)).fetchone()
    assert row
    assert not [word for word in (b"VIH", b"pdf", str(draft.pieces[0].content_id).encode()) if word in bytes(row[0])]


def test_what_another_application_shared_is_claimed_once_with_its_secret() -> None:
    patient, other = people.a_patient(), people.a_patient()
    secret = drafts.park([received(samples.pdf())], "Compte rendu")
    assert drafts.claim(other.actor, other.record_id, secret[:-1]) is None
    draft = drafts.claim(patient.actor, patient.record_id, secret)
    assert draft
    assert draft.title == "Compte rendu"
    assert draft.until > clock.now() + timedelta(hours=23)
    assert drafts.claim(other.actor, other.record_id, secret) is None
    assert drafts.find(patient.actor, patient.record_id, draft.id) == draft


def test_what_nobody_claims_is_soon_gone() -> None:
    patient = people.a_patient()
    piece = received(samples.pdf())
    secret = drafts.park([piece], "")
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update app.documents_draft set until = now() - interval '1 s' where actor_id is null")
    assert drafts.claim(patient.actor, patient.record_id, secret) is None
    drafts.drop_ended()
    assert_gone(piece.content_id)


def test_strangers_do_not_fill_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_WAITING", 0)
    with pytest.raises(DraftRefused) as refused:
        drafts.park([received(samples.pdf())], "")
    assert refused.value.code == "too-many-waiting"


def test_a_photograph_loses_where_it_was_taken() -> None:
    patient = people.a_patient()
    exif = Image.Exif()
    exif[0x010F] = "Telephone-de-Camille"
    content, media_type = drafts.content(begun(patient, received(samples.image("JPEG", exif=exif))))
    assert media_type == "application/pdf"
    assert b"Telephone-de-Camille" not in content


def test_a_pdf_stays_byte_for_byte() -> None:
    patient, file = people.a_patient(), samples.pdf()
    assert drafts.content(begun(patient, received(file))) == (file, "application/pdf")
