"""What the pieces of one document share while they are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lxml import etree

from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.reading import Fault
from carnet.formats.entry import Author

if TYPE_CHECKING:
    from carnet.formats.cda.entries.survey import Survey

__all__ = ["UNFORESEEN", "Context", "at_work", "entered", "fault"]

UNFORESEEN: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a piece that nobody thought of may make of a reader: it is left out and reported, and the rest goes on."""

_MOST_FAULTS: Final = 500
_ROOT: Final = HL7 + "ClinicalDocument"


@dataclass(slots=True)
class Context:
    """What a piece inherits from its document: who wrote it, and where faults are gathered.

    `words` are the elements of the narrative by their ID, `texts` what was read of them, `survey` the coded
    observations by kind: each is made once, when first asked for."""

    author: Author | None = None
    faults: list[Fault] = field(default_factory=list)
    words: dict[str, etree._Element] | None = None
    texts: dict[str, str] = field(default_factory=dict)
    survey: Survey | None = None
    _steps: dict[etree._Element, str] = field(default_factory=dict)

    def fault(self, code: str, element: etree._Element) -> None:
        if len(self.faults) < _MOST_FAULTS:
            found = Fault(code, self.path(element))
            if found not in self.faults[-8:]:
                self.faults.append(found)

    def path(self, element: etree._Element) -> str:
        """As `nodes.path_of`, which counts the siblings of each step anew: many paths of one long section would take
        the square of its length."""
        steps: list[str] = []
        node: etree._Element | None = element
        while node is not None:
            steps.append(self._step(node))
            if node.tag == _ROOT:
                break
            node = node.getparent()
        return "/" + "/".join(reversed(steps))

    def _step(self, node: etree._Element) -> str:
        if node not in self._steps:
            parent = node.getparent()
            self._steps.update({node: _name(node)} if parent is None else _named(parent))
        return self._steps[node]


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname


def _named(parent: etree._Element) -> dict[etree._Element, str]:
    """The steps of all its children: positions only where there are several of one name."""
    by_tag: dict[str, list[etree._Element]] = {}
    for each in parent.iterchildren("*"):
        by_tag.setdefault(str(each.tag), []).append(each)
    return {
        each: _name(each) if len(alike) == 1 else f"{_name(each)}[{place}]"
        for alike in by_tag.values()
        for place, each in enumerate(alike, start=1)
    }


_AT_WORK: ContextVar[Context | None] = ContextVar("cda_entries_context", default=None)


@contextmanager
def entered(context: Context) -> Iterator[Context]:
    """The values read within give their faults to this context and look up its narrative."""
    token = _AT_WORK.set(context)
    try:
        yield context
    finally:
        _AT_WORK.reset(token)


def at_work() -> Context | None:
    return _AT_WORK.get()


def fault(code: str, element: etree._Element) -> None:
    """To the document that is being read; lost for a value that is read alone."""
    context = _AT_WORK.get()
    if context is not None:
        context.fault(code, element)
