"""The chapters of a medical summary as sections: where each stands, and what people read in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from lxml.etree import _Element

from carnet.formats.cda.build.codes import loinc
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.text import Block, Cell, Mark, Paragraph, Section, Table, with_marks
from carnet.formats.cda.build.vsm import acts, concerns, observed, words
from carnet.formats.cda.build.vsm.carried_values import ABSENT_OID
from carnet.formats.cda.build.vsm.model import Chapter, Nothing, Part, Synthesis
from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Entry,
    Kind,
    Problem,
    Procedure,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Coded

__all__ = ["CHAPTERS", "REMARK", "Place", "sections"]

REMARK: Final = "remarque"
_Writer = Callable[..., _Element]


@dataclass(frozen=True, slots=True)
class Place:
    """`absent`: the code of the IPS where there is none known, and where nothing is, and the class that states it."""

    code: Coded
    title: str
    templates: tuple[str, ...]
    head: tuple[str, str, str] = ("", "", "")
    writer: _Writer | None = None
    none: str = ""
    absent: tuple[str, str] = ("", "")
    of: type[Entry] | None = None
    kind: Kind | None = None


CHAPTERS: Final[Mapping[Part, Place]] = {
    Part.PROBLEMS: Place(
        loinc("11450-4", "Liste des problèmes actifs"),
        "Pathologies en cours",
        ("2.16.840.1.113883.10.20.1.11", "1.3.6.1.4.1.19376.1.5.3.1.3.6", "1.2.250.1.213.1.1.2.132"),
        ("Pathologie en cours", "Précisions", "Depuis"),
        concerns.problem,
        "Aucune pathologie en cours connue.",
        ("no-known-problems", "no-problem-info"),
        Problem,
        Kind.PROBLEM,
    ),
    Part.HISTORY: Place(
        loinc("11348-0", "Antécédents médicaux"),
        "Antécédents médicaux",
        ("1.3.6.1.4.1.19376.1.5.3.1.3.8", "1.2.250.1.213.1.1.2.134"),
        ("Antécédent médical", "Précisions", "Date"),
        concerns.problem,
        "Aucun antécédent médical connu.",
    ),
    Part.PROCEDURES: Place(
        loinc("47519-4", "Historique des actes"),
        "Antécédents chirurgicaux et actes",
        (
            "2.16.840.1.113883.10.20.1.12",
            "1.3.6.1.4.1.19376.1.5.3.1.3.11",
            "1.3.6.1.4.1.19376.1.5.3.1.3.12",
            "1.2.250.1.213.1.1.2.136",
        ),
        ("Acte", "Précisions", "Date"),
        acts.procedure,
        "Aucune opération connue.",
        ("no-known-procedures", "no-procedure-info"),
        Procedure,
        Kind.PROCEDURE,
    ),
    Part.ALLERGIES: Place(
        loinc("48765-2", "Allergies et hypersensibilités"),
        "Allergies et hypersensibilités",
        ("2.16.840.1.113883.10.20.1.2", "1.3.6.1.4.1.19376.1.5.3.1.3.13", "1.2.250.1.213.1.1.2.137"),
        ("Agent responsable", "Précisions", "Depuis"),
        concerns.allergy,
        "Aucune allergie connue.",
        ("no-known-allergies", "no-allergy-info"),
        Allergy,
        Kind.ALLERGY,
    ),
    Part.LIFE: Place(
        loinc("29762-2", "Habitus, Mode de vie"),
        "Mode de vie",
        (
            "2.16.840.1.113883.10.20.1.15",
            "1.3.6.1.4.1.19376.1.5.3.1.3.16",
            "1.3.6.1.4.1.19376.1.5.3.1.3.16.1",
            "1.2.250.1.213.1.1.2.141",
        ),
        ("Habitude", "Observation", "Date"),
        observed.observed,
        "Aucun facteur de risque lié au mode de vie connu.",
    ),
    Part.RISKS: Place(
        loinc("10161-8", "Facteurs de risques professionnels"),
        "Facteurs de risque professionnels",
        ("1.3.6.1.4.1.19376.1.5.3.1.1.5.3.1", "1.2.250.1.213.1.1.2.74"),
        none="Aucun facteur de risque professionnel connu.",
    ),
    Part.FAMILY: Place(
        loinc("10157-6", "Historique des pathologies familiales"),
        "Antécédents familiaux",
        (
            "2.16.840.1.113883.10.20.1.4",
            "1.3.6.1.4.1.19376.1.5.3.1.3.14",
            "1.3.6.1.4.1.19376.1.5.3.1.3.15",
            "1.2.250.1.213.1.1.2.139",
        ),
        ("Lien de parenté", "Antécédent", ""),
        concerns.relative,
        "Aucun antécédent familial connu.",
    ),
    Part.WATCH: Place(
        loinc("30954-2", "Résultats d'examens"),
        "Points de vigilance",
        ("1.3.6.1.4.1.19376.1.5.3.1.3.27", "1.2.250.1.213.1.1.2.150"),
        none="Aucun point de vigilance.",
    ),
    Part.RESULTS: Place(
        loinc("30954-2", "Résultats d'examens"),
        "Résultats à retenir",
        (
            "1.3.6.1.4.1.19376.1.5.3.1.3.27",
            "1.3.6.1.4.1.19376.1.5.3.1.3.28",
            "1.2.250.1.213.1.1.2.151",
        ),
        ("Examen", "Résultat", "Date"),
        observed.observed,
        "Aucun résultat à retenir.",
    ),
    Part.TREATMENTS: Place(
        loinc("10160-0", "Historique de la prise médicamenteuse"),
        "Traitements",
        ("2.16.840.1.113883.10.20.1.8", "1.3.6.1.4.1.19376.1.5.3.1.3.19", "1.2.250.1.213.1.1.2.143"),
        ("Médicament", "Posologie", "Début"),
        acts.treatment,
        "Aucun traitement au long cours connu.",
        ("no-known-medications", "no-medication-info"),
        Treatment,
        Kind.TREATMENT,
    ),
    Part.MEASURES: Place(
        loinc("8716-3", "Signes vitaux"),
        "Mesures",
        (
            "2.16.840.1.113883.10.20.1.16",
            "1.3.6.1.4.1.19376.1.5.3.1.3.25",
            "1.3.6.1.4.1.19376.1.5.3.1.1.5.3.2",
            "1.2.250.1.213.1.1.2.75",
        ),
        ("Mesure", "Valeur", "Date"),
        observed.observed,
        "Aucune mesure à retenir.",
    ),
    Part.VACCINATIONS: Place(
        loinc("11369-6", "Historique des vaccinations"),
        "Vaccinations",
        ("2.16.840.1.113883.10.20.1.6", "1.3.6.1.4.1.19376.1.5.3.1.3.23", "1.2.250.1.213.1.1.2.147"),
        ("Vaccin", "Précisions", "Date"),
        acts.vaccination,
        "Aucune vaccination connue.",
        ("no-known-immunizations", "no-immunization-info"),
        Vaccination,
        Kind.VACCINATION,
    ),
    Part.PREGNANCIES: Place(
        loinc("10162-6", "Historique des grossesses"),
        "Grossesses",
        ("1.3.6.1.4.1.19376.1.5.3.1.1.5.3.4", "1.2.250.1.213.1.1.2.77"),
        ("Grossesse", "Observation", "Date"),
        observed.observed,
        "Aucune grossesse connue.",
    ),
    Part.FUNCTION: Place(
        loinc("47420-5", "Évaluation du statut fonctionnel"),
        "Autonomie",
        ("2.16.840.1.113883.10.22.3.8", "1.2.250.1.213.1.1.2.246"),
        ("Fonction", "Observation", "Date"),
        observed.observed,
        "Aucune limitation connue.",
    ),
    Part.DEVICES: Place(
        loinc("46264-8", "Dispositifs médicaux"),
        "Dispositifs médicaux",
        ("2.16.840.1.11383.10.20.1.7", "1.3.6.1.4.1.19376.1.5.3.1.1.5.3.5", "1.2.250.1.213.1.1.2.1"),
        ("Dispositif", "Précisions", "Depuis"),
        acts.device,
        "Aucun dispositif médical connu.",
        ("no-known-devices", "no-device-info"),
        Device,
        Kind.DEVICE,
    ),
    Part.PLAN: Place(
        loinc("18776-5", "Plan de traitement"),
        "Traitement au long cours et suivi",
        ("1.2.250.1.213.1.1.2.32",),
        none="Aucun suivi particulier.",
    ),
}
_UNKNOWN: Final = "Non renseigné."
_SUMMARY: Final = loinc("46612-8", "Conclusions de synthèse")
_CONDITIONS: Final = loinc("34117-2", "Historique et physique")
_RISKS: Final = loinc(
    "57207-3", "Facteurs de risque présents ou passés affectant l'état de santé et/ou une circonstance"
)


def sections(synthesis: Synthesis) -> tuple[Section, ...]:
    """The three sections that the model asks for stand always; the others when they say something."""
    conditions = _some(synthesis, Part.PROBLEMS, Part.HISTORY, Part.PROCEDURES, Part.ALLERGIES)
    risks = _some(synthesis, Part.LIFE, Part.RISKS, Part.FAMILY)
    inside = [
        Section(_CONDITIONS, "Pathologies, antécédents et allergies", ("1.2.250.1.213.1.1.2.30",), parts=conditions)
        if conditions
        else None,
        Section(_RISKS, "Facteurs de risque", ("1.2.250.1.213.1.1.2.31",), parts=risks) if risks else None,
    ]
    plan = _section(synthesis.of(Part.PLAN))
    return (
        Section(
            _SUMMARY,
            "Pathologies en cours, antécédents, allergies et facteurs de risque",
            ("1.2.250.1.213.1.1.2.29",),
            parts=tuple(each for each in inside if each),
        ),
        _section(synthesis.of(Part.WATCH) or Chapter(Part.WATCH, nothing=Nothing.UNKNOWN)),
        Section(plan.code, plan.title, plan.templates, plan.blocks, parts=_some(synthesis, Part.TREATMENTS)),
        *_some(
            synthesis,
            Part.RESULTS,
            Part.MEASURES,
            Part.VACCINATIONS,
            Part.PREGNANCIES,
            Part.FUNCTION,
            Part.DEVICES,
        ),
    )


def _some(synthesis: Synthesis, *parts: Part) -> tuple[Section, ...]:
    return tuple(_section(chapter) for part in parts if (chapter := synthesis.of(part)))


def _section(chapter: Chapter) -> Section:
    place = CHAPTERS[chapter.part]
    marked = with_marks(chapter.entries, chapter.part.value)
    blocks: list[Block] = [_table(place, marked)] if marked else []
    entries: list[Callable[[Scope], _Element]] = []
    writer = place.writer
    if writer is not None:
        entries += [partial(_written, writer=writer, entry=entry, mark=mark) for entry, mark in marked]
    if chapter.nothing and not marked:
        mark = f"{chapter.part.value}-aucun"
        said = place.none if chapter.nothing is Nothing.NONE else _UNKNOWN
        blocks.append(Paragraph(said, mark))
        if writer is not None and place.of is not None:
            entries.append(partial(_written, writer=writer, entry=_absence(place, chapter.nothing, said), mark=mark))
    if chapter.remark:
        blocks.append(Paragraph(chapter.remark, f"{chapter.part.value}-{REMARK}"))
    return Section(place.code, place.title, place.templates, tuple(blocks), tuple(entries))


def _written(scope: Scope, *, writer: _Writer, entry: Entry, mark: str) -> _Element:
    return writer(scope, entry, mark)


def _absence(place: Place, nothing: Nothing, said: str) -> Entry:
    code = place.absent[nothing is Nothing.UNKNOWN]
    more: dict[str, Any] = {}
    if place.of in {Treatment, Procedure}:
        more["status"] = "unknown"
    if place.of is Vaccination:
        more["status"] = "not-done"
    assert place.of is not None  # noqa: S101  (who calls has looked)
    assert place.kind is not None  # noqa: S101
    concept = Concept(said, (Coded(code, ABSENT_OID, said),))
    return place.of(kind=place.kind, code=concept, absence=True, **more)


def _table(place: Place, marked: list[tuple[Entry, str]]) -> Table:
    """Columns that nothing stands in are left out."""
    rows = [_row(entry, mark) for entry, mark in marked]
    head = (*place.head, "Voie et motif", "Remarque", "Source")
    kept = [number for number in range(len(head)) if number == 0 or any(_shown(row[number]) for row in rows)]
    return Table(tuple(head[each] for each in kept), tuple(tuple(row[each] for each in kept) for row in rows))


def _shown(cell: Cell) -> str:
    return cell.text if isinstance(cell, Mark) else cell


def _row(entry: Entry, mark: str) -> tuple[Cell, ...]:
    """The words of a dosage stand in a cell of their own, which its entry points at."""
    dose = entry.dosages[0].text if isinstance(entry, Treatment) and entry.dosages else ""
    return (
        Mark(mark, words.name(entry)),
        Mark(f"{mark}-posologie", dose) if dose else words.details(entry),
        words.period(entry.when),
        words.beside(entry) if isinstance(entry, Treatment) and dose else "",
        Mark(f"{mark}-note", entry.note) if entry.note else "",
        words.source(entry),
    )
