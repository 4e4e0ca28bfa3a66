"""What the patient can do, on scales and scores."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.observations import observations
from carnet.formats.clinical.model import Entry, Kind

__all__ = ["entries"]


def entries(body: etree._Element, context: Context) -> Iterator[Entry]:
    return observations(body, Kind.FUNCTION, context)
