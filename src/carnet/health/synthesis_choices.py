"""What the author of a summary chose and wrote, and the summary that it makes of what is proposed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from carnet.formats.cda.build.vsm import Chapter, Nothing, Part, Synthesis
from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dosage,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Problem,
    Procedure,
    Product,
    RelativeCondition,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology import choices as lists
from carnet.formats.terminology.choices import Of
from carnet.health.synthesis_rules import Proposal

__all__ = ["ADDED", "LISTS", "Added", "Choices", "Composed", "Edit", "composed", "dose_of", "edited", "entry_of"]

_ROLE: Final = "2.16.840.1.113883.5.111"
LISTS: Final[Mapping[Part, Of]] = {
    Part.PROBLEMS: Of.PROBLEM,
    Part.HISTORY: Of.PROBLEM,
    Part.FAMILY: Of.PROBLEM,
    Part.ALLERGIES: Of.ALLERGEN,
    Part.TREATMENTS: Of.SUBSTANCE,
}
ADDED: Final = frozenset(
    {
        Part.ALLERGIES,
        Part.PROBLEMS,
        Part.HISTORY,
        Part.PROCEDURES,
        Part.FAMILY,
        Part.TREATMENTS,
        Part.LIFE,
        Part.RESULTS,
        Part.VACCINATIONS,
        Part.PREGNANCIES,
        Part.FUNCTION,
        Part.DEVICES,
    }
)
"""Those to which a line may be added here: the others are words, or are measured elsewhere."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Of a line that is proposed. `words`, `dose` and `note`: instead of those of the source, None for the same;
    `coded`: its code still stands for the new words."""

    kept: bool
    words: str | None = None
    dose: str | None = None
    note: str | None = None
    coded: bool = True


@dataclass(frozen=True, slots=True)
class Added:
    """A line of the author's own. `more`: the dosage, the reaction, what was found. `since` is a FHIR date."""

    part: Part
    what: str
    since: str = ""
    more: str = ""
    relation: str = ""
    relation_label: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    edits: Mapping[UUID, Edit] = field(default_factory=dict)
    added: tuple[Added, ...] = ()
    nothing: Mapping[Part, Nothing | None] = field(default_factory=dict)
    remarks: Mapping[Part, str] = field(default_factory=dict)

    def of(self, part: Part) -> tuple[Added, ...]:
        return tuple(each for each in self.added if each.part is part)

    def as_json(self) -> dict[str, Any]:
        return {
            "edits": {str(fact): asdict(edit) for fact, edit in self.edits.items()},
            "added": [asdict(each) | {"part": each.part.value} for each in self.added],
            "nothing": {part.value: said.value if said else None for part, said in self.nothing.items()},
            "remarks": {part.value: text for part, text in self.remarks.items()},
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Choices:
        return cls(
            {UUID(fact): Edit(**edit) for fact, edit in value["edits"].items()},
            tuple(Added(**each | {"part": Part(each["part"])}) for each in value["added"]),
            {Part(part): Nothing(said) if said else None for part, said in value["nothing"].items()},
            {Part(part): text for part, text in value["remarks"].items()},
        )


@dataclass(frozen=True, slots=True)
class Composed:
    """`labels`: those of the document, for what it holds of restricted documents; `restricted`: these lines."""

    synthesis: Synthesis
    labels: frozenset[str]
    restricted: tuple[Proposal, ...]


def composed(proposed: Sequence[Proposal], choices: Choices, nothing: Mapping[Part, Nothing]) -> Composed:
    """`nothing`: what the record says where its author says nothing."""
    chosen = [each for each in proposed if _kept(each, choices)]
    chapters = tuple(_chapter(part, chosen, choices, nothing) for part in Part)
    restricted = tuple(each for each in chosen if each.restricted)
    labels = frozenset().union(*(each.restricted for each in restricted)) if restricted else frozenset()
    return Composed(Synthesis(chapters), labels, restricted)


def _kept(proposal: Proposal, choices: Choices) -> bool:
    edit = choices.edits.get(proposal.fact)
    return proposal.kept if edit is None else edit.kept


def _chapter(part: Part, chosen: Sequence[Proposal], choices: Choices, nothing: Mapping[Part, Nothing]) -> Chapter:
    entries = [edited(each.entry, choices.edits.get(each.fact)) for each in chosen if each.part is part]
    entries += [entry_of(each) for each in choices.of(part)]
    said = choices.nothing[part] if part in choices.nothing else nothing.get(part)
    return Chapter(part, tuple(entries), None if entries else said, choices.remarks.get(part, ""))


def edited(entry: Entry, edit: Edit | None) -> Entry:
    """What its author words otherwise is in their own name."""
    if edit is None:
        return entry
    found = entry
    if edit.words is not None:
        found = _worded(found, edit.words, coded=edit.coded)
    if edit.dose is not None and isinstance(found, Treatment):
        found = replace(found, dosages=_dosed(found, edit.dose))
    if edit.note is not None:
        found = replace(found, note=edit.note)
    return entry if found == entry else replace(found, by=None, recorded="", identifiers=())


def _dosed(entry: Treatment, words: str) -> tuple[Dosage, ...]:
    """By which way it is given is no part of the words."""
    first = entry.dosages[0] if len(entry.dosages) == 1 else Dosage()
    kept = Dosage(text=words, route=first.route, site=first.site)
    return () if kept == Dosage() else (kept,)


def _worded(entry: Entry, words: str, *, coded: bool) -> Entry:
    if isinstance(entry, Treatment):
        old = entry.product.code or entry.code
        code = _concept(Part.TREATMENTS, words, old.codings if coded else ())
        return replace(entry, code=Concept(), product=replace(entry.product, code=code))
    if isinstance(entry, Vaccination):
        code = _concept(Part.VACCINATIONS, words, entry.code.codings if coded else ())
        return replace(entry, code=code, product=replace(entry.product or Product(code), code=code))
    return replace(entry, code=Concept(words, entry.code.codings if coded else ()))


def _concept(part: Part, words: str, codings: tuple[Coded, ...] = ()) -> Concept:
    if codings:
        return Concept(words, codings)
    known = lists.named(LISTS[part], words) if part in LISTS else None
    return known.concept if known else Concept(words)


def dose_of(entry: Entry) -> str:
    return entry.dosages[0].text if isinstance(entry, Treatment) and entry.dosages else ""


def entry_of(added: Added) -> Entry:
    code, when = _concept(added.part, added.what), Span(added.since)
    match added.part:
        case Part.PROBLEMS:
            return Problem(kind=Kind.PROBLEM, code=code, when=when, clinical="active", note=added.more)
        case Part.HISTORY:
            return Problem(kind=Kind.PROBLEM, code=code, when=when, clinical="resolved", note=added.more)
        case Part.ALLERGIES:
            return _allergy(added, code, when)
        case Part.TREATMENTS:
            doses = (Dosage(text=added.more),) if added.more else ()
            return Treatment(
                kind=Kind.TREATMENT, code=Concept(), status="active", when=when, product=Product(code), dosages=doses
            )
        case Part.PROCEDURES:
            return Procedure(kind=Kind.PROCEDURE, code=code, status="completed", when=when, note=added.more)
        case Part.FAMILY:
            relation = Concept(added.relation_label, (Coded(added.relation, _ROLE, added.relation_label),))
            condition = RelativeCondition(code=code, note=added.more)
            return FamilyHistory(kind=Kind.FAMILY, code=relation, status="partial", conditions=(condition,))
        case Part.VACCINATIONS:
            return Vaccination(kind=Kind.VACCINATION, code=code, status="completed", when=when, note=added.more)
        case Part.DEVICES:
            return Device(kind=Kind.DEVICE, code=code, status="active", when=when, note=added.more)
    return _observed(added, code, when)


_OBSERVED: Final = {
    Part.LIFE: Kind.SOCIAL,
    Part.RESULTS: Kind.RESULT,
    Part.PREGNANCIES: Kind.PREGNANCY,
    Part.FUNCTION: Kind.FUNCTION,
}


def _observed(added: Added, code: Concept, when: Span) -> Observation:
    return Observation(kind=_OBSERVED[added.part], code=code, status="final", when=when, value=added.more or None)


def _allergy(added: Added, code: Concept, when: Span) -> Allergy:
    known = lists.named(Of.ALLERGEN, added.what)
    return Allergy(
        kind=Kind.ALLERGY,
        code=code,
        when=when,
        categories=(known.category,) if known and known.category else (),
        clinical="active",
        note=added.more,
    )
