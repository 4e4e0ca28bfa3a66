"""A dosage in French words, made of all its figures: for what states it in figures alone. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from carnet.formats.clinical.model import Dosage, Timing
from carnet.formats.clinical.values import Moment, Quantity, Range, Ratio, Span
from carnet.formats.terminology import units

__all__ = ["figures", "time_unit", "worded"]

# Of when a medicine is taken, in the words of HL7's EventTiming.
_MOMENTS: Final = {
    "MORN": "le matin",
    "NOON": "le midi",
    "AFT": "l'après-midi",
    "EVE": "le soir",
    "NIGHT": "la nuit",
    "HS": "au coucher",
    "WAKE": "au réveil",
    "CM": "au petit déjeuner",
    "CD": "au déjeuner",
    "CV": "au dîner",
    "C": "aux repas",
    "AC": "avant les repas",
    "ACM": "avant le petit déjeuner",
    "ACD": "avant le déjeuner",
    "ACV": "avant le dîner",
    "PC": "après les repas",
    "PCM": "après le petit déjeuner",
    "PCD": "après le déjeuner",
    "PCV": "après le dîner",
}
_DAYS: Final = {
    "mon": "le lundi",
    "tue": "le mardi",
    "wed": "le mercredi",
    "thu": "le jeudi",
    "fri": "le vendredi",
    "sat": "le samedi",
    "sun": "le dimanche",
}
# One and several, and whether « toutes les » goes with it.
_UNITS: Final = {
    "s": ("seconde", "secondes", "toutes"),
    "min": ("minute", "minutes", "toutes"),
    "h": ("heure", "heures", "toutes"),
    "d": ("jour", "jours", "tous"),
    "wk": ("semaine", "semaines", "toutes"),
    "mo": ("mois", "mois", "tous"),
    "a": ("an", "ans", "tous"),
}
_NAMED: Final = {
    "J": "d",
    "j": "d",
    "jour": "d",
    "jours": "d",
    "semaine": "wk",
    "semaines": "wk",
    "heure": "h",
    "heures": "h",
}
_FORMS: Final = {"tablet": "comprimé(s)", "tbl": "comprimé(s)", "count": ""}
_OF_A_DAY: Final = 16


def worded(dosage: Dosage) -> str:
    """Its own words, else its figures in ours."""
    said = dosage.text or figures(dosage)
    return ", ".join(filter(None, (said, "" if dosage.instructions in said else dosage.instructions)))


def figures(dosage: Dosage) -> str:
    return ", ".join(filter(None, _parts(dosage)))


def _parts(dosage: Dosage) -> Iterator[str]:
    rhythm = _rhythm(dosage.timing) if dosage.timing else ""
    amount = _of(dosage.dose)
    yield (", " if amount[-1:].isdigit() else " ").join(filter(None, (amount, rhythm)))
    yield f"débit {_of(dosage.rate)}" if dosage.rate else ""
    if isinstance(dosage.as_needed, bool):
        yield "si besoin" if dosage.as_needed else ""
    else:
        yield f"si besoin : {dosage.as_needed.label}"
    yield f"au plus {_amount(dosage.most_at_once)} par prise" if dosage.most_at_once else ""
    if dosage.most:
        yield f"au plus {_amount(dosage.most.numerator)} en {_amount(dosage.most.denominator)}"


def _of(found: Quantity | Range | Ratio | None) -> str:
    match found:
        case Quantity():
            return _amount(found)
        case Ratio():
            return f"{_amount(found.numerator)} / {_amount(found.denominator)}"
        case Range() if found.low and found.high:
            return f"{_number(found.low)} à {_amount(found.high)}"
        case Range() if found.low:
            return f"au moins {_amount(found.low)}"
        case Range() if found.high:
            return f"au plus {_amount(found.high)}"
        case Range():
            return found.text
    return ""


def _number(quantity: Quantity) -> str:
    return f"{quantity.value.normalize():f}".replace(".", ",")


def _amount(quantity: Quantity) -> str:
    return f"{_number(quantity)} {_unit(quantity)}".strip()


def time_unit(quantity: Quantity) -> str:
    """« jours », « an »: the plural begins at two; "" for what is no time."""
    one, several, _ = _UNITS.get(_time(quantity), ("", "", ""))
    return several if abs(quantity.value) >= 2 else one  # noqa: PLR2004


def _unit(quantity: Quantity) -> str:
    if time := time_unit(quantity):
        return time
    name = quantity.unit or quantity.ucum
    if name.startswith("{"):
        bare = name.strip("{}")
        return (quantity.other.display if quantity.other else "") or _FORMS.get(bare, bare)
    own = bool(quantity.unit) and quantity.unit != quantity.ucum
    return quantity.unit if own else units.printed(quantity.ucum) or (quantity.other.display if quantity.other else "")


def _time(quantity: Quantity) -> str:
    return _NAMED.get(quantity.ucum or quantity.unit, quantity.ucum)


def _rhythm(timing: Timing) -> str:
    said = [
        _times(timing),
        *(_MOMENTS.get(each, each) for each in timing.when),
        f"à {' et '.join(each[:5] for each in timing.times)}" if timing.times else "",
        *(_DAYS.get(each, each) for each in timing.days),
        f"pendant {_amount(timing.duration)}" if timing.duration else "",
        _counted(timing),
        timing.code.label,
        _through(timing.bounds),
    ]
    return " ".join(filter(None, said))


def _times(timing: Timing) -> str:
    """How often in how long."""
    often = _range(timing.frequency, timing.frequency_max)
    period = timing.period
    if period is None:
        return f"{often} fois" if often and not (timing.when or timing.times) else ""
    single = period.value == 1 and timing.period_max is None
    if often in {"", "1"} and not (single and _time(period) in {"d", "wk", "mo", "a"}):
        return _every(period, timing.period_max)
    if (timing.when or timing.times) and single and _time(period) == "d":
        return "" if often in {"", "1"} else f"{often} fois par jour"
    per = f"par {_unit(period)}" if single else _every(period, timing.period_max)
    return f"{often or '1'} fois {per}"


def _every(period: Quantity, most: Quantity | None) -> str:
    _, several, every = _UNITS.get(_time(period), ("", _unit(period), "tous"))
    number = "" if period.value == 1 and most is None else f"{_number(period)} "
    upto = f"à {_number(most)} " if most else ""
    return f"{every} les {number}{upto}{several}"


def _range(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return ""
    if low is None or high is None or low == high:
        return str(low if low is not None else high)
    return f"{low} à {high}"


def _counted(timing: Timing) -> str:
    often = _range(timing.count, timing.count_max)
    return f"({often} fois en tout)" if often else ""


def _through(bounds: Span | Quantity | Range | None) -> str:
    match bounds:
        case Span() if bounds.start and bounds.end:
            return f"du {_day(bounds.start)} au {_day(bounds.end)}"
        case Span() if bounds.end:
            return f"jusqu'au {_day(bounds.end)}"
        case Span() if bounds.start:
            return f"à partir du {_day(bounds.start)}"
        case Quantity() | Range():
            return f"pendant {_of(bounds)}"
    return ""


def _day(moment: Moment) -> str:
    clock = f" {moment[11:_OF_A_DAY]}" if len(moment) >= _OF_A_DAY else ""
    return "/".join(reversed(moment[:10].split("-"))) + clock
