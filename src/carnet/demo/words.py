"""Moments of the stories, and names as the identity framework writes them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def moment(day: str, clock: str = "10:00") -> datetime:
    """`moment("2024-03-18", "14:30")`, on a clock in Paris."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), PARIS)


def on(day: str) -> date:
    return date.fromisoformat(day)


def upper(name: str) -> str:
    """Capitals without accents, as the national identity framework writes traits."""
    plain = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    return plain.upper()
