"""What MHD demands of a search, and the bounds of one."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "search-status-required",
        400,
        "required",
        "La recherche doit dire quels statuts elle demande.",
        "Ajoutez status=current, ou demandez Prefer: handling=lenient.",
        xds="XDSStoredQueryMissingParam",
    ),
    Problem(
        "search-code-required",
        400,
        "required",
        "La recherche de listes doit dire leur genre.",
        "Ajoutez code=submissionset ou code=folder, ou demandez Prefer: handling=lenient.",
        xds="XDSStoredQueryMissingParam",
    ),
    Problem(
        "search-modifier",
        400,
        "not-supported",
        "Ce modificateur n’est pas pris en charge pour ce paramètre de recherche.",
        "Retirez ce qui suit les deux-points, ou consultez la déclaration de capacités.",
        xds="XDSStoredQueryParamNumber",
    ),
    Problem(
        "search-too-many",
        400,
        "too-costly",
        "La recherche est trop grande.",
        "Donnez au plus 64 paramètres et 65 536 caractères ; séparez les valeurs équivalentes par des virgules.",
    ),
)
