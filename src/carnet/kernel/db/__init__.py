"""The one way to the database: two log-ins, and a record opened with a permit.

The *reader* reads, and adds to the trail through one function; the *writer* writes. Which of the two serves
follows from what an operation does, not from the HTTP method. Nothing with health content shows a row before
`open_record` or a hot function has entered one record with a permit.
"""

from __future__ import annotations

from carnet.kernel.db.record import (
    READER,
    WRITER,
    Permit,
    Stale,
    Trace,
    as_actor,
    as_reviewer,
    command,
    hot,
    note,
    open_record,
    query,
    raise_epoch,
    review,
    rows,
    steward,
    steward_permit,
)
from carnet.kernel.db.statements import statements

__all__ = [
    "READER",
    "WRITER",
    "Permit",
    "Stale",
    "Trace",
    "as_actor",
    "as_reviewer",
    "command",
    "hot",
    "note",
    "open_record",
    "query",
    "raise_epoch",
    "review",
    "rows",
    "statements",
    "steward",
    "steward_permit",
]
