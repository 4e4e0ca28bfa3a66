"""Which vaccine is in a box, by the article number on it: of the list, or as the same professional noted it before.
What is remembered is of no patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Coded
from carnet.formats.gs1 import cip_of
from carnet.formats.terminology.table import Table, read
from carnet.health.box_models import Box
from carnet.health.schedule import diseases, protects
from carnet.kernel import clock
from carnet.kernel.db import WRITER

__all__ = ["CIP", "Known", "concept", "known_of", "listed", "parse", "product", "proposed", "remember", "targets"]

ATC: Final = "2.16.840.1.113883.6.73"
CIP: Final = "1.2.250.1.213.2.3.2"
SNOMED: Final = "2.16.840.1.113883.6.96"
_NAME: Final = "name"


@dataclass(frozen=True, slots=True)
class Known:
    """A product as a list names it."""

    name: str
    atc: str = ""


def parse(table: Table) -> Mapping[str, Known]:
    found: dict[str, Known] = {}
    for row in table.rows("boxes"):
        code = row.required("cip")
        if code in found or not code.isdigit():
            raise row.error("is no code, or is there twice")
        found[code] = Known(row.required("name"), row.required("atc"))
    return found


@cache
def _boxes() -> Mapping[str, Known]:
    return parse(read("boxes.json", "carnet.health.schedule"))


@cache
def listed() -> tuple[str, ...]:
    """The names of products that the vaccination card knows."""
    return tuple(sorted({*_names(), *(each.name for each in _boxes().values())}, key=str.casefold))


def _names() -> list[str]:
    table = read("vaccines.json", "carnet.health.schedule")
    return [row.required("code") for row in table.rows("vaccines") if row.text("system") == _NAME]


def proposed(actor_id: UUID, gtin: str) -> str:
    """The name of what is in the box, "" for who does not know."""
    known = _boxes().get(cip_of(gtin))
    if known:
        return known.name
    noted = Box.objects.using(WRITER).filter(actor_id=actor_id, gtin=gtin).first()
    return noted.product if noted else ""


def remember(actor_id: UUID, gtin: str, name: str) -> None:
    if cip_of(gtin) not in _boxes():
        Box.objects.using(WRITER).update_or_create(
            actor_id=actor_id, gtin=gtin, defaults={"product": name, "noted_at": clock.now()}
        )


def product(name: str, gtin: str = "") -> Concept:
    """By its own name, and the codes that are known of it: of its box, and of its class."""
    cip = cip_of(gtin)
    box = _boxes().get(cip) or next((each for each in _boxes().values() if each.name == name), None)
    codings = [Coded(cip, CIP, name)] if cip else []
    codings += [Coded(box.atc, ATC, box.name)] if box and box.name == name else []
    return Concept(name, tuple(codings))


def concept(disease: str) -> Concept:
    known = diseases()[disease]
    return Concept(known.fr, (Coded(known.snomed, SNOMED, known.fr),) if known.snomed else ())


def targets(vaccine: Concept, chosen: frozenset[str]) -> tuple[Concept, ...]:
    """The diseases chosen, or else those that the product is known to protect from."""
    keys = chosen or known_of(vaccine)
    return tuple(concept(key) for key in diseases() if key in keys)


def known_of(vaccine: Concept) -> frozenset[str]:
    """The diseases that the product is known to protect from."""
    return protects([vaccine]).diseases
