"""The coded entries of a level-3 CDA as clinical facts, each piece read by the module of its kind. Pure.

What a document says in narrative alone is not guessed at; a piece that cannot be read is a `Fault`, and the rest goes
on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from lxml.etree import _Element

from carnet.formats.cda.body import the_body
from carnet.formats.cda.entries import (
    allergies,
    birth,
    devices,
    encounters,
    family,
    function,
    laboratory,
    measures,
    medicines,
    pregnancy,
    problems,
    procedures,
    reimbursed,
    social,
    vaccinations,
)
from carnet.formats.cda.entries.context import UNFORESEEN, Context, entered
from carnet.formats.cda.people import read_authors
from carnet.formats.cda.xml import HL7, Source, clinical_document, opened
from carnet.formats.clinical.model import Entry
from carnet.formats.clinical.reading import Read

__all__ = ["EXTRACTS", "read"]

EXTRACTS: Final = 1
"""Raised when documents are read better or otherwise: what was read by a lower one is read again."""

_MOST: Final = 5_000
"""Entries of one document; the richest CI-SIS example has two hundred."""

_Module = Callable[[_Element, Context], Iterator[Entry]]
_MODULES: Final[tuple[_Module, ...]] = (
    laboratory.entries,
    measures.entries,
    pregnancy.entries,
    birth.entries,
    function.entries,
    social.entries,
    problems.entries,
    allergies.entries,
    medicines.entries,
    vaccinations.entries,
    procedures.entries,
    devices.entries,
    encounters.entries,
    family.entries,
    reimbursed.entries,
)


def read(document: Source) -> Read:
    """Raises `CdaError` for what is no CDA document. Without a structured body its header alone tells of a stay."""
    root = clinical_document(opened(document))
    body = the_body(root)
    context = Context(next(iter(read_authors(root, [])), None))
    with entered(context):
        found = tuple(islice(_each(root, body, context), _MOST + 1))
    if len(found) > _MOST:
        context.fault("too-many-entries", body)
    return Read(found[:_MOST], tuple(context.faults), context.author)


def _each(root: _Element, body: _Element, context: Context) -> Iterator[Entry]:
    """No module takes the others with it when it meets what nobody thought of."""
    yield from _without_harm(encounters.of_header, root, context)
    if body.tag == HL7 + "structuredBody":
        for module in _MODULES:
            yield from _without_harm(module, body, context)


def _without_harm(module: _Module, element: _Element, context: Context) -> Iterator[Entry]:
    try:
        yield from module(element, context)
    except UNFORESEEN:
        context.fault("unreadable", element)
