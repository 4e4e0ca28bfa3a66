"""The JSON body of a published document, read with few copies of its large base64 content.

A 25 MB document comes as 34 MB of base64 inside the JSON. The large literal is cut out before the JSON is
parsed, and decoded straight from the body: it never becomes a Python text, nor a copy inside the parser.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from carnet.formats.fhir import errors, json_shape

__all__ = ["HEAD_LIMIT", "Body", "parse"]

# In valid JSON a complete string "data" followed by a colon is always a key: inside a text its quotes would
# be escaped. What follows is therefore always a whole literal.
_KEY = re.compile(rb'"data"\s*:\s*"')
_LARGE: Final = 4_096
# A mark that the base64 alphabet cannot write.
_MARK: Final = "\x00"
HEAD_LIMIT: Final = 1_000_000
# In compact JSON, as orjson writes it.
_MARKED = re.compile(rb'"data":"\\u0000([0-9]{1,6})"')
_BLANKS: Final = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Body:
    """`resource` has marks in the place of its large base64 literals; `content` turns either into bytes."""

    resource: dict[str, Any]
    pieces: tuple[memoryview, ...]
    _taken: set[int] = field(default_factory=set)

    def content(self, literal: str) -> bytes:
        """Decode base64; raise ValueError (of which binascii.Error is one) when it cannot be."""
        if literal.startswith(_MARK):
            return _decode(self._piece(literal[len(_MARK) :]))
        return _decode(literal.encode("ascii"))

    def text(self, part: Mapping[str, Any]) -> bytes:
        """The JSON of a part of the resource, with its large literals back; raise ValueError when it cannot be."""
        written = orjson.dumps(part)
        pieces: list[bytes | memoryview] = []
        done = 0
        for found in _MARKED.finditer(written):
            start, end = found.span(1)
            piece = self._piece(found[1].decode())
            # The parser never saw it: what is no base64 may not even be JSON.
            _decode(piece)
            # The mark is an escaped NUL, which is six characters long.
            pieces += (written[done : start - 6], piece)
            done = end
        return b"".join((*pieces, written[done:]))

    def _piece(self, number: str) -> memoryview:
        # Each is read once: marks that the sender wrote himself cannot make one literal into thousands.
        if not number.isdecimal() or int(number) >= len(self.pieces) or int(number) in self._taken:
            raise ValueError("mark")
        self._taken.add(int(number))
        return self.pieces[int(number)]


def parse(payload: bytes | bytearray, resource_type: str, *, head_limit: int = HEAD_LIMIT) -> Body:
    """Raise `FhirError` for what is no resource of that type; `payload` must outlive the answer unchanged.

    `head_limit` bounds what is not large base64, in bytes.
    """
    head, pieces = _cut(payload, head_limit)
    if len(head) > head_limit:
        limit = head_limit // 1_000_000
        raise errors.failure("too-large", detail=f"Hors des documents eux-mêmes, le corps est limité à {limit} Mo.")
    try:
        resource = orjson.loads(head)
    except orjson.JSONDecodeError:
        raise errors.failure("not-json") from None
    json_shape.check(resource, head)
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise errors.failure("not-a-resource")
    if resource["resourceType"] != resource_type:
        raise errors.failure("wrong-resource-type", expression="resourceType", detail=f"Attendu : {resource_type}.")
    return Body(resource, tuple(pieces))


def _cut(payload: bytes | bytearray, head_limit: int) -> tuple[bytes, list[memoryview]]:
    view = memoryview(payload)
    kept: list[bytes | memoryview] = []
    pieces: list[memoryview] = []
    done = position = cut = 0
    while found := _KEY.search(payload, position):
        start = found.end()
        end = payload.find(b'"', start)
        # Beyond the limit nothing is worth cutting: the body is refused.
        if end < 0 or start - cut > head_limit:
            break
        position = end
        # A quote after a backslash does not end the literal; base64 has none: the parser may sort that out.
        if end - start < _LARGE or payload[end - 1 : end] == b"\\":
            continue
        kept += (view[done:start], b"\\u0000%d" % len(pieces))
        pieces.append(view[start:end])
        cut += end - start
        done = end
    kept.append(view[done:])
    return b"".join(kept), pieces


def _decode(literal: bytes | memoryview) -> bytes:
    try:
        return _exact(literal)
    except binascii.Error:
        # Copies only for what needs them: blanks between the groups, slashes that some writers escape.
        plain = orjson.loads(b"".join((b'"', literal, b'"'))).encode("ascii")
        return _exact(plain.translate(None, _BLANKS))


def _exact(literal: bytes | memoryview) -> bytes:
    content = binascii.a2b_base64(literal, strict_mode=True)
    # Even strict decoding lets too much padding pass.
    groups, rest = divmod(len(literal), 4)
    if rest or not 0 <= 3 * groups - len(content) <= 2:  # noqa: PLR2004
        raise binascii.Error("padding")
    return content
