"""What Dominique says of herself, beside what documents say of her: said, not deposited."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from carnet.demo.cast import record_id
from carnet.demo.entrance import actor_of
from carnet.formats.clinical.model import (
    Dosage,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Problem,
    Product,
    RelativeCondition,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology import choices
from carnet.formats.terminology.choices import Of
from carnet.formats.terminology.systems import LOINC
from carnet.health import boxes, profile, schedule, situations, stating
from carnet.health.profile import Own
from carnet.kernel import clock
from carnet.kernel.actor import Purpose

WHO: Final = "dominique"
_ROLE: Final = "2.16.840.1.113883.5.111"


def say_own_words() -> None:
    """Once: who has named somebody to call is left alone."""
    holder, record = actor_of(WHO), record_id(WHO)
    if profile.told(holder, Purpose.SELF, record, ()).words:
        return
    for entry in _entries():
        stating.state(holder, Purpose.SELF, record_id=record, entry=entry)
    for kind, name, relation, phone in (
        (Own.CONTACT, "Claire PAT-TROIS", "sœur", "06 39 98 12 34"),
        (Own.TRUSTED, "Claire PAT-TROIS", "sœur", "06 39 98 12 34"),
    ):
        profile.say(holder, Purpose.SELF, record_id=record, kind=kind, name=name, relation=relation, phone=phone)


def _entries() -> list[Entry]:
    migraine = _chosen(Of.PROBLEM, "Migraine")
    return [
        Problem(kind=Kind.PROBLEM, code=migraine, when=Span("2003"), clinical="active"),
        Treatment(
            kind=Kind.TREATMENT,
            code=Concept(),
            status="active",
            product=Product(_chosen(Of.SUBSTANCE, "Paracétamol")),
            dosages=(Dosage(text="1 gramme quand la migraine commence"),),
            reasons=(migraine,),
        ),
        FamilyHistory(
            kind=Kind.FAMILY,
            code=Concept("Mère", (Coded("MTH", _ROLE, "Mère"),)),
            status="partial",
            conditions=(
                RelativeCondition(
                    code=_chosen(Of.PROBLEM, "Diabète de type 2"), onset=Quantity(Decimal(58), "ans", "a")
                ),
            ),
        ),
        Observation(
            kind=Kind.SOCIAL,
            code=Concept("Tabac", (Coded("72166-2", LOINC, "Tabac"),)),
            status="final",
            value="J'ai arrêté de fumer en 2012",
        ),
        Vaccination(
            kind=Kind.VACCINATION,
            code=Concept("Vaccin hépatite B"),
            status="completed",
            when=Span("1995"),
            targets=(boxes.concept("hepatitis_b"),),
        ),
        Vaccination(
            kind=Kind.VACCINATION,
            code=Concept("Vaccin DTPolio"),
            status="completed",
            when=Span("2004"),
            targets=tuple(map(boxes.concept, ("diphtheria", "tetanus", "polio"))),
        ),
        situations.stated("guyane", schedule.edition_on(clock.now().date()).sayable["guyane"]),
    ]


def _chosen(of: Of, label: str) -> Concept:
    """From the short lists of the pages, where it is in one."""
    known = choices.named(of, label)
    return known.concept if known else Concept(label)
