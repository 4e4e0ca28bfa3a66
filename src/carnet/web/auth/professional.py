"""What Pro Santé Connect says about a professional. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from carnet.web.auth.errors import SignInError, Trouble

_RPPS: Final = "8"
_RPPS_LENGTH: Final = 11
# Each number of a place with what stands before it in the national identifier of structures (1.2.250.1.71.4.2.2).
_NUMBERS: Final = {
    "numeroFinessSite": "1",
    "numeroSirenSite": "2",
    "numeroSiretSite": "3",
    "identifiantTechniqueDeLaStructure": "",
    "ancienIdentifiantDeLaStructure": "",
}


@dataclass(frozen=True, slots=True)
class Claims:
    """`national` is the national identifier, with its prefix; `structures` those where the token says that they
    practise; `regulates`: they answer the calls of the centre 15."""

    national: str
    structures: frozenset[str]
    regulates: bool

    @property
    def rpps(self) -> str:
        """ "" for who has none."""
        number = self.national.removeprefix(_RPPS)
        known = self.national.startswith(_RPPS) and number.isdecimal() and len(number) == _RPPS_LENGTH
        return number if known else ""


def read(told: dict[str, Any], subject: str) -> Claims:
    """`subject` is the claim that names them."""
    national = told.get(subject)
    if not isinstance(national, str) or not national:
        raise SignInError(Trouble.PROVIDER, "userinfo-names-nobody")
    return Claims(national, frozenset(_structures(told)), regulates(told))


def regulates(told: Mapping[str, Any]) -> bool:
    """Said in so many words, or not at all."""
    return bool(told.get("Acces_Regulation_Medicale") == "VRAI")


def _structures(told: dict[str, Any]) -> Iterator[str]:
    named = told.get("SubjectOrganizationID")
    if isinstance(named, str) and named:
        yield named
    for exercise in _listed(told.get("SubjectRefPro"), "exercices"):
        for activity in _listed(exercise, "activities"):
            for name, prefix in _NUMBERS.items():
                number = activity.get(name) if isinstance(activity, dict) else None
                if isinstance(number, str) and number.strip():
                    yield prefix + number.strip()


def _listed(holder: Any, name: str) -> list[Any]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []
