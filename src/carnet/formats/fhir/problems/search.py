"""Searches."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "search-patient-required",
        400,
        "required",
        "La recherche doit désigner un patient.",
        "Ajoutez patient=ID ou patient.identifier=SYSTÈME|VALEUR.",
        xds="XDSStoredQueryMissingParam",
    ),
    Problem(
        "search-target-required",
        400,
        "required",
        "La recherche doit désigner ce dont on veut l’origine.",
        "Ajoutez target=Observation/ID, ou _id.",
    ),
    Problem(
        "search-identifier-required",
        400,
        "required",
        "La recherche d’un patient demande son identifiant complet.",
        "Ajoutez identifier=SYSTÈME|INS.",
        xds="XDSStoredQueryMissingParam",
    ),
    Problem(
        "search-parameter",
        400,
        "not-supported",
        "Ce paramètre de recherche n’est pas pris en charge.",
        "Retirez-le, ou demandez Prefer: handling=lenient.",
        xds="XDSStoredQueryParamNumber",
    ),
    Problem(
        "search-value",
        400,
        "value",
        "La valeur de ce paramètre de recherche n’est pas lisible.",
        "Corrigez la valeur selon FHIR R4.",
    ),
)
