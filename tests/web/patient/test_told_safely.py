"""The person's pages and paper claim nothing that no source says, and leave out nothing that one does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest

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
    Reaction,
    RelativeCondition,
    Timing,
)
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology.choices import ATC, ICD10
from carnet.formats.terminology.systems import LOINC
from carnet.health import stating as saying
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from tests import people
from tests.health.stated import stating
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain
from tests.web.patient.test_summary import HOME, Own, words_of


@pytest.fixture
def own(server: str) -> Iterator[Own]:
    patient = people.a_patient()
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield Own(client, patient)


def ago(days: int) -> str:
    return (clock.now() - timedelta(days=days)).date().isoformat()


def days(number: int) -> Quantity:
    return Quantity(Decimal(number), "d", "d")


def medicine(label: str, dose: str = "", code: str = "", **more: Any) -> Prescription:
    given: dict[str, Any] = {"status": "active", "when": Span(ago(20))}
    given |= {"dosages": (Dosage(text=dose),) if dose else ()} | more
    name = Concept(label, (Coded(code, ATC, ""),) if code else ())
    return Prescription(kind=Kind.PRESCRIPTION, code=Concept(), product=Product(name), path=label + dose, **given)


def twice(number: int, lasting: Quantity | None = None) -> Dosage:
    timing = Timing(frequency=number, period=days(1), bounds=lasting)
    return Dosage(dose=Quantity(Decimal(2), "comprimés"), timing=timing)


def test_each_medicine_that_runs_is_told_by_its_own_name_with_its_own_dose(own: Own) -> None:
    stating(
        own.patient,
        medicine("LEVOTHYROX 100 microgrammes", "1 comprimé le matin", "H03AA01"),
        medicine("LEVOTHYROX 25 microgrammes", "un demi le matin", "H03AA01"),
        medicine("PREDNISONE 20 mg", "3 comprimés le matin", "H02AB07"),
        medicine("PREDNISONE 20 mg", "1 comprimé le soir", "H02AB07"),
        medicine("LOSARTAN/HYDROCHLOROTHIAZIDE ARROW 50 mg/12,5 mg", "1 le midi"),
        medicine("HYDROCHLOROTHIAZIDE 25 mg", "1 le lundi"),
        medicine("APIXABAN 5 mg", dosages=(twice(2, days(7)), twice(1))),
        medicine("ROSUVASTATINE EG 5 mg, comprimé pelliculé", when=Span()),
        medicine("COUMADINE 5 mg", intent="proposal"),
        medicine("AMOXICILLINE 1 g", "2 par jour", when=Span(ago(20), ago(14))),
    )
    page = plain(own.opens("/sante").text)
    paper = words_of(own.pdf("choix=1&partie=traitements"))
    for told in (page, paper):
        for words in (
            "LEVOTHYROX 100 microgrammes : 1 comprimé le matin",
            "LEVOTHYROX 25 microgrammes : un demi le matin",
        ):
            assert words in told, words
        for words in ("3 comprimés le matin", "1 comprimé le soir"):
            assert words in told, words
        assert "LOSARTAN/HYDROCHLOROTHIAZIDE ARROW" in told
        assert "1 le lundi" in told
        assert "2 comprimés 2 fois par jour pendant 7 jours" in told, "the first week"
        assert "AMOXICILLINE" not in told, "it is over"
        assert "COUMADINE 5 mg" in told
        assert "Prévu ou proposé, pas commencé" in told
    for name in ("Rosuvastatine", "Apixaban"):
        assert name in page, name
        assert name.upper() in paper, name
    all_of_them = plain(own.opens("/sante/traitements").text)
    assert "1 traitement terminé" in all_of_them, "the antibiotic alone"
    running, _, foreseen = all_of_them.partition("Prévus ou proposés")
    assert "ROSUVASTATINE EG 5 mg" in running
    assert "COUMADINE" not in running
    assert "COUMADINE 5 mg" in foreseen
    assert "Prévu ou proposé, pas commencé" in all_of_them
    assert HOME in own.opens("/sante").text


_IPS = "2.16.840.1.113883.5.1150.1"
_ROLE = "2.16.840.1.113883.5.111"
MOTHER = Concept("", (Coded("MTH", _ROLE, "Mère"),))


def coded(words: str, code: str, system: str = ICD10) -> Concept:
    return Concept(words, (Coded(code, system, ""),))


def problem(words: str, code: str = "", **more: Any) -> Problem:
    given: dict[str, Any] = {"clinical": "active", "path": words + str(more)} | more
    return Problem(kind=Kind.PROBLEM, code=coded(words, code) if code else Concept(words), **given)


def act(words: str, status: str, start: str) -> Procedure:
    return Procedure(kind=Kind.PROCEDURE, code=Concept(words), status=status, when=Span(start), path=words)


def seen(kind: Kind, code: Concept, value: Any, **more: Any) -> Observation:
    return Observation(kind=kind, code=code, status="final", value=value, path=code.label + str(more), **more)


def none(kind: type[Allergy | Problem], of: Kind, words: str, code: str) -> Entry:
    return kind(kind=of, code=coded(words, code, _IPS), absence=True, path=words)


DISEASES = (
    problem("Stimulateur cardiaque", "Z95.0"),
    problem("Valve mécanique", "Z95.2"),
    problem("Stent coronaire", "Z95.5"),
    problem("Coxarthrose", "M16.1", body_site=Concept("hanche droite")),
    problem("Coxarthrose", "M16.1", body_site=Concept("hanche gauche")),
    problem("Cancer du sein", "C50.9", verification="provisional"),
    problem("Lupus", verification="differential"),
    problem("Embolie pulmonaire", verification="unconfirmed"),
    problem("Tuberculose", verification="refuted"),
    problem("Diabète", verification="entered-in-error"),
)


def sections(own: Own, whole: str = "sejours") -> dict[str, str]:
    page = own.opens(f"/sante?tout={whole}").text
    parts = page.split('<section class="cn-card" id="')[1:]
    return {part.partition('"')[0]: plain(part.partition("</section>")[0]) for part in parts}


def test_no_disease_hides_another_and_what_is_suspected_is_told_as_such(own: Own) -> None:
    stating(own.patient, *DISEASES, seen(Kind.PREGNANCY, coded("Prééclampsie", "O14.9"), value=False, absence=True))
    part = sections(own, "problemes")["problemes"]
    paper = words_of(own.pdf("choix=1&partie=problemes"))
    for told in (part, paper):
        for each in DISEASES:
            assert each.code.label in told, each.code.label
        assert told.count("Coxarthrose") >= 2
        assert "Hanche droite" in told
        assert "Hanche gauche" in told
        assert "Diagnostic provisoire, non confirmé" in told
        assert "Hypothèse parmi d'autres, non confirmée" in told
        assert "Non confirmé" in told
        assert "Écarté" in told
        assert "Saisi par erreur" in told
        assert "Prééclampsie" in told, "named, and denied"
        assert "Non" in told.partition("Prééclampsie")[2]
        assert "Je n'ai pas" not in told


def test_not_known_is_not_none_and_each_source_keeps_its_words(own: Own, server: str) -> None:
    stating(own.patient, none(Allergy, Kind.ALLERGY, "Pas d'information", "no-allergy-info"))
    stating(own.patient, none(Allergy, Kind.ALLERGY, "Pas d'allergie alimentaire connue", "no-known-food-allergies"))
    part = sections(own)["allergies"]
    paper = words_of(own.pdf())
    for told in (part, paper):
        assert "Non renseigné" in told
        assert "Pas d'allergie alimentaire connue" in told
        assert "Je n'ai pas d'allergie" not in told
        assert "personne ne l'a dit" not in told
    stating(
        own.patient,
        Allergy(
            kind=Kind.ALLERGY,
            code=Concept("Latex"),
            verification="unconfirmed",
            reactions=(Reaction(manifestations=(Concept("choc"),), severity="severe"),),
        ),
    )
    must = plain(own.opens("/sante").text.partition("cn-alert--danger")[2].partition("</ul>")[0])
    for told in (must, words_of(own.pdf())):
        assert "Non confirmée" in told
        assert "Réaction grave" in told
        assert "hoc" in told
    hidden = people.a_patient()
    saying.state(
        hidden.actor,
        Purpose.SELF,
        record_id=hidden.record_id,
        entry=Allergy(kind=Kind.ALLERGY, code=Concept("Pénicilline"), clinical="active"),
        masked=True,
    )
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(hidden.actor)}) as client:
        paper = words_of(Own(client, hidden).pdf())
    assert "Pénicilline" not in paper
    assert "personne ne l'a dit" not in paper
    assert "Rien dans ce qui est montré ici." in paper


def test_what_is_planned_or_not_done_is_no_history_and_a_mothers_habit_no_childs(own: Own) -> None:
    brothers = (
        FamilyHistory(
            kind=Kind.FAMILY,
            code=coded("Frère", "BRO", _ROLE),
            status="completed",
            path=disease,
            conditions=(RelativeCondition(code=Concept(disease)),),
        )
        for disease in ("Infarctus", "Mucoviscidose")
    )
    smokes = coded("Tabagisme", "72166-2", LOINC)
    stating(
        own.patient,
        act("Appendicectomie", "completed", "1999-07-14"),
        act("Splénectomie", "not-done", "2024-03-01"),
        act("Prothèse de hanche", "preparation", "2027-03-01"),
        Encounter(
            kind=Kind.ENCOUNTER, code=Concept("Cure thermale"), status="planned", when=Span("2027-04-01", "2027-04-20")
        ),
        Device(kind=Kind.DEVICE, code=Concept("Lit médicalisé"), status="intended", path="lit"),
        Device(kind=Kind.DEVICE, code=Concept("Pompe à insuline"), status="stopped", path="pompe"),
        seen(Kind.SOCIAL, smokes, "20 par jour", about=MOTHER),
        seen(Kind.SOCIAL, smokes, "Jamais"),
        seen(
            Kind.RESULT,
            coded("Anticorps anti-machin", "LOCAL-1", "1.2.250.1.999"),
            Quantity(Decimal(12), "UI/mL"),
            when=Span(ago(30)),
        ),
        *brothers,
    )
    told = sections(own)
    asked = "&".join(f"partie={name}" for name in ("sejours", "besoins", "vie", "famille", "resultats"))
    paper = words_of(own.pdf(f"choix=1&{asked}"))
    for stays in (told["sejours"], paper):
        assert "Pas fait" in stays.partition("Splénectomie")[2]
        assert "Prévu" in stays.partition("Prothèse de hanche")[2][:60]
        assert "Prévu" in stays.partition("Cure thermale")[2][:60]
        assert "Appendicectomie" in stays
    for needs in (told["besoins"], paper):
        assert "Prescrit ou prévu, pas encore porté" in needs
        assert "N'est plus porté" in needs
    for life in (told["vie"], paper):
        assert "Tabagisme (mère)" in life
        assert "20 par jour" in life
        assert "Jamais" in life
    for kin in (told["famille"], paper):
        assert "Frère : Infarctus" in kin
        assert "Frère : Mucoviscidose" in kin
    assert "Anticorps anti-machin" in paper, "an analysis that our table does not know"
    assert "12 UI/mL" in paper
