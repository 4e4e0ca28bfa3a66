"""Checks of what is made of characters: XML, RTF, FHIR JSON, plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

import orjson

from carnet.kernel.vault.errors import Refused

Bytes = bytes | bytearray | memoryview

_UTF8_BOM = b"\xef\xbb\xbf"
_LONGEST_ENTITY = 64
_HTML = re.compile(
    rb"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|script|iframe|svg)[\s>]", re.IGNORECASE | re.DOTALL
)
_MARKUP = re.compile(rb"\s*<[?!A-Za-z_]")

# C0 controls have no place in a text but tab, line feed, form feed and carriage return.
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D}) + b"\x7f"
_NOT_WINDOWS_1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])


def looks_like_html(start: bytes) -> bool:
    return _HTML.match(_ascii(start)) is not None


def looks_like_xml(start: bytes) -> bool:
    return _MARKUP.match(_ascii(start)) is not None


def looks_like_fhir(data: Bytes) -> bool:
    if not bytes(data[:64]).removeprefix(_UTF8_BOM).lstrip().startswith(b"{"):
        return False
    try:
        resource = orjson.loads(bytes(data).removeprefix(_UTF8_BOM))
    except orjson.JSONDecodeError:
        return False
    return isinstance(resource, dict) and isinstance(resource.get("resourceType"), str)


def is_text(data: Bytes) -> bool:
    """UTF-8, UTF-16 with its mark, or Windows-1252 (a superset of what Latin-1 can print)."""
    raw = bytes(data)
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _decodes(raw, "utf-16")
    if raw.translate(None, _CONTROLS) != raw:
        return False
    return _decodes(raw, "utf-8") or raw.translate(None, _NOT_WINDOWS_1252) == raw


def check_plain(data: Bytes) -> None:
    if not is_text(data):
        raise Refused("not-what-it-says", "Ce fichier est annoncé comme du texte, mais il contient autre chose.")


def check_fhir(data: Bytes) -> None:
    if not looks_like_fhir(data):
        raise Refused("broken", "Ce fichier n'est pas une ressource FHIR en JSON lisible.")


# What makes a word processor fetch or run something: embedded or linked objects, dynamic data exchange,
# remote templates.
_RTF_ACTIVE = re.compile(
    rb"\\(obj(data|emb|link|autlink|ocx|html|update)|object|ddeauto)(?![a-z])|\bDDE(AUTO)?\b\s|\\\*\\template",
    re.IGNORECASE,
)


def check_rtf(data: Bytes) -> None:
    if _RTF_ACTIVE.search(data):
        raise Refused(
            "active-content",
            "Ce document RTF contient un objet incorporé ou lié, qui pourrait agir sur l'ordinateur qui l'ouvre. "
            "Enregistrez-le en PDF, puis déposez le PDF.",
        )
    if not bytes(data[-256:]).rstrip(b"\x00\r\n\t ").endswith(b"}"):
        raise Refused("broken", "Ce document RTF est incomplet.")


class _Hostile(Exception):
    pass


def check_xml(data: Bytes) -> None:
    """Well formed; no entity that reaches out or multiplies; no web page in disguise."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.EntityDeclHandler = _refuse_entity
    parser.StartElementHandler = _root_check(parser)
    try:
        parser.Parse(bytes(data), True)  # noqa: FBT003  (positional in expat)
    except _Hostile:
        raise Refused(
            "active-content",
            "Ce fichier XML contient une page web ou des entités externes : il n'est pas accepté.",
        ) from None
    except (expat.ExpatError, LookupError, ValueError):
        raise Refused("broken", "Ce fichier XML est mal formé ou incomplet.") from None


def _refuse_entity(
    name: str,
    is_parameter: int,
    value: str | None,
    base: str | None,
    system_id: str | None,
    public_id: str | None,
    notation: str | None,
) -> None:
    # Named characters such as &nbsp; are declared this way and harmless: a short text without further
    # entities.
    if is_parameter or value is None or "&" in value or len(value) > _LONGEST_ENTITY:
        raise _Hostile


def _root_check(parser: expat.XMLParserType) -> Callable[[str, dict[str, str]], None]:
    def root(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        parser.StartElementHandler = None
        if local.lower() in {"html", "svg"} and (not namespace or "w3.org" in namespace):
            raise _Hostile

    return root


def _ascii(start: bytes) -> bytes:
    """Enough of the beginning to recognise markup, whatever the encoding: without marks and the zeros of
    UTF-16."""
    return start.removeprefix(_UTF8_BOM).removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\x00", b"")


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
