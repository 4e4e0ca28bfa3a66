"""« C'est une erreur », on every page that tells what somebody else states: told to its author, answered, followed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from carnet.documents import masking, trail
from carnet.documents.changing import NotThere
from carnet.formats.clinical.model import Kind, Observation, Vaccination
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology.systems import LOINC
from carnet.health import disputing, profile, queries, stating
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.ids import short
from carnet.people import actions as people_actions
from tests import people
from tests.health.stated import result
from tests.health.stated import stating as document_stating
from tests.web.browsing import browsing, plain
from tests.web.console.desk import support
from tests.web.patient.test_results import cholesterol
from tests.web.pro.desk import at_desk, attended, record
from tests.web.pro.test_noting import ALLERGY, NOTES, at_home, noted

if TYPE_CHECKING:
    from tests.web.patient.guest import Guest

WAY = re.compile(r'href="(/sante/erreur/[0-9a-f-]{36}/[0-9a-f-]{36})"')
WORDS = "Ce n'était pas moi."


def weight(value: str = "74.5", unit: str = "kg") -> Observation:
    return replace(
        result(value, code="29463-7", unit=unit),
        kind=Kind.MEASURE,
        code=Concept("Poids", (Coded("29463-7", LOINC, "Poids"),)),
    )


def vaccine(name: str = "Revaxis") -> Vaccination:
    return Vaccination(kind=Kind.VACCINATION, code=Concept(name), status="completed", when=Span("2024-03-12"))


def noting(patient: people.Resident, *entries: Observation | Vaccination) -> Actor:
    doctor = people.authorised(patient, people.a_doctor())
    for each in entries:
        stating.state(doctor, Purpose.CARE, record_id=patient.record_id, entry=each)
    return doctor


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/sante/resultats/cholesterol", cholesterol("2.20", "2023-03-01")),
        ("/sante/mesures/weight", weight()),
        ("/sante/vaccinations", vaccine()),
    ],
)
def test_what_a_report_states_is_disputed_where_it_is_read(
    guest: Guest, path: str, entry: Observation | Vaccination
) -> None:
    done = document_stating(guest.patient, entry)
    way = WAY.findall(guest.opens(path).text)[0]
    assert way.endswith(str(done.id))
    asked = guest.opens(way)
    assert f'href="{path}"' in asked.text, "it leads back to where it was read"
    assert "lu par l'auteur et par les soignants qui voient ce document" in plain(asked.text)
    after = plain(guest.sends(way, {"mots": WORDS, "acte": "signaler"}).text)
    assert "En attente d'une correction" in after
    page = plain(guest.opens(path).text)
    assert "Erreur signalée" in page
    assert "Suivre l'erreur signalée" in page
    doctor = people.authorised(guest.patient, people.a_doctor())
    reported = disputing.of_document(doctor, Purpose.CARE, guest.patient.record_id, done.id)
    assert [each.words for each in reported] == [WORDS]


def test_a_document_that_states_several_facts_is_told_which_one_is_wrong(guest: Guest) -> None:
    document_stating(guest.patient, cholesterol("2.20", "2023-03-01"), cholesterol("1.80", "2021-03-01"))
    ways = set(WAY.findall(guest.opens("/sante/resultats/cholesterol").text))
    assert len(ways) == 2
    guest.sends(ways.pop(), {"acte": "signaler"})
    assert guest.text("/sante/resultats/cholesterol").count("Suivre l'erreur signalée") <= 2
    assert len(set(WAY.findall(guest.opens("/sante/resultats/cholesterol").text)) & ways) == 1


def test_a_note_is_disputed_answered_by_its_author_and_followed_to_the_end(server: str) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    attended(patient, doctor)
    with at_desk(server, doctor) as desk, browsing(server) as browser:
        desk.finds(patient.ins)
        for page, said in NOTES.items():
            noted(desk, patient, page, said)
        hers = at_home(browser, patient.actor)
        pages = {
            "/sante": 2,
            "/sante/vaccinations": 1,
            # The measure, in its head and in its table, and the target.
            "/sante/mesures/weight": 2,
        }
        ways = {path: list(dict.fromkeys(WAY.findall(hers.opens(path).text))) for path in pages}
        assert {path: len(found) for path, found in ways.items()} == pages
        for way in (each for found in ways.values() for each in found):
            asked = plain(hers.opens(way).text)
            assert "C'est noté par" in asked
            assert "votre message est lu par l'auteur de la note" in asked
            followed = plain(hers.sends(way, {"mots": WORDS, "acte": "signaler"}).text)
            assert "En attente d'une réponse" in followed
            assert "document est en cause" not in followed
        home = f"{record(patient.record_id)}/noter"
        own = desk.opens(home)
        assert plain(own.text).count(f"« {WORDS} »") == len(NOTES)
        notes = re.findall(r'href="([^"]*/noter/mots/[^"]*)"', own.text)
        assert "La personne signale une erreur dans cette note." in plain(desk.opens(notes[0]).text)
        for address in notes:
            desk.sends(address, {"acte": "retirer"})
        for way in (each for found in ways.values() for each in found):
            answered = plain(hers.opens(way).text)
            assert "Note retirée par son auteur" in answered
            assert WORDS in answered
        listed = hers.text("/sante/erreurs")
        assert listed.count("Retiré par son auteur") == len(NOTES)
        assert "Asthme" not in listed
        assert "Asthme" not in hers.text("/sante")
    done = {line.action for line in people.trail(patient)}
    assert "note-reported" in done


def test_a_note_that_its_author_corrects_is_followed_to_the_correction(server: str) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    attended(patient, doctor)
    with at_desk(server, doctor) as desk, support(server) as operator:
        desk.finds(patient.ins)
        (address,) = noted(desk, patient, "allergie", ALLERGY).own
        (line,) = queries.lines(patient.actor, Purpose.SELF, patient.record_id)
        target = {"record_id": patient.record_id, "fact": line.fact, "source_id": line.sources[0]}
        disputing.report(patient.actor, Purpose.SELF, **target, words=WORDS)
        found = f"/console/signalements?numero={short(line.sources[0])}"
        listed = operator.text(found)
        assert f"Note sans document {short(line.sources[0])}" in listed
        assert "Arachide" not in listed
        assert WORDS not in listed
        corrected = {**{name: str(value) for name, value in ALLERGY.items()}, "reaction": "Œdème", "acte": "garder"}
        desk.sends(address, corrected)
        assert "Note sans document" not in operator.text(found), "the author has answered"
    (followed,) = disputing.followed(patient.actor, Purpose.SELF, patient.record_id)
    assert (followed.corrected, followed.label) == (True, "")
    assert followed.answered_at
    with pytest.raises(NotThere):
        disputing.take_back(patient.actor, Purpose.SELF, **target)
    assert disputing.pending(patient.actor, Purpose.SELF, patient.record_id) == frozenset()


def test_a_note_is_told_wrong_once_and_that_is_taken_back(guest: Guest) -> None:
    doctor = noting(guest.patient, weight())
    way = WAY.findall(guest.opens("/sante/mesures/weight").text)[0]
    for words in (WORDS, "Encore"):
        guest.sends(way, {"mots": words, "acte": "signaler"})
    (report,) = profile.told(doctor, Purpose.CARE, guest.patient.record_id, [Kind.MEASURE]).reports
    assert report.words == WORDS
    assert "Votre signalement est retiré" in plain(guest.sends(way, {"acte": "reprendre"}).text)
    assert "Erreur signalée" not in guest.text("/sante/mesures/weight")
    assert "Aucune erreur signalée" in guest.text("/sante/erreurs")
    said = guest.text("/acces?qui=tous")
    assert "signalé une erreur dans la note d'un professionnel" in said
    assert "retiré le signalement d'une erreur dans la note d'un professionnel" in said


def test_of_ones_own_words_nothing_is_told_to_anybody(guest: Guest) -> None:
    said = stating.state(guest.patient.actor, Purpose.SELF, record_id=guest.patient.record_id, entry=weight())
    assert not WAY.findall(guest.opens("/sante/mesures/weight").text)
    assert guest.opens(f"/sante/erreur/{said.fact}/{said.id}").status_code == 404
    with pytest.raises(NotThere):
        disputing.report(
            guest.patient.actor,
            Purpose.SELF,
            record_id=guest.patient.record_id,
            fact=said.fact,
            source_id=said.id,
            words="",
        )


def test_a_report_on_a_secret_note_is_secret_from_parents_until_it_is_answered_and_after(server: str) -> None:
    child, parent, doctor = people.a_patient(birth_date="2011-01-01"), people.a_person(), people.a_doctor()
    people.authorised(child, doctor)
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    said = stating.state(doctor, Purpose.CARE, record_id=child.record_id, entry=weight(), secret=True)
    target = {"record_id": child.record_id, "fact": said.fact, "source_id": said.id}
    with pytest.raises(NotThere):
        disputing.report(parent, Purpose.REPRESENTATIVE, **target, words="")
    disputing.report(child.actor, Purpose.SELF, **target, words=WORDS)
    with pytest.raises(NotThere):
        disputing.take_back(parent, Purpose.REPRESENTATIVE, **target)

    def of_parent() -> tuple[object, ...]:
        told = profile.told_of(parent, Purpose.REPRESENTATIVE, child.record_id, said.fact)
        return (
            told.lines,
            told.reports,
            disputing.followed(parent, Purpose.REPRESENTATIVE, child.record_id),
            disputing.pending(parent, Purpose.REPRESENTATIVE, child.record_id),
        )

    nothing: tuple[object, ...] = ((), (), (), frozenset())
    assert of_parent() == nothing
    told = trail.lines(parent, Purpose.REPRESENTATIVE, child.record_id)
    assert not {"note-reported", "entry-stated"} & {line.action for line in told}
    assert "note-reported" in {line.action for line in people.trail(child)}
    stating.retract(doctor, Purpose.CARE, record_id=child.record_id, statement_id=said.id)
    assert of_parent() == nothing
    (followed,) = disputing.followed(child.actor, Purpose.SELF, child.record_id)
    assert followed.answered_at


def test_a_mask_that_comes_later_covers_what_was_reported_too(guest: Guest) -> None:
    doctor, other = noting(guest.patient, weight()), people.authorised(guest.patient, people.a_doctor())
    way = WAY.findall(guest.opens("/sante/mesures/weight").text)[0]
    guest.sends(way, {"mots": WORDS, "acte": "signaler"})

    def read_by(who: Actor) -> list[str]:
        told = profile.told(who, Purpose.CARE, guest.patient.record_id, [Kind.MEASURE])
        return [each.words for each in told.reports]

    assert read_by(other) == [WORDS]
    masking.mask(guest.patient.actor, Purpose.SELF, record_id=guest.patient.record_id, rule=masking.of_everything())
    assert read_by(other) == []
    assert read_by(doctor) == [WORDS]
