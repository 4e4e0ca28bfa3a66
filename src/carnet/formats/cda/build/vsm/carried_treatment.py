"""Treatments as CDA carries them: one dosage, its rhythm by a simple period, the rest in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from carnet.formats.cda.build.vsm.carried_values import bounds, concept, concepts, plain, quantity
from carnet.formats.clinical.model import (
    Dosage,
    Product,
    Timing,
    Treatment,
)
from carnet.formats.clinical.posology import figures, worded
from carnet.formats.clinical.values import NOTHING, Concept, Quantity, Range, Ratio

__all__ = ["EVENTS", "product", "treatment"]


EVENTS: Final = frozenset({"HS", "WAKE", "C", "CM", "CD", "CV", "AC", "ACM", "ACD", "ACV", "PC", "PCM", "PCD", "PCV"})


def product(code: Concept, found: Product) -> Product:
    return Product(code=code, form=concept(found.form), lot=plain(found.lot), manufacturer=plain(found.manufacturer))


def treatment(found: Treatment) -> Treatment:
    code = concept(found.product.code) or found.code
    denied = found.status == "not-taken"
    if found.absence:
        return replace(
            found, code=found.code or code, status="unknown", product=Product(NOTHING), dosages=(), reasons=()
        )
    return replace(
        found,
        code=code,
        status="not-taken" if denied else "unknown",
        product=product(code, found.product),
        dosages=_dosages(found.dosages, code.label),
        reasons=tuple(dict.fromkeys(concepts(found.reasons))),
    )


def _dosages(found: tuple[Dosage, ...], named: str) -> tuple[Dosage, ...]:
    """One: several phases are told in their words, else in those of their figures."""
    if not found:
        return ()
    several = len(found) > 1
    kept = Dosage(text=" ; ".join(filter(None, map(_words, found)))) if several else _dosage(found[0])
    kept = replace(kept, text="" if kept.text == named else kept.text)
    return () if kept == Dosage() else (kept,)


def _words(found: Dosage) -> str:
    return plain(worded(found))


def _dosage(found: Dosage) -> Dosage:
    needed = found.as_needed
    said = needed.label if isinstance(needed, Concept) else "si besoin" if needed else ""
    timing = _timing(found.timing)
    whole = _is_told(found.timing, timing) and found.most_at_once is None and not isinstance(found.rate, Ratio)
    return Dosage(
        text=plain(found.text or ("" if whole else figures(replace(found, as_needed=False)))),
        timing=timing,
        as_needed=Concept(plain(said)) if said.strip(" -–.") else False,
        site=concept(found.site),
        route=concept(found.route),
        dose=_dose(found.dose),
        rate=_dose(found.rate) if not isinstance(found.rate, Ratio) else None,
        most=_most(found.most),
        instructions=plain(found.instructions),
    )


def _dose(found: Quantity | Range | None) -> Quantity | Range | None:
    if isinstance(found, Range):
        kept = bounds(found)
        if kept.low is None and kept.high is None:
            return None
        return kept.low if kept.low == kept.high else kept
    return quantity(found)


def _most(found: Ratio | None) -> Ratio | None:
    if found is None:
        return None
    over, under = quantity(found.numerator), quantity(found.denominator)
    return Ratio(over, under) if over and under else None


def _timing(found: Timing | None) -> Timing | None:
    """Once in every period, at events of the day: all else is in the words."""
    if found is None:
        return None
    every = quantity(found.period) if found.frequency == 1 and found.frequency_max in (None, 1) else None
    kept = Timing(
        frequency=1 if every else None, period=every, when=tuple(each for each in found.when if each in EVENTS)
    )
    return kept if kept != Timing() else None


def _is_told(found: Timing | None, kept: Timing | None) -> bool:
    """Whether nothing of the rhythm is lost."""
    if found is None or kept is None:
        return found is None or found == Timing()
    told = Timing(when=kept.when, period=found.period if kept.period else None)
    if kept.period:
        told = replace(told, frequency=found.frequency, frequency_max=found.frequency_max)
    return found == told
