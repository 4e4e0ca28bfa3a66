"""What the coded entries share: identifiers of templates, pointers into the narrative, times."""

from __future__ import annotations

from datetime import date

from lxml.etree import _Element

from carnet.demo.xml import el

PRODUCT = ("2.16.840.1.113883.10.20.1.53", "1.3.6.1.4.1.19376.1.5.3.1.4.7.2", "1.2.250.1.213.1.1.3.43")


def day(at: date) -> str:
    return at.strftime("%Y%m%d")


def pointer(mark: str) -> _Element:
    return el("reference", value=f"#{mark}")


def completed() -> _Element:
    return el("statusCode", code="completed")
