"""Sections of documents: the narrative people read, and beside it the entries software reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from itertools import groupby

from carnet.demo.clinical import Act, Allergy, Dose, Finding, Line, Measure, Problem, Result
from carnet.demo.entries.history import allergy, problem, procedure
from carnet.demo.entries.laboratory import laboratory_act
from carnet.demo.entries.measures import vital_signs
from carnet.demo.entries.medicines import dispensed, prescribed, taken
from carnet.demo.entries.vaccinations import vaccinated
from carnet.demo.model import Block, Items, Mark, Paragraph, Professional, Section, Table
from carnet.demo.vocabulary import loinc
from carnet.demo.words import number, printed
from carnet.formats.entry import Coded

_INTERPRETATIONS = {"N": "", "L": "Bas", "H": "Élevé"}


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
    marked = [(result, f"resultat-{position}-{line}") for line, result in enumerate(results, start=1)]
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


def prescription(lines: Sequence[Line], *notes: str) -> tuple[Section, ...]:
    marked = [(line, f"med-{position}") for position, line in enumerate(lines, start=1)]
    rows = tuple(
        (
            Mark(mark, line.drug.name),
            Mark(f"{mark}-posologie", line.dosage),
            _duration(line),
            f"{line.boxes}",
            f"{line.repeats} fois" if line.repeats else "Non",
        )
        for line, mark in marked
    )
    head = ("Médicament", "Posologie", "Durée", "Boîtes", "À renouveler")
    return (
        Section(
            loinc("57828-6", "Prescriptions"),
            "Prescription de médicaments",
            templates=("1.3.6.1.4.1.19376.1.9.1.2.1", "1.2.250.1.213.1.1.2.170"),
            blocks=(Table(head, rows), *map(Paragraph, notes)),
            entries=tuple(partial(prescribed, line=line, mark=mark) for line, mark in marked),
        ),
    )


def _duration(line: Line) -> str:
    return f"du {printed(line.start)} au {printed(line.end)}" if line.end else f"depuis le {printed(line.start)}"


def dispensation(lines: Sequence[Line], *notes: str) -> tuple[Section, ...]:
    marked = [(line, f"delivre-{position}") for position, line in enumerate(lines, start=1)]
    rows = tuple((Mark(mark, line.drug.name), f"{line.boxes}", line.dosage, _duration(line)) for line, mark in marked)
    return (
        Section(
            loinc("60590-7", "Médicaments délivrés"),
            "Médicaments délivrés",
            templates=(
                "1.3.6.1.4.1.19376.1.9.1.2.3",
                "2.16.840.1.113883.10.20.1.8",
                "1.2.250.1.213.1.1.2.236",
            ),
            blocks=(Table(("Médicament", "Boîtes", "Posologie", "Durée"), rows), *map(Paragraph, notes)),
            entries=tuple(partial(dispensed, line=line, mark=mark) for line, mark in marked),
        ),
    )


def vaccination(doses: Sequence[Dose], by: Professional, *notes: str) -> tuple[Section, ...]:
    marked = [(dose, f"vaccin-{position}") for position, dose in enumerate(doses, start=1)]
    rows = tuple(
        (
            printed(dose.at),
            Mark(mark, dose.vaccine.name),
            dose.vaccine.protects,
            f"{dose.rank}",
            dose.lot,
            by.name,
        )
        for dose, mark in marked
    )
    head = ("Date", "Vaccin", "Protège contre", "Dose", "Lot", "Par")
    return (
        Section(
            loinc("11369-6", "Historique des vaccinations"),
            "Vaccination",
            templates=(
                "2.16.840.1.113883.10.20.1.6",
                "1.3.6.1.4.1.19376.1.5.3.1.3.23",
                "1.2.250.1.213.1.1.2.147",
            ),
            blocks=(Table(head, rows), *map(Paragraph, notes)),
            entries=tuple(partial(vaccinated, dose=dose, mark=mark, by=by) for dose, mark in marked),
        ),
    )


def measures(at: date, taken_then: Sequence[Measure]) -> Section:
    marked = [(measure, f"mesure-{position}") for position, measure in enumerate(taken_then, start=1)]
    rows = tuple((measure.name, Mark(mark, f"{number(measure.value)} {measure.unit}")) for measure, mark in marked)
    return Section(
        loinc("8716-3", "Signes vitaux"),
        "Mesures",
        templates=("1.3.6.1.4.1.19376.1.5.3.1.1.5.3.2", "1.2.250.1.213.1.1.2.158"),
        blocks=(Table(("Mesure", "Valeur"), rows),),
        entries=(partial(vital_signs, at=at, measures=marked),),
    )


def problems(facts: Sequence[Problem], title: str = "Maladies et problèmes de santé") -> Section:
    marked = [(fact, f"probleme-{position}") for position, fact in enumerate(facts, start=1)]
    rows = tuple((printed(fact.since), Mark(mark, fact.code.display)) for fact, mark in marked)
    return Section(
        loinc("11450-4", "Liste des problèmes actifs"),
        title,
        templates=(
            "2.16.840.1.113883.10.20.1.11",
            "1.3.6.1.4.1.19376.1.5.3.1.3.6",
            "1.2.250.1.213.1.1.2.132",
        ),
        blocks=(Table(("Depuis", "Problème"), rows),),
        entries=tuple(partial(problem, fact=fact, mark=mark) for fact, mark in marked),
    )


def past_history(facts: Sequence[Problem]) -> Section:
    marked = [(fact, f"antecedent-{position}") for position, fact in enumerate(facts, start=1)]
    rows = tuple((printed(fact.since), Mark(mark, fact.code.display)) for fact, mark in marked)
    return Section(
        loinc("11348-0", "Antécédents médicaux"),
        "Antécédents médicaux",
        templates=("1.3.6.1.4.1.19376.1.5.3.1.3.8", "1.2.250.1.213.1.1.2.134"),
        blocks=(Table(("Date", "Antécédent"), rows),),
        entries=tuple(partial(problem, fact=fact, mark=mark) for fact, mark in marked),
    )


def procedures(acts: Sequence[Act]) -> Section:
    marked = [(act, f"acte-{position}") for position, act in enumerate(acts, start=1)]
    rows = tuple((printed(act.at), Mark(mark, act.code.display)) for act, mark in marked)
    return Section(
        loinc("47519-4", "Historique des actes"),
        "Opérations et actes",
        templates=(
            "2.16.840.1.113883.10.20.1.12",
            "1.3.6.1.4.1.19376.1.5.3.1.3.11",
            "1.3.6.1.4.1.19376.1.5.3.1.3.12",
            "1.2.250.1.213.1.1.2.136",
        ),
        blocks=(Table(("Date", "Acte"), rows),),
        entries=tuple(partial(procedure, act=act, mark=mark) for act, mark in marked),
    )


def allergies(facts: Sequence[Allergy]) -> Section:
    marked = [(fact, f"allergie-{position}") for position, fact in enumerate(facts, start=1)]
    rows = tuple((Mark(mark, fact.agent.display), fact.reaction, printed(fact.since)) for fact, mark in marked)
    blocks: tuple[Block, ...] = (
        (Table(("Allergie à", "Réaction", "Depuis"), rows),) if rows else (Paragraph("Aucune allergie connue."),)
    )
    return Section(
        loinc("48765-2", "Allergies et hypersensibilités"),
        "Allergies",
        templates=(
            "2.16.840.1.113883.10.20.1.2",
            "1.3.6.1.4.1.19376.1.5.3.1.3.13",
            "1.2.250.1.213.1.1.2.137",
        ),
        blocks=blocks,
        entries=tuple(partial(allergy, fact=fact, mark=mark) for fact, mark in marked),
    )


def treatments(lines: Sequence[Line]) -> Section:
    marked = [(line, f"traitement-{position}") for position, line in enumerate(lines, start=1)]
    rows = tuple(
        (Mark(mark, line.drug.name), Mark(f"{mark}-posologie", line.dosage), printed(line.start))
        for line, mark in marked
    )
    return Section(
        loinc("10160-0", "Historique de la prise médicamenteuse"),
        "Traitements en cours",
        templates=(
            "2.16.840.1.113883.10.20.1.8",
            "1.3.6.1.4.1.19376.1.5.3.1.3.19",
            "1.2.250.1.213.1.1.2.143",
        ),
        blocks=(Table(("Médicament", "Posologie", "Depuis"), rows),),
        entries=tuple(partial(taken, line=line, mark=mark) for line, mark in marked),
    )


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
