"""The public catalogue of the errors of the FHIR door: stable code, HTTP status, words, remedy. Its entries stand in
`problems/`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from carnet.formats.fhir.outcome import FhirError, Issue
from carnet.formats.fhir.problems import ALL, Problem

__all__ = ["CATALOGUE", "Problem", "failure", "issue", "problem"]

CATALOGUE: Final[Mapping[str, Problem]] = MappingProxyType({each.code: each for each in ALL})


def problem(code: str) -> Problem:
    return CATALOGUE[code]


def issue(code: str, *, expression: str = "", detail: str = "", severity: str = "", xds: str = "") -> Issue:
    """An issue of the catalogue; `detail` (French, without content of the document) precedes the remedy."""
    known = CATALOGUE[code]
    level = severity or known.severity
    return Issue(
        severity=level,
        code=known.issue,
        details_code=code,
        diagnostics=f"{detail} {known.remedy_fr}".strip(),
        expression=expression,
        text=known.text_fr,
        xds=xds or known.xds,
        # A warning that a strict reading turns into an error is a broken rule.
        status=422 if level == "error" and known.severity != "error" else known.status,
    )


def failure(code: str, *, expression: str = "", detail: str = "") -> FhirError:
    return FhirError([issue(code, expression=expression, detail=detail)])
