"""What the cards of the screen tell of facts: what holds, what is over, what was not done, and where sources differ."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from carnet.formats.clinical.model import Allergy, Device, FamilyHistory, Kind, Observation, RelativeCondition
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology import analytes
from carnet.formats.terminology.systems import LOINC
from carnet.health import goals, schedule, situations, stating
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.web.i18n import PARIS
from carnet.web.pro.screen import views
from tests.api.fhir.test_whole import aged
from tests.health.stated import stating as deposited_stating
from tests.people import a_doctor, a_patient, authorised
from tests.web.pro.desk import at_desk, plain, record
from tests.web.pro.screens import (
    a_lab,
    a_medicine,
    a_pregnancy,
    a_problem,
    a_stay,
    ago,
    an_act,
    an_allergy,
    card,
    flagged,
    looks,
    states,
)


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
    assert re.search(r"6,9 mmol/L Au-dessus Signalé très haut par le laboratoire", told), told
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
    today = clock.now().astimezone(PARIS).strftime("%d/%m/%Y")
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


def test_what_two_sources_say_otherwise_is_told_so(server: str) -> None:
    patient = a_patient()
    states(patient, a_problem("Asthme"))
    states(patient, a_problem("Asthme", verification="refuted"))
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        told = card(looks(desk, patient), "problemes")
    assert "Asthme" in told
    assert "Avis différents" in told


def test_a_vaccine_that_a_said_situation_asks_for_is_due_to_the_professional_too(server: str) -> None:
    patient = a_patient()
    pharmacist = authorised(patient, a_doctor(profession="21"))
    said = situations.stated("guyane", schedule.edition_on(clock.now().date()).sayable["guyane"])
    with at_desk(server, pharmacist) as desk:
        before = card(looks(desk, patient), "vaccins")
        stating.state(patient.actor, Purpose.SELF, record_id=patient.record_id, entry=said)
        told = card(looks(desk, patient), "vaccins")
    assert "Vaccin fièvre jaune À faire" not in before
    assert "Vaccin fièvre jaune À faire" in told.partition("Selon la situation")[0]
