"""What persons add to their own record, and what they do not want added."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems.problem import METADATA, Problem

PROBLEMS: Final = (
    Problem(
        "not-personal",
        422,
        "business-rule",
        "Une personne n’ajoute à un carnet que ses propres documents.",
        "Choisissez un type de document du patient (DOCPAT…, EXPPAT…) ; author = le patient, avec son INS.",
        xds=METADATA,
    ),
    Problem(
        "urgent-feed",
        403,
        "forbidden",
        "La personne s’oppose à ce que les urgences alimentent son carnet.",
        "Ne renvoyez pas ce document : remettez-le à la personne, ou à son médecin.",
        xds=METADATA,
    ),
)
