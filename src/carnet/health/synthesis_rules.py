"""What a summary proposes of the record: which line stands in which chapter, and which are kept unless its author says
otherwise. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from carnet.formats.cda.build.vsm import Nothing, Part, part_of
from carnet.formats.clinical import keys
from carnet.formats.clinical.model import (
    Dispensation,
    Dosage,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Prescription,
    Problem,
    Treatment,
)
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.terminology import labels, measures
from carnet.health import trends
from carnet.health.queries import Line
from carnet.health.standing import Absence, Standing, absence_of, standing_of
from carnet.health.treatments import entry_of, groups

__all__ = ["KINDS", "Proposal", "Sourced", "labels_of", "nothing_said", "proposals"]

KINDS: Final = (
    Kind.PROBLEM,
    Kind.ALLERGY,
    Kind.PROCEDURE,
    Kind.FAMILY,
    Kind.TREATMENT,
    Kind.PRESCRIPTION,
    Kind.DISPENSATION,
    Kind.SOCIAL,
    Kind.RESULT,
    Kind.MEASURE,
    Kind.VACCINATION,
    Kind.PREGNANCY,
    Kind.FUNCTION,
    Kind.DEVICE,
)
_MEDICINES: Final = frozenset({Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION})
_FRESH: Final = timedelta(days=730)
_OF_SOMEBODY: Final = frozenset({Kind.SOCIAL, Kind.FUNCTION})
_SERIES: Final = frozenset({Kind.RESULT, Kind.MEASURE, Kind.SOCIAL, Kind.FUNCTION})
_FIGURES: Final = re.compile(r"\d+(?:[.,]\d+)?")
_NOTHING: Final = {Absence.NONE: Nothing.NONE, Absence.UNKNOWN: Nothing.UNKNOWN}
_NOT_SO: Final = frozenset({Standing.REFUTED, Standing.NOT_DONE, Standing.PLANNED, Standing.IN_ERROR})
_NORMAL: Final = frozenset({"", "N"})
_MASKED: Final = "MASQUE_PS"


@dataclass(frozen=True, slots=True)
class Sourced:
    """A line with what keeps its source from others; nothing does when both are 0."""

    line: Line
    labels: int = 0
    standing: int = 0


Again = Callable[[Line], bool]
"""Whether a line is of the summary that is replaced, or came after it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`restricted`: the labels of a document that others read with this in it; empty for what is open. `kept`: unless
    its author says otherwise."""

    fact: UUID
    part: Part
    entry: Entry
    kept: bool
    restricted: frozenset[str] = frozenset()
    said_by: str = "document"
    sources: tuple[UUID, ...] = ()


def labels_of(sourced: Sourced) -> frozenset[str]:
    """What a standing mask covers is masked."""
    found = frozenset(labels.codes_of(sourced.labels))
    return found | {_MASKED} if sourced.standing else found


def proposals(
    sourced: Sequence[Sourced], now: datetime, *, before: UUID | None = None, since: datetime | None = None
) -> tuple[Proposal, ...]:
    """`before`: the summary that this one will replace, made at `since`: what it says is kept, and what came after."""

    def again(line: Line) -> bool:
        return before is None or since is None or before in line.sources or line.known_at > since

    made = [*_facts(sourced, now, again), *_treatments(sourced, now, again)]
    return tuple(_once(made))


def _facts(sourced: Iterable[Sourced], now: datetime, again: Again) -> Iterator[Proposal]:
    seen: set[str] = set()
    sourced = list(sourced)
    told_whole = {each.line.series: each.line.since for each in reversed(sourced) if not labels_of(each)}
    for each in sourced:
        line = each.line
        if line.kind in _MEDICINES or line.absence:
            continue
        entry = entry_of(line) if line.kind in _OF_SOMEBODY else None
        if line.kind in _SERIES and line.series:
            # Newest first: of a series the last value alone, and before one that is restricted the last that is open.
            series = f"{line.kind}|{_whose(entry)}|{line.series}"
            if series in seen:
                continue
            if not labels_of(each):
                seen.add(series)
        entry = entry or entry_of(line)
        if entry is not None and line.since is not None and _is_half_of(entry, line.since, told_whole):
            continue
        part = part_of(entry) if entry else None
        if entry is not None and part is not None:
            yield _proposal(each, entry, part, kept=again(line) and not _whose(entry) and _worth(entry, line, now))


def _is_half_of(entry: Entry, since: datetime, told_whole: Mapping[str, datetime | None]) -> bool:
    """A systolic pressure that stands alone, beside a blood pressure as new, is told by that one."""
    found = measures.part_of(entry.code) if entry.kind is Kind.MEASURE else None
    newest = told_whole.get(f"measure:{found[0].key}") if found else None
    return newest is not None and newest >= since


def _whose(entry: Entry | None) -> str:
    """Of another person, a parent or a child, who that is; it is never told as the patient's own."""
    return keys.words(entry.about.label) if isinstance(entry, Observation) else ""


def _proposal(sourced: Sourced, entry: Entry, part: Part, *, kept: bool) -> Proposal:
    restricted = labels_of(sourced)
    line = sourced.line
    if keys.words(entry.note) == keys.words(entry.code.label):
        # A document may say the name of a thing again as a remark on it.
        entry = replace(entry, note="")
    return Proposal(
        fact=line.fact,
        part=part,
        entry=entry,
        kept=kept and not restricted,
        restricted=restricted,
        said_by=line.said_by,
        sources=line.sources,
    )


