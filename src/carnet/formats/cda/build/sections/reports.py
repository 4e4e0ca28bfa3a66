"""Whole bodies of one shape: an imaging report, a statement of reimbursements."""

from __future__ import annotations

from collections.abc import Sequence

from carnet.formats.cda.build.codes import loinc
from carnet.formats.cda.build.sections.prose import prose
from carnet.formats.cda.build.text import Section, Table


def imaging(*, reason: str, technique: str, found: Sequence[str], concluded: Sequence[str]) -> tuple[Section, ...]:
    return (
        prose("11329-0", "Historique médical", "Indication", reason),
        prose("55111-9", "Description de l'acte d'imagerie", "Technique", technique),
        prose("59776-5", "Résultats d'imagerie", "Résultats", items=found),
        prose("19005-8", "Conclusion de l'imagerie", "Conclusion", *concluded),
    )


def reimbursed(rows: Sequence[tuple[str, str, str, str]]) -> tuple[Section, ...]:
    """`rows`: day, what, by whom, amount."""
    return (
        prose(
            "55112-7",
            "Commentaire sur le document",
            "À propos de ce relevé",
            "Soins remboursés par l'assurance maladie sur la période. Un soin récent peut manquer.",
        ),
        Section(
            loinc("48768-6", "Payeurs"),
            "Soins remboursés",
            blocks=(Table(("Date", "Soin", "Soignant", "Remboursé"), tuple(rows)),),
        ),
    )
