"""The values that a PATCH may give; each reader raises `FhirError` with the problems of a wrong one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import FhirError, Issue
from carnet.formats.fhir.patch.model import IS_ARCHIVED, SetStatus
from carnet.formats.terminology import labels

__all__ = ["archived", "archived_extension", "archived_extensions", "base", "code", "label", "label_list", "status"]

# The guides write "true" in quotes.
_BOOLEANS: Final[Mapping[str, bool]] = {"true": True, "false": False}
# A base code and the three visibility codes.
_LABELS_LIMIT: Final = 4


def code(value: object, place: str) -> str:
    """The official code of a label given by its code alone."""
    if not isinstance(value, str):
        raise _wrong(place, "Un code est attendu.")
    known = labels.coded(value.strip())
    if known is None:
        raise errors.failure("label-unknown", expression=place)
    return known.code


def base(value: object, place: str) -> str:
    found = code(value, place)
    if not labels.is_base(found):
        raise _wrong(place, "N, R ou V est attendu.")
    return found


def label(value: object, place: str) -> str:
    """The official code of a CodeableConcept; those of its codings that are known must all say the same label."""
    codings = value.get("coding") if isinstance(value, dict) else None
    if not isinstance(codings, list) or not codings:
        raise _wrong(place, "Un CodeableConcept avec coding est attendu.")
    written = [each.get("code") if isinstance(each, dict) else None for each in codings]
    known = {found.code for text in written if isinstance(text, str) and (found := labels.coded(text.strip()))}
    if not known:
        # A label that is not understood may hide something: nothing is changed without it.
        raise errors.failure("label-unknown", expression=place)
    if len(known) > 1:
        raise _wrong(place, "Une étiquette ne dit qu’un code ; donnez les autres à part.")
    return known.pop()


def label_list(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= _LABELS_LIMIT:
        raise _wrong(place, f"Une liste d’une à {_LABELS_LIMIT} étiquettes est attendue.")
    found: list[str] = []
    issues: list[Issue] = []
    for number, each in enumerate(value):
        try:
            found.append(label(each, f"{place}[{number}]"))
        except FhirError as error:
            issues += error.issues
    if issues:
        raise FhirError(issues)
    return tuple(found)


def archived(value: object, place: str) -> bool:
    if isinstance(value, bool):
        return value
    found = _BOOLEANS.get(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise _wrong(place, "true ou false est attendu.")
    return found


def archived_extension(value: object, place: str) -> bool:
    """isArchived as a whole extension: its url, its valueBoolean and nothing more."""
    if not isinstance(value, dict) or not isinstance(value.get("url"), str):
        raise _wrong(place, "Une extension avec url et valueBoolean est attendue.")
    if value["url"].strip() != IS_ARCHIVED:
        raise errors.failure("patch-element", expression=place)
    if value.keys() != {"url", "valueBoolean"}:
        raise _wrong(place, "L’extension isArchived a une url et une valueBoolean.")
    return archived(value["valueBoolean"], f"{place}.valueBoolean")


def archived_extensions(value: object, place: str) -> bool:
    if not isinstance(value, list) or len(value) != 1:
        raise _wrong(place, "Une liste avec la seule extension isArchived est attendue.")
    return archived_extension(value[0], f"{place}[0]")


def status(value: object, place: str) -> SetStatus:
    if not isinstance(value, str):
        raise _wrong(place, "Un code est attendu.")
    match value.strip():
        case "entered-in-error":
            return SetStatus("entered-in-error")
        case "current":
            return SetStatus("current")
        case "superseded":
            raise errors.failure("patch-superseded", expression=place)
    raise errors.failure("patch-status", expression=place)


def _wrong(place: str, detail: str) -> FhirError:
    return errors.failure("patch-value", expression=place, detail=detail)
