"""A fact in words, as its source has it: what it is called, what was measured, where that stands by the laboratory's
own values. Never good or bad. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Protocol

from carnet.formats.clinical.model import Kind, Observation
from carnet.formats.clinical.values import Quantity
from carnet.formats.terminology import units
from carnet.health import flags, stored
from carnet.health.trends import Place
from carnet.web import words
from carnet.web.i18n import FRENCH, gettext, language
from carnet.web.standing_words import standing_word
from carnet.web.words import marked

_WORDS: Final = {
    Place.ABOVE: marked("Au-dessus des valeurs du laboratoire"),
    Place.BELOW: marked("En dessous des valeurs du laboratoire"),
    Place.INSIDE: marked("Dans les valeurs du laboratoire"),
}
_COMPARATORS: Final = {
    "<": marked("moins de %(value)s"),
    "<=": marked("au plus %(value)s"),
    ">": marked("plus de %(value)s"),
    ">=": marked("au moins %(value)s"),
}
_STANDING: Final = {
    "refuted": marked("écarté"),
    "not-done": marked("pas fait"),
    "cancelled": marked("annulé"),
    "entered-in-error": marked("saisi par erreur"),
    **dict.fromkeys(("unconfirmed", "provisional", "differential"), marked("non confirmé")),
    **dict.fromkeys(("preparation", "planned", "intended", "proposed", "draft"), marked("prévu")),
}
KINDS: Final = {
    Kind.RESULT: (marked("Résultats"), "test-pipe"),
    Kind.MEASURE: (marked("Mesures"), "heart-rate-monitor"),
    Kind.PREGNANCY: (marked("Grossesse"), "heart-rate-monitor"),
    Kind.BIRTH: (marked("Naissance"), "heart-rate-monitor"),
    Kind.FUNCTION: (marked("Autonomie"), "user"),
    Kind.SOCIAL: (marked("Mode de vie"), "user"),
    Kind.PROBLEM: (marked("Problème de santé"), "heart-rate-monitor"),
    Kind.ALLERGY: (marked("Allergie ou intolérance"), "alert-triangle"),
    Kind.TREATMENT: (marked("Traitement"), "pill"),
    Kind.PRESCRIPTION: (marked("Prescription"), "pill"),
    Kind.DISPENSATION: (marked("Retiré en pharmacie"), "pill"),
    Kind.VACCINATION: (marked("Vaccin"), "vaccine"),
    Kind.PROCEDURE: (marked("Acte"), "report-medical"),
    Kind.REIMBURSED: (marked("Acte remboursé"), "receipt"),
    Kind.DEVICE: (marked("Dispositif"), "first-aid-kit"),
    Kind.ENCOUNTER: (marked("Consultation ou séjour"), "stethoscope"),
    Kind.FAMILY: (marked("Famille"), "users"),
}


class Measured(Protocol):
    """`health.history.Fact`, and the hits of `health.searching`."""

    @property
    def kind(self) -> Kind: ...
    @property
    def label(self) -> str: ...
    @property
    def since(self) -> datetime | None: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def low(self) -> Decimal | None: ...
    @property
    def high(self) -> Decimal | None: ...
    @property
    def comparator(self) -> str: ...
    @property
    def interpretation(self) -> str: ...
    @property
    def fhir(self) -> str: ...
    @property
    def struck(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Told:
    """`position` is None when the laboratory's values are not known; `place` is it in words."""

    label: str
    value: str
    position: Place | None
    place: str
    struck: bool


def told(fact: Measured) -> Told:
    where = _position(fact)
    label = fact.label or gettext(KINDS[fact.kind][0])
    return Told(label, value(fact) or _standing(fact), where, gettext(_WORDS[where]) if where else "", fact.struck)


def standing(state: str) -> str:
    """By its state alone, in a line of others: that it was denied, not done, or is but planned; "" for what holds."""
    return gettext(_STANDING[state]) if state in _STANDING else ""


def _standing(fact: Measured) -> str:
    """What was asked and answered by no is told so: its name alone would say the contrary."""
    entry = stored.entry_of(fact.fhir)
    if entry is None:
        return ""
    denied = entry.absence and isinstance(entry, Observation)
    return gettext("non") if denied else standing_word(entry).lower()


def value(fact: Measured) -> str:
    """As its source printed it; "" for what has no value."""
    return _printed(fact.fhir, language()) if fact.kind in {Kind.RESULT, Kind.MEASURE} else ""


@lru_cache(maxsize=stored.MOST)
def _printed(text: str, _language: str) -> str:
    """A history tells hundreds, and the next page of it the same ones: remembered as `stored` says."""
    resource: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return _value(resource) or _parts(resource)


def _value(resource: Mapping[str, Any]) -> str:
    for name, written in resource.items():
        if name == "valueQuantity":
            return _quantity(written)
        if name == "valueCodeableConcept":
            return _concept(written)
        if name in {"valueString", "valueInteger", "valueDateTime"}:
            return str(written)
        if name == "valueBoolean":
            return gettext("oui") if written else gettext("non")
        if name == "valueRange":
            ends = [_quantity(written[end]) for end in ("low", "high") if end in written]
            return " – ".join(ends)
    return ""


def _parts(resource: Mapping[str, Any]) -> str:
    """Of what means nothing alone: a blood pressure."""
    found = [part["valueQuantity"] for part in resource.get("component", ()) if "valueQuantity" in part]
    if not found:
        return ""
    numbers = " / ".join(_number(each["value"]) for each in found if "value" in each)
    plain = f"{numbers} {_unit(found[0])}".strip()
    # Of what is aimed at, « moins de » is said once of both.
    told = {each.get("comparator", "") for each in found}
    pattern = _COMPARATORS.get(told.pop()) if len(told) == 1 else None
    return gettext(pattern) % {"value": plain} if pattern else plain


def _concept(written: Mapping[str, Any]) -> str:
    named = (each.get("display", "") for each in written.get("coding", ()))
    return str(written.get("text") or next(filter(None, named), ""))


def _quantity(written: Mapping[str, Any]) -> str:
    if "value" not in written:
        return ""
    plain = f"{_number(written['value'])} {_unit(written)}".strip()
    pattern = _COMPARATORS.get(written.get("comparator", ""))
    return gettext(pattern) % {"value": plain} if pattern else plain


def _unit(written: Mapping[str, Any]) -> str:
    unit, code = str(written.get("unit") or ""), str(written.get("code") or "")
    return words.unit(units.printed(code) if code and unit in {"", code} else unit)


def _number(number: Decimal | int) -> str:
    text = f"{number:f}" if isinstance(number, Decimal) else str(number)
    return text.replace(".", ",") if language() == FRENCH else text


def _position(fact: Measured) -> Place | None:
    number = Quantity(fact.value, "", "", fact.comparator) if fact.value is not None else None
    return flags.stands(fact.interpretation, number, fact.low, fact.high)
