"""Now, as an aware instant. Effects of time are stored as instants: tests move the instants, never the clock."""

from __future__ import annotations

import math
from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def stated(value: object) -> float:
    """Seconds as a signed token states them (RFC 7519, NumericDate). NaN, which is neither before nor after anything,
    for what is no instant: a JSON number may be larger than any."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return math.nan
    return float(value) if abs(value) < 2**53 else math.nan
