"""What a professional's screen is shown with, and how its cards are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from carnet.documents.actions import Deposited
from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dosage,
    Encounter,
    Entry,
    Kind,
    Observation,
    Prescription,
    Problem,
    Procedure,
    Product,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Quantity, Range, Span
from carnet.formats.entry import Coded, Organisation
from carnet.formats.terminology.systems import LOINC
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from tests.health.stated import stating as deposited_stating
from tests.people import Resident, entry
from tests.web.pro.desk import Desk, plain, record

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


def card(page: str, name: str) -> str:
    """What stands in one card, in words; "" where there is none."""
    _, found, after = page.partition(f'id="{name}" aria-labelledby')
    return plain(f"<{after.partition('</section>')[0]}") if found else ""


def looks(desk: Desk, patient: Resident, query: str = "") -> str:
    if not query:
        desk.finds(patient.ins)
    return desk.opens(record(patient.record_id) + query).text


def flagged(code: str, *labs: Observation) -> list[Observation]:
    said = Concept(code, (Coded(code, "2.16.840.1.113883.5.83", code),))
    return [replace(each, interpretations=(said,)) for each in labs]


def an_act(name: str, status: str, day: str) -> Procedure:
    return Procedure(kind=Kind.PROCEDURE, code=Concept(name), status=status, when=Span(day), path=name)
