"""Results and measures over HTTP: what is printed, compared, converted, struck; what is added, corrected, hidden."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from carnet.consent.access import Refused
from carnet.demo.cast import record_id
from carnet.formats.clinical.model import Component, Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Range, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology import analytes
from carnet.formats.terminology.systems import LOINC
from carnet.health import goals, queries, results, stating
from carnet.kernel.actor import Purpose
from carnet.web.patient import analyte_words, result_words
from tests import people
from tests.health.stated import result
from tests.health.stated import stating as document_stating
from tests.web.browsing import Browsing, browsing, plain, token

if TYPE_CHECKING:
    from tests.people import Resident
    from tests.web.patient.guest import Guest

CHOLESTEROL, MOLES = "2093-3", "14647-2"


def cholesterol(value: str, day: str, unit: str = "g/L", high: str = "2.00") -> Observation:
    code = CHOLESTEROL if unit == "g/L" else MOLES
    ranges = (Range(high=Quantity(Decimal(high), unit, unit)),) if high else ()
    return replace(result(value, code=code, day=day, unit=unit), ranges=ranges)


def tracked(patient: Resident) -> None:
    """Five results of two laboratories, one in words, one that no unit is known of."""
    document_stating(patient, cholesterol("1.80", "2021-03-01"), cholesterol("2.20", "2023-03-01"))
    document_stating(patient, cholesterol("5.17", "2022-03-01", "mmol/L", "5.20"))
    odd = cholesterol("190", "2020-03-01", "", "")
    words = replace(result(code="630-4"), code=Concept("ECBU", (Coded("630-4", LOINC),)), value="Escherichia coli")
    document_stating(patient, odd, words)


def test_the_last_of_each_with_its_own_range_and_every_value_on_its_page(guest: Guest) -> None:
    assert "Aucun résultat de laboratoire pour l'instant." in guest.text("/sante/resultats")
    tracked(guest.patient)
    said = guest.text("/sante/resultats")
    assert "Cholestérol total" in said
    assert "2,20 g/L" in said
    assert "au plus 2,00 g/L" in said
    assert "Au-dessus" in said
    assert "en hausse, avant : 2,00" in said
    assert "Escherichia coli" in said
    assert guest.text("/sante/resultats?q=cholesterol").count("Cholestérol total") == 1
    assert "Cholestérol" not in guest.text("/sante/resultats?chapitre=autres").replace("TSH, cholestérol", "")
    assert "Aucune analyse ne répond" in guest.text("/sante/resultats?q=xylophone")
    page = guest.opens("/sante/resultats/cholesterol").text
    said = plain(page)
    assert "Au-dessus des valeurs du laboratoire" in said
    assert "Converti de mmol/L en g/L : × 0,3867." in said
    assert "1 résultat sans unité" in said
    assert "5,17 mmol/L" in said
    assert "soit 2,00 g/L" in said
    assert page.count("/documents/") >= 4
    assert "style=" not in page
    for word in ("normal", "anormal", "bon ", "mauvais", "inquiétant"):
        assert word not in said.casefold()
    assert guest.opens("/sante/resultats/glucose").status_code == 404
    assert guest.opens("/sante/resultats/code-%C3%A9").status_code == 404


def susceptible(antibiotic: str, code: str, germ: str, answer: str, path: str) -> Observation:
    said = Concept(answer, (Coded(answer, "2.16.840.1.113883.5.83", answer),))
    return Observation(
        kind=Kind.RESULT,
        code=Concept(antibiotic, (Coded(code, LOINC, antibiotic),)),
        status="final",
        when=Span("2024-03-12"),
        value=said,
        interpretations=(said,),
        isolate=Concept(germ),
        path=path,
    )


def test_an_analysis_says_in_a_sentence_what_it_measures_and_never_what_a_value_means(guest: Guest) -> None:
    for key, sentence in analyte_words.SAID.items():
        assert analytes.by_key(key), key
        found = re.findall(
            r"\b(?:bon|bonne|mauvais|normal|anormal|élevé|trop|risque|maladie|malade)", sentence.casefold()
        )
        assert not found, key
    tracked(guest.patient)
    assert "Une graisse du sang, toutes ses formes réunies." in guest.text("/sante/resultats/cholesterol")
    guest.opens("/langue/en")
    assert "A fat of the blood, all its forms together." in guest.text("/sante/resultats/cholesterol")


def test_a_curve_writes_a_value_with_the_digits_of_its_laboratory(guest: Guest) -> None:
    document_stating(guest.patient, result("2.30", day="2023-03-01"), result("2.10", day="2024-03-01"))
    page = guest.opens("/sante/resultats/tsh").text
    written = [plain(each) for each in re.findall(r'<text class="v"[^>]*>([^<]*)<', page)]
    assert written == ["2,30 mUI/L", "2,10 mUI/L"] * 2
    assert "De 2,30 mUI/L en mars 2023 à 2,10 mUI/L en mars 2024." in plain(page)


def test_an_arrow_points_as_the_two_numbers_that_are_shown(guest: Guest) -> None:
    """2,12 g/L is 5,48 mmol/L, told as 5,5 beside 5,5."""
    document_stating(
        guest.patient, cholesterol("2.12", "2021-03-01"), cholesterol("5.5", "2022-03-01", "mmol/L", "5.2")
    )
    page = guest.opens("/sante/resultats").text
    assert "avant : 5,5" in plain(page)
    assert 'd="M5 12h14M13 6l6 6-6 6"' in page, "on a level"
    said = guest.text("/sante/resultats/cholesterol")
    assert "Points sans trait : résultats donnés en g/L et mmol/L." in said, "once for both"
    guest.opens("/langue/en")
    page = guest.opens("/sante/resultats/cholesterol").text
    assert "Latest result" in plain(page), "where an analysis has no short name its name is not said twice"


def test_a_result_that_is_called_off_hides_no_value(guest: Guest) -> None:
    document_stating(guest.patient, cholesterol("2.20", "2023-03-01"))
    document_stating(guest.patient, replace(cholesterol("9.90", "2024-03-01"), status="cancelled"))
    said = guest.text("/sante/resultats")
    assert "2,20 g/L" in said
    assert "9,90" not in said


def test_each_germ_of_a_report_keeps_its_own_answers(guest: Guest) -> None:
    """Two germs, tested with the same antibiotics; one of them found twice, and not alike."""
    tested = (
        ("Amoxicilline", "18862-3", "Escherichia coli", "S"),
        ("Amoxicilline", "18862-3", "Klebsiella", "R"),
        ("Amoxicilline", "18862-3", "Klebsiella", "S"),
        ("Céfotaxime", "18886-2", "Escherichia coli", "S"),
        ("Céfotaxime", "18886-2", "Klebsiella", "S"),
    )
    document_stating(guest.patient, *(susceptible(*each, path=str(n)) for n, each in enumerate(tested)))
    page = guest.opens("/sante/resultats").text
    addresses = list(dict.fromkeys(re.findall(r'href="(/sante/resultats/code-[^"?#]+)"', page)))
    assert len(addresses) == 4
    said = {title: plain(table) for each in addresses for title, table in [_antibiogram(guest, each)]}
    assert set(said) == {
        f"{a}, {g}" for a in ("Amoxicilline", "Céfotaxime") for g in ("Escherichia coli", "Klebsiella")
    }
    coli, klebsiella = said["Amoxicilline, Escherichia coli"], said["Céfotaxime, Klebsiella"]
    assert "Résistant" not in coli
    assert coli.count("Amoxicilline") == 1
    assert klebsiella.count("Amoxicilline") == 2
    assert "Résistant" in klebsiella
    assert "Sensible" in klebsiella


def _antibiogram(guest: Guest, address: str) -> tuple[str, str]:
    page = guest.opens(address).text
    title = plain(re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[-1])
    return title, page.partition('id="antibiogramme"')[2].partition("</table>")[0]


@pytest.mark.parametrize(("code", "told"), [("H", "Au-dessus"), ("L", "En dessous"), ("", None)])
def test_a_result_lies_where_its_laboratory_says_on_every_page(guest: Guest, code: str, told: str | None) -> None:
    """Within the range that it prints: its own word comes first, wherever it is told."""
    said = (Concept("", (Coded(code, "2.16.840.1.113883.5.83"),)),) if code else ()
    document_stating(guest.patient, replace(cholesterol("1.80", "2023-03-01"), interpretations=said))
    for path in ("/sante/resultats", "/sante/resultats/cholesterol", "/histoire"):
        page = guest.text(path)
        assert "1,80 g/L" in page, path
        assert [each for each in ("Au-dessus", "En dessous") if f"{each} " in page] == ([told] if told else []), path


def test_a_corrected_result_is_struck_with_what_stands_in_its_place(guest: Guest) -> None:
    patient, software = guest.patient, people.software()
    old = people.entry()
    document_stating(patient, result("6.8"), of=old, by=software)
    document_stating(patient, result("2.8"), of=people.entry(replaces=(old.unique_id,)), by=software)
    page = guest.opens("/sante/resultats/tsh").text
    assert re.search(r"<s>6,8[^<]*</s>", page)
    assert "remplacé par 2,8 mUI/L" in plain(page)
    assert "6,8" not in guest.text("/sante/resultats")


def test_a_target_of_a_professional_stands_apart_from_the_range(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    tracked(guest.patient)
    wanted = Quantity(Decimal("1.90"), "g/L", "g/L", "<")
    entry = goals.stated("analyte:cholesterol", Kind.RESULT, "Cholestérol total", wanted, "2024-03-12")
    stating.state(doctor, Purpose.CARE, record_id=guest.patient.record_id, entry=entry)
    said = guest.text("/sante/resultats/cholesterol")
    assert "Objectif fixé par" in said
    assert "le 12 mars 2024 : moins de 1,90 g/L" in said
    assert "Objectif non atteint" in said
    # It is no result of that analysis.
    found = queries.lines(guest.patient.actor, Purpose.SELF, guest.patient.record_id, series=["analyte:cholesterol"])
    assert len(found) == 4
    assert "analyse." in guest.text("/sante/resultats?q=cholesterol")


def test_the_list_tells_what_every_line_tells(guest: Guest) -> None:
    """The quick question and the whole one, for the holder and for a doctor who does not see a masked document."""
    patient = guest.patient
    doctor = people.authorised(patient, people.a_doctor())
    tracked(patient)
    document_stating(patient, cholesterol("2.20", "2023-03-01"), of=people.entry(labels=frozenset({"MASQUE_PS"})))
    document_stating(patient, cholesterol("9.99", "2024-03-01"), of=people.entry(labels=frozenset({"MASQUE_PS"})))
    for reader, purpose in ((patient.actor, Purpose.SELF), (doctor, Purpose.CARE)):
        whole = queries.lines(reader, purpose, patient.record_id, [Kind.RESULT])
        quick = results.latest(reader, purpose, patient.record_id, Kind.RESULT, each=100)
        assert {each.line.fact for one in quick for each in one.found} == {line.fact for line in whole}
        sources = {line.fact: line.sources for line in whole}
        assert all(one.found[0].line.sources == sources[one.found[0].line.fact] for one in quick)
    newest = next(one for one in quick if one.key == "analyte:cholesterol").found[0]
    assert str(newest.line.value and newest.line.value.normalize()) == "2.2"


def test_of_very_many_analyses_the_newest_are_seen_first_and_each_is_found(guest: Guest) -> None:
    patient, known = guest.patient, analytes.every()[:70]
    of_each = [
        replace(result("4.5", day=f"2023-01-{1 + n % 28:02}", unit=each.unit or "1"), code=_named(each))
        for n, each in enumerate(known)
    ]
    document_stating(patient, *(replace(each, when=Span("2019-05-04")) for each in of_each))
    document_stating(patient, *of_each[:60])
    first = guest.opens("/sante/resultats").text
    assert first.count('scope="row"') == 60
    assert "70 analyses." in plain(first)
    assert "Voir 10 analyses de plus, moins récentes" in plain(first)
    assert plain(first).count("inchangé, avant :") == 60, "those that are seen are compared with what was before"
    every = guest.opens("/sante/resultats?tout=1").text
    assert every.count('scope="row"') == 70
    assert "de plus, moins récentes" not in plain(every)
    last = known[-1]
    assert last.label not in first
    assert last.label in guest.text(f"/sante/resultats?q={last.short}")
    assert last.label in guest.text(f"/sante/resultats?chapitre={last.chapter}")


def _named(analyte: analytes.Analyte) -> Concept:
    return Concept(analyte.label, (Coded(analyte.codes[0].code, LOINC, analyte.label),))


def weights(patient: Resident) -> list[str]:
    found = results.one(patient.actor, Purpose.SELF, patient.record_id, Kind.MEASURE, "measure:weight")
    return [str(each.line.value.normalize()) for each in found.found if each.line.value] if found else []


def test_a_weight_is_added_corrected_hidden_and_taken_back(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor(profession="60"))
    assert "Aucune mesure pour l'instant." in guest.text("/sante/mesures")
    add = "/sante/mesures/weight/ajouter"
    filled = dict(re.findall(r'name="(jour|heure)" value="([^"]+)"', guest.opens(add).text))
    assert set(filled) == {"jour", "heure"}
    answer = guest.asks(add, {"valeur": "72,5", **filled, "qui": "visible"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sante/mesures/weight?fait=ajoute")
    said = guest.text("/sante/mesures/weight?fait=ajoute")
    assert "La mesure est ajoutée." in said
    assert "72,5 kg" in said
    assert "Noté par vous" in said
    own = re.search(r"/sante/mesures/weight/[0-9a-f-]{36}", guest.opens("/sante/mesures/weight").text)
    assert own
    assert 'value="72,5"' in guest.opens(own[0]).text
    guest.asks(own[0], {"valeur": "71,5", **filled, "qui": "masque"})
    assert weights(guest.patient) == ["71.5"]
    own = re.search(r"/sante/mesures/weight/[0-9a-f-]{36}", guest.opens("/sante/mesures/weight").text)
    assert own
    page = guest.opens(own[0]).text
    assert re.search(r'value="masque"[^>]* checked', page), "correcting it once more does not show it"
    try:
        seen = results.latest(doctor, Purpose.CARE, guest.patient.record_id, Kind.MEASURE)
    except Refused:
        seen = ()
    assert seen == ()
    guest.asks(own[0], {"acte": "retirer"})
    assert weights(guest.patient) == []
    assert guest.opens(own[0]).status_code == 404


def measure(code: str, value: str, unit: str, ucum: str) -> Observation:
    return replace(
        result("1", code=code),
        kind=Kind.MEASURE,
        code=Concept("Mesure", (Coded(code, LOINC, "Mesure"),)),
        value=Quantity(Decimal(value), unit, ucum),
    )


def pressure(unit: str, ucum: str, *values: str) -> Observation:
    parts = tuple(
        Component(code=Concept("", (Coded(code, LOINC),)), value=Quantity(Decimal(value), unit, ucum))
        for code, value in zip(("8480-6", "8462-4"), values, strict=True)
    )
    return replace(measure("85354-9", "1", "", ""), value=None, components=parts)


@pytest.mark.parametrize(
    ("slug", "entry", "told"),
    [
        ("weight", measure("29463-7", "159", "lb", "[lb_av]"), "72,1 kg (159 lb dans le document)"),
        ("height", measure("8302-2", "175", "cm", "cm"), "1,75 m (175 cm dans le document)"),
        ("body-temperature", measure("8310-5", "98.6", "°F", "[degF]"), "37 °C (98,6 °F dans le document)"),
        ("head-circumference", measure("9843-4", "420", "mm", "mm"), "42 cm (420 mm dans le document)"),
        (
            "blood-pressure",
            pressure("kPa", "kPa", "16.0", "10.7"),
            "120 / 80,3 mmHg (16,0 / 10,7 kPa dans le document)",
        ),
        ("weight", measure("29463-7", "72.10", "kg", "kg"), "72,10 kg"),
    ],
)
def test_a_measure_that_a_document_states_in_another_unit_keeps_its_own_words(
    guest: Guest, slug: str, entry: Observation, told: str
) -> None:
    document_stating(guest.patient, entry)
    page = guest.text(f"/sante/mesures/{slug}").replace(" )", ")")
    assert page.count(told) == 2, "in its head, and in its table"
    assert page.count("dans le document") == 2 * told.count("dans le document")


def test_what_cannot_be_is_told_at_its_field(guest: Guest) -> None:
    at = {"jour": "12 3 2024", "heure": "8 h 30", "qui": "visible"}
    for fields, told in (
        ({**at, "valeur": ""}, "Saisissez une valeur : poids"),
        ({**at, "valeur": "lourd"}, "Écrivez un nombre"),
        ({**at, "valeur": "7000"}, "Écrivez une valeur entre 0,2 et 650 kg"),
        ({**at, "valeur": "70", "jour": "31 2 2024"}, "Écrivez la date comme ceci"),
        ({**at, "valeur": "70", "heure": "25 h"}, "Écrivez l'heure comme ceci"),
        ({**at, "valeur": "70", "jour": "1 1 2999"}, "celle-ci n'est pas encore venue"),
        ({**at, "valeur": "70", "qui": ""}, "Choisissez qui verra cette mesure"),
    ):
        answer = guest.sends("/sante/mesures/weight/ajouter", fields)
        assert answer.status_code == 422
        assert told in plain(answer.text)
    pair = "/sante/mesures/blood-pressure/ajouter"
    swapped = guest.sends(pair, {**at, "systolic": "80", "diastolic": "130"})
    assert "La seconde valeur est plus petite que la première" in plain(swapped.text)
    assert "entre 30 et 350 mmHg" in plain(guest.sends(pair, {**at, "systolic": "13", "diastolic": "80"}).text)
    assert "130 / 80 mmHg" in plain(guest.sends(pair, {**at, "systolic": "130", "diastolic": "80"}).text)
    assert guest.opens("/sante/mesures/nothing/ajouter").status_code == 404


def test_a_target_of_ones_own_is_set_changed_and_taken_back(guest: Guest) -> None:
    page = "/sante/mesures/weight/objectif"
    assert guest.sends(page, {"valeur": "70", "sens": ""}).status_code == 422
    guest.asks(page, {"valeur": "70", "sens": "plus"})
    guest.asks(
        "/sante/mesures/weight/ajouter", {"valeur": "69", "jour": "12 3 2024", "heure": "8:30", "qui": "visible"}
    )
    said = guest.text("/sante/mesures/weight")
    assert "Votre objectif, noté le" in said
    assert "au plus 70 kg" in said
    assert "Objectif atteint" in said
    guest.asks(page, {"valeur": "68", "sens": "plus"})
    assert "Objectif non atteint" in guest.text("/sante/mesures/weight")
    guest.asks(page, {"acte": "retirer"})
    assert "Votre objectif, noté" not in guest.text("/sante/mesures/weight")


def test_a_target_of_ones_own_for_blood_pressure_is_of_two_numbers(guest: Guest) -> None:
    page = "/sante/mesures/blood-pressure/objectif"
    wrong = guest.sends(page, {"systolic": "85", "diastolic": "135", "sens": "plus"})
    assert wrong.status_code == 422
    assert "La seconde valeur est plus petite que la première" in plain(wrong.text)
    assert guest.sends(page, {"systolic": "135", "sens": "plus"}).status_code == 422
    told = plain(guest.sends(page, {"systolic": "135", "diastolic": "85", "sens": "plus"}).text)
    assert "au plus 135 / 85 mmHg" in told
    kept = guest.opens(page).text
    assert 'value="135"' in kept
    assert 'value="85"' in kept
    for day, high, low, reached in (
        ("12 3 2024", "130", "80", True),
        ("13 3 2024", "130", "90", False),
        ("14 3 2024", "140", "80", False),
    ):
        said = {"systolic": high, "diastolic": low, "jour": day, "heure": "8:30", "qui": "visible"}
        guest.asks("/sante/mesures/blood-pressure/ajouter", said)
        there = guest.text("/sante/mesures/blood-pressure")
        assert ("au fil du temps" in there) == (day != "12 3 2024"), "one moment makes no curve"
        assert ("Objectif atteint" in there, "Objectif non atteint" in there) == (reached, not reached), day
    drawn = guest.opens("/sante/mesures/blood-pressure").text
    assert drawn.count('<path class="goal"') == 4, "two lines, in two sizes"
    assert "Objectif : au plus 135 / 85 mmHg" in plain(drawn)
    assert "De 130 / 80 mmHg en mars 2024 à 140 / 80 mmHg en mars 2024." in plain(drawn)
    guest.asks(page, {"acte": "retirer"})
    assert "Votre objectif, noté" not in guest.text("/sante/mesures/blood-pressure")


def test_the_target_that_is_drawn_is_the_one_that_is_named(guest: Guest) -> None:
    """A professional's before the person's own, though that is the newer one."""
    record_id = guest.patient.record_id
    doctor = people.authorised(guest.patient, people.a_doctor())
    ways = ((doctor, Purpose.CARE, "65", "2024-03-12"), (guest.patient.actor, Purpose.SELF, "70", "2024-05-02"))
    for who, purpose, most, at in ways:
        wanted = Quantity(Decimal(most), "kg", "kg", "<=")
        entry = goals.stated("measure:weight", Kind.MEASURE, "Poids", wanted, at)
        stating.state(who, purpose, record_id=record_id, entry=entry)
    for value, month in (("69", "3"), ("68", "4")):
        said = {"valeur": value, "jour": f"12 {month} 2024", "heure": "8:30", "qui": "visible"}
        guest.asks("/sante/mesures/weight/ajouter", said)
    series = results.one(guest.patient.actor, Purpose.SELF, record_id, Kind.MEASURE, "measure:weight")
    assert series
    assert result_words.drawn(series, "kg") == result_words.Drawn((Decimal(65),), "au plus 65\u00a0kg")
    page = guest.text("/sante/mesures/weight")
    assert "Objectif : au plus 65 kg" in page
    assert "le 12 mars 2024 : au plus 65 kg" in page
    assert "Votre objectif, noté le 2 mai 2024 : au plus 70 kg" in page


def opening(who: Browsing, key: str) -> None:
    sent = {"ouvrir": str(record_id(key)), **token(who.opens("/carnets").text)}
    assert who.client.post("/carnets/ouvrir", data=sent, follow_redirects=True).status_code == 200


def test_a_parent_writes_for_a_child_and_a_carer_is_not_let_in(server: str) -> None:
    with browsing(server, "dominique") as dominique:
        opening(dominique, "lea")
        said = dominique.text("/sante/mesures")
        assert "avec la référence CDC 2000 (États-Unis)" in said
        at = {"jour": "12 3 2024", "heure": "8:30", "qui": "visible"}
        answer = dominique.sends("/sante/mesures/height/ajouter", {**at, "valeur": "1,10"})
        assert "1,1 m" in plain(answer.text)
        opening(dominique, "jean")
        assert dominique.opens("/sante/mesures").status_code == 404
        assert dominique.opens("/sante/resultats").status_code == 404
