"""How a request is carried."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import Problem

PROBLEMS: Final = (
    Problem(
        "length-required",
        411,
        "required",
        "La requête ne dit pas la longueur de son corps.",
        "Envoyez l’en-tête Content-Length, et le corps d’un seul tenant (sans Transfer-Encoding: chunked).",
    ),
)
