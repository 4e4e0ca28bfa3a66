"""The screen of a record: each profession's view, what it tells, and that nothing tells of what may not be seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from carnet.consent import actions as consent
from carnet.consent.emergency import break_glass
from carnet.documents.actions import Deposited
from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dosage,
    Encounter,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Prescription,
    Problem,
    Procedure,
    Product,
    RelativeCondition,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Quantity, Range, Span
from carnet.formats.entry import Coded, Organisation
from carnet.formats.terminology import analytes, document_types, matrix
from carnet.formats.terminology.systems import LOINC
from carnet.health import goals, profile, stating
from carnet.health.profile_models import Own
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.ids import short
from carnet.web.pro.screen import views
from tests import people
from tests.api.caller import Caller
from tests.api.fhir.test_whole import aged
from tests.health.stated import stating as deposited_stating
from tests.people import Resident, a_doctor, a_patient, authorised, entry, software
from tests.web.browsing import token
from tests.web.pro.desk import Desk, at_desk, attended, plain, record

MASKED = frozenset({"MASQUE_PS"})
ATC = "2.16.840.1.113883.6.73"


def ago(days: int) -> str:
    return (clock.now() - timedelta(days=days)).date().isoformat()


def a_lab(value: str, code: str, name: str, *, day: str, high: str = "", unit: str = "mmol/L") -> Observation:
    top = (Range(None, Quantity(Decimal(high), unit, unit)),) if high else ()
    return Observation(
        kind=Kind.RESULT,
        code=Concept(name, (Coded(code, LOINC, name),)),
        status="final",
        when=Span(day),
        value=Quantity(Decimal(value), unit, unit),
        ranges=top,
    )


def a_medicine(name: str, atc: str, dose: str, *, day: str = "") -> Prescription:
    product = Product(Concept(name, (Coded(atc, ATC, name),)))
    when = Span(day or ago(20))
    return Prescription(
        kind=Kind.PRESCRIPTION,
        code=Concept(),
        status="active",
        when=when,
        product=product,
        dosages=(Dosage(text=dose),),
    )


def a_problem(name: str, verification: str = "") -> Problem:
    when = Span("2015-03-01")
    return Problem(kind=Kind.PROBLEM, code=Concept(name), when=when, clinical="active", verification=verification)


def an_allergy(name: str) -> Allergy:
    return Allergy(kind=Kind.ALLERGY, code=Concept(name), clinical="active", criticality="high", when=Span("2012"))


def a_pregnancy(day: str) -> Observation:
    pregnant = Concept("Enceinte", (Coded("LA15173-0", LOINC, "Pregnant"),))
    status = Concept("Grossesse", (Coded("82810-3", LOINC, "Pregnancy status"),))
    return Observation(kind=Kind.PREGNANCY, code=status, status="final", when=Span(day), value=pregnant)


def a_stay(name: str, day: str) -> Encounter:
    first = clock.now().fromisoformat(f"{day}T00:00:00+00:00")
    return Encounter(
        kind=Kind.ENCOUNTER,
        code=Concept("Hospitalisation"),
        status="finished",
        when=Span(day, (first + timedelta(days=4)).date().isoformat()),
        encounter_class=Coded("IMP", "2.16.840.1.113883.5.4"),
        provider=Organisation(name),
        location=name,
    )


EVERYTHING: Sequence[Entry] = (
    an_allergy("Latex caché"),
    a_problem("Trouble caché"),
    a_medicine("Lithium caché", "N05AN01", "un le soir"),
    a_lab("9.9", "2823-3", "Potassium", day=ago(3), high="5.0"),
    a_pregnancy(ago(60)),
    Device(kind=Kind.DEVICE, code=Concept("Stimulateur caché"), status="active", when=Span("2019")),
    Procedure(kind=Kind.PROCEDURE, code=Concept("Acte caché"), status="completed", when=Span(ago(90))),
    a_stay("Clinique cachée", ago(80)),
    Vaccination(kind=Kind.VACCINATION, code=Concept("Vaccin caché"), status="completed", when=Span(ago(40))),
)


def states(
    patient: Resident, *entries: Entry, kind: str = "11488-4", title: str = "Compte rendu", **more: object
) -> Deposited:
    by = more.pop("by", None)
    of = entry(type_code=kind, title=title, **more)  # type: ignore[arg-type]
    return deposited_stating(patient, *entries, of=of, by=by if isinstance(by, Actor) else None)


def cards(page: str) -> list[str]:
    """The cards of a page in their order, by their addresses within it."""
    return re.findall(r'<section class="cn-pan[^"]*" id="([a-z-]+)"', page)


def card(page: str, name: str) -> str:
    """What stands in one card, in words; "" where there is none."""
    _, found, after = page.partition(f'id="{name}" aria-labelledby')
    return plain(f"<{after.partition('</section>')[0]}") if found else ""


def looks(desk: Desk, patient: Resident, query: str = "") -> str:
    if not query:
        desk.finds(patient.ins)
    return desk.opens(record(patient.record_id) + query).text


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
    "21": ["vigilance", "traitements", "vaccins", "biologie", "documents", "problemes"],
    "60": ["vigilance", "traitements", "problemes", "biologie", "documents"],
    "50": ["vigilance", "antecedents", "traitements", "biologie", "documents", "problemes"],
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


def test_treatments_are_one_list_by_substance(server: str) -> None:
    patient = a_patient()
    states(patient, a_medicine("Metformine 1 000 mg, comprimé", "A10BA02", "1 matin et soir"), kind="57833-6")
    states(patient, a_medicine("Metformine Essai 1 000 mg", "A10BA02", "1 matin et soir", day=ago(5)), kind="57833-6")
    states(patient, a_medicine("Amoxicilline 1 g", "J01CA04", "3 par jour", day="2019-01-04"), kind="57833-6")
    with at_desk(server, authorised(patient, a_doctor(profession="21"))) as desk:
        page = looks(desk, patient)
    told = card(page, "traitements")
    assert page.partition('id="traitements"')[2].partition("</section>")[0].count("<li>") == 1
    assert "Metformine" in told
    assert "1 matin et soir" in told
    assert "Amoxicilline" not in told


def test_every_dose_that_holds_is_told_with_its_last_day(server: str) -> None:
    patient = a_patient()
    last = (clock.now() + timedelta(days=4)).date()
    morning, evening = (
        replace(a_medicine("Lévodopa 100 mg", "N04BA02", dose), path=dose, when=Span(ago(9), last.isoformat()))
        for dose in ("3 comprimés le matin", "1 comprimé le soir")
    )
    states(patient, morning, evening)
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        told = card(looks(desk, patient), "traitements")
    assert "3 comprimés le matin" in told
    assert "1 comprimé le soir" in told
    assert "Doses différentes" in told
    assert f"fin {last:%d/%m/%Y}" in told


def test_a_target_stands_beside_the_laboratory_and_is_set_by_a_professional(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    authorised(patient, doctor)
    states(patient, a_lab("6.1", "2823-3", "Potassium", day=ago(4), high="5.0"))
    target = Quantity(Decimal("5.5"), "mmol/L", "mmol/L", "<")
    aim = goals.stated("analyte:potassium", Kind.RESULT, "Potassium", target, ago(2000))
    stating.state(doctor, Purpose.CARE, record_id=patient.record_id, entry=aim)
    with at_desk(server, doctor) as desk:
        told = card(looks(desk, patient), "biologie")
    assert "Objectif fixé par" in told
    assert "Objectif non atteint" in told


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


def test_a_pregnancy_is_told_as_long_as_it_may_last(server: str) -> None:
    for day, told in ((ago(100), True), (ago(400), False)):
        patient = a_patient(birth_date="1995-01-01")
        states(patient, a_pregnancy(day))
        with at_desk(server, authorised(patient, a_doctor(profession="50"))) as desk:
            assert ("Grossesse en cours" in card(looks(desk, patient), "vigilance")) is told


def a_term(day: str, stated: str = "") -> Observation:
    return Observation(
        kind=Kind.PREGNANCY,
        code=Concept("Terme prévu", (Coded("11778-8", LOINC, "Delivery date Estimated"),)),
        status="final",
        when=Span(stated),
        value=Span(day),
    )


def test_a_pregnancy_ends_with_its_term_or_with_the_birth(server: str) -> None:
    girl = Concept("Fille", (Coded("NDAU", "2.16.840.1.113883.5.111", "natural daughter"),))
    weight = Observation(
        kind=Kind.PREGNANCY,
        code=Concept("Poids de naissance"),
        status="final",
        when=Span(ago(30)),
        value=Quantity(Decimal(3300), "g", "g"),
        about=girl,
    )
    told = {
        "term long ago": ((a_pregnancy(ago(270)), a_term(ago(200), ago(270))), False),
        "term of days ago": ((a_pregnancy(ago(270)), a_term(ago(10), ago(270))), True),
        "term corrected": ((a_pregnancy(ago(200)), a_term(ago(30), ago(200)), a_term(ago(5), ago(100))), True),
        "term of an earlier one": ((a_term(ago(100), ago(300)), a_pregnancy(ago(60))), True),
        "earlier one told later": ((a_pregnancy(ago(60)), a_term(ago(900), ago(50))), True),
        "born": ((a_pregnancy(ago(200)), a_term(ago(-5), ago(200)), weight), False),
        "pregnant again": ((replace(weight, when=Span(ago(200))), a_pregnancy(ago(20))), True),
    }
    for case, (facts, holds) in told.items():
        patient = a_patient(birth_date="1995-01-01")
        states(patient, *facts)
        with at_desk(server, authorised(patient, a_doctor(profession="50"))) as desk:
            words = card(looks(desk, patient), "vigilance")
        assert ("Grossesse en cours" in words) is holds, case


def test_a_pregnancy_is_told_by_its_term_alone_and_no_longer_once_it_is_denied(server: str) -> None:
    soon = (clock.now() + timedelta(days=90)).date().isoformat()
    due = Observation(
        kind=Kind.PREGNANCY,
        code=Concept("Terme prévu", (Coded("11778-8", LOINC, "Delivery date Estimated"),)),
        status="final",
        value=Span(soon),
    )
    no = Concept("Non enceinte", (Coded("LA26683-5", LOINC, "Not pregnant"),))
    told = {
        "by its term": ((due,), True),
        "ended since": ((a_pregnancy(ago(100)), replace(a_pregnancy(ago(20)), value=no)), False),
        "again": ((replace(a_pregnancy(ago(100)), value=no), a_pregnancy(ago(20))), True),
        "denied": ((replace(a_pregnancy(ago(20)), absence=True),), False),
        "without a day": ((replace(a_pregnancy(""), when=Span()),), True),
    }
    for case, (facts, holds) in told.items():
        patient = a_patient(birth_date="1995-01-01")
        states(patient, *facts)
        with at_desk(server, authorised(patient, a_doctor(profession="50"))) as desk:
            words = card(looks(desk, patient), "vigilance")
        assert ("Grossesse en cours" in words) is holds, case
        assert ("Terme prévu le" in words) is (case == "by its term"), case


def test_an_allergy_that_is_over_is_told_so_and_comes_last(server: str) -> None:
    patient = a_patient()
    light = replace(an_allergy("Pollens"), criticality="low", when=Span("2024"))
    states(
        patient,
        light,
        replace(an_allergy("Lait"), clinical="resolved", when=Span("2025")),
        replace(an_allergy("Sésame"), clinical="inactive", when=Span("2025")),
        an_allergy("Iode"),
        an_allergy("Kiwi"),
    )
    states(patient, replace(an_allergy("Kiwi"), clinical="resolved", when=Span("2019")))
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        band = card(looks(desk, patient), "vigilance")
    assert band.index("Iode") < band.index("Pollens") < min(band.index("Lait Guérie"), band.index("Sésame Ancienne"))
    assert "Kiwi Avis différents" in band
    assert band.count("Guérie") <= 2, band


def test_forty_allergies_and_forty_devices_leave_the_gravest_and_what_is_worn_in_sight(server: str) -> None:
    patient = a_patient()
    light = [replace(an_allergy(f"Pollen {n}"), criticality="low", when=Span(ago(n))) for n in range(1, 39)]
    supplies = [
        Device(kind=Kind.DEVICE, code=Concept(f"Pansement {n}"), status="intended", when=Span(ago(n)), path=f"p{n}")
        for n in range(1, 38)
    ]
    pacemaker = Device(kind=Kind.DEVICE, code=Concept("Stimulateur"), status="active", when=Span("2011"), path="s")
    crutches = Device(
        kind=Kind.DEVICE, code=Concept("Béquilles"), status="active", when=Span("2015-01-02", "2015-03-01"), path="b"
    )
    stopped = Device(kind=Kind.DEVICE, code=Concept("Pompe"), status="stopped", when=Span("2020"), path="o")
    old = replace(an_allergy("Lait"), clinical="resolved", when=Span(ago(1)))
    states(patient, *light, an_allergy("Iode"), old, *supplies, pacemaker, crutches, stopped)
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        page = looks(desk, patient)
    band = page.partition('id="vigilance" aria-labelledby')[2].partition("</section>")[0]
    assert band.count("<details") == 2
    seen = plain(re.sub("<details.*?</details>", "", band, flags=re.DOTALL))
    lines, _, names = seen.partition("Et aussi :")
    assert lines.count("Pollen") == 3
    assert "Iode" in lines
    assert names.count("Pollen") == 20, "the others by their names"
    assert "+ 16" in names
    assert "Stimulateur" in seen
    for word in ("Pansement", "Béquilles", "Pompe", "Lait"):
        assert word not in seen
        assert word in band
    assert "Autres allergies (36)" in band
    assert "Autres dispositifs (39)" in band
    assert band.count("Pansement") == 18, "of what was never worn the newest, and the number of the others"
    assert "et 19 autres" in plain(band)


IPS = "2.16.840.1.113883.5.1150.1"


def no_allergy(code: str, words: str) -> Allergy:
    return Allergy(kind=Kind.ALLERGY, code=Concept("", (Coded(code, IPS, words),)), absence=True, path=code)


def test_that_nothing_is_known_is_no_word_that_there_is_no_allergy(server: str) -> None:
    """What a document says, as it says it: its source and its day stand beside it."""
    cases = {
        ("no-allergy-info", "No information about allergies"): "Allergies : non renseigné",
        ("no-known-food-allergies", "No known food allergies"): "Aucune allergie alimentaire connue",
        ("no-known-allergies", "No known allergies"): "Aucune allergie connue",
        ("no-known-latex-allergies", "Pas d'allergie au latex"): "Pas d'allergie au latex",
    }
    doctor = a_doctor()
    for stated, expected in cases.items():
        patient = a_patient()
        done = states(patient, no_allergy(*stated), title="Volet")
        with at_desk(server, authorised(patient, doctor)) as desk:
            page = looks(desk, patient)
        words = card(page, "vigilance")
        assert expected in words
        assert "Je n'ai pas" not in words, "nobody's own words"
        assert ("Aucune allergie" in words) is expected.startswith("Aucune")
        assert f'href="{record(patient.record_id)}/documents/{done.id}"' in page


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


def test_two_reports_of_one_day_are_two_and_each_result_outside_is_named(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    deposited_stating(patient, an_allergy("Iode"))
    authorised(patient, doctor)
    with at_desk(server, doctor) as desk:
        looks(desk, patient)
        aged(patient, timedelta(hours=3))
        states(patient, a_lab("6.3", "2823-3", "Potassium", day=ago(1), high="5.0"), title="Bilan sanguin")
        troponin = a_lab("24", "89579-7", "Troponine T", day=ago(1), high="14", unit="ng/L")
        states(patient, troponin, title="Bilan sanguin")
        news = card(looks(desk, patient), "nouveau")
    assert news.count("Bilan sanguin") == 2
    assert "(K)" in news
    assert "(Troponine" in news
    assert "× 2" not in news


def test_a_result_outside_of_these_weeks_comes_before_those_a_profession_asks_for(server: str) -> None:
    patient, doctor = a_patient(), authorised(a_patient(), a_doctor())
    authorised(patient, doctor)
    view = views.every().by_key("medecin")
    assert view
    normal = [
        a_lab("1", each.codes[0].code, each.label, day=ago(300), high="9999", unit=each.unit or "1")
        for each in map(analytes.by_key, view.analytes)
        if each
    ]
    assert len(normal) >= 10
    troponin = a_lab("24", "89579-7", "Troponine T", day=ago(1), high="14", unit="ng/L")
    states(patient, *normal, troponin, title="Bilan")
    with at_desk(server, doctor) as desk:
        told = card(looks(desk, patient), "biologie")
    assert "24" in told
    assert "ng/L" in told


def flagged(code: str, *labs: Observation) -> list[Observation]:
    said = Concept(code, (Coded(code, "2.16.840.1.113883.5.83", code),))
    return [replace(each, interpretations=(said,)) for each in labs]


def test_the_laboratory_s_own_flag_is_told_in_words_where_it_gives_no_range(server: str) -> None:
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    with at_desk(server, doctor) as desk:
        looks(desk, patient)
        aged(patient, timedelta(hours=3))
        states(
            patient,
            *flagged("HH", a_lab("6.9", "2823-3", "Potassium", day=ago(1))),
            *flagged("A", replace(a_lab("1", "5778-6", "Couleur", day=ago(1)), value="ambrée")),
            *flagged("N", a_lab("140", "2951-2", "Sodium", day=ago(1))),
            *flagged("H", a_lab("8.8", "3016-3", "TSH", day=ago(1), high="4", unit="mUI/L")),
            title="Bilan signalé",
        )
        page = looks(desk, patient)
    told = card(page, "biologie")
    assert re.search(r"6,9 mmol/L Signalé très haut par le laboratoire", told), told
    assert re.search(r"ambrée Signalé anormal par le laboratoire", told)
    assert re.search(r"8,8 mUI/L < 4 Au-dessus", told), "its range says it"
    assert "Signalé haut par le laboratoire" not in told
    assert told.index("6,9") < told.index("140"), "before the normal ones"
    news = card(page, "nouveau")
    assert "Signalé par le laboratoire" in news
    assert "4 résultats, 1 hors des valeurs du laboratoire (TSH), 2 signalés par le laboratoire" in news


def test_a_result_that_is_called_off_hides_no_value(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    states(patient, a_lab("4.2", "2823-3", "Potassium", day=ago(20), high="5.0"))
    off = a_lab("7.7", "2823-3", "Potassium", day=ago(2), high="5.0")
    states(patient, replace(off, status="cancelled"))
    states(patient, replace(a_lab("1", "2951-2", "Sodium", day=ago(2)), status="cancelled", value=None))
    with at_desk(server, authorised(patient, doctor)) as desk:
        told = card(looks(desk, patient), "biologie")
    assert "4,2" in told
    assert "7,7" not in told
    assert "Sodium" not in told


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


def an_act(name: str, status: str, day: str) -> Procedure:
    return Procedure(kind=Kind.PROCEDURE, code=Concept(name), status=status, when=Span(day), path=name)


def test_what_was_not_done_or_is_but_planned_is_not_told_as_done(server: str) -> None:
    patient = a_patient()
    next_year = (clock.now() + timedelta(days=300)).date().isoformat()
    devices = {"Lit médicalisé": "intended", "Pompe": "stopped", "Stimulateur": "active", "Erreur": "entered-in-error"}
    states(
        patient,
        an_act("Splénectomie", "not-done", ago(50)),
        an_act("Prothèse de hanche", "preparation", next_year),
        an_act("Appendicectomie", "completed", ago(900)),
        *(Device(kind=Kind.DEVICE, code=Concept(name), status=s, path=name) for name, s in devices.items()),
        replace(a_stay("Clinique prévue", ago(4)), status="planned"),
        replace(a_stay("Clinique annulée", ago(14)), status="cancelled"),
        a_stay("Clinique faite", ago(60)),
    )
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        page = looks(desk, patient)
        found = plain(desk.opens(f"{record(patient.record_id)}/recherche?q=spl%C3%A9nectomie").text)
    past, band, stays = card(page, "antecedents"), card(page, "vigilance"), card(page, "sejours")
    assert "Splénectomie" not in past
    assert past.index("Appendicectomie") < past.index("Prothèse de hanche Prévu")
    # What is not worn takes no place in the band: it is folded.
    worn, fold, others = band.partition("Autres dispositifs (2)")
    assert fold
    assert "Stimulateur" in worn
    assert "Lit médicalisé Prescrit ou prévu, pas encore porté" in others
    assert "Pompe N'est plus porté" in others
    assert "Erreur" not in band
    assert "Clinique faite" in stays
    assert "annulée" not in stays
    assert re.search("Hospitalisation Prévu .*Clinique prévue", stays)
    assert re.search("Splénectomie.{0,60}pas fait", found), found[-900:]


def test_a_single_night_and_a_stay_that_goes_on_are_told(server: str) -> None:
    patient = a_patient()
    night = replace(
        a_stay("Clinique d'une nuit", ago(40)), when=Span(f"{ago(40)}T21:30+01:00", f"{ago(39)}T09:00+01:00")
    )
    day = replace(a_stay("Clinique d'un jour", ago(30)), when=Span(f"{ago(30)}T08:00+01:00", f"{ago(30)}T17:00+01:00"))
    there = replace(a_stay("Clinique de rééducation", ago(25)), when=Span(ago(25)), status="in-progress")
    unsaid = replace(a_stay("Clinique sans sortie", ago(340)), when=Span(ago(340)), status="unknown")
    left = replace(a_stay("Clinique quittée", ago(60)), when=Span(ago(60)), status="in-progress")
    states(patient, a_stay("Clinique récente", ago(10)), night, day, unsaid, left)
    states(patient, there, replace(a_stay("Clinique quittée", ago(60)), when=Span(ago(60), ago(50))))
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        told = card(looks(desk, patient), "sejours")
    today = clock.now().strftime("%d/%m/%Y")
    assert re.search(f"^[^:]*Derniers séjours Hospitalisation En cours au {today} .*Clinique de rééducation", told), (
        told
    )
    assert told.index("rééducation") < told.index("récente") < told.index("d'une nuit") < told.index("sans sortie")
    assert re.search("Clinique sans sortie. Fin non précisée", told)
    assert "d'un jour" not in told
    assert told.count("Clinique quittée") == 1
    assert told.count("En cours") == 1, "an end that another source tells"


def test_nobody_waits_for_the_end_of_a_stay_of_years_ago(server: str) -> None:
    patient = a_patient()
    states(
        patient,
        *(
            replace(a_stay(name, ago(days)), when=Span(ago(days)), status="unknown")
            for name, days in (("Clinique d'hier", 340), ("Clinique d'autrefois", 2000))
        ),
    )
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        told = card(looks(desk, patient), "sejours")
    assert re.search("Clinique d'hier. Fin non précisée", told)
    assert "Clinique d'autrefois" in told
    assert told.count("Fin non précisée") == 1


def test_many_acts_push_out_no_disease(server: str) -> None:
    patient = a_patient()
    acts = [an_act(f"Acte {n}", "completed", ago(30 + n)) for n in range(19)]
    sudden = RelativeCondition(code=Concept("Mort subite"))
    father = Concept("Père", (Coded("FTH", "2.16.840.1.113883.5.111", "father"),))
    states(
        patient,
        *acts,
        replace(a_problem("Infarctus"), clinical="resolved"),
        FamilyHistory(kind=Kind.FAMILY, code=father, conditions=(sudden,)),
    )
    codes = ("29463-7", "8302-2", "8867-4", "8310-5", "9279-1", "8280-0", "20564-1", "41909-3")
    states(
        patient,
        *(replace(a_lab("37", code, f"Mesure {code}", day=ago(3), unit="1"), kind=Kind.MEASURE) for code in codes),
    )
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        page = looks(desk, patient)
    assert "et 2 autres : " in card(page, "mesures")
    told = card(page, "antecedents")
    assert "Infarctus" in told
    assert "Mort subite" in told
    assert len(re.findall(r"Acte \d+", told)) == 12
    seen, _, folded = told.partition("Autres antécédents (6)")
    assert "Infarctus" in seen
    assert "Mort subite" in seen
    assert len(re.findall(r"Acte \d+", folded)) == 6
    assert "et 7 autres, plus anciens" in told


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


def test_consent_is_declared_where_the_record_is_closed_to_the_reader(server: str) -> None:
    patient = a_patient()
    states(patient, an_allergy("Latex"))
    with at_desk(server, a_doctor()) as desk:
        page = looks(desk, patient)
        assert page.index("J’ai informé la personne") < page.index("Accès non autorisé</h2>")
        assert "Latex" not in page
        desk.sends(f"{record(patient.record_id)}/accord", {"duree": "visite", "informee": "1"})
        assert "Latex" in card(looks(desk, patient), "vigilance")


def test_what_two_sources_say_otherwise_is_told_so(server: str) -> None:
    patient = a_patient()
    states(patient, a_problem("Asthme"))
    states(patient, a_problem("Asthme", verification="refuted"))
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        told = card(looks(desk, patient), "problemes")
    assert "Asthme" in told
    assert "Avis différents" in told


@pytest.mark.parametrize(
    "query", ["?categorie=%00", "?vue=%27&periode=x&analyses=toutes&nouveau=tout", "?depuis=99999999"]
)
def test_whatever_is_asked_is_answered(query: str, server: str) -> None:
    patient = a_patient()
    states(patient, a_lab("4", "2823-3", "Potassium", day=ago(3)))
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        desk.finds(patient.ins)
        assert desk.opens(record(patient.record_id) + query).status_code in {200, 400}
