"""Answers a parsed search from what a row is indexed by, as the store does in SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from carnet.formats.fhir.search import Interval, PeriodTest, Search
from carnet.formats.fhir.search.index import RowIndex


@dataclass(frozen=True)
class Row:
    id: str
    patient_id: str
    status: str
    index: RowIndex
    instants: Mapping[str, datetime]


def finds(asked: Search, row: Row) -> bool:
    return (
        not asked.impossible
        and set(asked.patient_ids) <= {row.patient_id}
        and (not asked.ids or row.id in asked.ids)
        and (not asked.statuses or row.status in asked.statuses)
        and all(set(group) & set(row.index.tokens) for group in asked.tokens)
        and not any(set(group) & set(row.index.tokens) for group in asked.without)
        and all(any(like(pattern, name) for pattern in group for name in row.index.names) for group in asked.names)
        and all(_within(group, row.instants.get(name)) for name, groups in asked.instants.items() for group in groups)
        and all(any(_holds(test, row) for test in group) for group in asked.periods)
    )


def like(pattern: str, text: str) -> bool:
    """LIKE of PostgreSQL, with its default escape."""
    pieces = re.findall(r"\\(.)|(%)|(_)|([^\\%_]+)", pattern, re.DOTALL)
    made = "".join(re.escape(esc or plain) if esc or plain else ".*" if many else "." for esc, many, _, plain in pieces)
    return re.fullmatch(made, text, re.DOTALL) is not None


def _within(group: tuple[Interval, ...], moment: datetime | None) -> bool:
    return moment is not None and any(
        (each.lo is None or each.lo <= moment) and (each.hi is None or moment < each.hi) for each in group
    )


def _holds(test: PeriodTest, row: Row) -> bool:
    start, end = row.instants.get("period-start"), row.instants.get("period-end")
    lo, hi = test.interval
    overlaps = (lo is None or end is None or end >= lo) and (hi is None or start is None or start < hi)
    return overlaps == test.overlaps
