"""What CDA carries of a fact: the same fact, as its reader will find it. What has no place is dropped or put in words.

In words: several phases of a dosage and rhythms that are no simple period, in those of the source, else in those that
their figures make; whose a fact is, where it is not the patient's.

Dropped: the printed unit where there is a UCUM code, codes and numbers of systems without an OID, substances and
package of a product, what a laboratory groups by, the isolate of a susceptibility, categories and outcomes of acts,
lines in a note."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from carnet.formats.cda.build.codes import ACT_CODE, SNOMED
from carnet.formats.cda.build.values import stamp
from carnet.formats.cda.hl7_time import TimeError, to_datetime, to_fhir_date
from carnet.formats.clinical.model import (
    Allergy,
    Component,
    Device,
    Dosage,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Problem,
    Procedure,
    Product,
    Reaction,
    RelativeCondition,
    Timing,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.posology import figures, worded
from carnet.formats.clinical.values import NEVER, NOTHING, Concept, Moment, Quantity, Range, Ratio, Span, Value
from carnet.formats.entry import Author, Coded, Identifier, Organisation
from carnet.formats.terminology import systems

__all__ = [
    "ABSENT_OID",
    "DIAGNOSIS",
    "EVENTS",
    "IMMUNIZATION",
    "KIND_OF_ALLERGY",
    "VITAL_SIGNS",
    "carried",
    "concept",
    "hl7",
    "identifiers",
    "plain",
    "who",
]

ABSENT_OID: Final = "2.16.840.1.113883.5.1150.1"
_ABSENT_URI: Final = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
_URI: Final = "urn:ietf:rfc:3986"
_UID: Final = re.compile(
    r"[0-2](?:\.(?:0|[1-9]\d*))+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII
)
_DAY: Final = 10
_MOST: Final = 20
_LONGEST_UNIT: Final = 100
DIAGNOSIS: Final = Concept("", (Coded("282291009", SNOMED, "interprétation diagnostique"),))
IMMUNIZATION: Final = Concept("", (Coded("IMMUNIZ", ACT_CODE, "Vaccination"),))
VITAL_SIGNS: Final = Concept("", (Coded("85353-1", systems.LOINC, "Signes vitaux"),))
EVENTS: Final = frozenset({"HS", "WAKE", "C", "CM", "CD", "CV", "AC", "ACM", "ACD", "ACV", "PC", "PCM", "PCD", "PCV"})
_KINDS: Final = {
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
KIND_OF_ALLERGY: Final = _KINDS
_OBSERVED: Final = frozenset({"preliminary", "registered", "cancelled"})
_DONE: Final = frozenset({"completed", "in-progress", "on-hold", "stopped", "not-done", "preparation"})
_USED: Final = frozenset({"active", "on-hold", "stopped", "intended"})
_ABSENT: Final = frozenset(
    {"asked-unknown", "masked", "not-applicable", "not-asked", "temp-unknown", "negative-infinity", "positive-infinity"}
)
_ANSWERS: Final = frozenset({"oui", "non", "nsp", "ne sait pas", "inconnu", "vrai", "faux", "x"})
_SAYS_SOMETHING: Final = re.compile(r"\w")
_COMPARED: Final = frozenset({"<", "<=", ">", ">="})
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
            return _treatment(kept)
        case Vaccination():
            return _vaccination(kept)
        case Procedure():
            return _procedure(kept)
        case Device():
            return _device(kept)
        case FamilyHistory():
            return _relative(kept)
    raise TypeError(kept.kind)


def plain(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


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


def concept(found: Concept) -> Concept:
    kept: dict[tuple[str, str], Coded] = {}
    for each in found.codings:
        code, system = plain(each.code), _system(each.system)
        if code and system is not None and len(kept) < _MOST:
            kept.setdefault((code, system), Coded(code, system, plain(each.display)))
    codings = tuple(kept.values())
    words = plain(found.text) or ("" if kept else plain(found.label))
    return Concept(_naming(words, next((each.display for each in codings if each.display), "")), codings)


def _naming(text: str, display: str) -> str:
    """For its reader neither a dash nor the answer of a form names anything."""
    first, *more = text.split(", ")
    if text and not (_SAYS_SOMETHING.search(first) and first.lower().strip(" .:") not in _ANSWERS):
        return ", ".join(filter(None, (display if more else "", *more)))
    return text


def _concepts(found: tuple[Concept, ...]) -> tuple[Concept, ...]:
    return tuple(filter(None, map(concept, found)))


def _system(system: str) -> str | None:
    """As an OID, "" for none; None for a system that has no OID."""
    if not system:
        return ""
    known = ABSENT_OID if system == _ABSENT_URI else systems.to_oid(system)
    return known if _UID.fullmatch(known) else None


def identifiers(found: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
    kept = (_identifier(each) for each in found)
    return tuple(dict.fromkeys(each for each in kept if each))[:_MOST]


def _identifier(found: Identifier) -> Identifier | None:
    value = plain(found.value)
    if found.system == _URI:
        bare = value.lower()
        return (
            Identifier(_URI, bare) if _UID.fullmatch(bare.removeprefix("urn:oid:").removeprefix("urn:uuid:")) else None
        )
    system = systems.to_oid(found.system)
    return Identifier(system, value) if value and _UID.fullmatch(system) else None


def hl7(found: Moment) -> str:
    """As HL7 writes it; "" for what is no moment."""
    try:
        text = found.replace("-", "") if len(found) <= _DAY else stamp(datetime.fromisoformat(found))
        to_datetime(text)
    except (ValueError, TimeError):
        return ""
    return text


def moment(found: Moment) -> Moment:
    text = hl7(found)
    if not text:
        return ""
    return to_fhir_date(text) if len(found) <= _DAY else to_datetime(text).isoformat()


def span(found: Span) -> Span:
    start, end = moment(found.start), moment(found.end)
    if not start and not end:
        return NEVER
    return Span(start, end, open_end=bool(start and not end and found.open_end))


def who(found: Author | None, recorded: Moment) -> Author | None:
    if found is None:
        return None
    family, given = plain(found.family), plain(found.given)
    named = bool(family or given)
    device = "" if named else plain(found.device)
    number = _identifier(found.identifier) if found.identifier else None
    house = _house(found.organisation)
    if not (number or named or device or house):
        return None
    return Author(
        identifier=number,
        family=family,
        given=given,
        prefix=plain(found.prefix) if named else "",
        suffix=plain(found.suffix) if named else "",
        device=device,
        profession=next(iter(concept(Concept("", (found.profession,))).codings), None) if found.profession else None,
        organisation=house,
        at=to_datetime(hl7(recorded)) if recorded else None,
    )


def _house(found: Organisation | None) -> Organisation | None:
    if found is None:
        return None
    kept = Organisation(plain(found.name), _identifier(found.identifier) if found.identifier else None)
    return kept if kept.name or kept.identifier else None


def quantity(found: Quantity | None) -> Quantity | None:
    if found is None or not found.value.is_finite():
        return None
    ucum, unit = plain(found.ucum)[:_LONGEST_UNIT], plain(found.unit)[:_LONGEST_UNIT]
    return Quantity(found.value, ucum or unit, ucum)


def _bounds(found: Range) -> Range:
    return Range(quantity(found.low), quantity(found.high))


def value(found: Value | None) -> Value | None:
    match found:
        case Quantity():
            kept = quantity(found)
            sign = found.comparator if found.comparator in _COMPARED else ""
            return replace(kept, comparator=sign) if kept else None
        case Concept():
            return concept(found) or None
        case Range():
            return _range_found(found)
        case Ratio():
            over, under = quantity(found.numerator), quantity(found.denominator)
            return Ratio(over, under) if over and under else None
        case Span():
            return span(replace(found, open_end=False)) or None
        case str():
            return plain(found) or None
    return found


def _range_found(found: Range) -> Value | None:
    """With one bound it is a number that could not be told nearer; in words alone, words."""
    kept = _bounds(found)
    if kept.low and kept.high:
        return kept
    if kept.low or kept.high:
        one, sign = (kept.low, ">=") if kept.low else (kept.high, "<=")
        return replace(one, comparator=sign) if one else None
    return plain(found.text) or None


def _reference(found: Range) -> Range:
    return replace(_bounds(found), text=plain(found.text))


def _observation(seen: Observation, author: Author | None) -> Observation:
    house = _house(seen.laboratory) if seen.kind is Kind.RESULT else None
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
        interpretations=_concepts(seen.interpretations),
        ranges=tuple(each for each in map(_reference, seen.ranges) if each.low or each.high or each.text),
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
        interpretations=_concepts(found.interpretations),
        ranges=tuple(each for each in map(_reference, found.ranges) if each.low or each.high or each.text),
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
    sites = _concepts((found.body_site, *found.other_sites))
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
        (each for each in ((found.type, category), (found.type, ""), ("", category)) if each in _KINDS), ("", "")
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
        for each in _concepts(reaction.manifestations)
    ]
    bare = [Reaction(severity=each.severity) for each in found if each.severity and not any(each.manifestations)]
    return kept + bare[:1]


def _product(code: Concept, found: Product) -> Product:
    return Product(code=code, form=concept(found.form), lot=plain(found.lot), manufacturer=plain(found.manufacturer))


def _treatment(found: Treatment) -> Treatment:
    code = concept(found.product.code) or found.code
    denied = found.status == "not-taken"
    if found.absence:
        return replace(
            found, code=found.code or code, status="unknown", product=Product(NOTHING), dosages=(), reasons=()
        )
    return replace(
        found,
        code=code,
        status="not-taken" if denied else "unknown",
        product=_product(code, found.product),
        dosages=_dosages(found.dosages, code.label),
        reasons=tuple(dict.fromkeys(_concepts(found.reasons))),
    )


def _dosages(found: tuple[Dosage, ...], named: str) -> tuple[Dosage, ...]:
    """One: several phases are told in their words, else in those of their figures."""
    if not found:
        return ()
    several = len(found) > 1
    kept = Dosage(text=" ; ".join(filter(None, map(_words, found)))) if several else _dosage(found[0])
    kept = replace(kept, text="" if kept.text == named else kept.text)
    return () if kept == Dosage() else (kept,)


def _words(found: Dosage) -> str:
    return plain(worded(found))


def _dosage(found: Dosage) -> Dosage:
    needed = found.as_needed
    said = needed.label if isinstance(needed, Concept) else "si besoin" if needed else ""
    timing = _timing(found.timing)
    whole = _is_told(found.timing, timing) and found.most_at_once is None and not isinstance(found.rate, Ratio)
    return Dosage(
        text=plain(found.text or ("" if whole else figures(replace(found, as_needed=False)))),
        timing=timing,
        as_needed=Concept(plain(said)) if said.strip(" -–.") else False,
        site=concept(found.site),
        route=concept(found.route),
        dose=_dose(found.dose),
        rate=_dose(found.rate) if not isinstance(found.rate, Ratio) else None,
        most=_most(found.most),
        instructions=plain(found.instructions),
    )


def _dose(found: Quantity | Range | None) -> Quantity | Range | None:
    if isinstance(found, Range):
        kept = _bounds(found)
        if kept.low is None and kept.high is None:
            return None
        return kept.low if kept.low == kept.high else kept
    return quantity(found)


def _most(found: Ratio | None) -> Ratio | None:
    if found is None:
        return None
    over, under = quantity(found.numerator), quantity(found.denominator)
    return Ratio(over, under) if over and under else None


def _timing(found: Timing | None) -> Timing | None:
    """Once in every period, at events of the day: all else is in the words."""
    if found is None:
        return None
    every = quantity(found.period) if found.frequency == 1 and found.frequency_max in (None, 1) else None
    kept = Timing(
        frequency=1 if every else None, period=every, when=tuple(each for each in found.when if each in EVENTS)
    )
    return kept if kept != Timing() else None


def _is_told(found: Timing | None, kept: Timing | None) -> bool:
    """Whether nothing of the rhythm is lost."""
    if found is None or kept is None:
        return found is None or found == Timing()
    told = Timing(when=kept.when, period=found.period if kept.period else None)
    if kept.period:
        told = replace(told, frequency=found.frequency, frequency_max=found.frequency_max)
    return found == told


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
        reactions=_concepts(found.reactions),
    )


def _procedure(found: Procedure) -> Procedure:
    return replace(
        found,
        status="unknown" if found.absence or found.status not in _DONE else found.status,
        category=NOTHING,
        body_sites=_concepts(found.body_sites),
        reasons=tuple(dict.fromkeys(_concepts(found.reasons))),
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
        reasons=tuple(dict.fromkeys(_concepts(found.reasons))),
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
