"""Bundles made of stored resources, whose texts are sent as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import orjson

from carnet.formats.fhir import stored

__all__ = ["entry", "framed", "gone", "searchset"]

_MATCH: Final = b'"search":{"mode":"match"}'
_INCLUDE: Final = b'"search":{"mode":"include"}'


def searchset(
    entries: Iterable[bytes | str],
    *,
    total: int | None,
    self_url: str,
    base: str,
    next_url: str | None = None,
    included: Iterable[bytes] = (),
) -> bytes:
    """`base` is the FHIR base without a final slash; `total` None leaves the element out. `included`: what comes with
    the matches, and is not counted."""
    start = base.rstrip("/").encode()
    written = [_entry(each, start, _MATCH) for each in entries]
    written += [_entry(each, start, _INCLUDE) for each in included]
    return framed("searchset", written, total=total, self_url=self_url, next_url=next_url)


def framed(
    kind: str,
    entries: Iterable[bytes],
    *,
    total: int | None,
    self_url: str,
    next_url: str | None = None,
    meta: dict[str, Any] | None = None,
) -> bytes:
    """A bundle of entries that are written already."""
    links = [{"relation": "self", "url": self_url}]
    if next_url:
        links.append({"relation": "next", "url": next_url})
    head = b'{"resourceType":"Bundle",'
    if meta:
        head += b'"meta":%b,' % orjson.dumps(meta)
    head += b'"type":"%b",' % kind.encode()
    if total is not None:
        head += b'"total":%d,' % total
    head += b'"link":' + orjson.dumps(links)
    written = list(entries)
    if not written:
        # FHIR has no empty list.
        return head + b"}"
    # What is large is copied once.
    written[0] = b'%b,"entry":[%b' % (head, written[0])
    written[-1] += b"]}"
    return b",".join(written)


def entry(text: bytes | str, base: str, more: bytes) -> bytes:
    """An entry with the resource's own address; `more` are its members after the resource."""
    return _entry(text, base.rstrip("/").encode(), more)


def gone(text: bytes, base: str, more: bytes) -> bytes:
    """An entry of what is there no more: its address, without the resource."""
    kind, identifier = stored.named(text)
    return b'{"fullUrl":"%b/%b/%b",%b}' % (base.rstrip("/").encode(), kind, identifier, more)


def _entry(text: bytes | str, start: bytes, more: bytes) -> bytes:
    """Of a base that is an address of ours and needs no escaping in JSON, as the names of resources need none."""
    resource = text.encode() if isinstance(text, str) else text
    kind, identifier = stored.named(resource)
    return b'{"fullUrl":"%b/%b/%b","resource":%b,%b}' % (start, kind, identifier, resource, more)
