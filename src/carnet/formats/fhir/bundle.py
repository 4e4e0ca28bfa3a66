"""Searchset bundles made of stored resources, whose texts are sent as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable

import orjson

__all__ = ["searchset"]

# Every stored text begins so, because our writers do: its address is known without parsing it.
_START = re.compile(rb'\{"resourceType":"([A-Za-z]{1,64})","id":"([A-Za-z0-9\-.]{1,64})"')


def searchset(
    entries: Iterable[bytes | str],
    *,
    total: int | None,
    self_url: str,
    base: str,
    next_url: str | None = None,
) -> bytes:
    """`base` is the FHIR base without a final slash; `total` None leaves the element out."""
    links = [{"relation": "self", "url": self_url}]
    if next_url:
        links.append({"relation": "next", "url": next_url})
    head = b'{"resourceType":"Bundle","type":"searchset",'
    if total is not None:
        head += b'"total":%d,' % total
    head += b'"link":' + orjson.dumps(links)
    address = base.rstrip("/").encode()
    written = b",".join(_entry(entry, address) for entry in entries)
    # FHIR has no empty list.
    return head + (b',"entry":[' + written + b"]}" if written else b"}")


def _entry(entry: bytes | str, base: bytes) -> bytes:
    text = entry.encode() if isinstance(entry, str) else bytes(entry)
    start = _START.match(text)
    if start is None:
        raise ValueError("a stored resource does not begin with its type and id")
    url = orjson.dumps(b"/".join((base, *start.groups())).decode())
    return b'{"fullUrl":' + url + b',"resource":' + text + b',"search":{"mode":"match"}}'
