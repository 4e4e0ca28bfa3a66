"""What the modules of entries that are no observation ask of an element: its words, its dates, who did it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from lxml.etree import _Element

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.context import UNFORESEEN, Context, entered, fault
from carnet.formats.cda.nodes import attribute, child, children, text_of
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import Entry
from carnet.formats.clinical.values import NOTHING, Concept, Moment, Quantity, Range, Span
from carnet.formats.entry import Author

__all__ = [
    "HR",
    "PCC",
    "SITE",
    "Others",
    "act_words",
    "amount",
    "answer",
    "concept",
    "found",
    "is_negated",
    "is_withdrawn",
    "joined",
    "located",
    "mood",
    "quantity",
    "read_each",
    "reasons",
    "recorded",
    "said",
    "says",
    "stated",
    "status",
    "templates",
    "when",
    "who",
    "whole",
]

PCC: Final = "1.3.6.1.4.1.19376.1.5.3.1.4."
HR: Final = "1.2.250.1.213.1.1.3."
SITE: Final = "39111-0"
"""LOINC for a place in the body."""
_RELATION: Final = f"{HL7}entryRelationship"
# A cell of a form that only answers names nothing; neither does a dash.
_ANSWERS: Final = frozenset({"oui", "non", "nsp", "ne sait pas", "inconnu", "vrai", "faux", "x"})
_SAYS_SOMETHING = re.compile(r"\w")
_MOST_DIGITS: Final = 9
_LONGEST: Final = 4000
_THEMSELVES: Final = frozenset({"ONESELF", "SELF"})
_WITHDRAWN: Final = frozenset({"nullified", "obsolete"})

One = TypeVar("One", bound=Entry)
Read = Callable[[_Element, Context], Iterable[One]]


def read_each(context: Context, elements: Iterable[_Element], name: str, read: Read[One]) -> Iterator[One]:
    """Each element on its own: one that cannot be read is said, and the rest goes on."""
    others = Others()
    for element in elements:
        try:
            with entered(context):
                several = tuple(read(element, context))
        except UNFORESEEN:
            context.fault(f"unreadable-{name}", element)
            continue
        if not several or is_withdrawn(element):
            continue
        if others.has(element.getparent() if name == "family" else element):
            context.fault("about-another", element)
        elif element.get("nullFlavor") and not all(each.absence for each in several):
            context.fault(f"null-{name}", element)
        else:
            # What its author calls a mistake is none of the patient's facts.
            yield from (each for each in several if getattr(each, "verification", "") != "entered-in-error")


class Others:
    """Whether an element is about another person than the patient (the child that is expected, the mother), as it or
    what it stands in says. What is found is kept: a section may have thousands of entries."""

    def __init__(self) -> None:
        self._known: dict[_Element, bool] = {}

    def has(self, element: _Element | None) -> bool:
        chain: list[_Element] = []
        while element is not None and element not in self._known:
            chain.append(element)
            element = element.getparent()
        found = element is not None and self._known[element]
        for each in reversed(chain):
            related = child(each, "subject/relatedSubject")
            if related is not None:
                found = attribute(child(related, "code"), "code") not in _THEMSELVES
            self._known[each] = found
        return found


def is_withdrawn(element: _Element) -> bool:
    """Written in error, or replaced; or so is the concern that it stands in."""
    relation = element.getparent()
    act = None if relation is None or relation.tag != _RELATION else relation.getparent()
    return status(element) in _WITHDRAWN or status(act) in _WITHDRAWN


def templates(element: _Element) -> frozenset[str]:
    return frozenset(attribute(each, "root") for each in children(element, "templateId"))


def mood(element: _Element) -> str:
    return (element.get("moodCode") or "").strip()


def status(element: _Element | None) -> str:
    return attribute(child(element, "statusCode"), "code")


def is_negated(element: _Element) -> bool:
    """XML has two ways to write a truth."""
    return (element.get("negationInd") or "").strip() in {"true", "1"}


def concept(parent: _Element | None, path: str = "") -> Concept:
    """A code with its words, unless they are but the answer of a form: "Oui" is the name of nothing."""
    whole_code = values.concept(child(parent, path) if path else parent)
    first, *more = whole_code.text.split(", ")
    if not first or not _is_empty(first):
        return whole_code
    name = next((each.display for each in whole_code.codings if each.display), "")
    return Concept(", ".join(filter(None, (name if more else "", *more))), whole_code.codings)


def said(element: _Element | None) -> Concept:
    """What an entry names in words alone: those of its text."""
    text = values.words(child(element, "text"))
    return NOTHING if _is_empty(text) else Concept(text)


def found(element: _Element | None) -> Concept:
    """The value of an observation: a code with its words, or words alone (an ST)."""
    value = child(element, "value")
    text = text_of(value)
    return concept(value) or (NOTHING if _is_empty(text) else Concept(text))


def says(element: _Element, answer: str) -> bool:
    return values.words(child(element, "text")).lower().strip(" .") == answer


def _is_empty(text: str) -> bool:
    return text.lower().strip(" .:") in _ANSWERS or not _SAYS_SOMETHING.search(text)


def quantity(parent: _Element | None, path: str) -> Quantity | None:
    return values.quantity(child(parent, path))


def amount(element: _Element | None) -> Quantity | Range | None:
    """A PQ or an IVL_PQ; one quantity where both bounds are the same."""
    if attribute(element, "value"):
        return values.quantity(element)
    bounds = values.interval(element)
    return bounds.low if bounds is not None and bounds.low is not None and bounds.low == bounds.high else bounds


def whole(element: _Element | None) -> int | None:
    text = attribute(element, "value")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def when(element: _Element) -> Span:
    return values.span(child(element, "effectiveTime"))


def recorded(*elements: _Element | None) -> Moment:
    """When it was written, by the entry itself, else by what it stands in."""
    return next(filter(None, (values.moment(child(each, "author/time")) for each in elements)), "")


def who(context: Context, *elements: _Element | None) -> Author | None:
    """Who did it, else who states it, where that is not the author of the document."""
    for element in elements:
        for path in ("performer/assignedEntity", "author/assignedAuthor"):
            for entity in children(element, path):
                if (person := values.author(entity)) is not None:
                    return None if person == context.author else person
    return None


def reasons(element: _Element) -> tuple[Concept, ...]:
    """Why it is done: the code of an act, or what an observation found."""
    several = (_reason(each) for relation in element.iterfind(_RELATION) for each in relation if _is_reason(relation))
    return tuple(dict.fromkeys(filter(None, several)))


def _is_reason(relation: _Element) -> bool:
    return relation.get("typeCode") == "RSON"


def _reason(element: _Element) -> Concept:
    """An observation whose code only asserts and that found nothing gives none; the site of a device is no reason."""
    code = attribute(child(element, "code"), "code")
    if element.tag not in {HL7 + "act", HL7 + "observation"} or code in {"ASSERTION", SITE}:
        return found(element) if code == "ASSERTION" else NOTHING
    return (found(element) if element.tag == HL7 + "observation" else NOTHING) or concept(element, "code")


def answer(element: _Element, code: str) -> Concept:
    """What the related observation with this code found."""
    return found(values.related(element, code))


def stated(element: _Element, code: str, states: frozenset[str], same: dict[str, str]) -> str:
    """The state that the related observation with this code found, in FHIR's code or one that means the same."""
    codes = (same.get(each.code, each.code) for each in answer(element, code).codings)
    return next((each for each in codes if each in states), "")


def act_words(element: _Element, code: str) -> str:
    """The texts of the related acts with this code, each a line."""
    acts = (
        each for each in children(element, "entryRelationship/act") if attribute(child(each, "code"), "code") == code
    )
    texts = (values.words(child(each, "text")) for each in acts)
    return joined(element, (each for each in texts if _SAYS_SOMETHING.search(each)))


def joined(element: _Element, texts: Iterable[str], between: str = "\n") -> str:
    """Each text once. Thousands of entries may point at one long text, which they share: it is not copied to be joined
    with another."""
    several = tuple(dict.fromkeys(filter(None, texts)))
    if len(several) > 1 and sum(map(len, several)) > _LONGEST:
        fault("text-too-long", element)
        return several[0]
    return between.join(several)


def located(element: _Element) -> str:
    places = (each for each in children(element, "participant") if each.get("typeCode") == "LOC")
    names = (text_of(child(each, "participantRole/playingEntity/name")) for each in places)
    return next(filter(None, names), "")
