"""A result in words: its value as printed, where it lies, who says it. Never good or bad."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from carnet.formats.clinical.model import Observation
from carnet.formats.clinical.values import Concept, Quantity, Range, Ratio, Span
from carnet.formats.entry import Author
from carnet.formats.terminology import units
from carnet.health.flags import Flag
from carnet.health.goals import Goal, Parts, Target
from carnet.health.queries import Line
from carnet.health.results import Found, Series, quantity_of
from carnet.health.trends import Place, Why, met
from carnet.web.i18n import PARIS, gettext, language, ngettext, short_day
from carnet.web.patient import figures
from carnet.web.words import marked

_MONTH, _YEAR = timedelta(days=27), timedelta(days=300)
_CODED: Final = "code-"
_SLUG: Final = re.compile(r"[a-z0-9-]{1,80}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tag:
    text: str
    icon: str
    kind: str


_PLACES: Final = {
    Place.INSIDE: (marked("Dans les valeurs"), marked("Dans les valeurs du laboratoire"), "circle-check", "success"),
    Place.ABOVE: (marked("Au-dessus"), marked("Au-dessus des valeurs du laboratoire"), "alert-triangle", "warning"),
    Place.BELOW: (marked("En dessous"), marked("En dessous des valeurs du laboratoire"), "alert-triangle", "warning"),
}


_FLAGS: Final = {
    Flag.ABNORMAL: marked("Signalé anormal par le laboratoire"),
    Flag.LOW: marked("Signalé bas par le laboratoire"),
    Flag.HIGH: marked("Signalé haut par le laboratoire"),
    Flag.VERY_LOW: marked("Signalé très bas par le laboratoire"),
    Flag.VERY_HIGH: marked("Signalé très haut par le laboratoire"),
    Flag.CRITICAL: marked("Signalé critique par le laboratoire"),
}
_SAME: Final = {Flag.LOW: Place.BELOW, Flag.HIGH: Place.ABOVE}
_OUTSIDE: Final = frozenset({Place.ABOVE, Place.BELOW})


def slug_of(series: str, prefix: str) -> str:
    """Of a series in an address: its key, or its own code where no table joins it with others."""
    if series.startswith(prefix):
        return series.removeprefix(prefix).replace("_", "-")
    return _CODED + urlsafe_b64encode(series.encode()).decode().rstrip("=")


def series_of(slug: str, prefix: str) -> str:
    """ "" for what is no slug."""
    if not slug.startswith(_CODED):
        return prefix + slug.replace("-", "_") if _SLUG.fullmatch(slug) else ""
    coded = slug.removeprefix(_CODED)
    try:
        return urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except ValueError:
        return ""


def tag(place: Place | None, *, whole: bool = False) -> Tag | None:
    if place is None:
        return None
    short, full, icon, kind = _PLACES[place]
    return Tag(gettext(full if whole else short), icon, kind)


def flagged(flag: Flag | None, place: Place | None) -> str:
    """The laboratory's own word on its result, unless its range says the same."""
    if flag is None:
        return ""
    known = place in _OUTSIDE and (flag is Flag.ABNORMAL or _SAME.get(flag) is place)
    return "" if known else gettext(_FLAGS[flag])


def name(series: Series) -> str:
    known = series.analyte or series.measure
    if known:
        return known.english if language() != "fr" else known.label
    return series.found[0].line.label if series.found else ""


def short(series: Series) -> str:
    """« HbA1c »: the table has French ones alone."""
    return series.analyte.short if series.analyte and language() == "fr" else ""


def value(entry: Observation | None) -> str:
    """As its source says it, number or not."""
    found = entry.value if entry else None
    if isinstance(found, Quantity):
        return figures.quantity(found)
    if isinstance(found, Concept):
        return found.label
    if isinstance(found, Range):
        return figures.bounds(found)
    if isinstance(found, Ratio):
        return f"{figures.quantity(found.numerator)} / {figures.quantity(found.denominator)}"
    if isinstance(found, bool):
        return gettext("Oui") if found else gettext("Non")
    if isinstance(found, Span):
        return " – ".join(filter(None, (found.start, found.end)))
    return str(found) if found is not None else _without(entry)


def _without(entry: Observation | None) -> str:
    if entry and entry.components:
        each = [f"{part.code.label} : {_part(part.value)}" for part in entry.components if part.value is not None]
        return ", ".join(each)
    said = ", ".join(each.label for each in entry.interpretations if each.label) if entry else ""
    return said or gettext("Voir le compte rendu")


def _part(found: object) -> str:
    if isinstance(found, Quantity):
        return figures.quantity(found)
    return found.label if isinstance(found, Concept) else str(found)


def range_words(entry: Observation | None) -> str:
    """Every range that the laboratory gave, with whom it is for where it says so."""
    each = [
        " : ".join(filter(None, (found.applies_to.label, figures.bounds(found))))
        for found in (entry.ranges if entry else ())
    ]
    return " ; ".join(filter(None, each))


