"""What CDA carries of a fact: the same fact, as its reader will find it. What has no place is dropped or put in words.

In words: several phases of a dosage and rhythms that are no simple period, in those of the source, else in those that
their figures make; whose a fact is, where it is not the patient's.

Dropped: the printed unit where there is a UCUM code, codes and numbers of systems without an OID, substances and
package of a product, what a laboratory groups by, the isolate of a susceptibility, categories and outcomes of acts,
lines in a note."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from carnet.formats.cda.build.codes import ACT_CODE, SNOMED
from carnet.formats.cda.build.vsm.carried_treatment import treatment
from carnet.formats.cda.build.vsm.carried_values import (
    concept,
    concepts,
    identifiers,
    moment,
    organisation,
    plain,
    quantity,
    reference,
    span,
    value,
    who,
)
from carnet.formats.clinical.model import (
    Allergy,
    Component,
    Device,
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
    Vaccination,
)
from carnet.formats.clinical.values import NEVER, NOTHING, Concept, Moment, Quantity, Span, Value
from carnet.formats.entry import Author, Coded
from carnet.formats.terminology import systems

__all__ = ["DIAGNOSIS", "IMMUNIZATION", "KIND_OF_ALLERGY", "VITAL_SIGNS", "carried"]


DIAGNOSIS: Final = Concept("", (Coded("282291009", SNOMED, "interprétation diagnostique"),))
IMMUNIZATION: Final = Concept("", (Coded("IMMUNIZ", ACT_CODE, "Vaccination"),))
VITAL_SIGNS: Final = Concept("", (Coded("85353-1", systems.LOINC, "Signes vitaux"),))
KIND_OF_ALLERGY: Final = {
    ("allergy", "medication"): Coded("416098002", SNOMED, "allergie médicamenteuse"),
    ("allergy", "food"): Coded("414285001", SNOMED, "allergie alimentaire"),
    ("allergy", "environment"): Coded("426232007", SNOMED, "allergie environnementale"),
    ("allergy", ""): Coded("609328004", SNOMED, "prédisposition allergique"),
    ("intolerance", "medication"): Coded("59037007", SNOMED, "intolérance médicamenteuse"),
    ("intolerance", "food"): Coded("235719002", SNOMED, "intolérance alimentaire"),
    ("intolerance", "environment"): Coded("ENAINT", ACT_CODE, "Intolérance environnementale"),
    ("intolerance", ""): Coded("NAINT", ACT_CODE, "Intolérance non allergique"),
    ("", "medication"): Coded("419511003", SNOMED, "propension à une réaction indésirable à un médicament"),
    ("", "food"): Coded("418471000", SNOMED, "propension à une réaction indésirable à un aliment"),
    ("", "environment"): Coded("EINT", ACT_CODE, "Intolérance environnementale"),
}
_OBSERVED: Final = frozenset({"preliminary", "registered", "cancelled"})
_DONE: Final = frozenset({"completed", "in-progress", "on-hold", "stopped", "not-done", "preparation"})
_USED: Final = frozenset({"active", "on-hold", "stopped", "intended"})
_ABSENT: Final = frozenset(
    {"asked-unknown", "masked", "not-applicable", "not-asked", "temp-unknown", "negative-infinity", "positive-infinity"}
)
_SEXES: Final = frozenset({"male", "female", "other"})


def carried(entry: Entry, author: Author | None = None) -> Entry:
    """`author`: of the document, who states what names nobody else. Without a path, which is the document's."""
    kept = _common(entry, author)
    match kept:
        case Observation():
            return _observation(kept, author)
        case Problem():
            return _problem(kept)
        case Allergy():
            return _allergy(kept)
        case Treatment():
            return treatment(kept)
        case Vaccination():
            return _vaccination(kept)
        case Procedure():
            return _procedure(kept)
        case Device():
            return _device(kept)
        case FamilyHistory():
            return _relative(kept)
    raise TypeError(kept.kind)


