"""What an entry says, in words: the narrative of its resource, and its line in a section."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, Final

from carnet.formats.clinical.model import (
    Allergy,
    Dispensation,
    Entry,
    FamilyHistory,
    Observation,
    Prescription,
    Problem,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Quantity, Range, Ratio, Span, Value

__all__ = ["div", "line", "of_value", "text"]

_WORDS: Final = {
    "fr": {
        "no": "Sans précision",
        "to": "au",
        "since": "depuis le",
        "until": "jusqu’au",
        "true": "oui",
        "false": "non",
    },
    "en": {"no": "Not specified", "to": "to", "since": "since", "until": "until", "true": "yes", "false": "no"},
}


def text(entry: Entry, language: str) -> dict[str, Any]:
    return {"status": "generated", "div": div(f"<p>{escape(line(entry, language), quote=False)}</p>", language)}


def div(inner: str, language: str) -> str:
    return f'<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="{language}" lang="{language}">{inner}</div>'


def line(entry: Entry, language: str) -> str:
    """Its name, what was found or given, when."""
    words = _WORDS[language]
    name = _name(entry) or words["no"]
    rest = [each for each in _more(entry, language) if each]
    told = f"{name} : {' ; '.join(rest)}" if language == "fr" else f"{name}: {'; '.join(rest)}"
    when = of_value(entry.when, language) if entry.when else ""
    return (told if rest else name) + (f" ({when})" if when else "")


def _name(entry: Entry) -> str:
    if isinstance(entry, Treatment | Prescription | Dispensation):
        return entry.product.code.label or entry.code.label
    return entry.code.label


def _more(entry: Entry, language: str) -> Iterator[str]:
    match entry:
        case Observation():
            yield of_value(entry.value, language)
            yield from (f"{each.code.label} {of_value(each.value, language)}".strip() for each in entry.components)
        case Problem():
            yield entry.severity.label
            yield entry.body_site.label
        case Allergy():
            yield from (each.label for reaction in entry.reactions for each in reaction.manifestations)
        case Treatment() | Prescription() | Dispensation():
            yield getattr(entry, "rendered", "")
            yield from (each.text for each in entry.dosages)
        case Vaccination():
            yield entry.lot
            yield entry.dose_number
        case FamilyHistory():
            yield from (each.code.label for each in entry.conditions)
    yield entry.note


def of_value(value: Value | None, language: str) -> str:
    words = _WORDS[language]
    match value:
        case None:
            return ""
        case bool():
            return words["true" if value else "false"]
        case Quantity():
            return f"{value.comparator}{_number(value, language)} {value.unit or value.ucum}".strip()
        case Concept():
            return value.label
        case Range():
            ends = (of_value(value.low, language), of_value(value.high, language))
            return value.text or " – ".join(filter(None, ends))
        case Ratio():
            return f"{of_value(value.numerator, language)} / {of_value(value.denominator, language)}"
        case Span():
            return _span(value, language)
        case _:
            return str(value)


def _number(quantity: Quantity, language: str) -> str:
    plain = f"{quantity.value:f}"
    return plain.replace(".", ",") if language == "fr" else plain


def _span(span: Span, language: str) -> str:
    words = _WORDS[language]
    if span.start and span.end:
        return f"{span.start} {words['to']} {span.end}"
    if span.end:
        return f"{words['until']} {span.end}"
    return f"{words['since']} {span.start}" if span.open_end else span.start
