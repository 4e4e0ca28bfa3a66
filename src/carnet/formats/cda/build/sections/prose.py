"""Sections in words alone."""

from __future__ import annotations

from collections.abc import Sequence

from carnet.formats.cda.build.codes import loinc
from carnet.formats.cda.build.text import Block, Items, Paragraph, Section


def prose(code: str, display: str, title: str, *paragraphs: str, items: Sequence[str] = ()) -> Section:
    blocks: list[Block] = [Paragraph(text) for text in paragraphs]
    if items:
        blocks.append(Items(tuple(items)))
    return Section(loinc(code, display), title, blocks=tuple(blocks))


def reason(*paragraphs: str) -> Section:
    return prose("42349-1", "Raison de la recommandation", "Motif", *paragraphs)


def letter(*paragraphs: str) -> Section:
    return prose("51847-2", "Evaluation", "Courrier", *paragraphs)


def findings(*paragraphs: str) -> Section:
    return prose("29545-1", "Examen physique", "Examen", *paragraphs)


def conclusion(*paragraphs: str) -> Section:
    return prose("55110-1", "Conclusion", "Conclusion", *paragraphs)


def plan(*items: str) -> Section:
    return prose("18776-5", "Plan de soins", "Conduite à tenir", items=items)


def course(*paragraphs: str) -> Section:
    return prose("42545-4", "Evènements observés", "Déroulement du séjour", *paragraphs)