def _common(entry: Entry, author: Author | None) -> Entry:
    recorded = moment(entry.recorded) or (moment(entry.by.at.isoformat()) if entry.by and entry.by.at else "")
    by = who(entry.by, recorded)
    return replace(
        entry,
        code=concept(entry.code),
        when=span(entry.when),
        recorded=recorded,
        by=None if by == author else by,
        identifiers=identifiers(entry.identifiers),
        note=plain(entry.note),
        path="",
    )


def _observation(seen: Observation, author: Author | None) -> Observation:
    house = organisation(seen.laboratory) if seen.kind is Kind.RESULT else None
    by = seen.by or (Author(organisation=house) if house else None)
    if by and author and replace(by, at=author.at, role=author.role) == author:
        by = None
    found = value(seen.value)
    return Observation(
        kind=seen.kind,
        code=_of_whom(_named(seen.code, found), seen.about),
        status=seen.status if seen.status in _OBSERVED else "final",
        when=span(Span(seen.sampled)) or seen.when,
        by=by,
        identifiers=seen.identifiers,
        note=seen.note,
        absence=seen.absence,
        value=found,
        absent=_absent(seen.absent) if found is None else "",
        interpretations=concepts(seen.interpretations),
        ranges=tuple(each for each in map(reference, seen.ranges) if each.low or each.high or each.text),
        method=concept(seen.method),
        body_site=concept(seen.body_site),
        specimen=concept(seen.specimen),
        laboratory=(house or (by.organisation if by else None)) if seen.kind is Kind.RESULT else None,
        panels=(VITAL_SIGNS,) if seen.kind is Kind.MEASURE else (),
        components=tuple(filter(None, map(_component, seen.components))),
    )


def _of_whom(code: Concept, about: Concept) -> Concept:
    """What is about a parent or a child is in words that say so, without the code by which it were the patient's."""
    whose = plain(about.label).lower()
    if not whose:
        return code
    name = code.label
    return Concept(name if name.endswith(f"({whose})") else f"{name} ({whose})")


def _named(code: Concept, found: Value | None) -> Concept:
    """Words of a code that only repeat the value name nothing, for who reads it."""
    said = found.label if isinstance(found, Concept) else str(getattr(found, "value", found))
    return Concept("", code.codings) if code.codings and code.text == said else code


def _absent(found: str) -> str:
    return "" if not found else found if found in _ABSENT else "unknown"


def _component(found: Component) -> Component | None:
    code, what = concept(found.code), value(found.value)
    absent = _absent(found.absent) if what is None else ""
    if not code or (what is None and not absent):
        return None
    return Component(
        code=code,
        value=what,
        absent=absent,
        interpretations=concepts(found.interpretations),
        ranges=tuple(each for each in map(reference, found.ranges) if each.low or each.high or each.text),
    )


def _problem(found: Problem) -> Problem:
    if found.absence:
        return Problem(
            kind=found.kind,
            code=found.code,
            absence=True,
            when=found.when,
            recorded=found.recorded,
            by=found.by,
            identifiers=found.identifiers,
            note=found.note,
            category=DIAGNOSIS,
        )
    denied = found.verification == "refuted"
    sites = concepts((found.body_site, *found.other_sites))
    return replace(
        found,
        status="",
        clinical="" if denied else found.clinical or ("resolved" if found.when.end else "active"),
        category=concept(found.category) or DIAGNOSIS,
        severity=concept(found.severity),
        body_site=sites[0] if sites else NOTHING,
        other_sites=sites[1:],
    )


def _allergy(found: Allergy) -> Allergy:
    if found.absence:
        return Allergy(
            kind=found.kind,
            code=found.code,
            absence=True,
            when=found.when,
            recorded=found.recorded,
            by=found.by,
            identifiers=found.identifiers,
            note=found.note,
        )
    category = next(iter(found.categories), "")
    kind, category = next(
        (each for each in ((found.type, category), (found.type, ""), ("", category)) if each in KIND_OF_ALLERGY),
        ("", ""),
    )
    denied = found.verification == "refuted"
    clinical = found.clinical if found.clinical in {"active", "inactive", "resolved"} else "active"
    return replace(
        found,
        status="",
        type=kind,
        categories=(category,) if category else (),
        clinical="" if denied else clinical,
        reactions=tuple(_reactions(found.reactions)),
    )


