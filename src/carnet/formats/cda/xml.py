"""Hardened XML for documents that come from anywhere.

No DOCTYPE, hence no entity; nothing is fetched; no stylesheet is run. Where a file has signs enough for too many
nodes, depth and number of nodes are counted while its bytes are fed, so that a hostile one is refused long before it
fills the memory. A text node may be as large as the file: the body of a level-1 document is one.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias, cast

from lxml import etree

from carnet.formats.cda.encoding import to_utf8
from carnet.formats.cda.errors import CdaError

__all__ = ["HL7", "MAX_DEPTH", "MAX_NODES", "Source", "clinical_document", "is_self_presenting", "opened", "parse"]

HL7: Final = "{urn:hl7-org:v3}"
MAX_DEPTH: Final = 200
# Elements and attributes. The richest CI-SIS example has under 10 000.
MAX_NODES: Final = 200_000

_XSL: Final = (
    "{http://www.w3.org/1999/XSL/Transform}stylesheet",
    "{http://www.w3.org/1999/XSL/Transform}transform",
)
_HARDENED: Final[Any] = {
    "encoding": "utf-8",
    "huge_tree": True,
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}
_TOO_DEEP: Final = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_CHUNK: Final = 1 << 16
_ERRORS: Final[dict[int, str]] = {
    value: name for name, value in vars(etree.ErrorTypes).items() if isinstance(value, int)
}
# What may stand before the root element; a DOCTYPE may stand nowhere else.
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
# The parser gathers a whole start tag before anyone can count its attributes, so its length is limited.
_MAX_TAG: Final = 1 << 18
_LONG_RUN = re.compile(rb"<[A-Za-z_:\x80-\xff][^<]{%d}" % _MAX_TAG)
_TAG = re.compile(rb"""<(?:[^<>"']++|"[^"<]*+"?|'[^'<]*+'?)*+""")


Source: TypeAlias = "bytes | etree._Element"  # noqa: SLF001  (the type of lxml’s elements has no other name)
"""A document as it came, or its parsed root: who asks several things of it parses it once."""


def parse(data: bytes) -> etree._Element:
    """The root element, whatever it is. Comments and processing instructions are left out.

    Raises `CdaError`: `not-xml`, `malformed-xml`, `doctype-forbidden`, `too-deep`, `too-many-nodes`,
    `unsupported-encoding`, `wrong-encoding`.
    """
    text = to_utf8(data)
    _check_opening(text)
    # Each element takes one of these signs, each attribute the other.
    few = text.count(b"<") + text.count(b"=") <= MAX_NODES
    try:
        return _whole(text) if few else _counted(text)
    except etree.XMLSyntaxError as error:
        if _kind(error) == "ERR_RESOURCE_LIMIT":
            # The parser has a limit of its own on depth, reached within one chunk.
            raise _too_deep() from None
        raise _malformed(error) from None


def _check_opening(text: bytes) -> None:
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    if text[start : start + 2] == b"<!":
        raise CdaError(
            "doctype-forbidden",
            "Le fichier contient une déclaration DOCTYPE, qu’un document CDA ne doit pas avoir : retirez-la.",
            f"byte {start}",
        )
    if text[start : start + 1] != b"<":
        raise CdaError("not-xml", "Le fichier n’est pas du XML : déposez le document CDA lui-même.", f"byte {start}")
    for run in _LONG_RUN.finditer(text):
        limit = run.start() + _MAX_TAG
        tag = _TAG.match(text, run.start(), limit)
        if tag and tag.end() == limit:
            raise CdaError(
                "too-many-nodes",
                "Le fichier contient une balise démesurée : ce n’est pas un document CDA.",
                "/",
            )


def _whole(text: bytes) -> etree._Element:
    root = etree.fromstring(text, etree.XMLParser(**_HARDENED))
    if _TOO_DEEP(root):
        raise _too_deep()
    return root


def _counted(text: bytes) -> etree._Element:
    parser = etree.XMLPullParser(events=("start", "end"), **_HARDENED)
    _feed(parser, text)
    return parser.close()


def _feed(parser: etree.XMLPullParser, text: bytes) -> None:
    depth = nodes = 0
    for start in range(0, len(text), _CHUNK):
        parser.feed(text[start : start + _CHUNK])
        for event, element in parser.read_events():
            if event == "end":
                depth -= 1
                continue
            depth += 1
            nodes += 1 + len(cast("Any", element).attrib)
            if depth > MAX_DEPTH:
                raise _too_deep()
            if nodes > MAX_NODES:
                raise _too_many()


def _too_deep() -> CdaError:
    return CdaError(
        "too-deep", f"Le fichier imbrique plus de {MAX_DEPTH} éléments : ce n’est pas un document CDA.", "/"
    )


def _too_many() -> CdaError:
    return CdaError(
        "too-many-nodes",
        f"Le fichier contient plus de {MAX_NODES} éléments et attributs : ce n’est pas un document CDA.",
        "/",
    )


def _malformed(error: etree.XMLSyntaxError) -> CdaError:
    line, column = error.position or (0, 0)
    return CdaError(
        "malformed-xml",
        f"Le fichier n’est pas du XML bien formé ({_kind(error)}) : corrigez-le ou exportez-le.",
        f"line {line}, column {column}",
    )


def _kind(error: etree.XMLSyntaxError) -> str:
    """The name of the parser's error: its sentence may quote the document."""
    code: int = cast("Any", error).code
    return _ERRORS.get(code, "ERR_UNKNOWN")


def opened(source: Source) -> etree._Element:
    """The root of a document, parsed unless it has been."""
    return parse(source) if isinstance(source, bytes | bytearray) else source


def is_self_presenting(root: etree._Element) -> bool:
    """A stylesheet that carries the document it shows (CI-SIS "CDA auto-présentable")."""
    return root.tag in _XSL


def clinical_document(root: etree._Element) -> etree._Element:
    """The ClinicalDocument: the root, or the only one inside a self-presenting file."""
    if root.tag == HL7 + "ClinicalDocument":
        return root
    if not is_self_presenting(root):
        raise CdaError(
            "not-cda",
            "Le fichier n’est pas un document CDA : la racine attendue est ClinicalDocument "
            "(espace de noms urn:hl7-org:v3).",
            "/",
        )
    found = list(root.iter(HL7 + "ClinicalDocument"))
    if len(found) != 1:
        # With two of them, what is read here and what another viewer shows could differ.
        raise CdaError(
            "ambiguous-cda",
            "Un fichier auto-présentable doit contenir exactement un ClinicalDocument.",
            "/xsl:stylesheet",
        )
    return found[0]
