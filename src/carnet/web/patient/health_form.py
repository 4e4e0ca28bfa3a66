"""What a person says of themselves in a form: read, every fault told at its field, and made an entry. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Final

from carnet.formats.clinical.model import (
    Allergy,
    Dosage,
    Encounter,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Problem,
    Procedure,
    Product,
    Reaction,
    RelativeCondition,
    Treatment,
)
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.fhir.entries.absence import ABSENT_UNKNOWN, EMPTY_REASON
from carnet.formats.terminology import choices
from carnet.formats.terminology.systems import LOINC
from carnet.health.sections import Section
from carnet.health.standing import told_unknown
from carnet.web.i18n import gettext
from carnet.web.patient.health_words import HABITS, SECTIONS, UNSURE, WHOSE
from carnet.web.patient.moments import as_moment, written

__all__ = ["LONGEST", "MASKED", "Fields", "absence", "fields_of", "given", "read", "simple", "told_unknown"]

LONGEST: Final = 300
MASKED: Final = "masque"
_ROLE: Final = "2.16.840.1.113883.5.111"
_ACT: Final = "2.16.840.1.113883.5.4"
_OLDEST: Final = 120


@dataclass(frozen=True, slots=True)
class Fields:
    """As they stand in the form; each by the French name of its field."""

    quoi: str = ""
    depuis: str = ""
    fin: str = ""
    note: str = ""
    dose: str = ""
    raison: str = ""
    reaction: str = ""
    grave: str = ""
    genre: str = ""
    ou: str = ""
    lien: str = ""
    age: str = ""
    sujet: str = ""
    etat: str = ""
    qui: str = "visible"
    secret: str = ""


def given(form: Mapping[str, str]) -> Fields:
    return Fields(**{each.name: _line(form.get(each.name, str(each.default))) for each in fields(Fields)})


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def read(
    section: Section, said: Fields, today: date, before: Entry | None = None
) -> tuple[Entry | None, list[tuple[str, str]]]:
    """The entry, or None with pairs of a field's id and what to mend there. `before`: what is corrected."""
    since, until = as_moment(said.depuis, today), as_moment(said.fin, today)
    faults = [
        ("quoi", _what_fault(section, said.quoi)),
        ("depuis", "" if since is not None else _when()),
        ("fin", "" if until is not None else _when()),
        (
            "lien",
            gettext("Choisissez de qui il s'agit") if section is Section.FAMILY and said.lien not in WHOSE else "",
        ),
        ("sujet", gettext("Choisissez un sujet") if section is Section.LIFE and said.sujet not in HABITS else ""),
        ("age", "" if _age(said.age) is not None else gettext("Écrivez un âge en années, par exemple 62")),
        ("qui", "" if said.qui in {"visible", MASKED} else gettext("Choisissez qui verra cette ligne")),
        *((name, _long(getattr(said, name))) for name in ("note", "dose", "raison", "reaction", "ou")),
    ]
    if since and until and until < since[: len(until)]:
        faults.append(("fin", gettext("Cette date est avant le début")))
    found = [(name, text) for name, text in faults if text]
    if found or since is None or until is None:
        return None, found
    return _no_more_than(before, _MAKE[section](said, Span(since, until))), []


def _no_more_than(before: Entry | None, made: Entry) -> Entry:
    """Who said why a medicine is taken did not say that they take it: neither do they when they correct the reason."""
    if isinstance(made, Treatment) and isinstance(before, Treatment) and before.status == "unknown":
        return made if made.status == "stopped" else replace(made, status="unknown")
    return made


def _when() -> str:
    return gettext("Écrivez une date passée comme ceci : 2010, mars 2010 ou 12 3 2010")


def _what_fault(section: Section, what: str) -> str:
    if not what:
        return (
            gettext("Écrivez quelques mots")
            if section in {Section.LIFE, Section.NEEDS}
            else gettext("Écrivez de quoi il s'agit")
        )
    return _long(what)


def _long(text: str) -> str:
    return gettext("Écrivez %(most)s caractères au plus") % {"most": LONGEST} if len(text) > LONGEST else ""


def _age(text: str) -> int | None:
    """0 for none said."""
    if not text:
        return 0
    number = text.split(maxsplit=1)[0]
    if not (number.isascii() and number.isdigit() and len(number) <= len(str(_OLDEST))):
        return None
    return int(number) if 0 < int(number) <= _OLDEST else None


def simple(section: Section, what: str) -> Entry:
    """Named alone, as the first filling asks."""
    return _MAKE[section](Fields(quoi=what[:LONGEST], lien="", sujet="autre"), Span())


def absence(section: Section, *, unsure: bool) -> Entry:
    """« Je n'en ai pas », « je ne sais pas », in the codes of the International Patient Summary where it has some."""
    asked = SECTIONS[section]
    code, system = asked.absent[unsure], ABSENT_UNKNOWN
    if not code:
        code, system = ("unavailable" if unsure else "nilknown"), EMPTY_REASON
    words = UNSURE if unsure else asked.none
    concept = Concept(words, (Coded(code, system, words),))
    match section:
        case Section.TREATMENTS:
            return Treatment(
                kind=Kind.TREATMENT, code=concept, status="unknown", absence=True, product=Product(concept)
            )
        case Section.ALLERGIES:
            return Allergy(kind=Kind.ALLERGY, code=concept, absence=True, clinical="active")
        case Section.PROBLEMS:
            return Problem(kind=Kind.PROBLEM, code=concept, absence=True, clinical="active")
        case Section.STAYS:
            return Procedure(kind=Kind.PROCEDURE, code=concept, status="unknown", absence=True)
        case Section.FAMILY:
            return FamilyHistory(kind=Kind.FAMILY, code=concept, status="health-unknown", absence=True)
    return Observation(kind=Kind.FUNCTION, code=concept, status="final", absence=True)


