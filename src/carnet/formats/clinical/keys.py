"""Canonical strings of the parts of a fact: two parts have one string when they say one thing, however they are worded.

A string is made of parts that are escaped, so that no two lists of parts give one string."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Final

from carnet.formats.clinical.values import Concept, Moment, Quantity, Range, Ratio, Span, Value
from carnet.formats.entry import Author, Coded, Identifier
from carnet.formats.folding.fold import fold
from carnet.formats.terminology import systems, units

__all__ = ["code", "coded_or_words", "day", "instant", "key", "one", "quantity", "value", "who", "words"]

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONG: Final = 10


def key(*parts: str) -> str:
    return "|".join(part.replace("%", "%25").replace("|", "%7C") for part in parts)


def words(text: str) -> str:
    return " ".join(fold(text).split())


def code(concept: Concept, *preferred: str) -> str:
    """System and code: of the first preferred system that the source gives, its own or as a translation, else its own.
    "" where it has none: a code without its system is nobody's."""
    usable = [(systems.canonical(each.system), each.code) for each in concept.codings if each.system and each.code]
    for system in preferred:
        found = list(dict.fromkeys(pair for pair in usable if pair[0] == system))
        if len(found) == 1 or (found and found[0] == usable[0]):
            return key(*found[0])
        if found:
            return ""  # two translations into one system: which is meant, is not said
    return key(*usable[0]) if usable else ""


def coded_or_words(concept: Concept, *preferred: str) -> str:
    """Its code, else its words folded: for what is compared beside a code, never alone."""
    found = code(concept, *preferred)
    if found:
        return key("code", found)
    label = words(concept.label)
    return key("words", label) if label else ""


def instant(moment: Moment) -> str:
    """As precise as stated: one instant in any time zone is one string, a day is a day, and they differ."""
    if len(moment) <= _LONG:
        return moment
    try:
        at = datetime.fromisoformat(moment)
        return (at.astimezone(UTC) if at.tzinfo else at).isoformat()
    except (ValueError, OverflowError):  # no moment, or one at the ends of time
        return moment


def day(moment: Moment) -> str:
    """The day where it is stated in full, as the clock stood there; "" for a year or a month."""
    return moment[:_LONG] if _DAY.match(moment) else ""


def quantity(amount: Quantity) -> str:
    """The same for equal amounts in units that UCUM makes equal; another unit, or none that we know, is kept as it is
    written. 1.0 and 1.00 are one number, 5 mmol/L and 0.9 g/L are not one result."""
    exact = units.exact(amount)
    if exact is not None:
        dimension, size = exact
        return key("quantity", amount.comparator, dimension, str(size))
    return key("as written", amount.comparator, _plain(amount.value), amount.ucum or words(amount.unit))


def _plain(number: Decimal) -> str:
    """Without zeros at its end; no digit is lost, however many there are."""
    if not number.is_finite():
        return str(number)
    wide = Context(prec=max(1, len(number.as_tuple().digits)), Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
    return str(wide.normalize(number)) if number else "0"


def value(found: Value | None) -> str:
    match found:
        case None:
            return ""
        case bool() | int():
            return key(type(found).__name__, str(found))
        case str():
            return key("text", words(found))
        case Quantity():
            return quantity(found)
        case Concept():
            return key("concept", coded_or_words(found))
        case Span():
            return key("span", instant(found.start), instant(found.end), str(found.open_end))
        case Ratio():
            return key("ratio", quantity(found.numerator), quantity(found.denominator))
        case Range():
            return key("range", value(found.low), value(found.high), words(found.text))


def who(author: Author | None) -> str:
    """A person by identifier, an organisation by identifier, else by full name; "" where nobody is named."""
    if author is None:
        return ""
    if author.identifier:
        return _named(author.identifier)
    if author.family and author.given:
        return key("name", words(author.family), words(author.given))
    place = author.organisation
    if place and place.identifier:
        return _named(place.identifier)
    return key("place", words(place.name)) if place and place.name else ""


def _named(identifier: Identifier) -> str:
    return key("id", systems.canonical(identifier.system), identifier.value)


def one(coding: Coded | None) -> str:
    return key(systems.canonical(coding.system), coding.code) if coding and coding.code else ""