def _worth(entry: Entry, line: Line, now: datetime) -> bool:
    """Of results those that are not normal, by their laboratory's word or by its range, and not old; what is denied is
    for its author to take up."""
    match entry:
        case Observation(kind=Kind.RESULT):
            codes = {code.code for each in entry.interpretations for code in each.codings[:1]}
            said = bool(codes - _NORMAL) or trends.outside(line.value, line.comparator, line.low, line.high)
            return said and line.since is not None and line.since > now - _FRESH
        case Observation(kind=Kind.MEASURE):
            return line.since is not None and line.since > now - _FRESH
    return standing_of(entry) not in _NOT_SO


def _treatments(sourced: Sequence[Sourced], now: datetime, again: Again) -> Iterator[Proposal]:
    """What is current, each medicine by its own name, with every dose that its best line's source says: one that is
    open, if there is one, and of those what the last summary says or what came after it. Of one substance in one
    strength the first alone is kept."""
    medicines = {each.line.fact: each for each in sourced if each.line.kind in _MEDICINES}
    lines = [each.line for each in medicines.values()]
    for group in groups(lines, now, lambda line: str(line.sources[:1]), all_of_them=False):
        known = [medicines[intake.fact] for intake in group.current if intake.fact in medicines]
        open_first = sorted(known, key=lambda each: (bool(labels_of(each)), not again(each.line)))
        told: set[str] = set()
        for chosen in _one_of_each(open_first):
            strength = " ".join(sorted(_FIGURES.findall(chosen[0].line.label)))
            another = strength in told or (not strength and bool(told))
            if not labels_of(chosen[0]):
                told.add(strength)
            for each in chosen:
                entry = entry_of(each.line)
                if isinstance(entry, Treatment | Prescription | Dispensation):
                    kept = again(each.line) and not another
                    yield _proposal(each, _taken(entry), Part.TREATMENTS, kept=kept)


def _one_of_each(known: Sequence[Sourced]) -> Iterator[list[Sourced]]:
    """By each name its first line, with the others of the same source: two doses of a day may be two lines."""
    by_name: dict[str, list[Sourced]] = {}
    for each in known:
        by_name.setdefault(keys.words(each.line.label), []).append(each)
    for first, *others in by_name.values():
        yield [first, *(each for each in others if _beside(first, each))]


def _beside(first: Sourced, other: Sourced) -> bool:
    one, two = first.line, other.line
    alike = one.kind is two.kind and one.sources == two.sources and one.known_at == two.known_at
    return alike and one.said_by != "person"


def _taken(entry: Treatment | Prescription | Dispensation) -> Treatment:
    """A prescription is told as what is taken: whose word it is stays."""
    if isinstance(entry, Treatment):
        return replace(entry, status="active")
    rendered = entry.rendered if isinstance(entry, Prescription) else ""
    dosages = (Dosage(text=rendered),) if rendered else entry.dosages
    return Treatment(
        kind=Kind.TREATMENT,
        code=Concept(),
        status="active",
        when=Span(entry.when.start),
        recorded=entry.recorded,
        by=entry.by,
        note=entry.note,
        product=entry.product if entry.product.code else replace(entry.product, code=entry.code),
        dosages=dosages,
        reasons=() if isinstance(entry, Dispensation) else entry.reasons,
    )


def _once(found: Iterable[Proposal]) -> Iterator[Proposal]:
    """Two sources that name one disease alike with other dates are two lines: the newest is kept. What is named
    otherwise, even under one code, may be another disease."""
    seen: set[tuple[Part, str]] = set()
    for each in found:
        key = (each.part, _about(each.entry))
        again = key in seen and each.part in {Part.PROBLEMS, Part.HISTORY, Part.ALLERGIES, Part.FAMILY}
        if each.kept:
            seen.add(key)
        yield replace(each, kept=False) if again else each


def _about(entry: Entry) -> str:
    """All that tells it from another of its kind: a code alone does not tell left from right, nor one brother from
    another."""
    named = [keys.code(entry.code), keys.words(entry.code.label)]
    if isinstance(entry, Problem):
        named += [keys.words(each.label) for each in (entry.body_site, *entry.other_sites)]
    if isinstance(entry, FamilyHistory):
        named += [keys.words(entry.name), *(keys.words(each.code.label) for each in entry.conditions)]
    return keys.key(*named)


def nothing_said(sourced: Iterable[Sourced], found: Iterable[Proposal] = ()) -> dict[Part, Nothing]:
    """Where the record says openly of a whole chapter that there is none, or that it is not known, and nothing else
    stands in it, not even what is masked. That one thing, or one part, is not there says nothing of the rest."""
    told = {each.part for each in found}
    said: dict[Part, Nothing] = {}
    for each in sourced:
        line = each.line
        if not line.absence or line.struck or labels_of(each):
            continue
        entry = entry_of(line)
        part = Part.TREATMENTS if line.kind in _MEDICINES else part_of(entry) if entry else None
        if entry is None or part is None or part in told:
            continue
        nothing = _NOTHING.get(absence_of(entry))
        if nothing:
            said.setdefault(part, nothing)
    return said
