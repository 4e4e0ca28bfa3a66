"""Words in the reader's language. French is the source; English is a full catalogue (`carnet.web.messages`).

The language of a request is a context variable, so that a template, a sentence or a date needs no argument for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.support import NullTranslations, Translations

from carnet.formats.elision import elided

LANGUAGES = {"fr": "Français", "en": "English"}
FRENCH = "fr"
LOCALE_FOLDER = Path(__file__).parent / "locale"
DOMAIN = "carnet"
PARIS = ZoneInfo("Europe/Paris")

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_current: ContextVar[str] = ContextVar("carnet_language", default=FRENCH)


def language() -> str:
    return _current.get()


@contextmanager
def use(chosen: str) -> Iterator[None]:
    token = _current.set(chosen if chosen in LANGUAGES else FRENCH)
    try:
        yield
    finally:
        _current.reset(token)


@cache
def _catalogue(chosen: str) -> NullTranslations:
    return Translations.load(LOCALE_FOLDER, [chosen], DOMAIN)


_TITLED = re.compile(r"\b(Dr|Pr) (?=\S)")
_NARROW, _FIXED = "\u202f", "\u00a0"
_SPACES = (
    (re.compile(r" (?=[;?!])"), _NARROW),
    (re.compile(r" (?=:(?:\s|$)|»|%(?!\())"), _FIXED),
    (re.compile(r"(?<=«) "), _FIXED),
    (re.compile(r" (?=(?:ko|Mo)\b)"), _FIXED),
)


@lru_cache(maxsize=4096)
def typography(text: str) -> str:
    """French spaces and apostrophes, so that the source can be typed on any keyboard."""
    for pattern, space in _SPACES:
        text = pattern.sub(space, text)
    return text.replace("'", "’")


def tight(title: str) -> str:
    """Its colons are kept with what they follow: none begins a line; and « Dr » with the name, as no line ends."""
    return _TITLED.sub(f"\\1{_FIXED}", title.replace(" :", f"{_FIXED}:"))


def gettext(message: str) -> str:
    if _current.get() == FRENCH:
        return typography(message)
    return str(_catalogue(_current.get()).gettext(message))


def pgettext(context: str, message: str) -> str:
    """Where one French word is two English ones: `context` tells them apart."""
    if _current.get() == FRENCH:
        return typography(message)
    return str(_catalogue(_current.get()).pgettext(context, message))


def ngettext(singular: str, plural: str, count: int) -> str:
    if _current.get() == FRENCH:
        return typography(plural if count > 1 else singular)  # in French, none and one are singular
    return str(_catalogue(_current.get()).ngettext(singular, plural, count))


def filled(text: str, values: Mapping[str, object]) -> str:
    """A sentence in the reader's language, with its values: « le carnet d'Alix », « le carnet de Léa »."""
    return (elided(text, values) if _current.get() == FRENCH else text) % values


def _locale() -> str:
    return _LOCALES[_current.get()]


def _local(value: date | datetime) -> date:
    return value.astimezone(PARIS).date() if isinstance(value, datetime) else value


def today() -> date:
    return datetime.now(UTC).astimezone(PARIS).date()


@lru_cache(maxsize=8192)
def _written(value: date, pattern: str, locale: str) -> str:
    """A page tells hundreds of days, and the same ones again."""
    return _first(dates.format_date(value, pattern, locale))


def day(value: date | datetime) -> str:
    """18 novembre 2026."""
    return _written(_local(value), "d MMMM y", _locale())


def day_of_year(value: date | datetime) -> str:
    """18 novembre, where the year is said beside it."""
    return _written(_local(value), "d MMMM", _locale())


def birth(value: str) -> str:
    """A date that may tell the month or the year alone: "1979", "1979-03", "1979-03-12"."""
    parts = [int(part) for part in value.split("-") if part.isdecimal()]
    match parts:
        case [year, month, of_month]:
            return day(date(year, month, of_month))
        case [year, month]:
            return dates.format_date(date(year, month, 1), "MMMM y", _locale())
    return value


def short_day(value: date | datetime) -> str:
    """18 nov. 2026."""
    return _written(_local(value), "d MMM y", _locale())


def figures_day(value: date | datetime, *, short: bool = False) -> str:
    """18/11/2026, or 18/11/26; in English the month is a word, since its place among figures is not the same for
    all."""
    if _current.get() == FRENCH:
        return f"{_local(value):%d/%m/%y}" if short else f"{_local(value):%d/%m/%Y}"
    words = dates.format_date(_local(value), "d MMM yy" if short else "d MMM y", _locale())
    return words.replace(" ", _FIXED)


def weekday_today() -> str:
    """« Lundi 23 novembre »."""
    words = _first(dates.format_date(today(), "EEEE d MMMM", _locale()))
    return words[:1].upper() + words[1:]


def day_heading(value: date | datetime) -> str:
    """« Hier, dimanche 22 novembre »: the year is said when it is not the present one."""
    local, now = _local(value), today()
    pattern = "EEEE d MMMM" if local.year == now.year else "EEEE d MMMM y"
    words = _first(dates.format_date(local, pattern, _locale()))
    if local == now:
        return gettext("Aujourd'hui, %(day)s") % {"day": words}
    if local == now - timedelta(days=1):
        return gettext("Hier, %(day)s") % {"day": words}
    return words[:1].upper() + words[1:]


def _first(words: str) -> str:
    """The first of a month is « 1er » in French; the day of the month stays with its month on one line."""
    if _current.get() == FRENCH:
        words = re.sub(r"\b1 (?=[^\W\d])", "1er ", words, count=1)
    return re.sub(r"(\d(?:er)?) (?=[^\W\d])", rf"\1{_FIXED}", words, count=1)


def hour(value: datetime) -> str:
    """9 h 40, or 9:40 am."""
    local = value.astimezone(PARIS)
    if _current.get() == FRENCH:
        return f"{local.hour}{_FIXED}h{_FIXED}{local.minute:02d}"
    return dates.format_time(local.time(), "h:mm a", locale=_locale())


_KILO, _MEGA = 1000, 1_000_000


def file_size(size: int) -> str:
    """184 ko, 1,2 Mo; at least 1 ko."""
    if size >= _MEGA:
        words = numbers.format_decimal(size / _MEGA, "#,##0.0", _locale())
        return gettext("%(size)s Mo") % {"size": words}
    return gettext("%(size)s ko") % {"size": max(1, round(size / _KILO))}
