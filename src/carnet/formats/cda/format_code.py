"""The XDS format code of a CDA: from its body when that is another file, from its model otherwise."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

from carnet.formats.cda.nodes import attribute, child, children
from carnet.formats.entry import Coded

__all__ = ["read_format", "template_of"]


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(files(__package__).joinpath("format_codes.json").read_text("utf-8"))
    return table


def read_format(document: etree._Element, warnings: list[str]) -> Coded:
    """Associations ASS_A11 (model) and ASS_A12 (body). The last known template wins: producers add the most
    specific one at the end."""
    table = _table()
    body = child(document, "component/nonXMLBody/text")
    if body is not None:
        found = table["media_types"].get(attribute(body, "mediaType").lower())
    else:
        templates = [attribute(each, "root") for each in children(document, "templateId")]
        found = next((table["templates"][each] for each in reversed(templates) if each in table["templates"]), None)
    if found is None:
        warnings.append("Le modèle du document n’est pas un modèle connu du CI-SIS.")
        found = table["other"]
    return Coded(found, next(oid for start, oid in table["systems"].items() if found.startswith(start)))


def template_of(format_: Coded) -> str | None:
    """The template of a structured document of that format; the most recent of several."""
    found = [root for root, code in _table()["templates"].items() if code == format_.code]
    return found[-1] if found else None
