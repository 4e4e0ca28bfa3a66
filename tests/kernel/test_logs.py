"""Logs say what happened and nothing about anyone."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import structlog

from carnet.kernel import context, logs
from tests.forbidden import forbidden_in

_NAME, _INS, _TOKEN = "Dominique", "279035121518989", "abcDEF0123456789xyz"


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level, structlog.get_config())
    logs.configure("info")
    yield
    root.handlers[:], level, config = before
    root.setLevel(level)
    structlog.configure(**config)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    def read() -> list[dict[str, Any]]:
        text = capsys.readouterr().err
        assert forbidden_in(text, names=[_NAME], ins=[_INS], tokens=[_TOKEN]) == []
        return [json.loads(line) for line in text.splitlines()]

    return read


def test_a_line_is_json_with_time_level_and_who_speaks(said: Any) -> None:
    structlog.get_logger("carnet.http").info("request", route="fhir/Binary/<str:id>", status=200, ms=1.5)
    (line,) = said()
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "carnet.http",
        "event": "request",
        "route": "fhir/Binary/<str:id>",
        "status": 200,
        "ms": 1.5,
    }


def test_the_request_is_told_with_its_door(said: Any) -> None:
    request = uuid4()
    with context.use("fhir", request):
        structlog.get_logger("carnet.jobs").warning("job-failed")
    (line,) = said()
    assert (line["request_id"], line["door"]) == (str(request), "fhir")


@pytest.mark.parametrize(
    "facts",
    [
        {"name": _NAME},
        {"ins": _INS},
        {"reason": f"no record for {_NAME}"},
        {"reason": _INS},
        {"status": int(_INS)},
        {"code": f"{_INS}"},
        {"error": ValueError(_NAME)},
        {"frames": _NAME},
        {"task": {"patient": _NAME}},
        {"authorization": f"Bearer {_TOKEN}"},
        {"exc_info": ValueError(_NAME)},
        {"stack_info": _NAME},
    ],
)
def test_what_is_not_listed_or_not_a_code_is_dropped(facts: dict[str, Any], said: Any) -> None:
    structlog.get_logger("carnet.x").error("fault", **facts)
    (line,) = said()
    assert line["event"] == "fault"


def test_a_sentence_in_place_of_an_event_is_not_said(said: Any) -> None:
    structlog.get_logger("carnet.x").info(f"Bonjour {_NAME}")
    (line,) = said()
    assert line["event"] == "unsaid"


def _fails(name: str) -> None:
    raise ValueError(f"unknown patient {name}")


def test_an_exception_is_told_by_type_and_place_never_by_text(said: Any) -> None:
    try:
        _fails(_NAME)
    except ValueError:
        structlog.get_logger("carnet.x").error("fault", exc_info=True)
        logging.getLogger("library").exception("bad %s", _NAME)
    for line in said():
        place, function, _ = line["frames"][-1].rsplit(":", 2)
        assert (line["error"], place.rpartition("/")[2], function) == ("ValueError", "test_logs.py", "_fails")


def test_libraries_tell_only_who_and_where(said: Any) -> None:
    logging.getLogger("django.request").error(
        "Bad Request: /documents?ins=%s", _INS, extra={"status_code": 400, "request": _NAME}
    )
    logging.getLogger("django.security.DisallowedHost").error(f"Invalid host {_NAME}")  # noqa: G004
    bad, host = said()
    assert (bad["event"], bad["logger"], bad["status"]) == ("library", "django.request", 400)
    assert (host["event"], host["logger"]) == ("library", "django.security.DisallowedHost")


def test_a_record_that_cannot_be_formatted_says_nothing_of_its_values(said: Any) -> None:
    record = logging.LogRecord("library", logging.WARNING, __file__, 1, "%d of %d", (_NAME,), None)
    logs._ForeignHandler().handle(record)
    (line,) = said()
    assert line["event"] == "library"


def test_below_its_level_nothing_is_said(said: Any) -> None:
    logs.configure("error")
    structlog.get_logger("carnet.x").info("request")
    logging.getLogger("library").warning("w")
    assert said() == []


def test_what_nobody_caught_ends_in_a_line() -> None:
    script = (
        "import threading, warnings; from carnet.kernel import logs; logs.configure(); logs.catch_the_uncaught()\n"
        f"t = threading.Thread(target=lambda: int('{_NAME}')); t.start(); t.join()\n"
        f"warnings.warn('{_NAME} is deprecated')\n"
        f"raise RuntimeError('{_NAME}')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert forbidden_in(done.stderr, names=[_NAME]) == []
    errors = [json.loads(line).get("error") for line in done.stderr.splitlines()]
    assert errors == ["ValueError", None, "RuntimeError"]


class TestForbidden:
    """The searcher itself: it must find what is there, or its silence is worth nothing."""

    @pytest.mark.parametrize(
        "text",
        [
            "Léa",
            "LEA",
            "lea",
            "/x?name=L%C3%A9a",
            '{"n": "L\\u00e9a"}',
            "Bonjour Léa, ",
            "<léa>",
        ],
    )
    def test_a_name_however_it_is_written(self, text: str) -> None:
        assert forbidden_in(text, names=["Léa"]) == ["Léa"]

    @pytest.mark.parametrize(
        "text", ["279035121518989", "2 79 03 51 215 189 89", "2790351215189", "ins=279035121518989&"]
    )
    def test_a_number_with_or_without_key_and_spaces(self, text: str) -> None:
        assert forbidden_in(text, ins=[_INS]) == [_INS]

    def test_a_token(self) -> None:
        assert forbidden_in(f"Bearer {_TOKEN}", tokens=[_TOKEN]) == [_TOKEN]

    @pytest.mark.parametrize("text", ["release", "", "27903512151", "Ben", "abcDEF"])
    def test_nothing_else(self, text: str) -> None:
        assert forbidden_in(text, names=["Léa"], ins=[_INS], tokens=[_TOKEN]) == []
