"""What makes a deposit impossible, in the words of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from carnet.documents.rules import DepositRefused
from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import FhirError, Issue

_CODES: Final = {
    "ins-missing": "ins-invalid",
    "ins-invalid": "ins-invalid",
    "ins-key": "ins-invalid",
    "ins-not-real": "ins-invalid",
    "unknown-patient": "patient-unknown",
    "patient-differs": "patient-mismatch",
    "type-unknown": "type-unknown",
    "labels-exclude-everyone": "labels-exclusive",
    "unique-id-other-content": "unique-id-used",
    "unique-id-other-labels": "sent-otherwise",
    "unique-id-other-replaced": "sent-otherwise",
    "unique-id-unusable": "unique-id-used",
    "replaced-unknown": "replaced-unknown",
    "replaced-superseded": "replaced-superseded",
    "replaced-several": "replaced-several",
    "not-replaced": "patch-not-replaced",
    "submission-set-used": "submission-set-used",
    "folder-unknown": "folder-unknown",
    "item-unknown": "item-unknown",
    "not-personal": "not-personal",
    "already-announced": "already-announced",
    "urgent-feed": "urgent-feed",
    "too-large": "too-large",
}
# A fault of the submission, not of one of its documents.
_WHOLE: Final = "Bundle"
# Where in a DocumentReference the fault lies.
_PLACES: Final = {
    "unique-id-used": "masterIdentifier",
    "replaced-unknown": "relatesTo",
    "replaced-superseded": "relatesTo",
    "replaced-several": "relatesTo",
    "type-unknown": "type",
    "not-personal": "type",
    "urgent-feed": "type",
    "labels-exclusive": "securityLabel",
    "already-announced": "securityLabel",
    "ins-invalid": "subject",
    "patient-unknown": "subject",
    "patient-mismatch": "subject",
}


def failure(refused: DepositRefused, path_of: Callable[[DepositRefused], str] = lambda _: "") -> FhirError:
    """All faults, each in the DocumentReference that `path_of` tells of it."""
    return FhirError(_placed(each, path_of(each)) for each in refused.all)


def at(refused: DepositRefused, path: str) -> tuple[Issue, ...]:
    """All faults, in the one DocumentReference."""
    return failure(refused, lambda _: path).issues


def _placed(refused: DepositRefused, path: str) -> Issue:
    place = _PLACES.get(_code(refused), "")
    return _issue(refused, f"{path}.{place}" if path not in {"", _WHOLE} and place else path)


def _issue(refused: DepositRefused, path: str) -> Issue:
    return errors.issue(_code(refused), expression=path, detail=refused.message)


def _code(refused: DepositRefused) -> str:
    return _CODES.get(refused.code, "content-refused")
