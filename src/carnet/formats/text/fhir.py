"""The narratives of a FHIR document: those of its composition, which by the standard tell all that it says; or those
of all its resources when there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from lxml import etree

from carnet.formats.text.errors import TextError
from carnet.formats.text.tree import lines


def read(data: bytes) -> str:
    try:
        resource = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise TextError("not-json", "Ce fichier n’est pas du JSON lisible.") from None
    resources = list(_resources(resource))
    compositions = [each for each in resources if each.get("resourceType") == "Composition"]
    return "\n".join(line for each in compositions or resources for line in _told(each))


def _resources(resource: Any) -> Iterator[dict[str, Any]]:
    root = _object(resource)
    yield root
    for entry in _list(root.get("entry")):
        yield _object(_object(entry).get("resource"))


def _told(resource: dict[str, Any]) -> Iterator[str]:
    if resource.get("resourceType") == "Composition":
        yield _words(resource.get("title"))
    yield from _narrative(resource)
    waiting = _list(resource.get("section"))[::-1]
    while waiting:
        section = _object(waiting.pop())
        yield _words(section.get("title"))
        yield from _narrative(section)
        waiting += _list(section.get("section"))[::-1]


def _narrative(holder: dict[str, Any]) -> Iterator[str]:
    div = _object(holder.get("text")).get("div")
    if not isinstance(div, str):
        return
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(div.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is not None:
        yield lines(root)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""