def _reactions(found: tuple[Reaction, ...]) -> list[Reaction]:
    """Each manifestation is one; of gravities without any the first."""
    kept = [
        Reaction(
            manifestations=(each,), severity=reaction.severity, onset=moment(reaction.onset), note=plain(reaction.note)
        )
        for reaction in found
        for each in concepts(reaction.manifestations)
    ]
    bare = [Reaction(severity=each.severity) for each in found if each.severity and not any(each.manifestations)]
    return kept + bare[:1]


def _vaccination(found: Vaccination) -> Vaccination:
    product = found.product or Product(NOTHING)
    code = concept(product.code) or found.code
    denied = found.status == "not-done"
    if found.absence:
        return Vaccination(
            kind=found.kind,
            code=found.code,
            status="not-done",
            absence=True,
            when=found.when,
            recorded=found.recorded,
            by=found.by,
            identifiers=found.identifiers,
            note=found.note,
        )
    lot, made = plain(found.lot or product.lot), plain(found.manufacturer or product.manufacturer)
    return replace(
        found,
        code=code,
        status="not-done" if denied else "completed",
        lot=lot,
        expires=moment(found.expires),
        manufacturer=made,
        site=concept(found.site),
        route=concept(found.route),
        dose=quantity(found.dose),
        dose_number=plain(found.dose_number),
        series=concept(found.series) or IMMUNIZATION,
        targets=(),
        reason=concept(found.reason) if denied else NOTHING,
        product=Product(code=code, form=concept(product.form), lot=lot, manufacturer=made),
        reactions=concepts(found.reactions),
    )


def _procedure(found: Procedure) -> Procedure:
    return replace(
        found,
        status="unknown" if found.absence or found.status not in _DONE else found.status,
        category=NOTHING,
        body_sites=concepts(found.body_sites),
        reasons=tuple(dict.fromkeys(concepts(found.reasons))),
        outcome=NOTHING,
        location=plain(found.location),
        quantity=None,
    )


def _device(found: Device) -> Device:
    return replace(
        found,
        status="" if found.absence or found.status not in _USED else found.status,
        unique=identifiers(found.unique),
        body_site=concept(found.body_site),
        reasons=tuple(dict.fromkeys(concepts(found.reasons))),
        quantity=quantity(found.quantity),
    )


def _relative(found: FamilyHistory) -> FamilyHistory:
    """A note has its place with what they suffered from."""
    deceased = found.deceased
    first, *others = (*filter(None, map(_condition, found.conditions)), None)
    if first and found.note:
        first = replace(first, note=" ".join(filter(None, (first.note, found.note))))
    return replace(
        found,
        when=NEVER,
        status="partial" if found.status == "partial" else "completed",
        name=plain(found.name),
        sex=found.sex if found.sex in _SEXES else "",
        born=moment(found.born),
        deceased=_death(deceased),
        conditions=tuple(each for each in (first, *others) if each),
        note="",
    )


def _death(found: bool | Moment | Quantity | None) -> bool | Moment | None:  # noqa: FBT001  (as the model has it)
    if isinstance(found, str):
        return moment(found) or True
    return True if isinstance(found, Quantity) else found


def _condition(found: RelativeCondition) -> RelativeCondition | None:
    code = concept(found.code)
    if not code:
        return None
    onset = found.onset
    at = quantity(onset) if isinstance(onset, Quantity) else moment(onset)
    words = "" if at or isinstance(onset, Quantity) else onset
    return RelativeCondition(code=code, onset=at or "", note=plain(" ".join(filter(None, (words, found.note)))))
