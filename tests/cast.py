"""The cast, told again from the contract: tests do not believe the program's own table."""

from __future__ import annotations

from typing import Final

INS: Final = {
    "dominique": "279035121518989",
    "lea": "218054900711272",
    "hugo": "110034900724558",
    "paul": "177113523803171",
    "jean": "150065121507870",
    "claire": "290097511215486",
    "marc": "165021305506665",
    "nadia": "201076938420354",
}
TEST_OID: Final = "1.2.250.1.213.1.4.10"
PEOPLE: Final = tuple(INS)
PROFESSIONALS: Final = (
    "dr-martin",
    "remplacant",
    "secretaire",
    "dr-nguyen",
    "dr-inconnu",
    "dr-bloque",
    "dr-urgence",
    "samu",
    "pharm-leroy",
    "inf-petit",
    "sf-garcia",
    "dent-roux",
    "med-travail",
    "pmi",
    "med-conseil",
)
SOFTWARE: Final = ("labo", "hopital", "assurance")
OPERATORS: Final = ("support", "pilotage")
KEYS: Final = PEOPLE + PROFESSIONALS + SOFTWARE + OPERATORS


def identifier(key: str) -> str:
    """The FHIR token of a person of the cast."""
    return f"urn:oid:{TEST_OID}|{INS[key]}"
