"""Now, as an aware instant. Effects of time are stored as instants: tests move the instants, never the clock."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
