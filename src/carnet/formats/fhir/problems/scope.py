"""What the token allows."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "scope-insufficient",
        403,
        "forbidden",
        "La portée de ce jeton ne permet pas cette action.",
        "Demandez un jeton avec la portée que nomme l’en-tête WWW-Authenticate.",
    ),
)
