"""How a fact stands, in words beside its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carnet.formats.clinical.model import Allergy, Device, Encounter, Entry, Problem
from carnet.health.standing import Standing, standing_of
from carnet.web.i18n import gettext
from carnet.web.words import marked

__all__ = ["standing_word"]

_WORDS: Final[Mapping[Standing, str]] = {
    Standing.REFUTED: marked("Écarté"),
    Standing.UNSURE: marked("Non confirmé"),
    Standing.PLANNED: marked("Prévu"),
    Standing.NOT_DONE: marked("Pas fait"),
    Standing.STOPPED: marked("Interrompu"),
    Standing.IN_ERROR: marked("Saisi par erreur"),
}
_OF_ALLERGIES: Final = {Standing.REFUTED: marked("Écartée"), Standing.UNSURE: marked("Non confirmée")}
_OF_DEVICES: Final = {
    Standing.PLANNED: marked("Prescrit ou prévu, pas encore porté"),
    Standing.STOPPED: marked("N'est plus porté"),
}
_SUSPECTED: Final = {
    "provisional": marked("Diagnostic provisoire, non confirmé"),
    "differential": marked("Hypothèse parmi d'autres, non confirmée"),
}


def standing_word(entry: Entry, today: str = "") -> str:
    """ "" for what holds as it sounds."""
    found = standing_of(entry, today)
    if isinstance(entry, Problem) and entry.verification in _SUSPECTED:
        return gettext(_SUSPECTED[entry.verification])
    if isinstance(entry, Allergy) and found in _OF_ALLERGIES:
        return gettext(_OF_ALLERGIES[found])
    if isinstance(entry, Device) and found in _OF_DEVICES:
        return gettext(_OF_DEVICES[found])
    if isinstance(entry, Encounter) and found is Standing.NOT_DONE:
        return gettext("Annulé")
    return gettext(_WORDS[found]) if found in _WORDS else ""
