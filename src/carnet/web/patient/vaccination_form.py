"""A vaccination as a person declares it: by the vaccine of the short list, by words of their own, or by the diseases
alone where nobody knows the name any more. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from typing import Final

from carnet.formats.clinical.model import Kind, Vaccination
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.folding.fold import fold
from carnet.health import boxes
from carnet.health.schedule import diseases
from carnet.web.i18n import gettext
from carnet.web.patient.health_form import LONGEST, MASKED
from carnet.web.patient.moments import as_moment, written

__all__ = ["Faults", "Fields", "fields_of", "found", "given", "known", "read"]

_LONGEST_LOT: Final = 20
_MOST: Final = 8
_UNNAMED: Final = "Vaccin contre : "
"""What is kept is in French, whatever the language of the pages."""

Faults = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Fields:
    """As they stand in the form, each by the French name of its field."""

    quoi: str = ""
    contre: frozenset[str] = frozenset()
    jour: str = ""
    lot: str = ""
    qui: str = "visible"
    secret: str = ""


def given(form: Mapping[str, str], against: Sequence[str]) -> Fields:
    said = {each.name: _line(form.get(each.name, "")) for each in fields(Fields) if each.name != "contre"}
    return Fields(**said | {"qui": said["qui"] or "visible"}, contre=frozenset(against) & diseases().keys())


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def found(text: str) -> list[str]:
    """Vaccines of the list of which every word asked begins a word."""
    asked = fold(text).split()
    if not asked:
        return []
    alike = [name for name, words in _listed().items() if all(any(w.startswith(a) for w in words) for a in asked)]
    return alike[:_MOST]


@cache
def _listed() -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(fold(name).replace("-", " ").split()) for name in boxes.listed()}


def known(text: str) -> frozenset[str]:
    """The diseases from which a vaccine of that name protects; empty where it is not in the list."""
    return boxes.known_of(boxes.product(text)) if text else frozenset()


def read(said: Fields, today: date, before: Vaccination | None = None) -> tuple[Vaccination | None, Faults]:
    """The entry, or None with pairs of a field's id and what to mend there. Of what is corrected (`before`) all that
    the form does not ask stays."""
    moment = as_moment(said.jour, today)
    when = gettext("Écrivez une date passée comme ceci : 2010, mars 2010 ou 12 3 2010")
    who = gettext("Choisissez qui verra cette vaccination")
    faults = [
        ("quoi", _what_fault(said)),
        ("jour", "" if moment is not None else when),
        ("lot", _long(said.lot, _LONGEST_LOT)),
        ("qui", "" if said.qui in {"visible", MASKED} else who),
    ]
    wrong = [(name, text) for name, text in faults if text]
    return (None, wrong) if wrong or moment is None else (_entry(said, moment, before), [])


def _entry(said: Fields, moment: str, before: Vaccination | None) -> Vaccination:
    same = before is not None and before.code.label == said.quoi
    code = before.code if before and same else _code(said)
    targets = boxes.targets(code, said.contre)
    if before is None:
        return Vaccination(
            kind=Kind.VACCINATION, code=code, status="completed", when=Span(moment), lot=said.lot, targets=targets
        )
    product = before.product if same else None
    return replace(before, code=code, product=product, when=Span(moment), lot=said.lot, targets=targets)


def _code(said: Fields) -> Concept:
    if said.quoi:
        return boxes.product(said.quoi)
    return Concept(_unnamed(said.contre))


def _unnamed(against: frozenset[str]) -> str:
    return _UNNAMED + ", ".join(each.fr for key, each in diseases().items() if key in against)


def _what_fault(said: Fields) -> str:
    if not said.quoi and not said.contre:
        return gettext("Écrivez le nom du vaccin, ou cochez une maladie plus bas")
    return _long(said.quoi, LONGEST)


def _long(text: str, most: int) -> str:
    return gettext("Écrivez %(most)s caractères au plus") % {"most": most} if len(text) > most else ""


def fields_of(entry: Vaccination, *, masked: bool, secret: bool) -> Fields:
    """What the form had said, to be corrected."""
    names = {each.label for each in entry.targets}
    told = frozenset(key for key, each in diseases().items() if each.fr in names)
    unnamed = entry.code.label == _unnamed(told)
    return Fields(
        quoi="" if unnamed else entry.code.label,
        contre=told if unnamed or told != boxes.known_of(entry.code) else frozenset(),
        jour=written(entry.when.start),
        lot=entry.lot,
        qui=MASKED if masked else "visible",
        secret="oui" if secret else "",
    )
