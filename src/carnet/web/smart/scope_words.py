"""What an app gets, said to whoever lets it in. Pure."""

from __future__ import annotations

from typing import Final

from carnet.formats.smart import Scopes
from carnet.web.i18n import gettext
from carnet.web.words import marked

_THINGS: Final = {
    "Patient": marked("l'identité de la personne"),
    "DocumentReference": marked("ses documents"),
    "Binary": marked("ses documents"),
    "Bundle": marked("ses documents"),
    "List": marked("ses documents"),
    "Condition": marked("ses problèmes de santé"),
    "AllergyIntolerance": marked("ses allergies"),
    "MedicationStatement": marked("ses traitements"),
    "MedicationRequest": marked("ses traitements"),
    "MedicationDispense": marked("ses traitements"),
    "MedicationAdministration": marked("ses traitements"),
    "Immunization": marked("ses vaccinations"),
    "Observation": marked("ses résultats et ses mesures"),
    "DiagnosticReport": marked("ses résultats et ses mesures"),
    "Procedure": marked("ses interventions"),
    "Encounter": marked("ses séjours et consultations"),
    "Consent": marked("ses autorisations"),
    "Provenance": marked("d'où viennent ces informations"),
}
_ALL: Final = marked("tout ce que vous pouvez voir vous-même de son carnet")
EVERYTHING: Final = marked("tout ce que vous pouvez lire vous-même dans ce carnet")
_ALL_WRITTEN: Final = marked("tout ce que vous pouvez y écrire vous-même")
_FOLLOWS: Final = "Subscription"
_CHANGES: Final = marked("quand quelque chose y change, sans ce qui change : elle en est avertie tant que l'accès dure")
_OTHER: Final = marked("d'autres informations (%(types)s)")


def reads(scope: Scopes, *, whole: str = _ALL) -> list[str]:
    follows = any(scope.allow(each, _FOLLOWS, "c") for each in ("patient", "user"))
    return _said(scope, "rs", whole) + ([gettext(_CHANGES)] if follows else [])


def writes(scope: Scopes) -> list[str]:
    return _said(scope, "cud", _ALL_WRITTEN)


def _said(scope: Scopes, letters: str, whole: str) -> list[str]:
    """Each thing once, in the order above."""
    types = {each.resource for each in scope.permissions if each.letter in letters} - {_FOLLOWS}
    if "*" in types:
        return [gettext(whole)]
    said = list(dict.fromkeys(gettext(text) for name, text in _THINGS.items() if name in types))
    others = sorted(types - _THINGS.keys())
    return [*said, gettext(_OTHER) % {"types": ", ".join(others)}] if others else said
