"""HL7 times as FHIR writes them, as precise as they are stated."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from lxml import etree

from carnet.formats.cda.entries.context import fault
from carnet.formats.cda.entries.numbers import quantity
from carnet.formats.cda.hl7_time import TimeError, to_datetime, to_fhir_date
from carnet.formats.cda.nodes import attribute, child
from carnet.formats.clinical.values import NEVER, Moment, Quantity, Span

__all__ = ["moment", "span"]

_TO_THE_DAY: Final = re.compile(r"\d{4}(?:\d\d(?:\d\d)?)?(?:[+-]\d\d(?:\d\d)?)?", re.ASCII)
_WHOLE_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
# A high bound that is infinite or does not apply says that there is no end; an unknown one says nothing.
_NO_END: Final = frozenset({"PINF", "NA"})
_DAYS: Final = {"d": 1, "wk": 7}
_MONTHS: Final = {"mo": 1, "a": 12}
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600}
_LONGEST: Final = 200_000


def moment(element: etree._Element | None) -> Moment:
    """A TS. Where FHIR asks for minutes and seconds that are not stated they are zero; without a zone it is Paris."""
    text = attribute(element, "value")
    if element is None or not text:
        return ""
    try:
        return to_fhir_date(text) if _TO_THE_DAY.fullmatch(text) else to_datetime(text).isoformat()
    except TimeError:
        fault("bad-time", element)
        return ""


def span(element: etree._Element | None) -> Span:
    """A TS or an IVL_TS."""
    if element is None or element.get("nullFlavor"):
        return NEVER
    if attribute(element, "value"):
        start = moment(element)
        return Span(start) if start else NEVER
    high = child(element, "high")
    start, end = moment(child(element, "low")), moment(high)
    if start and not end:
        end = _after(start, quantity(child(element, "width")))
    open_end = not end and high is not None and high.get("nullFlavor") in _NO_END
    if not start and not end:
        start = moment(child(element, "center"))
    return Span(start, end, open_end) if start or end or open_end else NEVER


def _after(start: Moment, width: Quantity | None) -> Moment:
    """The end of a period of so many days or months; "" where the start is not stated as precisely as the width."""
    if width is None or width.value != int(width.value) or not 0 < width.value < _LONGEST:
        return ""
    try:
        if _WHOLE_DAY.fullmatch(start):
            return _later_day(date.fromisoformat(start), width)
        if "T" in start:
            return _later_instant(datetime.fromisoformat(start), width)
    except (ValueError, OverflowError):
        pass
    return ""


def _later_day(start: date, width: Quantity) -> Moment:
    number = int(width.value)
    if width.ucum in _DAYS:
        return (start + timedelta(days=number * _DAYS[width.ucum])).isoformat()
    return _months_later(start, number * _MONTHS[width.ucum]).isoformat() if width.ucum in _MONTHS else ""


def _later_instant(start: datetime, width: Quantity) -> Moment:
    number = int(width.value)
    if width.ucum in _SECONDS:
        return (start + timedelta(seconds=number * _SECONDS[width.ucum])).isoformat()
    day = _later_day(start.date(), Quantity(Decimal(number), width.unit, width.ucum))
    return datetime.combine(date.fromisoformat(day), start.timetz()).isoformat() if day else ""


def _months_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))
