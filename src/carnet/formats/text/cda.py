"""The title of a CDA document, the titles of its sections and all its narrative."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from carnet.formats.cda.body import the_body
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.nodes import attribute, child, children, text_of
from carnet.formats.cda.xml import Source, clinical_document, opened
from carnet.formats.text.errors import TextError
from carnet.formats.text.tree import lines


def read(source: Source) -> str:
    try:
        document = clinical_document(opened(source))
        sections = children(the_body(document), "component/section")
        return "\n".join([text_of(child(document, "title")), *(line for each in sections for line in _section(each))])
    except CdaError as error:
        raise TextError(error.code, error.message) from None


def _section(section: etree._Element) -> Iterator[str]:
    """As the page shows it: the label of its code stands for a title that is missing."""
    yield text_of(child(section, "title")) or attribute(child(section, "code"), "displayName")
    text = child(section, "text")
    if text is not None:
        yield lines(text)
    for each in children(section, "component/section"):
        yield from _section(each)
