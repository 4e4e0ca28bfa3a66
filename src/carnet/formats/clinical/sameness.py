"""When two documents state one fact. Pure; when in doubt two facts, never one.

`question` is what was asked: kind, what, when, of which specimen or isolate. `fact` is the question and its answer.
Both are canonical strings, made of codes, instants and amounts, and seldom of words; "" joins with nothing. Two entries
with one `fact` are one entry with two sources. Two entries with one `question` and two facts differ: where the second
document replaces the first, that is a correction; elsewhere they stand side by side.

`names` are further keys of a question, by the source's own identifiers: one identifier with one kind, code and day is
one question, and with one answer one fact, even where the content alone would not tell. An identifier never joins two
answers: programs are known to give one identifier to many lines.

Only entries of two documents are compared: what one document states twice, it states twice. An entry that does not say
who stated it (`by`) is asked about with its document's author in that place, by who knows the document.

Of an allergy or a problem the words count beside the code: codes that say less than they do are in wide use, the
kind of allergy for its agent, a disease of the hip without its side. Elsewhere words never count beside a code.

What counts, by kind:

- result, measure: the analysis (the LOINC code, its own or the source's translation, else the source's own code), the
  sampling instant as precise as stated but at least a day, the specimen, the body site, and for a susceptibility the
  isolate; the answer is the value after exact unit conversion. Mass and amount of substance are two results even of
  one analyte, for laboratories print both, each rounded. Range, interpretation, method, laboratory: what each says.
- pregnancy, birth, function, social: alike, at the date as stated; without a date, alone.
- vaccination: the vaccine (its ATC code where that is whole, else the source's) and the full day; done or not done.
  Lot, rank and site: what each says. A year alone, or no date, is alone: two doses of one vaccine look the same.
- allergy: the agent's code and its words folded. Denied, over or standing is the answer.
- problem: the code and its words folded, the onset as stated, and where on the body. No onset is the same statement
  as no onset. Denied, over or standing is the answer, and when it ended.
- treatment, prescription, dispensation: the product's code, the day it starts or was done, and who stated it; the
  answer is the dosage, the amounts and the end. Without day or author, alone.
- procedure, reimbursed act: the code, the full day and the sites, for an act also who did it and how many; without them
  alone, for an act may be done twice a day.
- device: the code and its own unique identifiers; without them alone.
- encounter: type, class, start at least to the day, and where; the answer is its end.
- family: the relation, for mother and father, who are one; another relative needs a name. The answer is what is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, cast

from carnet.formats.clinical import keys
from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dispensation,
    Dosage,
    Encounter,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Prescription,
    Problem,
    Procedure,
    RelativeCondition,
    Treatment,
)
from carnet.formats.clinical.values import Concept, Quantity
from carnet.formats.terminology import systems

__all__ = ["answer", "fact", "names", "question", "same", "same_question", "statements"]

_ATC: Final = "2.16.840.1.113883.6.73"
_ICD10: Final = "2.16.840.1.113883.6.3"
_ROLE: Final = "2.16.840.1.113883.5.111"
_WHOLE_ATC: Final = re.compile(r"[A-Z]\d{2}[A-Z]{2}\d{2}")
_ONLY_ONE: Final = frozenset({"MTH", "FTH", "NMTH", "NFTH"})
_CALLED: Final = frozenset({Kind.ALLERGY, Kind.PROBLEM})
_VOID: Final = frozenset({"entered-in-error", "cancelled", "not-done", "refuted"})
_OVER: Final = frozenset({"inactive", "remission", "resolved"})
_STANDING: Final = frozenset({"active", "recurrence", "relapse"})


def question(entry: Entry) -> str:
    asked = _RULES[entry.kind][0](entry)
    return keys.key(entry.kind, *asked) if asked else ""


def fact(entry: Entry) -> str:
    asked = question(entry)
    return keys.key(asked, answer(entry)) if asked else ""


def answer(entry: Entry) -> str:
    """What an entry says to its question, whatever that is."""
    said = entry.status if entry.status in _VOID else ""
    return keys.key(said, "absent" if entry.absence else "", *_RULES[entry.kind][1](entry))


def names(entry: Entry) -> tuple[str, ...]:
    """One key for each identifier of the source, where the entry has a code."""
    what = keys.coded_or_words(_about(entry), *_preferred(entry.kind))
    if not what:
        return ()
    at = keys.day(_when(entry)) or _when(entry)
    called = (_words(entry.code),) if entry.kind in _CALLED else ()
    return tuple(
        keys.key("named", entry.kind, what, at, systems.canonical(each.system), each.value, *called)
        for each in entry.identifiers
        if each.system and each.value
    )


def statements(entry: Entry) -> tuple[str, ...]:
    """Its question and its names, each with its answer: entries state one fact when they share one."""
    asked = question(entry)
    said = answer(entry)
    return tuple(keys.key(each, said) for each in ((asked,) if asked else ()) + names(entry))


def same_question(one: Entry, other: Entry) -> bool:
    asked = question(one)
    return bool(asked and asked == question(other)) or not set(names(one)).isdisjoint(names(other))


def same(one: Entry, other: Entry) -> bool:
    return not set(statements(one)).isdisjoint(statements(other))


def _when(entry: Entry) -> str:
    sampled = entry.sampled if isinstance(entry, Observation) else ""
    return sampled or entry.when.start


def _about(entry: Entry) -> Concept:
    if isinstance(entry, Treatment | Prescription | Dispensation):
        return entry.product.code or entry.code
    return entry.code


def _preferred(kind: Kind) -> tuple[str, ...]:
    if kind in _OBSERVATIONS:
        return (systems.LOINC,)
    return (_ICD10,) if kind is Kind.PROBLEM else ()


def _what(entry: Entry) -> str:
    return keys.code(_about(entry), *_preferred(entry.kind))


def _words(concept: Concept) -> str:
    """As its source calls it; a bare code has none."""
    return keys.words(concept.text or next((each.display for each in concept.codings if each.display), ""))


def _state(clinical: str, verification: str) -> str:
    if verification in _VOID:
        return "denied"
    return "over" if clinical in _OVER else "standing" if clinical in _STANDING else clinical


# Each rule gives the parts of a question, None where it cannot be told from another.


def _measured(entry: Entry) -> tuple[str, ...] | None:
    seen = cast("Observation", entry)
    what, when = _what(seen), _when(seen)
    if not what or not (keys.day(when) if seen.kind in {Kind.RESULT, Kind.MEASURE} else when):
        return None
    isolate = keys.coded_or_words(seen.isolate)
    return what, keys.instant(when), keys.coded_or_words(seen.specimen), keys.coded_or_words(seen.body_site), isolate


def _found(entry: Entry) -> tuple[str, ...]:
    seen = cast("Observation", entry)
    parts = sorted(
        keys.key(keys.coded_or_words(part.code, systems.LOINC), keys.value(part.value), part.absent)
        for part in seen.components
    )
    return keys.value(seen.value), seen.absent, *parts


def _vaccine(entry: Entry) -> tuple[str, ...] | None:
    atc = entry.code.code_of(_ATC)
    what = keys.code(entry.code, *((_ATC,) if _WHOLE_ATC.fullmatch(atc) else ()))
    at = keys.day(entry.when.start)
    return (what, at) if what and at else None


def _agent(entry: Entry) -> tuple[str, ...] | None:
    what = keys.coded_or_words(entry.code)
    return (what, _words(entry.code)) if what else None


def _allergic(entry: Entry) -> tuple[str, ...]:
    allergy = cast("Allergy", entry)
    return (_state(allergy.clinical, allergy.verification),)


def _problem(entry: Entry) -> tuple[str, ...] | None:
    what = _what(entry)
    site = keys.coded_or_words(cast("Problem", entry).body_site)
    return (what, keys.instant(entry.when.start), site, _words(entry.code)) if what else None


def _suffered(entry: Entry) -> tuple[str, ...]:
    problem = cast("Problem", entry)
    return _state(problem.clinical, problem.verification), keys.instant(problem.when.end)


def _medicine(entry: Entry) -> tuple[str, ...] | None:
    what, at, by = _what(entry), keys.day(entry.when.start), keys.who(entry.by)
    return (what, at, by) if what and at and by else None


def _taken(entry: Entry) -> tuple[str, ...]:
    taken = cast("Treatment", entry)
    return entry.status, keys.instant(entry.when.end), *map(_dosage, taken.dosages)


def _prescribed(entry: Entry) -> tuple[str, ...]:
    line = cast("Prescription", entry)
    group = keys.key(line.group.system, line.group.value) if line.group else ""
    amounts = keys.value(line.quantity), keys.value(line.supply), keys.value(line.repeats)
    return line.status, line.intent, group, *amounts, keys.value(line.valid), *map(_dosage, line.dosages)


def _dispensed(entry: Entry) -> tuple[str, ...]:
    given = cast("Dispensation", entry)
    line = keys.key(given.prescription.system, given.prescription.value) if given.prescription else ""
    return given.status, line, keys.value(given.quantity), keys.value(given.supply), keys.value(given.rank)


def _dosage(dosage: Dosage) -> str:
    """By its figures where it has some, else by its words."""
    when = dosage.timing
    rhythm = (
        (
            keys.value(when.frequency),
            keys.value(when.frequency_max),
            keys.value(when.period),
            keys.key(*when.when),
            keys.key(*when.times),
            keys.key(*when.days),
            keys.value(when.duration),
            keys.value(when.bounds),
            keys.coded_or_words(when.code),
        )
        if when
        else ()
    )
    needed = str(dosage.as_needed) if isinstance(dosage.as_needed, bool) else keys.coded_or_words(dosage.as_needed)
    amounts = keys.value(dosage.dose), keys.value(dosage.rate), keys.value(dosage.most)
    if not any(amounts) and not any(rhythm):
        return keys.key("words", keys.words(dosage.text), needed)
    return keys.key(*amounts, needed, keys.coded_or_words(dosage.route), *rhythm)


def _procedure(entry: Entry) -> tuple[str, ...] | None:
    done = cast("Procedure", entry)
    what, at, by = _what(done), keys.day(done.when.start), keys.who(done.by)
    if not what or not at or (done.kind is Kind.REIMBURSED and not (by and done.quantity)):
        return None
    sites = sorted(map(keys.coded_or_words, done.body_sites))
    return what, keys.instant(done.when.start), by if done.kind is Kind.REIMBURSED else "", *sites


def _done(entry: Entry) -> tuple[str, ...]:
    done = cast("Procedure", entry)
    return keys.value(done.quantity), keys.instant(done.when.end)


def _device(entry: Entry) -> tuple[str, ...] | None:
    own = cast("Device", entry).unique
    what = _what(entry)
    marks = sorted(keys.key(systems.canonical(each.system), each.value) for each in own)
    return (what, *marks) if what and marks else None


def _worn(entry: Entry) -> tuple[str, ...]:
    return entry.status, keys.value(entry.when)


def _encounter(entry: Entry) -> tuple[str, ...] | None:
    visit = cast("Encounter", entry)
    kind = keys.one(visit.encounter_class)
    where = visit.provider.identifier if visit.provider else None
    place = keys.key(where.system, where.value) if where else keys.words(visit.provider.name if visit.provider else "")
    what = _what(visit)
    if not (what or kind) or not keys.day(visit.when.start) or not place:
        return None
    return what, kind, keys.instant(visit.when.start), place


def _ended(entry: Entry) -> tuple[str, ...]:
    return (keys.instant(entry.when.end),)


def _relative(entry: Entry) -> tuple[str, ...] | None:
    person = cast("FamilyHistory", entry)
    what = _what(person)
    alone = person.code.code_of(_ROLE) in _ONLY_ONE
    return (what, keys.words(person.name)) if what and (alone or person.name) else None


def _of_relative(entry: Entry) -> tuple[str, ...]:
    person = cast("FamilyHistory", entry)
    life = person.deceased
    end = keys.instant(life) if isinstance(life, str) else keys.value(life)
    return keys.instant(person.born), end, *sorted(map(_condition, person.conditions))


def _condition(condition: RelativeCondition) -> str:
    onset = condition.onset
    at = keys.value(onset) if isinstance(onset, Quantity) else keys.instant(onset)
    died = str(condition.contributed_to_death)
    return keys.key(keys.coded_or_words(condition.code), at, keys.coded_or_words(condition.outcome), died)


def _nothing(entry: Entry) -> tuple[str, ...]:
    return ()


_Question = Callable[[Entry], "tuple[str, ...] | None"]
_Answer = Callable[[Entry], "tuple[str, ...]"]
_OBSERVATIONS: Final = frozenset(
    {Kind.RESULT, Kind.MEASURE, Kind.PREGNANCY, Kind.BIRTH, Kind.FUNCTION, Kind.SOCIAL},
)
_RULES: Final[Mapping[Kind, tuple[_Question, _Answer]]] = {
    **dict.fromkeys(_OBSERVATIONS, (_measured, _found)),
    Kind.PROBLEM: (_problem, _suffered),
    Kind.ALLERGY: (_agent, _allergic),
    Kind.TREATMENT: (_medicine, _taken),
    Kind.PRESCRIPTION: (_medicine, _prescribed),
    Kind.DISPENSATION: (_medicine, _dispensed),
    Kind.VACCINATION: (_vaccine, _nothing),
    Kind.PROCEDURE: (_procedure, _done),
    Kind.REIMBURSED: (_procedure, _done),
    Kind.DEVICE: (_device, _worn),
    Kind.ENCOUNTER: (_encounter, _ended),
    Kind.FAMILY: (_relative, _of_relative),
}