def moment(line: Line) -> str:
    """As precisely as its source says it."""
    if line.since is None or line.until is None:
        return gettext("Sans date")
    lasts = line.until - line.since
    if lasts >= _YEAR:
        return str(line.since.astimezone(PARIS).year)
    return figures.month(line.since) if lasts >= _MONTH else short_day(line.since)


def laboratory(entry: Observation | None) -> str:
    if entry is None:
        return ""
    house = entry.laboratory or (entry.by.organisation if entry.by else None)
    return house.name if house else ""


def person(author: Author | None) -> str:
    """« Dr Paul Martin »."""
    if author is None or not author.family:
        return author.organisation.name if author and author.organisation else ""
    title = {"DR": "Dr", "PR": "Pr"}.get(
        author.suffix.upper(), {"MME": "Mme", "M": "M."}.get(author.prefix.upper(), "")
    )
    return " ".join(filter(None, (title, author.given, author.family.title())))


@dataclass(frozen=True, slots=True)
class Aim:
    """`who`: the professional who set it; `mine`: somebody did without being one, and `own` is it the reader's words;
    `reached`: None where that cannot be told."""

    text: str
    who: str
    at: datetime | None
    reached: bool | None
    mine: bool
    id: str
    own: bool = False


def aim(goal: Goal, last: Found | None, substance: str = "") -> Aim:
    reached = _reached(goal.target, last, substance) if last else None
    who = person(goal.by) if goal.of_professional else ""
    if language() == "fr" and who.startswith(("Dr ", "Pr ")):
        who = f"le {who}"
    mine = goal.line.said_by == "person"
    return Aim(aimed(goal.target), who, goal.at, reached, mine, str(goal.line.sources[0]), goal.line.mine)


def aimed(target: Target) -> str:
    """« au plus 67 kg », « au plus 135 / 85 mmHg »."""
    if isinstance(target, Parts):
        return figures.together(target.quantities)
    return figures.quantity(target) if isinstance(target, Quantity) else figures.bounds(target)


def _reached(target: Target, last: Found, substance: str) -> bool | None:
    """Of several parts all are where they are wished, or one is not."""
    if isinstance(target, Parts):
        each = [met(wanted, found) if (found := quantity_of(last, part)) else None for part, wanted in target.each]
        return False if False in each else None if None in each else True
    stated = last.entry.value if last.entry else None
    return met(target, stated, substance) if isinstance(stated, Quantity) else None


def aims(series: Series) -> list[Aim]:
    """The newest of each who set one, those of professionals first."""
    return [made for _, made in _newest(series)]


def _newest(series: Series) -> list[tuple[Goal, Aim]]:
    newest: dict[tuple[bool, str], tuple[Goal, Aim]] = {}
    for goal in series.goals:
        made = aim(goal, series.last, series.substance)
        newest.setdefault((made.mine, made.who), (goal, made))
    return sorted(newest.values(), key=lambda pair: pair[1].mine)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One target on a curve: its line, or its two (a range, or both pressures), and its words."""

    values: tuple[Decimal, ...] = ()
    text: str = ""


def drawn(series: Series, unit: str) -> Drawn:
    """The first of those that are told, as far as it can be said in the unit of the curve."""
    for goal, made in _newest(series):
        there = [units.convert(side, unit, series.substance) for side in _lines(goal.target)]
        if values := tuple(each.value for each in there if each):
            return Drawn(values, made.text)
    return Drawn()


def _lines(target: Target) -> list[Quantity]:
    if isinstance(target, Parts):
        return [*target.quantities]
    sides = (target,) if isinstance(target, Quantity) else (target.low, target.high)
    return [side for side in sides if side is not None]


def aims_alone(found: Iterable[Series]) -> list[tuple[str, list[Aim]]]:
    """Targets of what has no value yet: what it is, and who set which."""
    return [(name(each), aims(each)) for each in found if each.goals and not each.found]


def left_out(why: Why, count: int, unit: str) -> str:
    """Why some results are in the table and not on the curve."""
    words = {
        Why.STRUCK: ngettext("%(count)s résultat corrigé depuis", "%(count)s résultats corrigés depuis", count),
        Why.NO_NUMBER: ngettext("%(count)s résultat sans nombre", "%(count)s résultats sans nombre", count),
        Why.NO_DATE: ngettext("%(count)s résultat sans date", "%(count)s résultats sans date", count),
        Why.COMPARATOR: ngettext(
            "%(count)s résultat donné comme « moins de » ou « plus de »",
            "%(count)s résultats donnés comme « moins de » ou « plus de »",
            count,
        ),
        Why.NO_UNIT: ngettext("%(count)s résultat sans unité", "%(count)s résultats sans unité", count),
        Why.OTHER_UNIT: ngettext(
            "%(count)s résultat dans une unité qui ne se convertit pas en %(unit)s",
            "%(count)s résultats dans une unité qui ne se convertit pas en %(unit)s",
            count,
        ),
    }
    return words[why] % {"count": count, "unit": unit}
