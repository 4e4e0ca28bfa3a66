"""The French guide *mesures de santé* (3.1.0): which profile a measure has, and when it keeps to it."""

from __future__ import annotations

from typing import Final

from carnet.formats.clinical.model import Observation
from carnet.formats.clinical.values import Quantity, Value
from carnet.formats.terminology import systems

__all__ = ["is_vital", "profile"]

_GUIDE: Final = "https://interop.esante.gouv.fr/ig/fhir/mesures/StructureDefinition/mesures-"
_TA_ASIP: Final = "1.2.250.1.213.1.1.4.322"
# The name of the profile and the unit in UCUM, by system and code.
_LOINC: Final = {
    "29463-7": ("fr-observation-body-weight", "kg"),
    "8302-2": ("fr-observation-bodyheight", "cm"),
    "39156-5": ("fr-observation-bmi", "kg/m2"),
    "8287-5": ("observation-head-circumference", "cm"),
    "8280-0": ("observation-waist-circumference", "cm"),
    "8867-4": ("fr-observation-heartrate", "/min"),
    "8310-5": ("fr-observation-body-temperature", "Cel"),
    "2708-6": ("fr-observation-oxygen-sat", "%"),
    "59408-5": ("fr-observation-oxygen-sat", "%"),
    "9279-1": ("fr-observation-resp-rate", "/min"),
    "2345-7": ("observation-glucose", "mg/dL"),
    "2339-0": ("observation-glucose", "mg/dL"),
    "4548-4": ("observation-hb1ac", "%"),
    "41950-7": ("observation-steps-by-day", "1/(24.h)"),
    "72514-3": ("observation-pain-severity", "1"),
    "2093-3": ("observation-cholesterol-total", "mmol/L"),
    "2085-9": ("observation-cholesterol-hdl", "mmol/L"),
    "2089-1": ("observation-cholesterol-ldl", "mmol/L"),
    "2571-8": ("observation-cholesterol-trigly", "mmol/L"),
}
_NATIONAL: Final = {"MED-969": ("observation-glucose", "mg/dL"), "MED-972": ("observation-glucose", "%")}
_PRESSURE: Final = "85354-9"
_PRESSURES: Final = frozenset({"8480-6", "8462-4"})
# Laboratories make the others too: their code alone does not make them a measure.
_ANALYSES: Final = frozenset({"2345-7", "2339-0", "4548-4", "2093-3", "2085-9", "2089-1", "2571-8"})


def is_vital(loinc: str) -> bool:
    return loinc in (_LOINC.keys() - _ANALYSES) | {_PRESSURE} | _PRESSURES


def profile(entry: Observation) -> str:
    """The profile that this measure keeps to: its code, its unit, at one moment; "" for none."""
    if not entry.when.start or entry.when.end or entry.when.open_end:
        return ""
    loinc = entry.code.code_of(systems.LOINC)
    if loinc == _PRESSURE:
        parts = {each.code.code_of(systems.LOINC) for each in entry.components if _is_in(each.value, "mm[Hg]")}
        return f"{_GUIDE}fr-observation-bp" if parts == _PRESSURES else ""
    name, unit = _LOINC.get(loinc) or _NATIONAL.get(entry.code.code_of(_TA_ASIP)) or ("", "")
    return _GUIDE + name if name and _is_in(entry.value, unit) else ""


def _is_in(value: Value | None, unit: str) -> bool:
    return isinstance(value, Quantity) and value.ucum == unit
