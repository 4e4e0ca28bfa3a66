"""Reads the entries that are no observation, of a corpus file or of a small document made by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import (
    allergies,
    devices,
    encounters,
    family,
    medicines,
    problems,
    procedures,
    reimbursed,
    vaccinations,
)
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.people import read_authors
from carnet.formats.cda.xml import clinical_document, parse
from carnet.formats.clinical.model import Entry
from carnet.formats.clinical.reading import Fault

__all__ = ["HEADER", "MODULES", "NS", "SNOMED", "answered", "body", "coded", "found", "one", "read", "small"]

NS: Final = {"h": "urn:hl7-org:v3", "p": "urn:ihe:pharm:medication", "x": "http://www.w3.org/2001/XMLSchema-instance"}
SNOMED: Final = "2.16.840.1.113883.6.96"
HEADER: Final = encounters.of_header
MODULES: Final[tuple[Callable[[etree._Element, Context], Iterator[Entry]], ...]] = (
    medicines.entries,
    vaccinations.entries,
    allergies.entries,
    problems.entries,
    procedures.entries,
    devices.entries,
    encounters.entries,
    family.entries,
    reimbursed.entries,
)


def read(data: bytes) -> tuple[list[Entry], list[Fault]]:
    root = clinical_document(parse(data))
    context = Context(next(iter(read_authors(root, [])), None), [])
    entries = list(HEADER(root, context))
    inside = body(root)
    if inside is not None:
        for module in MODULES:
            entries += module(inside, context)
    return entries, context.faults


def body(root: etree._Element) -> etree._Element | None:
    return root.find("h:component/h:structuredBody", NS)


def small(entry: str, narrative: str = "", *, code: str = "11450-4", document: str = "") -> bytes:
    """A document of one section with one entry; `document`: what stands in its header."""
    return (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:pharm="urn:ihe:pharm:medication" xmlns:sdtc="urn:hl7-org:sdtc"><id root="1.2.3" extension="D7"/>'
        f'{document}<component><structuredBody><component><section><code code="{code}"/><text>{narrative}</text>'
        f"<entry>{entry}</entry></section></component></structuredBody></component></ClinicalDocument>"
    ).encode()


def found(entry: str, narrative: str = "", *, code: str = "11450-4") -> tuple[list[Entry], list[str]]:
    """The entries of a small document, and the codes of its faults."""
    entries, faults = read(small(entry, narrative, code=code))
    return entries, [each.code for each in faults]


def one(entry: str, narrative: str = "", *, code: str = "11450-4") -> Entry:
    """The only entry of a small document that has no fault."""
    entries, faults = found(entry, narrative, code=code)
    assert faults == []
    (single,) = entries
    return single


def answered(code: str, value: str) -> str:
    return (
        '<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">'
        f'<code code="{code}"/>{value}</observation></entryRelationship>'
    )


def coded(code: str, system: str = SNOMED) -> str:
    return f'<value xsi:type="CD" code="{code}" codeSystem="{system}" displayName="Nom {code}"/>'
