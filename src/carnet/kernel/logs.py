"""Structured logs: one JSON line an event, on standard error, and nothing in them that tells of a person.

What may be said is listed, everything else is dropped: an event is a constant phrase, a key is in `ALLOWED`,
a value is a number or a code without spaces. Of an exception its type and its frames are kept, never its text.
Of libraries (Django, the HTTP server) only who spoke, how loudly and from where.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Any, cast
from uuid import UUID

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

from carnet.kernel import context

ALLOWED = frozenset(
    {
        # who speaks, when, about which request
        *("event", "level", "at", "logger", "place", "door", "request_id"),
        # an answer
        *("method", "route", "status", "ms", "size", "count"),
        # an outcome; `error` and `reason` are codes or types
        *("outcome", "reason", "error", "sqlstate", "frames", "code"),
        # work
        *("job", "task", "attempt", "process", "pid", "exit", "seal", "blob", "provider", "client"),
    }
)

_PHRASE = re.compile(r"[a-z][a-z0-9 -]{0,60}")
_CODE = re.compile(r"[A-Za-z0-9_.:<>/\-]{1,120}")
_ROUTE = re.compile(r"[A-Za-z0-9_.:<>/\-?$^()\[\]|+*\\{}]{0,200}")
_LONGEST = 200
# A national number would pass for a code: INS 13 or 15 digits, RPPS 11.
_LONG_NUMBER = re.compile(r"\d{10}")
_FRAMES = 12
_QUIET = {
    "django.request": "ERROR",
    "django.db.backends": "WARNING",
    "_granian": "ERROR",
    "httpx2": "WARNING",
}


class _Voice:
    """The end of the line: a logger's name, and standard error as it is at that moment."""

    def __init__(self, name: str = "carnet") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = msg


def configure(level: str = "info") -> None:
    """Once per process, at its start; again is harmless."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[_complete, _explain, _sieve, _render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_Voice,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, _ForeignHandler)]:
        root.removeHandler(handler)
    root.addHandler(_ForeignHandler())
    root.setLevel(number)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)


def catch_the_uncaught() -> None:
    """For processes of our own: what nobody caught ends in a line, not in a traceback with its values."""
    log = structlog.get_logger("carnet.uncaught")

    def hook(_kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None = None) -> None:
        log.error("uncaught", exc_info=error)

    # A warning prints the line of code it comes from, and a text that may hold anything.
    logging.captureWarnings(capture=True)
    sys.excepthook = hook
    threading.excepthook = lambda facts: hook(facts.exc_type, facts.exc_value)
    sys.unraisablehook = lambda facts: hook(facts.exc_type, facts.exc_value)


def _complete(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    here = context.current()
    if here.request_id.int:
        event.setdefault("request_id", here.request_id)
        event.setdefault("door", here.door)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    said = {"event": event.pop("event", "unsaid")}
    return {"at": at, "level": method, "logger": getattr(logger, "name", "carnet"), **said, **event}


def _explain(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found
    return {**event, **facts_of(error)} if isinstance(error, BaseException) else event


def facts_of(error: BaseException) -> dict[str, Any]:
    """What may be said of an exception: its type, the database's code, where it came through."""
    facts: dict[str, Any] = {"error": type(error).__name__, "frames": _frames(error)}
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    return facts | ({"sqlstate": state} if state else {})


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{_module(frame.filename)}:{frame.name}:{frame.lineno}" for frame in frames]


def _module(filename: str) -> str:
    """Without the folders of this machine."""
    return re.split(r"/(?:site-packages|src|python3\.\d+)/", filename)[-1]


def _sieve(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: said for name, value in event.items() if (said := _said(name, value)) is not None}


def _said(name: str, value: Any) -> Any:
    """The value as it may be said, None when it may not."""
    if name not in ALLOWED:
        return None
    if name == "event":
        return value if isinstance(value, str) and _PHRASE.fullmatch(value) else "unsaid"
    if name == "frames":
        return [frame for frame in value if isinstance(frame, str)] if isinstance(value, list) else None
    if isinstance(value, (bool, int, float)):
        return value if not isinstance(value, int) or abs(value) < 10**10 else None
    return _code(value, _ROUTE if name == "route" else _CODE)


def _code(value: Any, shape: re.Pattern[str]) -> str | None:
    if isinstance(value, UUID):
        return str(value)
    return _text(value, shape) if isinstance(value, str) and len(value) <= _LONGEST else None


@lru_cache(maxsize=2048)
def _text(value: str, shape: re.Pattern[str]) -> str | None:
    """Remembered: the words of most lines are the same."""
    if not shape.fullmatch(value):
        return None
    return value if shape is _ROUTE or not _LONG_NUMBER.search(value) or _is_uuid(value) else None


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str).decode()


class _ForeignHandler(logging.Handler):
    """Everything that comes by the standard library's logging, libraries and ours alike."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            log = structlog.get_logger(record.name)
            getattr(log, _level(record.levelno))(_phrase(record), **_facts(record))
        except Exception:  # noqa: BLE001 - a log never ends the work it tells of
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """The standard one would print the message with its values."""
        sys.stderr.write(f'{{"event":"unsaid","logger":"{record.name}"}}\n')


def _level(number: int) -> str:
    return "error" if number >= logging.ERROR else "warning" if number >= logging.WARNING else "info"


def _phrase(record: logging.LogRecord) -> str:
    """Ours speak in constant phrases; what others say may hold anything, so that only who spoke is told."""
    ours = record.name.split(".")[0] == "carnet"
    return str(record.msg) if ours and not record.args else "library"


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    extra = {name: value for name, value in vars(record).items() if name in ALLOWED - {"event", "process"}}
    facts: dict[str, Any] = {**extra, "place": f"{record.module}:{record.lineno}"}
    status = vars(record).get("status_code")
    if status is not None:
        facts["status"] = status
    if record.exc_info and record.exc_info[1] is not None:
        facts["exc_info"] = record.exc_info[1]
    return facts


def granian_config() -> Mapping[str, Any]:
    """For Granian, which otherwise installs handlers of its own that print its messages as they are."""
    silent = {"handlers": [], "level": "ERROR", "propagate": True}
    return cast("Mapping[str, Any]", {"handlers": {}, "loggers": {"_granian": silent, "granian.access": silent}})
