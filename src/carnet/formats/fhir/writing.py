"""Small pieces of FHIR JSON, made from the plain values of an entry."""

from __future__ import annotations

from typing import Any, Final

from carnet.formats.entry import Coded
from carnet.formats.fhir.concepts import UNKNOWN
from carnet.formats.terminology import systems

__all__ = ["NOT_STATED", "codeable", "coding", "pruned"]

NOT_STATED: Final[dict[str, Any]] = {
    "coding": [{"system": systems.to_uri(UNKNOWN.system), "code": UNKNOWN.code, "display": UNKNOWN.display}],
    "text": "Non précisé",
}


def pruned(element: dict[str, Any]) -> dict[str, Any]:
    """Without its empty members: FHIR has no empty value."""
    return {name: value for name, value in element.items() if value not in (None, "", [], {}, ())}


def coding(coded: Coded) -> dict[str, str]:
    return pruned({"system": systems.to_uri(coded.system), "code": coded.code, "display": coded.display})


def codeable(coded: Coded | None) -> dict[str, Any]:
    """A CodeableConcept; text alone when there is no code; "not stated" when there is nothing."""
    if coded is None or not (coded.code or coded.display):
        return NOT_STATED
    return {"coding": [coding(coded)]} if coded.code else {"text": coded.display}
