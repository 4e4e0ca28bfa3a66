"""The narratives of a FHIR document: those of its composition, which by the standard tell all that it says; or those
of all its resources when there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from lxml import etree

from carnet.formats.fhir.loose import as_list, as_object, as_text, tellers
from carnet.formats.text.errors import TextError
from carnet.formats.text.tree import lines


def read(data: bytes) -> str:
    try:
        resource = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise TextError("not-json", "Ce fichier n’est pas du JSON lisible.") from None
    return "\n".join(line for each in tellers(resource) for line in _told(each))


def _told(resource: dict[str, Any]) -> Iterator[str]:
    if resource.get("resourceType") == "Composition":
        yield as_text(resource.get("title"))
    yield from _narrative(resource)
    waiting = as_list(resource.get("section"))[::-1]
    while waiting:
        section = as_object(waiting.pop())
        yield as_text(section.get("title"))
        yield from _narrative(section)
        waiting += as_list(section.get("section"))[::-1]


def _narrative(holder: dict[str, Any]) -> Iterator[str]:
    div = as_object(holder.get("text")).get("div")
    if not isinstance(div, str):
        return
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(div.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is not None:
        yield lines(root)
