"""The screen of a record: each profession's view, what it tells, and that nothing tells of what may not be seen."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest

from carnet.consent import actions as consent
from carnet.consent.emergency import break_glass
from carnet.formats.clinical.model import Kind, Observation, Problem, Procedure, Vaccination
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology import document_types, matrix
from carnet.formats.terminology.systems import LOINC
from carnet.health import profile, stating
from carnet.health.profile_models import Own
from carnet.kernel.actor import Purpose
from tests import people
from tests.api.fhir.test_whole import aged
from tests.health.stated import stating as deposited_stating
from tests.people import a_doctor, a_patient, authorised
from tests.web.pro.desk import at_desk, attended, plain, record
from tests.web.pro.screens import EVERYTHING, MASKED, a_lab, a_medicine, a_problem, ago, an_allergy, card, looks, states


def cards(page: str) -> list[str]:
    """The cards of a page in their order, by their addresses within it."""
    return re.findall(r'<section class="cn-pan[^"]*" id="([a-z-]+)"', page)


# By profession: a document of a type, and a fact that it alone states.
TOLD = {
    "11488-4": an_allergy("Arachide"),
    "15508-5": Procedure(kind=Kind.PROCEDURE, code=Concept("Césarienne"), status="completed", when=Span(ago(400))),
    "68599-0": a_problem("Trouble bipolaire"),
    "11502-2": a_lab("5.9", "2823-3", "Potassium", day=ago(9), high="5.0"),
    "57833-6": a_medicine("Apixaban 5 mg", "B01AF02", "1 matin et soir"),
}
WORDS = {
    "11488-4": "Arachide",
    "15508-5": "Césarienne",
    "68599-0": "Trouble bipolaire",
    "11502-2": "5,9",
    "57833-6": "Apixaban",
}
VIEWS = {
    "10": ["vigilance", "traitements", "problemes", "antecedents", "biologie", "documents"],
    "21": ["vigilance", "traitements", "problemes", "vaccins", "biologie", "documents"],
    "60": ["vigilance", "traitements", "problemes", "antecedents", "biologie", "documents"],
    "50": ["vigilance", "antecedents", "traitements", "problemes", "biologie", "documents"],
    "40": ["vigilance", "traitements", "problemes", "biologie", "documents", "antecedents"],
    "91": ["vigilance", "traitements", "problemes", "antecedents", "documents", "biologie"],
}


def test_each_profession_sees_its_own_view_and_nothing_beyond_its_rights(server: str) -> None:
    patient = a_patient()
    for code, fact in TOLD.items():
        states(patient, fact, kind=code, title=f"Pièce {WORDS[code]}")
    rules = matrix.load()
    for profession, promised in VIEWS.items():
        line = rules.line("G15", profession)
        assert line
        with at_desk(server, authorised(patient, a_doctor(profession=profession))) as desk:
            page = looks(desk, patient)
        shown, words = cards(page), plain(page)
        assert [each for each in shown if each in promised] == [each for each in promised if each in shown]
        for code, word in WORDS.items():
            reads = line.reads[document_types.known(code).ordinal] == "1"
            assert (word in words) is reads, (profession, code)
        assert {"vigilance", "traitements", "problemes", "documents"} <= set(shown)


def test_the_summary_that_the_person_shared_is_in_sight_beside_newer_papers_that_nobody_needs(server: str) -> None:
    patient = a_patient()
    states(patient, kind="DOCPAT08", title="Ma synthèse de juin")
    for number in range(9):
        states(patient, kind="REMB", title=f"Soins remboursés {number}")
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        assert "Ma synthèse de juin" in card(looks(desk, patient), "documents")
        for view in ("cardiologue", "endocrinologue", "urgence"):
            assert "Ma synthèse de juin" in card(looks(desk, patient, f"?vue={view}"), "documents"), view


def test_nothing_on_the_screen_tells_of_what_is_masked(server: str) -> None:
    """With a document in the record that states everything and is masked, and without it: the same page, whichever the
    view, at once and at the next visit."""
    patient = a_patient(birth_date="1990-05-02")
    doctor = authorised(patient, a_doctor())
    states(patient, an_allergy("Pénicilline"), a_lab("4.1", "2823-3", "Potassium", day=ago(30), high="5.0"))
    addresses = [
        f"?vue={view}{more}" for view in ("urgence", "sage-femme", "medecin") for more in ("", "&periode=tout")
    ]
    with at_desk(server, doctor) as desk:
        looks(desk, patient)
        aged(patient, timedelta(hours=3))
        before = [desk.text(record(patient.record_id) + each) for each in addresses]
        states(patient, *EVERYTHING, title="Dossier caché", labels=MASKED)
        states(patient, kind="EXPPAT_3", title="Directives cachées", labels=MASKED)
        profile.say(
            patient.actor,
            Purpose.SELF,
            record_id=patient.record_id,
            kind=Own.TRUSTED,
            name="Proche caché",
            masked=True,
        )
        assert [desk.text(record(patient.record_id) + each) for each in addresses] == before
    with at_desk(server, attended(patient, a_doctor())) as desk:
        words = plain(looks(desk, patient))
        assert "Directives anticipées" in words
    for word in ("Latex caché", "Trouble caché", "Lithium caché", "9,9", "Grossesse en cours", "Stimulateur caché"):
        assert word in words, word
    for word in ("Acte caché", "Clinique cachée", "Vaccin caché", "Proche caché"):
        assert word in words, word


def test_every_fact_leads_to_the_document_that_states_it(server: str) -> None:
    patient = a_patient()
    made = states(patient, *EVERYTHING)
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        page = looks(desk, patient)
        address = f"{record(patient.record_id)}/documents/{made.id}"
        for word in ("Latex caché", "Trouble caché", "Lithium caché", "Grossesse en cours", "Stimulateur caché"):
            assert re.search(rf'<a href="{address}">{word}', page), word
        assert page.count(address) >= 10
        assert desk.opens(address).status_code == 200


def test_a_first_view_is_limited_in_time_and_says_so(server: str) -> None:
    patient = a_patient()
    old = (a_lab("3.3", "2823-3", "Potassium", day="2015-02-03"), a_lab("8.8", "3016-3", "TSH", day=ago(10), high="4"))
    states(patient, *old, an_allergy("Latex"))
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        page = looks(desk, patient)
        assert "3 dernières années" in plain(page)
        assert "8,8" in card(page, "biologie")
        assert "Au-dessus" in card(page, "biologie")
        assert "3,3" not in plain(page)
        assert "Latex" in card(page, "vigilance"), "what one is allergic to is not limited"
        assert "3,3" in card(looks(desk, patient, "?periode=tout"), "biologie")


def test_the_view_of_another_profession_is_kept_for_this_visit(server: str) -> None:
    patient = a_patient()
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        assert "Vue : Médecin" in plain(looks(desk, patient))
        assert "Vue : Sage-femme" in plain(looks(desk, patient, "?vue=sage-femme"))
        assert "Vue : Sage-femme" in plain(looks(desk, patient, "?periode=tout"))
        assert "Vue : Médecin" in plain(looks(desk, patient, "?vue=medecin"))
        assert "Vue : Médecin" in plain(looks(desk, patient, "?vue=inconnue"))


def test_in_an_emergency_what_counts_then(server: str) -> None:
    """Its own view; the blood group as it was noted; whom to call."""
    patient = a_patient()
    group = Concept("A positif", (Coded("LA1", LOINC, "A"),))
    noted = Observation(
        kind=Kind.RESULT,
        code=Concept("Groupe sanguin", (Coded("882-1", LOINC, "ABO and Rh group"),)),
        status="final",
        when=Span("2010-01-05"),
        value=group,
    )
    states(patient, noted, *EVERYTHING)
    say = {"record_id": patient.record_id, "kind": Own.CONTACT, "name": "Sam Essai", "phone": "06 12 34 56 78"}
    profile.say(patient.actor, Purpose.SELF, **say)  # type: ignore[arg-type]
    with at_desk(server, a_doctor()) as desk:
        assert not cards(looks(desk, patient)), "nothing before the glass is broken"
        desk.breaks(patient.record_id)
        page = desk.opens(record(patient.record_id)).text
    assert "Vue : Urgence" in plain(page)
    assert "Groupe sanguin noté : A positif" in card(page, "vigilance")
    assert "Stimulateur caché" in card(page, "vigilance")
    assert 'href="tel:0612345678"' in page
    assert cards(page)[0] == "vigilance"
    assert "nouveau" not in cards(page)
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        assert "Groupe sanguin noté" not in plain(looks(desk, patient))


def test_who_is_trusted_and_to_be_called_stands_once(server: str) -> None:
    patient = a_patient()
    doctor = attended(patient, a_doctor())
    say = partial(
        profile.say, patient.actor, Purpose.SELF, record_id=patient.record_id, name="Sam Essai", relation="sœur"
    )
    for kind, phone in ((Own.CONTACT, "06 12 34 56 78"), (Own.TRUSTED, "0612345678"), (Own.TRUSTED, "06 00 00 00 01")):
        say(kind=kind, phone=phone)
    with at_desk(server, doctor) as desk:
        told = card(looks(desk, patient), "proches")
    assert told.count("Sam Essai") == 2, "another number is another way to reach them"
    assert "Personne à prévenir, personne de confiance, sœur 06 12 34 56 78" in told


def a_group(words: str, day: str, code: str = "882-1") -> Observation:
    asked = Concept("Groupe sanguin", (Coded(code, LOINC, "Blood group"),))
    return Observation(kind=Kind.RESULT, code=asked, status="final", when=Span(day), value=Concept(words))


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([("A positif", "2010-01-05", "882-1"), ("O positif", "2015-02-03", "882-1")], True),
        ([("A Rh+", "2010-01-05", "882-1"), ("B", "2015-02-03", "883-9")], True),
        ([("A positif", "2010-01-05", "882-1"), ("Négatif", "2015-02-03", "10331-7")], True),
        (
            [("A positif", "2010-01-05", "882-1"), ("A Rh +", "2015-02-03", "882-1"), ("A", "2016-01-01", "883-9")],
            False,
        ),
    ],
)
def test_two_blood_groups_that_differ_are_both_told(
    groups: list[tuple[str, str, str]], told: bool, server: str
) -> None:
    patient = a_patient()
    states(patient, *(a_group(*each) for each in groups))
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        desk.breaks(patient.record_id)
        page = desk.opens(record(patient.record_id)).text
    band = card(page, "vigilance")
    assert ("Groupes sanguins différents : " in band) is told, band
    if told:
        said = band.partition("Groupes sanguins différents : ")[2]
        for words, day, _ in groups:
            year, month, of_month = day.split("-")
            assert f"{words} ({of_month}/{month}/{year})" in said
            assert f"Groupe sanguin noté : {words}" in said, "each leads to its source"


def test_in_an_emergency_its_view_comes_first_whatever_was_looked_through_before(server: str) -> None:
    patient = a_patient()
    states(patient, Vaccination(kind=Kind.VACCINATION, code=Concept("Tétanos"), status="completed", when=Span(ago(40))))
    doctor, address = a_doctor(), record(patient.record_id)
    authorised(patient, doctor)
    with at_desk(server, doctor) as desk:
        assert "Vue : Médecin" in plain(looks(desk, patient))
        assert "Vue : Dentiste" in plain(looks(desk, patient, "?vue=dentiste")).replace(
            "Chirurgien-dentiste", "Dentiste"
        )
        consent.withdraw(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
        desk.breaks(patient.record_id)
        page = desk.opens(address).text
        assert "Vue : Urgence" in plain(page)
        assert "Tétanos" in card(page, "vaccins")
        other = desk.opens(f"{address}?vue=medecin").text
        assert "Vue : Médecin" in plain(other)
        assert f'href="{address}?vue=medecin&amp;periode=tout"' in other, "and goes on by the links of the page alone"
        assert "Vue : Urgence" in plain(desk.opens(address).text)


def test_who_is_let_in_is_told_to_who_reads_everything(server: str) -> None:
    patient = a_patient()
    attending, other = attended(patient, a_doctor()), authorised(patient, a_doctor())
    people.an_operator("support")
    opener = a_doctor()
    break_glass(opener, Purpose.EMERGENCY, record_id=patient.record_id, reason="Chute dans l'escalier")
    with at_desk(server, attending) as desk:
        page = looks(desk, patient)
        assert "Médecin traitant Dr Ange Essai (vous)" in plain(page)
        assert "Chute dans l'escalier" in card(page, "urgences")
    with at_desk(server, other) as desk:
        page = looks(desk, patient)
        assert "Médecin traitant Dr Ange Essai" in plain(page)
        assert "urgences" not in cards(page)
        assert "Chute" not in plain(page)
        assert card(page, "entourage").count("Ange Essai") == 1, "the médecin traitant alone"
    consent.withdraw(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=other.id)
    with at_desk(server, other) as desk:
        assert not cards(looks(desk, patient))


@pytest.mark.parametrize("masked", [False, True])
def test_what_people_say_themselves_is_on_the_screen_with_whose_words_it_is(masked: bool, server: str) -> None:
    patient, doctor, colleague = a_patient(), a_doctor(), authorised(a_patient(), a_doctor())
    deposited_stating(patient, an_allergy("Iode"))
    authorised(patient, doctor)
    asthma = Problem(kind=Kind.PROBLEM, code=Concept("Asthme"), clinical="active", when=Span("2020"))
    for actor, purpose, said in (
        (patient.actor, Purpose.SELF, an_allergy("Arachide")),
        (colleague, Purpose.CARE, asthma),
        (doctor, Purpose.CARE, an_allergy("Latex")),
    ):
        hidden = masked and actor is patient.actor
        stating.state(actor, purpose, record_id=patient.record_id, entry=said, masked=hidden)
    with at_desk(server, doctor) as desk:
        page = looks(desk, patient)
        assert "Iode" in card(page, "vigilance")
        assert "Latex" in card(page, "vigilance")
        assert ("Arachide" in card(page, "vigilance")) is not masked
        assert "Asthme" in card(page, "problemes")
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        desk.breaks(patient.record_id)
        page = desk.opens(f"{record(patient.record_id)}?vue=urgence").text
        assert "Iode" in card(page, "vigilance")
        assert "Latex" in card(page, "vigilance")


def test_consent_is_declared_where_the_record_is_closed_to_the_reader(server: str) -> None:
    patient = a_patient()
    states(patient, an_allergy("Latex"))
    with at_desk(server, a_doctor()) as desk:
        page = looks(desk, patient)
        assert page.index("J’ai informé la personne") < page.index("Accès non autorisé</h2>")
        assert "Latex" not in page
        desk.sends(f"{record(patient.record_id)}/accord", {"duree": "visite", "informee": "1"})
        assert "Latex" in card(looks(desk, patient), "vigilance")


@pytest.mark.parametrize(
    "query", ["?categorie=%00", "?vue=%27&periode=x&analyses=toutes&nouveau=tout", "?depuis=99999999"]
)
def test_whatever_is_asked_is_answered(query: str, server: str) -> None:
    patient = a_patient()
    states(patient, a_lab("4", "2823-3", "Potassium", day=ago(3)))
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        desk.finds(patient.ins)
        assert desk.opens(record(patient.record_id) + query).status_code in {200, 400}
