"""OperationOutcome: every error of the FHIR door, with its code, its place and its remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

__all__ = ["PROBLEM_SYSTEM", "FhirError", "Issue", "operation_outcome", "to_bytes"]

PROBLEM_SYSTEM: Final = "urn:carnet:fhir:problem"
_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Issue:
    """`code` is FHIR's issue type, `details_code` the stable code of our catalogue, `status` its HTTP status.

    `text` says what is wrong in general, `diagnostics` what is wrong here and how to mend it. Neither ever
    repeats content of a document.
    """

    severity: str
    code: str
    details_code: str
    diagnostics: str = ""
    expression: str = ""
    text: str = ""
    xds: str = ""
    status: int = _BAD_REQUEST

    @property
    def is_error(self) -> bool:
        return self.severity in ("error", "fatal")


class FhirError(Exception):
    """All the problems of one request; at least one of them is an error."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        super().__init__(", ".join(issue.details_code for issue in self.issues))

    @property
    def status(self) -> int:
        """The highest status of the errors: a request that cannot be read and breaks a rule is a 422."""
        return max((issue.status for issue in self.issues if issue.is_error), default=_BAD_REQUEST)

    def body(self) -> bytes:
        return to_bytes(self.issues)


def operation_outcome(issues: Sequence[Issue]) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [_issue(issue) for issue in issues]}


def to_bytes(issues: Sequence[Issue]) -> bytes:
    return orjson.dumps(operation_outcome(issues))


def _issue(issue: Issue) -> dict[str, Any]:
    coding = [{"system": PROBLEM_SYSTEM, "code": issue.details_code}]
    if issue.xds:
        coding.append({"code": issue.xds})
    details: dict[str, Any] = {"coding": coding}
    if issue.text:
        details["text"] = issue.text
    shown: dict[str, Any] = {"severity": issue.severity, "code": issue.code, "details": details}
    if issue.diagnostics:
        shown["diagnostics"] = issue.diagnostics
    if issue.expression:
        shown["expression"] = [issue.expression]
    return shown
