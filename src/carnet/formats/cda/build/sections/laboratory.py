"""Results of analyses, chapter by chapter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import groupby

from carnet.formats.cda.build.clinical import Finding, Result
from carnet.formats.cda.build.entries.laboratory import laboratory_act
from carnet.formats.cda.build.text import Mark, Paragraph, Section, Table, with_marks
from carnet.formats.cda.build.words import number, printed
from carnet.formats.entry import Coded

_INTERPRETATIONS = {"N": "", "L": "Bas", "H": "Élevé"}


def laboratory(sampled: datetime, results: Sequence[Result | Finding]) -> tuple[Section, ...]:
    """One section for each chapter, in the order in which the results come."""
    chapters = groupby(results, key=_chapter)
    return tuple(
        _laboratory_section(chapter, sampled, list(group), position)
        for position, (chapter, group) in enumerate(chapters, start=1)
    )


def _chapter(result: Result | Finding) -> Coded:
    return result.analyte.chapter if isinstance(result, Result) else result.chapter


def _laboratory_section(chapter: Coded, sampled: datetime, results: list[Result | Finding], position: int) -> Section:
    marked = with_marks(results, f"resultat-{position}")
    rows = tuple(_result_row(result, mark) for result, mark in marked)
    return Section(
        chapter,
        chapter.display,
        templates=("1.3.6.1.4.1.19376.1.3.3.2.1", "1.2.250.1.213.1.1.2.70"),
        blocks=(
            Paragraph(f"Prélèvement du {printed(sampled)} à {sampled:%H h %M}."),
            Table(("Analyse", "Résultat", "Valeurs de référence", "Lecture"), rows),
        ),
        entries=(partial(laboratory_act, chapter=chapter, sampled=sampled, results=marked),),
    )


def _result_row(result: Result | Finding, mark: str) -> tuple[Mark | str, ...]:
    if isinstance(result, Finding):
        return Mark(mark, result.name), result.value.display, result.expected, ""
    analyte = result.analyte
    name = f"{analyte.name} ({analyte.method})" if analyte.method else analyte.name
    value = f"{number(result.value)} {analyte.unit}"
    return Mark(mark, name), value, _range(result), _INTERPRETATIONS[result.interpretation]


def _range(result: Result) -> str:
    analyte = result.analyte
    if analyte.low is not None and analyte.high is not None:
        return f"{number(analyte.low)} à {number(analyte.high)} {analyte.unit}"
    if analyte.high is not None:
        return f"moins de {number(analyte.high)} {analyte.unit}"
    return f"plus de {number(analyte.low)} {analyte.unit}" if analyte.low is not None else ""
