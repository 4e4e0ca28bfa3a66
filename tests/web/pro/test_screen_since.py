"""What is new on the screen of a record: since when, by which weight, and how it is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from carnet.formats.clinical.model import Kind, Problem
from carnet.formats.clinical.values import Concept
from carnet.health import stating
from carnet.kernel.actor import Purpose
from carnet.kernel.ids import short
from tests.api.caller import Caller
from tests.api.fhir.test_whole import aged
from tests.health.stated import stating as deposited_stating
from tests.people import a_doctor, a_patient, authorised, entry, software
from tests.web.browsing import token
from tests.web.pro.desk import at_desk, plain, record
from tests.web.pro.screens import MASKED, a_lab, ago, an_act, an_allergy, card, looks, states


def test_what_is_new_by_its_weight_until_it_is_seen(server: str) -> None:
    patient, laboratory = a_patient(), software()
    first = entry(type_code="11502-2", title="Bilan de mars")
    deposited_stating(patient, a_lab("4.2", "2823-3", "Potassium", day=ago(30), high="5.0"), of=first, by=laboratory)
    doctor = authorised(patient, a_doctor())
    with at_desk(server, doctor) as desk:
        assert not card(looks(desk, patient), "nouveau"), "to who was never here all is new"
        aged(patient, timedelta(hours=3))
        states(patient, kind="ATTEST-RESID", title="Attestation de résidence")
        states(patient, kind="57833-6", title="Ordonnance de suite")
        out = (
            a_lab("6.1", "2823-3", "Potassium", day=ago(1), high="5.0"),
            a_lab("1", "3016-3", "TSH", day=ago(1), high="4"),
        )
        states(patient, *out, kind="11502-2", title="Bilan de mai")
        states(patient, *out, kind="11502-2", title="Bilan de mai")
        states(patient, an_allergy("Iode"), title="Consultation d'allergologie")
        states(patient, an_allergy("Latex"), title="Pièce cachée", labels=MASKED)
        corrected = a_lab("2.4", "2823-3", "Potassium", day=ago(30), high="5.0")
        again = entry(type_code="11502-2", title="Bilan de mars, corrigé", replaces=(first.unique_id,))
        deposited_stating(patient, corrected, of=again, by=laboratory)
        news = card(looks(desk, patient), "nouveau")
        places = [
            news.index(each) for each in ("Consultation d'allergologie", "Bilan de mars, corrigé", "Bilan de mai")
        ]
        assert places == sorted(places)
        assert news.index("Bilan de mai") < news.index("Ordonnance de suite")
        assert "Allergie ou intolérance : Iode" in news
        assert "2 résultats, 1 hors des valeurs du laboratoire" in news
        assert "× 2" in news
        assert "Corrigé" in news
        assert "Pièces administratives : 1" in news
        assert "Attestation de résidence" not in news
        page = looks(desk, patient)
        link = re.search(r'href="([^"]*)">Pièces administratives.: 1', page)
        assert link
        assert "Attestation de résidence" in desk.text(link[1].replace("&amp;", "&"))
        assert "Pièce cachée" not in news
        assert "Nouveau" in card(looks(desk, patient), "documents")
        page = looks(desk, patient)
        states(patient, title="Venu pendant la lecture")
        read_at = page.partition('name="lu" value="')[2].partition('"')[0]
        desk.client.post(f"{record(patient.record_id)}/vu", data={**token(page), "lu": read_at})
        told = card(looks(desk, patient), "nouveau")
        assert "Venu pendant la lecture" in told
        assert "Bilan de mars, corrigé" not in told
        listed = desk.client.get(f"{record(patient.record_id)}/documents?nouveaux=1").text
        assert "Venu pendant la lecture" in listed
        assert "Bilan de mars, corrigé" not in listed
        desk.client.post(f"{record(patient.record_id)}/vu", data=token(looks(desk, patient)))
        assert "Rien de nouveau pour vous." in card(looks(desk, patient), "nouveau")
        states(patient, title="Venu ensuite")
        assert "Venu ensuite" in card(looks(desk, patient), "nouveau")
        assert "/documents?periode=36" in looks(desk, patient)


def test_a_note_that_its_author_corrected_is_new_once(server: str) -> None:
    """As a correction to who knew what was there before; to who was not here then, as any other."""
    patient = a_patient()
    author, reader, later = (authorised(patient, a_doctor()) for _ in range(3))

    def notes(name: str, instead_of: UUID | None = None) -> UUID:
        return stating.state(
            author,
            Purpose.CARE,
            record_id=patient.record_id,
            entry=Problem(kind=Kind.PROBLEM, code=Concept(name), status="active"),
            instead_of=instead_of,
        ).id

    with at_desk(server, later) as desk:
        looks(desk, patient)
    aged(patient, timedelta(hours=3))
    first = notes("Asthme noté")
    with at_desk(server, reader) as desk:
        looks(desk, patient)
    aged(patient, timedelta(hours=3))
    notes("Asthme léger", instead_of=notes("Asthme sévère", instead_of=first))
    with at_desk(server, reader) as desk:
        news = card(looks(desk, patient), "nouveau")
    assert news.count("Asthme") == 1
    assert "Asthme léger Corrigé" in plain(news)
    with at_desk(server, later) as desk:
        news = card(looks(desk, patient), "nouveau")
    assert "Asthme léger" in news
    assert "Corrigé" not in news


def test_what_came_while_one_was_reading_is_new_at_the_next_visit(server: str) -> None:
    """A visit begins with its first page: what came after that page may have been seen by nobody."""
    patient = a_patient()
    states(patient, title="Venu avant")
    doctor = authorised(patient, a_doctor())
    with at_desk(server, doctor) as desk:
        looks(desk, patient)
        aged(patient, timedelta(minutes=20))
        states(patient, title="Venu pendant la lecture")
        desk.opens(f"{record(patient.record_id)}/recherche?q=iode")
    aged(patient, timedelta(hours=3))
    with at_desk(server, doctor) as desk:
        news = card(looks(desk, patient), "nouveau")
        assert "Venu pendant la lecture" in news
        assert "Venu avant" not in news
    aged(patient, timedelta(hours=3))
    with at_desk(server, doctor) as desk:
        assert "Venu pendant la lecture" not in card(looks(desk, patient), "nouveau"), "told at a visit that is over"


def test_what_software_reads_in_the_background_is_no_visit(server: str) -> None:
    """It may read at night what nobody looks at."""
    patient = a_patient()
    states(patient, title="Venu avant")
    doctor = authorised(patient, a_doctor())
    with at_desk(server, doctor) as desk:
        looks(desk, patient)
        aged(patient, timedelta(hours=3))
        states(patient, title="Venu dans la nuit")
        software = Caller.of(server, doctor)
        for asked in ("DocumentReference", "Condition"):
            assert software.get(asked, {"patient": short(patient.record_id)}).status_code == 200
        assert software.get(f"Patient/{short(patient.record_id)}/$new-since").json()["total"] == 1
        aged(patient, timedelta(hours=3))
        assert "Venu dans la nuit" in card(looks(desk, patient), "nouveau")


def test_a_result_that_is_called_off_is_new_when_it_had_been_told(server: str) -> None:
    patient, laboratory = a_patient(), software()
    value = a_lab("6.2", "2823-3", "Potassium", day=ago(20), high="5.0")
    sodium = a_lab("150", "2951-2", "Sodium", day=ago(20), high="145")
    first = entry(type_code="11502-2", title="Bilan")
    deposited_stating(patient, sodium, of=first, by=laboratory)
    states(patient, value, an_allergy("Iode"), title="Bilan et allergie")
    doctor = authorised(patient, a_doctor())
    with at_desk(server, doctor) as desk:
        looks(desk, patient)
        aged(patient, timedelta(hours=3))
        off = replace(value, status="cancelled")
        states(patient, off, replace(an_allergy("Iode"), verification="entered-in-error", clinical=""), title="Erratum")
        again = entry(type_code="11502-2", title="Bilan, annule et remplace", replaces=(first.unique_id,))
        deposited_stating(patient, replace(sodium, status="cancelled", value=None, ranges=()), of=again, by=laboratory)
        never = replace(a_lab("9", "2951-2", "Sodium", day=ago(2), high="5"), status="cancelled")
        states(patient, never, title="Bilan sans résultat")
        page = looks(desk, patient)
    news = card(page, "nouveau")
    erratum = news.partition("Erratum")[2].partition("Bilan")[0]
    assert "Plus valable" in erratum
    for word in ("K (annulé)", "Iode (saisi par erreur)"):
        assert word in erratum.partition("N'est plus valable : ")[2], news
    replaced = news.partition("Bilan, annule et remplace")[2].partition("Bilan sans")[0]
    assert re.search(r"N'est plus valable : Na[^.]* \(annulé\)", replaced), news
    assert "Corrige" not in replaced
    assert "Hors valeurs" not in news
    assert "plus valable" not in news.partition("Bilan sans résultat")[2]
    assert "résultat," not in news


def test_a_denied_fact_is_new_with_its_denial(server: str) -> None:
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    with at_desk(server, doctor) as desk:
        looks(desk, patient)
    aged(patient, timedelta(hours=3))
    refuted = replace(an_allergy("Pénicilline"), verification="refuted", clinical="")
    states(patient, refuted, an_act("Césarienne", "not-done", ago(2)))
    with at_desk(server, doctor) as desk:
        words = card(looks(desk, patient), "nouveau")
        found = plain(desk.opens(f"{record(patient.record_id)}/recherche?q=p%C3%A9nicilline").text)
    assert "Pénicilline (écarté)" in words
    assert "Césarienne (pas fait)" in words
    assert "Pénicilline écartée" in found
