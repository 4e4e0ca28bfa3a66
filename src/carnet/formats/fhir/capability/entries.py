"""The structured record in the table of capabilities, from the table by which it is searched."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.capability.model import Operation, Parameter, Resource
from carnet.formats.fhir.search.entry_types import PROVENANCE, TYPES, EntryType, Listed

__all__ = ["ENTRIES", "OF_PATIENT"]

_SAID: Final = {
    "patient": "ID ou Patient?identifier=SYSTÈME|INS.",
    "subject": "ID ou Patient?identifier=SYSTÈME|INS.",
    "date": "Quand cela a eu lieu ou a été vrai ; ce qui n’a pas de date n’est pas trouvé.",
    "target": "Obligatoire, sauf _id : Observation/ID.",
    "status": "Ce qui a été corrigé n’est trouvé que par entered-in-error.",
    "verification-status": "Ce qui a été corrigé n’est trouvé que par entered-in-error.",
}
_CHAIN: Final = Parameter("patient.identifier", "token", documentation="SYSTÈME|INS.")


def _parameters(listed: tuple[Listed, ...]) -> tuple[Parameter, ...]:
    return (*(Parameter(each.name, each.type, each.definition, _SAID.get(each.name, "")) for each in listed), _CHAIN)


def _entries(known: EntryType) -> Resource:
    return Resource(
        type=known.name,
        documentation="Ce que les documents disent, chaque fait une fois, par les documents que voit qui lit.",
        interactions={"read": "", "search-type": "Par GET et par POST _search, du plus récent au plus ancien."},
        parameters=_parameters(known.listed),
        comes_with=("Provenance:target",),
    )


_ORIGINS: Final = Resource(
    type="Provenance",
    documentation="De quels documents vient une entrée ; elle porte le même id que l’entrée.",
    interactions={"read": "", "search-type": "Par GET et par POST _search."},
    parameters=_parameters(PROVENANCE),
)
ENTRIES: Final = (*map(_entries, TYPES.values()), _ORIGINS)

OF_PATIENT: Final = (
    Operation(
        "everything",
        "http://hl7.org/fhir/OperationDefinition/Patient-everything",
        "Pour la personne, ou qui la représente : par pages, avec _type, _since, start, end, _count.",
    ),
    Operation(
        "summary",
        "http://hl7.org/fhir/uv/ips/OperationDefinition/summary",
        "La synthèse IPS de ce que voit qui la demande ; persist=true, par POST, la dépose. Aussi Patient/$summary.",
    ),
    Operation(
        "new-since",
        "urn:carnet:fhir:operation:new-since",
        "Ce qui a changé depuis since, ou depuis la dernière visite de qui demande. Aussi Patient/$new-since.",
    ),
)
