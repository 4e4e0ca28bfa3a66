"""Writes a person's documents in the order of their life, one call for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from carnet.demo import places
from carnet.demo import vocabulary as models
from carnet.demo.authors import CITY_BIOLOGIST, HOSPITAL_BIOLOGIST, RADIOLOGIST
from carnet.demo.model import Document, Identity, Model, Organisation, Picture, Professional, Scan
from carnet.demo.pharmacopoeia import for_sex
from carnet.demo.words import moment
from carnet.formats.cda.build import Section
from carnet.formats.cda.build.clinical import Dose, Finding, Line, Result
from carnet.formats.cda.build.sections import dispensation, imaging, laboratory, prescription, reimbursed, vaccination
from carnet.formats.entry import Coded

_HOSPITAL_SITES = frozenset({"hopital", "labo-hopital", "imagerie"})

# Blood is taken, results are signed.
_LABORATORY_HOURS = ("08:10", "17:30")


def depositor_of(author: Professional | None, organisation: Organisation) -> str:
    """Who of the cast hands the document in: the software of the house, or the professional in person."""
    if organisation.key in _HOSPITAL_SITES:
        return author.key if author and author.key == "dr-urgence" else "hopital"
    if organisation.key == "labo" or author is None:
        return organisation.key
    return author.key


class Chart:
    """Keys of documents are `patient-day-kind`: one kind of document a day, or a `slug` tells them apart."""

    def __init__(self, patient: Identity) -> None:
        self.patient = patient
        self._documents: list[Document] = []

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(self._documents)

    def write(
        self,
        day: str,
        model: Model,
        title: str,
        author: Professional | None,
        body: Sequence[Section] | Scan | Picture,
        *,
        clock: str = "10:00",
        slug: str = "",
        organisation: Organisation | None = None,
        labels: frozenset[str] = frozenset(),
        acts: tuple[Coded, ...] = (),
        orders: tuple[str, ...] = (),
        started: datetime | None = None,
        ended: datetime | None = None,
        replaces: Document | None = None,
    ) -> Document:
        place = organisation or (author.organisation if author else places.INSURANCE)
        key = f"{self.patient.key}-{day}-{slug or model.type.code}"
        document = Document(
            key=key,
            model=model,
            title=title,
            at=moment(day, clock),
            patient=self.patient,
            author=author,
            organisation=place,
            depositor=depositor_of(author, place),
            body=body if isinstance(body, (Scan, Picture)) else tuple(body),
            labels=labels,
            acts=acts,
            orders=orders,
            started=started,
            ended=ended,
            replaces=replaces.key if replaces else "",
            version=replaces.version + 1 if replaces else 1,
            set_key=(replaces.set_key or replaces.key) if replaces else "",
        )
        self._documents.append(document)
        return document

    def visit(
        self,
        day: str,
        author: Professional,
        title: str,
        *sections: Section,
        clock: str = "10:00",
        labels: frozenset[str] = frozenset(),
        orders: tuple[str, ...] = (),
    ) -> Document:
        return self.write(day, models.CONSULTATION, title, author, sections, clock=clock, labels=labels, orders=orders)

    def city_results(
        self,
        day: str,
        results: Sequence[Result | Finding],
        *,
        title: str = "Analyses de sang",
        slug: str = "",
        replaces: Document | None = None,
        sampled: str = "",
        orders: tuple[str, ...] = (),
    ) -> Document:
        return self._results(
            day,
            results,
            CITY_BIOLOGIST,
            title=title,
            slug=slug,
            replaces=replaces,
            orders=orders,
            sampled=sampled or day,
        )

    def hospital_results(
        self,
        day: str,
        results: Sequence[Result | Finding],
        *,
        title: str = "Analyses de sang",
        slug: str = "",
        hours: tuple[str, str] = _LABORATORY_HOURS,
    ) -> Document:
        return self._results(day, results, HOSPITAL_BIOLOGIST, title=title, slug=slug, sampled=day, hours=hours)

    def _results(
        self,
        day: str,
        results: Sequence[Result | Finding],
        biologist: Professional,
        *,
        title: str,
        slug: str,
        sampled: str,
        replaces: Document | None = None,
        orders: tuple[str, ...] = (),
        hours: tuple[str, str] = _LABORATORY_HOURS,
    ) -> Document:
        at = moment(sampled, hours[0])
        sections = laboratory(at, [for_sex(result, self.patient.sex) for result in results])
        return self.write(
            day,
            models.BIOLOGY,
            title,
            biologist,
            sections,
            clock=hours[1],
            slug=slug,
            acts=tuple(section.code for section in sections),
            orders=orders,
            started=at,
            ended=moment(sampled, hours[1]),
            replaces=replaces,
        )

    def prescription(
        self, day: str, author: Professional, lines: Sequence[Line], *notes: str, clock: str = "10:20"
    ) -> Document:
        title = "Ordonnance : " + ", ".join(line.drug.substance.display for line in lines)
        return self.write(day, models.PRESCRIPTION, title, author, prescription(lines, *notes), clock=clock)

    def dispensation(self, day: str, author: Professional, lines: Sequence[Line], *notes: str) -> Document:
        title = "Délivrance : " + ", ".join(line.drug.substance.display for line in lines)
        return self.write(day, models.DISPENSATION, title, author, dispensation(lines, *notes), clock="18:10")

    def vaccination(self, day: str, author: Professional, doses: Sequence[Dose], *notes: str) -> Document:
        names = " et ".join(dose.vaccine.name.removeprefix("Vaccin ") for dose in doses)
        sections = vaccination(doses, author.signature(), *notes)
        return self.write(day, models.VACCINATION, f"Vaccination : {names}", author, sections)

    def imaging(
        self,
        day: str,
        title: str,
        *,
        act: Coded,
        reason: str,
        technique: str,
        found: Sequence[str],
        concluded: Sequence[str],
    ) -> Document:
        sections = imaging(reason=reason, technique=technique, found=found, concluded=concluded)
        at = moment(day, "14:15")
        return self.write(
            day,
            models.IMAGING,
            title,
            RADIOLOGIST,
            sections,
            clock="16:40",
            acts=(act,),
            started=at,
            ended=at + timedelta(minutes=40),
        )

    def scan(
        self, day: str, model: Model, title: str, author: Professional, *paragraphs: str, slug: str = ""
    ) -> Document:
        return self.write(day, model, title, author, Scan(paragraphs), slug=slug)

    def reimbursements(self, day: str, year: str, rows: Sequence[tuple[str, str, str, str]]) -> Document:
        title = f"Soins remboursés en {year}"
        start, end = moment(f"{year}-01-01", "00:00"), moment(f"{year}-12-31", "23:59")
        return self.write(
            day, models.REIMBURSEMENTS, title, None, reimbursed(rows), clock="06:00", started=start, ended=end
        )
