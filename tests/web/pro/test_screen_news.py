"""What is new is put together in time, however much came."""

from __future__ import annotations

import time
from dataclasses import replace
from uuid import UUID

from carnet.documents.queries import DocumentLine
from carnet.formats.terminology import document_types
from carnet.health.screen import News, Paper
from carnet.kernel import clock
from carnet.web.pro.screen import news, views

MANY = 4_000


def papers() -> tuple[Paper, ...]:
    """Each twice, from one house."""
    now, kind = clock.now(), document_types.known("11502-2")
    first = DocumentLine(
        id=UUID(int=0),
        status="current",
        type_label=kind.display,
        category_label=kind.category_label,
        title="",
        labels=frozenset(),
        masked_by=frozenset(),
        created_at=now,
        service_start=now,
        author_label="Dr Essai",
        organisation_label="",
        media_type="text/plain",
        size=10,
        deposited_at=now,
        mine=False,
    )
    return tuple(
        Paper(replace(first, id=UUID(int=number), title=f"Bilan {number // 2}"), kind) for number in range(MANY)
    )


def test_thousands_of_papers_are_put_together_at_once() -> None:
    every = views.every()
    given = News(clock.now(), papers())
    began = time.process_time()
    told = news.of(given, {}, every.views[0], every.fold, "/pro/carnets/x", every=True)
    took = time.process_time() - began
    assert told is not None
    assert len(told.rows) == MANY // 2
    assert {row.times for row in told.rows} == {2}
    assert took < 1.5, f"{took:.1f} s: it grew with the square of their number"
