"""What a professional notes in a form: read, every fault told at its field, and made an entry. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from carnet.formats.clinical.model import Allergy, Entry, Kind, Problem, Reaction, Vaccination
from carnet.formats.clinical.values import NOTHING, Concept, Span
from carnet.formats.terminology import choices
from carnet.formats.terminology.choices import Of
from carnet.formats.terminology.noting import Note
from carnet.health import boxes
from carnet.health.schedule import diseases
from carnet.web.i18n import gettext
from carnet.web.patient.moments import as_moment, written
from carnet.web.pro import note_words as words
from carnet.web.pro import restrictions

__all__ = ["LONGEST", "Fault", "Fields", "empty", "fields_of", "given", "read"]

LONGEST: Final = 300
_LONGEST_LOT: Final = 20
_GTIN: Final = re.compile(r"[0-9]{14}", re.ASCII)
_NAMES: Final = {
    Note.PROBLEM: ("quoi", "etat", "sur", "depuis", "fin", "note"),
    Note.ALLERGY: ("quoi", "genre", "reaction", "risque", "sur", "depuis", "note"),
    Note.VACCINATION: ("code", "quoi", "lot", "perime", "jour", "site", "voie", "rang", "note", "boite"),
}

Fault = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fields:
    """As they stand in the form, each by the French name of its field. `labels`: from whom it is kept."""

    values: Mapping[str, str]
    diseases: frozenset[str] = frozenset()
    labels: frozenset[str] = field(default_factory=frozenset)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def with_(self, **values: str) -> Fields:
        return replace(self, values={**self.values, **values})


def empty(note: Note, today: date) -> Fields:
    begun = {
        Note.PROBLEM: {"etat": "active", "sur": "confirmed"},
        Note.ALLERGY: {"sur": "confirmed"},
        Note.VACCINATION: {"jour": written(today.isoformat())},
    }
    return Fields(begun.get(note, {}))


def given(note: Note, form: Mapping[str, str], several: Callable[[str], Sequence[str]]) -> Fields:
    values = {name: _line(form.get(name, "")) for name in _NAMES[note]}
    if not _GTIN.fullmatch(values.get("boite", "")):
        values["boite"] = ""
    against = frozenset(several("contre")) & diseases().keys()
    return Fields(values, against, frozenset(several("etiquettes")) & restrictions.NOTES)


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def read(note: Note, said: Fields, today: date, *, represented: bool) -> tuple[Entry | None, list[Fault]]:
    """The entry, or None with pairs of a field's id and what to mend there."""
    moments = {name: as_moment(said[name], today) for name in ("depuis", "fin", "jour")}
    faults = [
        ("quoi", _what_fault(said["quoi"])),
        *((name, "" if at is not None else _when()) for name, at in moments.items()),
        *((name, "" if said[name] in known else gettext("Choisissez une réponse")) for name, known in _lists(note)),
        ("fin", _order_fault(moments)),
        ("perime", "" if _expiry(said["perime"]) is not None else gettext("Écrivez la date comme ceci : 5 2027")),
        ("lot", _long(said["lot"], _LONGEST_LOT)),
        *((name, _long(said[name], LONGEST)) for name in ("note", "reaction")),
        ("etiquettes", restrictions.secret_fault(said.labels, represented=represented)),
    ]
    if note is Note.VACCINATION and not said["jour"]:
        faults.append(("jour", gettext("Écrivez la date de l'injection, ou son année")))
    found = [(name, text) for name, text in faults if text]
    return (None, found) if found else (_MAKE[note](said, {name: at or "" for name, at in moments.items()}), [])


def _lists(note: Note) -> tuple[tuple[str, Collection[str]], ...]:
    if note is Note.PROBLEM:
        return (("etat", words.CLINICAL), ("sur", words.VERIFICATION))
    if note is Note.ALLERGY:
        return (("genre", words.TYPES), ("risque", words.CRITICALITY), ("sur", words.ALLERGY_SURE))
    return (
        ("site", {"", *words.SITES}),
        ("voie", {"", *words.ROUTES}),
        ("rang", {"", words.BOOSTER, *words.RANKS}),
    )


def _what_fault(what: str) -> str:
    return _long(what, LONGEST) if what else gettext("Écrivez de quoi il s'agit, ou choisissez dans la liste")


