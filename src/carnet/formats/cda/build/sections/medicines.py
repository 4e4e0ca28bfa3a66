"""What is prescribed, delivered, taken, injected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from carnet.formats.cda.build.clinical import Dose, Line
from carnet.formats.cda.build.codes import loinc
from carnet.formats.cda.build.entries.medicines import dispensed, prescribed, taken
from carnet.formats.cda.build.entries.vaccinations import vaccinated
from carnet.formats.cda.build.text import Mark, Paragraph, Section, Table, tabled, with_marks
from carnet.formats.cda.build.words import person, printed
from carnet.formats.entry import Author


def prescription(lines: Sequence[Line], *notes: str) -> tuple[Section, ...]:
    marked = with_marks(lines, "med")
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
    marked = with_marks(lines, "delivre")
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


def treatments(lines: Sequence[Line]) -> Section:
    marked = with_marks(lines, "traitement")
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
        blocks=tabled(("Médicament", "Posologie", "Depuis"), rows, "Aucun traitement en cours."),
        entries=tuple(partial(taken, line=line, mark=mark) for line, mark in marked),
    )


def vaccination(doses: Sequence[Dose], by: Author, *notes: str) -> tuple[Section, ...]:
    marked = with_marks(doses, "vaccin")
    rows = tuple(
        (
            printed(dose.at),
            Mark(mark, dose.vaccine.name),
            dose.vaccine.protects,
            f"{dose.rank}",
            dose.lot,
            person(by),
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
