"""The last results of each series are found by an index, a few rows of each: the same as by looking at every row, for
each reader, of whatever sources say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnet.consent.access import reading
from carnet.formats.clinical.model import Kind
from carnet.health.columns import KINDS
from carnet.kernel.db import Permit, hot, open_record, rows, statements
from tests.cases import cases
from tests.documents.test_searching_hidden import Reader
from tests.health.drawn import DOCUMENTS, FIRST, READERS, Shelf, a_shelf, stated

pytestmark = pytest.mark.usefixtures("house")

GOAL: Final = "urn:carnet:fhir:goal|"
SERIES: Final = ("", "analyte:tsh", "analyte:TSH", "urn:oid:1.2|Été", "urn:oid:1.2|a", f"{GOAL}analyte:tsh")
STATES: Final = ("final", "final", "final", "corrected", "cancelled", "entered-in-error")
ASKED: Final = [KINDS.index(Kind.RESULT)]

# Every row judged, then ranked. `told`: of one of the newest series, or without a series.
RULE: Final = """
with said as (
    select s.*, s.status = 'current' or record.status_told(s.record_id, s.source_id, s.status) = 'current' as live,
           s.corrected_by is not null and exists (
               select from record.documents_document d
                where d.record_id = s.record_id and d.id = s.corrected_by) as corrected
      from record.health_statement s
     where s.record_id = %(record_id)s and not s.dropped and s.kind = any (%(kinds)s::smallint[])
       and s.state <> 'entered-in-error'
), standing as (
    select distinct on (t.fact) t.* from said t
     where t.live and t.fact not in (select c.fact from said c where c.corrected)
     order by t.fact, t.stated_at desc, t.source_id
), ranked as (
    select a.*, row_number() over (
               partition by a.kind, a.series, case when a.series = '' then a.fact end
                   order by a.since desc nulls last, a.known_at desc, a.fact) as rank
      from standing a
     where a.state <> 'cancelled' or a.series like 'urn:carnet:fhir:goal|%%'
), judged as (
    select r.*, r.series = '' or r.series in (
               select l.series from ranked l where l.rank = 1 and l.series <> ''
                order by l.since desc nulls last, l.series collate "C" limit %(whole)s) as told
      from ranked r
)
select j.fact, j.series, j.since, j.state, j.label,
       j.told and j.rank = 1 or j.value is null or j.rank = 1 and j.series not like 'analyte:%%' as read,
       case when j.told and j.rank = 1 then (
           select array_agg(t.source_id order by t.stated_at desc, t.source_id)
             from record.health_statement t
            where t.record_id = %(record_id)s and t.fact = j.fact and not t.dropped
              and (t.status = 'current' or record.status_told(t.record_id, t.source_id, t.status) = 'current'))
       else array[j.source_id] end as sources
  from judged j
 where j.rank = 1 or j.told and j.rank <= %(each)s
 order by j.since desc nulls last, j.fact
"""


Row = dict[str, Any]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return a_shelf()


@st.composite
def written(draw: st.DrawFn) -> list[Row]:
    document, other = st.integers(0, DOCUMENTS - 1), st.none() | st.none() | st.integers(0, DOCUMENTS - 1)
    drawn = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "document": document,
                    "fact": st.integers(0, 7),
                    "series": st.sampled_from(SERIES),
                    "since": st.none() | st.integers(0, 3),
                    "known_at": st.integers(0, 2),
                    "state": st.sampled_from(STATES),
                    "corrected_by": other,
                    "dropped": st.sampled_from((False, False, False, True)),
                    "kind": st.sampled_from((*ASKED, *ASKED, *ASKED, KINDS.index(Kind.MEASURE))),
                    "value": st.none() | st.just("2.1"),
                }
            ),
            max_size=16,
            unique_by=lambda row: (row["document"], row["fact"]),
        )
    )
    return [_row(row) for row in drawn]


def _row(drawn: Row) -> Row:
    since = None if drawn["since"] is None else FIRST + timedelta(days=drawn["since"])
    moment = {"since": since, "until": since and since + timedelta(days=1)}
    known = {"known_at": FIRST + timedelta(days=drawn["known_at"])}
    return drawn | moment | known


def told(reader: Reader, record_id: UUID, each: int, whole: int | None) -> tuple[list[Row], list[Row]]:
    """By the index, and by the rule."""

    def read(permit: Permit) -> tuple[list[Row], list[Row]]:
        found = hot(statements("carnet.health")["results"], permit, ("entries-list", ASKED, each, whole))
        with open_record(permit, trace=None) as cursor:
            cursor.execute(RULE, {"record_id": record_id, "kinds": ASKED, "each": each, "whole": whole})
            return [dict(row) for row in found], rows(cursor)

    return reading(reader.actor, reader.purpose, record_id, read, action="entries-list", target_kind="entries")


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=cases(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=written(), each=st.integers(1, 3), whole=st.none() | st.integers(0, 3))
def test_the_last_of_each_series_is_what_every_row_tells(
    shelf: Shelf, name: str, drawn: list[Row], each: int, whole: int | None
) -> None:
    stated(shelf, drawn)
    found, expected = told(shelf.readers[name], shelf.patient.record_id, each, whole)
    for row in expected:
        row["sources"] = list(row["sources"])
    same = ("fact", "series", "since", "state", "label")
    assert [
        {key: row[key] for key in same} | {"sources": list(row["sources"]), "read": bool(row["fhir"])} for row in found
    ] == expected