def _when() -> str:
    return gettext("Écrivez une date passée comme ceci : 2010, mars 2010 ou 12 3 2010")


def _order_fault(moments: Mapping[str, str | None]) -> str:
    since, until = moments["depuis"], moments["fin"]
    return gettext("Cette date est avant le début") if since and until and until < since[: len(until)] else ""


def _long(text: str, most: int) -> str:
    return gettext("Écrivez %(most)s caractères au plus") % {"most": most} if len(text) > most else ""


def _expiry(text: str) -> str | None:
    """It may be yet to come; "" for none said, None for what is no date."""
    return as_moment(text, date.max)


def _problem(said: Fields, at: Mapping[str, str]) -> Entry:
    clinical = "resolved" if at["fin"] and said["etat"] == "active" else said["etat"]
    return Problem(
        kind=Kind.PROBLEM,
        code=_concept(Of.PROBLEM, said["quoi"]),
        when=Span(at["depuis"], at["fin"]),
        clinical=clinical,
        verification=said["sur"],
        note=said["note"],
    )


def _allergy(said: Fields, at: Mapping[str, str]) -> Entry:
    known = choices.named(Of.ALLERGEN, said["quoi"])
    reaction = Concept(said["reaction"]) if said["reaction"] else NOTHING
    return Allergy(
        kind=Kind.ALLERGY,
        code=_concept(Of.ALLERGEN, said["quoi"]),
        when=Span(at["depuis"]),
        type=said["genre"],
        categories=(known.category,) if known and known.category else (),
        criticality=said["risque"],
        clinical="active",
        verification=said["sur"],
        reactions=(Reaction(manifestations=(reaction,)),) if reaction else (),
        note=said["note"],
    )


def _vaccination(said: Fields, at: Mapping[str, str]) -> Entry:
    product = boxes.product(said["quoi"], said["boite"])
    rank = said["rang"]
    return Vaccination(
        kind=Kind.VACCINATION,
        code=product,
        status="completed",
        when=Span(at["jour"]),
        lot=said["lot"],
        expires=_expiry(said["perime"]) or "",
        site=words.site(said["site"]),
        route=words.route(said["voie"]),
        dose_number=rank if rank in words.RANKS else "",
        series=words.BOOSTER_SERIES if rank == words.BOOSTER else NOTHING,
        targets=boxes.targets(product, said.diseases),
        note=said["note"],
    )


_MAKE: Final[Mapping[Note, Callable[[Fields, Mapping[str, str]], Entry]]] = {
    Note.PROBLEM: _problem,
    Note.ALLERGY: _allergy,
    Note.VACCINATION: _vaccination,
}


def _concept(of: Of, what: str) -> Concept:
    known = choices.named(of, what)
    return known.concept if known else Concept(what)


def fields_of(entry: Entry, *, labels: frozenset[str]) -> Fields:
    """What the form had said, to be corrected."""
    common = {
        "quoi": entry.code.label,
        "depuis": written(entry.when.start),
        "fin": written(entry.when.end),
        "note": entry.note,
    }
    match entry:
        case Problem():
            return Fields(common | {"etat": entry.clinical, "sur": entry.verification}, labels=labels)
        case Allergy():
            said = ", ".join(each.label for reaction in entry.reactions for each in reaction.manifestations)
            more = {"genre": entry.type, "risque": entry.criticality, "sur": entry.verification, "reaction": said}
            return Fields(common | more, labels=labels)
        case Vaccination():
            return Fields(common | _fields_of_vaccination(entry), _against(entry), labels)
    return Fields(common, labels=labels)


def _fields_of_vaccination(entry: Vaccination) -> dict[str, str]:
    cip = entry.code.code_of(boxes.CIP)
    return {
        "jour": written(entry.when.start),
        "lot": entry.lot,
        "perime": written(entry.expires),
        "site": entry.site.code_of(words.SNOMED),
        "voie": entry.route.code_of(words.ROUTES_SYSTEM),
        "rang": words.BOOSTER if entry.series else entry.dose_number,
        "boite": f"0{cip}" if cip else "",
    }


def _against(entry: Vaccination) -> frozenset[str]:
    """The diseases that were chosen, and not those that the product itself tells."""
    names = {each.label for each in entry.targets}
    told = frozenset(each.key for each in diseases().values() if each.fr in names)
    return told if told != frozenset(key for key in boxes.known_of(entry.code)) else frozenset()
