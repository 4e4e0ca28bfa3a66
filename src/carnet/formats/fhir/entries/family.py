"""Relatives and what they had: FamilyMemberHistory."""

from __future__ import annotations

from typing import Any, Final

from carnet.formats.clinical.model import FamilyHistory, Kind, RelativeCondition
from carnet.formats.clinical.values import NOTHING, Concept, Moment, Quantity
from carnet.formats.fhir.entries import parts, pieces
from carnet.formats.fhir.entries.draft import Draft
from carnet.formats.fhir.entries.extensions import extension, own
from carnet.formats.fhir.entries.source import Source
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import pruned

__all__ = ["read", "write"]

JSON = dict[str, Any]
_GENDER: Final = "http://hl7.org/fhir/administrative-gender"
_GENDERS: Final = frozenset({"male", "female", "other", "unknown"})


def write(entry: FamilyHistory, draft: Draft) -> JSON:
    draft.when(entry.when)
    draft.author(())
    deceased = _deceased(entry, draft)
    return draft.status("partial") | {
        "patient": draft.subject,
        "date": entry.recorded,
        "name": entry.name,
        "relationship": parts.demanded(entry.code),
        "sex": parts.coded(entry.sex, _GENDER) if entry.sex in _GENDERS else pruned({"text": entry.sex}),
        **_moment("born", entry.born),
        **deceased,
        "note": draft.notes(),
        "condition": [_condition(each) for each in entry.conditions],
    }


def _moment(name: str, moment: Moment) -> JSON:
    if not moment:
        return {}
    return {f"{name}Date" if parts.is_date(moment) else f"{name}String": moment}


def _deceased(entry: FamilyHistory, draft: Draft) -> JSON:
    match entry.deceased:
        case bool() as dead:
            return {"deceasedBoolean": dead}
        case str() as moment:
            return _moment("deceased", moment)
        case Quantity() as found:
            if written := parts.age(found):
                return {"deceasedAge": written}
            draft.add("deceased-age", "Quantity", parts.quantity(found))
    return {}


def _condition(found: RelativeCondition) -> JSON:
    more: list[JSON] = []
    written = {
        "code": parts.demanded(found.code),
        "outcome": parts.concept(found.outcome),
        "contributedToDeath": found.contributed_to_death,
        **_onset(found.onset, more),
        "note": [{"text": found.note}] if found.note else [],
    }
    return pruned({"extension": more} | written)


def _onset(onset: Quantity | Moment, more: list[JSON]) -> JSON:
    if isinstance(onset, str):
        if pieces.is_moment(onset):
            return {"onsetPeriod": {"start": onset, "end": onset}}
        return {"onsetString": onset} if onset else {}
    if written := parts.age(onset):
        return {"onsetAge": written}
    more.append(extension("age-onset", "Quantity", parts.quantity(onset)))
    return {}


def read(source: Source) -> FamilyHistory | None:
    node = source.node
    return FamilyHistory(
        kind=Kind.FAMILY,
        code=source.concept("relationship"),
        status=source.status(),
        when=source.when(),
        recorded=pieces.moment(node, "date"),
        by=source.author(),
        note=pieces.notes(node),
        name=node.text("name"),
        sex=pieces.state(source.at("sex")),
        born=_read_moment(source, "born"),
        deceased=_read_deceased(source),
        conditions=tuple(_read_condition(each) for each in node.children("condition")),
    )


def _read_moment(source: Source, name: str) -> Moment:
    node = source.node
    if node.has(f"{name}Period"):
        return pieces.period(node.child(f"{name}Period")).start
    return pieces.moment(node, f"{name}Date") or node.text(f"{name}String")


def _read_deceased(source: Source) -> bool | Moment | Quantity | None:
    node = source.node
    if node.has("deceasedBoolean"):
        return pieces.flag(node, "deceasedBoolean")
    if node.has("deceasedAge"):
        return pieces.quantity(node.child("deceasedAge"))
    beside = source.own("deceased-age")
    if beside:
        return pieces.quantity(beside.child("valueQuantity"))
    # Words say that the relative died, and no moment.
    moment = pieces.moment(node, "deceasedDate") or node.text("deceasedString")
    return (moment if pieces.is_moment(moment) else True) if moment else None


def _read_condition(node: Node) -> RelativeCondition:
    return RelativeCondition(
        code=_concept(node, "code"),
        onset=_read_onset(node),
        outcome=_concept(node, "outcome"),
        contributed_to_death=pieces.flag(node, "contributedToDeath"),
        note=pieces.notes(node),
    )


def _read_onset(node: Node) -> Quantity | Moment:
    beside = own(node, "age-onset")
    if beside:
        return pieces.quantity(beside.child("valueQuantity")) or ""
    if node.has("onsetAge"):
        return pieces.quantity(node.child("onsetAge")) or ""
    if node.has("onsetPeriod"):
        return pieces.period(node.child("onsetPeriod")).start
    return node.text("onsetString")


def _concept(node: Node, name: str) -> Concept:
    return pieces.concept(node.child(name)) if node.has(name) else NOTHING
