"""What the coded entries share: templates, state."""

from __future__ import annotations

from typing import Final

from lxml.etree import _Element

from carnet.formats.cda.build.elements import el

__all__ = ["PRODUCT", "completed"]

PRODUCT: Final = ("2.16.840.1.113883.10.20.1.53", "1.3.6.1.4.1.19376.1.5.3.1.4.7.2", "1.2.250.1.213.1.1.3.43")


def completed() -> _Element:
    return el("statusCode", code="completed")
