"""What is not FHIR R4."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import METADATA, Problem

PROBLEMS: Final = (
    Problem(
        "element-unknown",
        422,
        "structure",
        "Cet élément n’existe pas dans FHIR R4.",
        "Corrigez son nom ou sa place, ou retirez-le.",
        xds=METADATA,
    ),
    Problem(
        "code-unknown",
        422,
        "code-invalid",
        "Ce code n’est pas de ceux que FHIR R4 impose ici.",
        "Employez un code du jeu de valeurs de cet élément.",
        xds=METADATA,
    ),
    Problem(
        "resource-type",
        422,
        "structure",
        "Cette ressource n’est pas d’un type possible ici.",
        "Écrivez dans resourceType un type de FHIR R4 qui convient à cette place.",
        xds=METADATA,
    ),
    Problem(
        "period-reversed",
        422,
        "invariant",
        "Cette période finit avant de commencer.",
        "Corrigez start ou end ; une date seule vaut, en end, jusqu’à sa fin.",
        xds=METADATA,
    ),
    Problem(
        "date-without-zone",
        200,
        "value",
        "L’heure n’a pas de décalage horaire ; elle est comprise à l’heure de Paris.",
        "Ajoutez le décalage, par exemple +02:00.",
        severity="warning",
    ),
)
