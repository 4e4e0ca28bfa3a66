"""A medicine as an entry names it: CIS, CIP, ATC, substances, lot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from carnet.formats.cda.entries.reader import concept, quantity
from carnet.formats.cda.nodes import attribute, child, children, coded, text_of
from carnet.formats.clinical.model import UNKNOWN, Ingredient, Product
from carnet.formats.clinical.values import Concept, Quantity, Ratio
from carnet.formats.entry import Coded

__all__ = ["material", "packaging", "product"]

_PHARM: Final = "{urn:ihe:pharm:medication}"
_CLASS: Final = f"{_PHARM}asSpecializedKind/{_PHARM}generalizedMedicineClass/{_PHARM}code"
_PACKAGE: Final = f"{_PHARM}asContent/{_PHARM}containerPackagedMedicine"
_MADE: Final = ("consumable/manufacturedProduct", "product/manufacturedProduct")


def material(element: etree._Element) -> etree._Element | None:
    """The material that is given: of a substanceAdministration, or of a supply."""
    return child(_made(element), "manufacturedMaterial")


def _made(element: etree._Element) -> etree._Element | None:
    return next((found for path in _MADE if (found := child(element, path)) is not None), None)


def product(element: etree._Element) -> Product:
    """`UNKNOWN` when the entry names none. A preparation may have but its form."""
    stuff = material(element)
    if stuff is None:
        return UNKNOWN
    code, form = _code(stuff), concept(stuff.find(f"{_PHARM}formCode"))
    if not (code or form):
        return UNKNOWN
    return Product(
        code=code,
        form=form,
        ingredients=tuple(_ingredients(stuff)),
        lot=text_of(child(stuff, "lotNumberText")),
        manufacturer=text_of(child(_made(element), "manufacturerOrganization/name")),
        package=text_of(stuff.find(f"{_PACKAGE}/{_PHARM}name")),
    )


def _code(stuff: etree._Element) -> Concept:
    """Its name, else the words of its code; the codes of its class and of its box follow its own."""
    own = concept(stuff, "code")
    more = [coded(each) for path in (_CLASS, f"{_PACKAGE}/{_PHARM}code") for each in stuff.iterfind(path)]
    return Concept(text_of(child(stuff, "name")) or own.text, _once((*own.codings, *more)))


def _once(codes: Iterable[Coded | None]) -> tuple[Coded, ...]:
    found: dict[tuple[str, str], Coded] = {}
    for each in codes:
        if each is not None:
            found.setdefault((each.code, each.system), each)
    return tuple(found.values())


def _ingredients(stuff: etree._Element) -> Iterator[Ingredient]:
    for each in stuff.iterfind(f"{_PHARM}ingredient"):
        substance = each.find(f"{_PHARM}ingredient")
        if substance is not None and (name := _substance(substance)):
            yield Ingredient(name, _strength(each.find(f"{_PHARM}quantity")))
    # The history of reimbursements gathers the substances in a translation that has no code itself.
    for each in children(child(stuff, "code"), "translation"):
        if not attribute(each, "code"):
            yield from (Ingredient(Concept("", (code,))) for code in map(coded, children(each, "translation")) if code)


def _substance(element: etree._Element) -> Concept:
    code = coded(element.find(f"{_PHARM}code"))
    return Concept(text_of(element.find(f"{_PHARM}name")), (code,) if code else ())


def _strength(element: etree._Element | None) -> Ratio | Quantity | None:
    """So much in each, where the denominator is one of nothing."""
    top, bottom = quantity(element, "numerator"), quantity(element, "denominator")
    if top is None or bottom is None or (bottom.value == 1 and not bottom.unit):
        return top
    return Ratio(top, bottom)


def packaging(element: etree._Element, within: etree._Element) -> Quantity | None:
    """The quantity prescribed or given, whose unit is a code of EDQM: its name where the entry has it."""
    found = quantity(element, "quantity")
    if found is None or not found.unit.isdigit():
        return found
    forms = (coded(each) for each in within.iter(f"{_PHARM}formCode"))
    name = next((each.display for each in forms if each and each.code == found.unit and each.display), found.unit)
    return replace(found, unit=name, ucum="")
