"""A professional replaces one of their own documents by a corrected version: both are shown for what they are, and who
had read the first is listed to be told."""

from __future__ import annotations

from uuid import UUID

import pytest

from carnet.documents import changing, queries
from carnet.formats.cda import header
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from tests.people import Resident, a_doctor, a_patient, authorised, deposited, entry, raw_trail, software
from tests.web.pro.desk import Desk, at_desk, attended, hidden, plain, record
from tests.web.pro.test_depositing import NOTE, SAID, document_of
from tests.web.pro.test_documents import page_of, status_for

MENDED = ("note.txt", b"Tension : 14/8.")


def replaces(
    desk: Desk, address: str, fields: dict[str, str | list[str]], file: tuple[str, bytes] | None = MENDED
) -> tuple[int, str, str]:
    """Sends the form as it stands in the page; the status, where it leads, and what stands there."""
    form = desk.opens(f"{address}/remplacer").text
    known = {name: hidden(form, name) for name in ("csrfmiddlewaretoken", "depot", "auteur")}
    page = desk.posts(f"{address}/remplacer", {**known, **fields}, file)
    return page.status_code, page.url.path, plain(page.text)


@pytest.fixture
def patient() -> Resident:
    return a_patient()


@pytest.fixture
def doctor(patient: Resident) -> Actor:
    return authorised(patient, a_doctor())


def test_the_corrected_version_takes_its_place(server: str, patient: Resident, doctor: Actor) -> None:
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        first = desk.deposits(patient.record_id, SAID, NOTE).url.path
        assert "Version" not in desk.text(first).partition("Informations")[2]
        form = desk.opens(f"{first}/remplacer")
        assert "L'ancienne reste lisible à côté d'elle, marquée obsolète." in plain(form.text)
        assert 'value="Consultation du jour"' in form.text
        assert 'value="25 11 2025"' in form.text
        assert '<option value="11488-4" selected' in form.text
        status, second, words = replaces(desk, first, SAID)
        assert status == 200
        assert second != first
        assert "La nouvelle version est déposée." in words
        assert "Tension : 14/8." in words
        assert "1 version précédente" in words
        assert "Version 2" in words
        old = desk.text(first)
        assert "Ce document a été remplacé par une version plus récente." in old
        assert "Version 1 (remplacée)" in old
        assert "/remplacer" not in desk.opens(first).text
        assert desk.opens(f"{first}/remplacer").url.path == first
        listed = desk.opens(record(patient.record_id)).text
        assert listed.count("Consultation du jour") == 1
        written = [header.read(desk.opens(f"{each}/original").content) for each in (first, second)]
        third = replaces(desk, second, SAID, ("note.txt", b"Tension : 15/8."))[1]
        assert "Version 3" in desk.text(third)
    assert written[1].replaces == (written[0].unique_id,)
    assert written[1].set_id == written[0].set_id
    assert (written[0].version, written[1].version) == ("1", "2")
    assert status_for(server, patient, document_of(second)) == 200
    assert ("document-superseded", "done") in raw_trail(patient.record_id)


def test_who_read_the_first_is_listed(server: str, patient: Resident, doctor: Actor) -> None:
    reader, other = authorised(patient, a_doctor()), authorised(patient, a_doctor())
    with at_desk(server, doctor) as desk, at_desk(server, reader) as reading, at_desk(server, other) as late:
        for each in (desk, reading, late):
            each.finds(patient.ins)
        first = desk.deposits(patient.record_id, SAID, NOTE).url.path
        reading.opens(first)
        second = replaces(desk, first, SAID)[1]
        late.opens(second)
    listed = queries.readers(SYSTEM, patient.record_id, UUID(document_of(first)))
    assert {each.id for each in listed} - {doctor.id} == {reader.id}
    assert {each.cause for each in listed} == {"corrected"}


@pytest.mark.parametrize(("kept", "hint"), [("masque", "Masqué aux autres"), ("annonce", "Non visible par le patient")])
def test_what_restricts_it_restricts_the_next_one(
    kept: str, hint: str, server: str, patient: Resident, doctor: Actor
) -> None:
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        first = desk.deposits(patient.record_id, SAID | {"etiquettes": [kept]}, NOTE).url.path
        form = desk.opens(f"{first}/remplacer").text
        assert f'value="{kept}" aria-describedby="e-{kept}-h" checked disabled' in form
        _, second, words = replaces(desk, first, SAID)
        assert hint in words
    assert status_for(server, patient, document_of(second)) == (404 if kept == "annonce" else 200)


def test_faults_are_told_at_their_field_and_the_file_is_kept(server: str, patient: Resident, doctor: Actor) -> None:
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        first = desk.deposits(patient.record_id, SAID | {"etiquettes": ["masque"]}, NOTE).url.path
        status, _, words = replaces(desk, first, SAID | {"titre": ""})
        assert status == 422
        assert "Saisissez un titre" in words
        assert "Reçu : note.txt" in words
        status, _, words = replaces(desk, first, SAID, None)
        assert (status, "Choisissez le fichier à déposer" in words) == (422, True)
        status, _, words = replaces(desk, first, SAID | {"etiquettes": ["annonce"]})
        assert (status, "Choisissez l'un ou l'autre" in words) == (422, True)
        assert "Tension : 12/8." in desk.text(first)


def test_what_was_announced_is_not_withheld_by_its_next_version(server: str, patient: Resident, doctor: Actor) -> None:
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        first = desk.deposits(patient.record_id, SAID | {"etiquettes": ["annonce"]}, NOTE).url.path
        changing.set_label(
            doctor,
            Purpose.CARE,
            record_id=patient.record_id,
            document_id=UUID(document_of(first)),
            label="INVISIBLE_PATIENT",
            on=False,
        )
        status, _, words = replaces(desk, first, SAID | {"etiquettes": ["annonce"]})
        assert status == 422
        assert "il ne se retire plus." in words
        assert "Reçu : note.txt" in words


def test_only_ones_own(server: str, patient: Resident, doctor: Actor) -> None:
    """Others' and hidden ones are the same as none."""
    theirs = deposited(software(), patient)
    masked = deposited(software(), patient, of=entry(labels=frozenset({"MASQUE_PS"})))
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        answers = [desk.opens(f"{page_of(patient, each.id)}/remplacer") for each in (theirs, masked)]
        assert {each.status_code for each in answers} == {404}
        assert len({plain(each.text) for each in answers}) == 1
        assert "/remplacer" not in desk.opens(page_of(patient, theirs.id)).text
    with at_desk(server, attended(patient, a_doctor())) as desk:
        desk.finds(patient.ins)
        assert desk.opens(f"{page_of(patient, theirs.id)}/remplacer").status_code == 404


def test_what_they_wrote_elsewhere_can_be_replaced_without_a_right_to_read(server: str, patient: Resident) -> None:
    stranger = a_doctor()
    mine = deposited(stranger, patient, of=entry("1.2.3.4^essai", title="Mon courrier"), purpose=Purpose.CARE)
    with at_desk(server, stranger) as desk:
        desk.finds(patient.ins)
        status, second, words = replaces(desk, page_of(patient, mine.id), SAID)
        assert (status, "Tension : 14/8." in words) == (200, True)
        assert "Version 2" in words
    assert document_of(second) != str(mine.id)