def _concept(section: Section, what: str) -> Concept:
    of = SECTIONS[section].of
    known = choices.named(of, what) if of else None
    return known.concept if known else Concept(what)


def _problem(said: Fields, when: Span) -> Entry:
    over = bool(when.end) or said.etat == "gueri"
    return Problem(
        kind=Kind.PROBLEM,
        code=_concept(Section.PROBLEMS, said.quoi),
        when=when,
        clinical="resolved" if over else "active",
        note=said.note,
    )


def _treatment(said: Fields, when: Span) -> Entry:
    over = bool(when.end) or said.etat == "arrete"
    return Treatment(
        kind=Kind.TREATMENT,
        code=Concept(),
        status="stopped" if over else "active",
        when=when,
        note=said.note,
        product=Product(_concept(Section.TREATMENTS, said.quoi)),
        dosages=(Dosage(text=said.dose),) if said.dose else (),
        reasons=(_concept(Section.PROBLEMS, said.raison),) if said.raison else (),
    )


def _allergy(said: Fields, when: Span) -> Entry:
    known = choices.named(choices.Of.ALLERGEN, said.quoi)
    return Allergy(
        kind=Kind.ALLERGY,
        code=_concept(Section.ALLERGIES, said.quoi),
        when=when,
        note=said.note,
        type="intolerance" if said.genre == "intolerance" else "allergy" if said.genre == "allergie" else "",
        categories=(known.category,) if known and known.category else (),
        criticality="high" if said.grave == "oui" else "",
        clinical="active",
        reactions=(Reaction(manifestations=(Concept(said.reaction),)),) if said.reaction else (),
    )


def _stay(said: Fields, when: Span) -> Entry:
    if said.genre == "sejour":
        return Encounter(
            kind=Kind.ENCOUNTER,
            code=Concept(said.quoi),
            status="finished",
            when=when,
            encounter_class=Coded("IMP", _ACT, ""),
            location=said.ou,
            note=said.note,
        )
    return Procedure(
        kind=Kind.PROCEDURE,
        code=Concept(said.quoi),
        status="completed",
        when=when,
        location=said.ou,
        note=said.note,
    )


def _need(said: Fields, when: Span) -> Entry:
    return Observation(
        kind=Kind.FUNCTION, code=Concept(said.quoi), status="final", when=when, note=said.note, value=True
    )


def _relative(said: Fields, when: Span) -> Entry:
    years = _age(said.age)
    onset = Quantity(Decimal(years), "ans", "a") if years else ""
    relation = WHOSE.get(said.lien, "")
    code = Concept(relation, (Coded(said.lien, _ROLE, relation),)) if relation else Concept("Famille")
    condition = RelativeCondition(code=_concept(Section.FAMILY, said.quoi), onset=onset, note=said.note)
    return FamilyHistory(kind=Kind.FAMILY, code=code, status="partial", conditions=(condition,))


def _habit(said: Fields, when: Span) -> Entry:
    loinc, label = HABITS.get(said.sujet, HABITS["autre"])
    code = Concept(label, (Coded(loinc, LOINC, label),) if loinc else ())
    return Observation(kind=Kind.SOCIAL, code=code, status="final", when=when, value=said.quoi)


_MAKE: Final = {
    Section.PROBLEMS: _problem,
    Section.TREATMENTS: _treatment,
    Section.ALLERGIES: _allergy,
    Section.STAYS: _stay,
    Section.NEEDS: _need,
    Section.FAMILY: _relative,
    Section.LIFE: _habit,
}


def fields_of(entry: Entry, *, masked: bool) -> Fields:
    """What the form had said, to be corrected."""
    common = {
        "depuis": written(entry.when.start),
        "fin": written(entry.when.end),
        "note": entry.note,
        "qui": MASKED if masked else "visible",
    }
    match entry:
        case Treatment():
            more = {
                "quoi": entry.product.code.label,
                "dose": entry.dosages[0].text if entry.dosages else "",
                "raison": entry.reasons[0].label if entry.reasons else "",
                "etat": "arrete" if entry.status == "stopped" else "",
            }
        case Allergy():
            said = [each.label for reaction in entry.reactions for each in reaction.manifestations]
            more = {
                "quoi": entry.code.label,
                "reaction": ", ".join(said),
                "grave": "oui" if entry.criticality == "high" else "",
                "genre": {"allergy": "allergie"}.get(entry.type, entry.type),
            }
        case Problem():
            more = {"quoi": entry.code.label, "etat": "gueri" if entry.clinical == "resolved" else ""}
        case Encounter():
            more = {"quoi": entry.code.label, "ou": entry.location, "genre": "sejour"}
        case Procedure():
            more = {"quoi": entry.code.label, "ou": entry.location, "genre": "operation"}
        case FamilyHistory():
            more = _fields_of_relative(entry)
        case Observation(kind=Kind.SOCIAL):
            subject = next((key for key, (_, label) in HABITS.items() if label == entry.code.label), "autre")
            more = {"quoi": entry.value if isinstance(entry.value, str) else "", "sujet": subject}
        case _:
            more = {"quoi": entry.code.label}
    return Fields(**common | more)


def _fields_of_relative(entry: FamilyHistory) -> dict[str, str]:
    condition = entry.conditions[0] if entry.conditions else None
    onset = condition.onset if condition else ""
    return {
        "quoi": condition.code.label if condition else "",
        "note": condition.note if condition else "",
        "lien": entry.code.code_of(_ROLE),
        "age": f"{onset.value.normalize():f}" if isinstance(onset, Quantity) else "",
    }
