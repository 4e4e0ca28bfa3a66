"""One prepared statement, asked at once: libpq waits for the whole answer by itself, without the interpreter.

Psycopg waits in Python, and each piece of a long answer wakes a thread that must then wait for its turn with the
interpreter; that, and a cursor made for each statement, took a seventh of the web process's time for a list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import count
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGresult


class Asking:
    """The statements that one connection has prepared, by their text and the types of their values."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._values = Transformer(connection)
        self._numbers = count(1)
        self._names: dict[tuple[str, tuple[int, ...]], bytes] = {}

    def ask(self, text: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """The rows; values come as PostgreSQL holds them, which is the quickest to read."""
        transformer = self._values
        given: Sequence[Any] = transformer.dump_sequence(values, _formats(len(values)))
        types = transformer.types or ()
        try:
            result = self._execute(text, types, given)
        except psycopg.errors.InvalidSqlStatementName:
            # Psycopg deallocates everything after a rollback, and what is not there has done nothing.
            self._names.clear()
            result = self._execute(text, types, given)
        transformer.set_pgresult(result)
        rows = transformer.load_rows(0, result.ntuples, tuple)
        transformer.set_pgresult(None)
        names = [(result.fname(number) or b"").decode() for number in range(result.nfields)]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _execute(self, text: str, types: tuple[int, ...], given: Sequence[Any]) -> PGresult:
        name = self._names.get((text, types)) or self._prepare(text, types)
        result = self._connection.pgconn.exec_prepared(name, given, self._values.formats, Format.BINARY)
        if result.status != ExecStatus.TUPLES_OK:
            failure = self._failure(result)
            if isinstance(failure, psycopg.errors.FeatureNotSupported):
                # A function that a migration gave other columns: prepared anew next time.
                del self._names[text, types]
            raise failure
        return result

    def _prepare(self, text: str, types: tuple[int, ...]) -> bytes:
        name = b"carnet_%d" % next(self._numbers)
        result = self._connection.pgconn.prepare(name, _numbered(text), types)
        if result.status != ExecStatus.COMMAND_OK:
            raise self._failure(result)
        self._names[text, types] = name
        return name

    def _failure(self, result: Any) -> psycopg.Error:
        if self._connection.pgconn.status != ConnStatus.OK:
            return psycopg.OperationalError("the connection is lost")
        return psycopg.errors.error_from_result(result, encoding="utf-8")


@cache
def _formats(number: int) -> list[PyFormat]:
    return [PyFormat.AUTO] * number


@lru_cache(maxsize=256)
def _numbered(text: str) -> bytes:
    """With PostgreSQL's places for values in place of psycopg's."""
    first, *rest = text.split("%s")
    return (first + "".join(f"${number}{each}" for number, each in enumerate(rest, 1))).replace("%%", "%").encode()
