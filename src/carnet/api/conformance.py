"""The conformance report of software in words: those of the catalogues, which it got with each fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from carnet.api.oauth.problems import PROBLEMS
from carnet.apps import sending
from carnet.apps.conformance import Line, Report
from carnet.formats.fhir.errors import CATALOGUE

_RECEIVER: Final = "receiver-"


@dataclass(frozen=True, slots=True)
class Fault:
    """`words` are French, as the software got them."""

    code: str
    words: str


def faults_of(line: Line) -> list[Fault]:
    return [Fault(code, _words(code)) for code in line.codes]


def _words(code: str) -> str:
    if code.startswith(_RECEIVER):
        return sending.FAULTS.get(code.removeprefix(_RECEIVER), "")
    if code in CATALOGUE:
        known = CATALOGUE[code]
        return f"{known.text_fr} {known.remedy_fr}"
    return PROBLEMS[code].text_fr if code in PROBLEMS else ""


def told(report: Report) -> dict[str, Any]:
    """The same for programs."""
    return {
        "ready_for_production": report.ready,
        "missing": [each.interaction for each in report.missing],
        "interactions": [_told(each) for each in report.lines],
    }


def _told(line: Line) -> dict[str, Any]:
    said: dict[str, Any] = {
        "interaction": line.interaction,
        "guide": line.guide,
        "state": line.state,
        "needed": line.needed,
        "right": line.right,
        "wrong": line.wrong,
    }
    if line.right_at:
        said["last_right"] = line.right_at.isoformat(timespec="seconds")
    if line.wrong_at:
        said["last_wrong"] = line.wrong_at.isoformat(timespec="seconds")
        faults = [{"code": each.code, "text": each.words} for each in faults_of(line)]
        said["last_fault"] = {"status": line.status, "faults": faults, "expression": list(line.places)}
    return said
