"""The body of a request as such."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "not-json",
        400,
        "structure",
        "Le corps de la requête n’est pas du JSON lisible.",
        "Envoyez une ressource FHIR R4 en JSON, encodée en UTF-8.",
    ),
    Problem(
        "duplicate-key",
        400,
        "structure",
        "Un objet JSON donne deux fois le même membre : sa lecture serait ambiguë.",
        "Donnez chaque élément une seule fois ; un élément répété est une liste.",
    ),
    Problem(
        "not-a-resource",
        400,
        "structure",
        "Le corps de la requête n’est pas une ressource FHIR.",
        "Envoyez un objet JSON avec l’élément resourceType.",
    ),
    Problem(
        "wrong-resource-type",
        400,
        "invalid",
        "La ressource n’est pas du type attendu à cette adresse.",
        "Envoyez une ressource du type indiqué.",
    ),
)
