"""Who can sign in to the demonstration, and the claims about them, shaped as the national providers give them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from carnet.demo import cast
from carnet.demo.cast import Clinician, Resident, Staff
from carnet.people.rules import Capacity

PATIENTS, PROFESSIONALS = "carnet-patient", "carnet-professional"

_FRANCE = "99100"


@dataclass(frozen=True, slots=True)
class Account:
    """`client` is the relying party at which this person signs in; `claims` those of its userinfo."""

    key: str
    name: str
    note: str
    client: str
    acr: str
    claims: dict[str, Any]


@cache
def accounts() -> dict[str, Account]:
    found = (
        *(_resident(member) for member in cast.RESIDENTS),
        *(_clinician(member) for member in cast.CLINICIANS),
        *(_staff(member) for member in cast.STAFF),
    )
    return {account.key: account for account in found}


def of_client(client: str) -> list[Account]:
    return [account for account in accounts().values() if account.client == client]


def _resident(member: Resident) -> Account:
    """FranceConnect+: the pivot identity, names as in the civil registry."""
    person = member.identity
    claims = {
        "sub": cast.subject(member),
        "given_name": person.givens,
        "family_name": person.family,
        "birthdate": person.born.isoformat(),
        "gender": "female" if person.sex == "F" else "male",
        "birthplace": person.birth_place,
        "birthcountry": _FRANCE,
    }
    return Account(member.key, person.name, member.note, PATIENTS, "eidas2", claims)


def _clinician(member: Clinician) -> Account:
    """Pro Santé Connect: the national identifier, the profession, and where it is exercised."""
    who = member.professional
    national = cast.subject(member)
    organisation = f"1{who.organisation.finess}"
    claims = {
        "sub": f"psc:{who.key}",
        "SubjectNameID": national,
        "preferred_username": national,
        "given_name": who.given,
        "family_name": who.family,
        "codeCivilite": who.title,
        "SubjectRole": [f"{who.profession}^1.2.250.1.213.1.1.5.5"],
        "SubjectOrganization": who.organisation.name,
        "SubjectOrganizationID": organisation,
        "Acces_Regulation_Medicale": "VRAI" if member.capacity is Capacity.REGULATION else "FAUX",
        "SubjectRefPro": {"codeCivilite": who.title, "exercices": [_exercise(member)]},
    }
    return Account(member.key, who.name, member.note, PROFESSIONALS, "eidas1", claims)


def _exercise(member: Clinician) -> dict[str, Any]:
    who = member.professional
    return {
        "codeProfession": who.profession,
        "codeSavoirFaire": who.speciality,
        "nomDexercice": who.family,
        "prenomDexercice": who.given,
        "activities": [
            {"numeroFinessSite": place.finess, "raisonSocialeSite": place.name}
            for place in (who.organisation, *(place for key, place, _ in cast.SITUATIONS if key == who.key))
        ],
    }


def _staff(member: Staff) -> Account:
    """Staff of the service: known by an internal identifier of a structure."""
    national = cast.subject(member)
    claims = {
        "sub": f"psc:{member.key}",
        "SubjectNameID": national,
        "preferred_username": national,
        "given_name": "",
        "family_name": member.name,
    }
    return Account(member.key, member.name, member.note, PROFESSIONALS, "eidas1", claims)
