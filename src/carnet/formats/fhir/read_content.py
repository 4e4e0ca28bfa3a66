"""The document inside a published DocumentReference: its bytes, and what is said of them."""

from __future__ import annotations

import binascii
import hashlib

from carnet.formats.fhir import body
from carnet.formats.fhir.node import Node

__all__ = ["read"]


def read(attachment: Node, parsed: body.Body) -> bytes:
    """The bytes of `attachment.data`, checked against size and hash; b"" when there is a problem."""
    literal = attachment.fields.get("data")
    if literal is None:
        if not attachment.absent:
            attachment.problem("required", "data", xds="XDSMissingDocument")
        return b""
    if not isinstance(literal, str):
        attachment.problem("value-type", "data", "Un texte en base64 est attendu.")
        return b""
    try:
        content = parsed.content(literal)
    except ValueError:
        attachment.problem("value-base64", "data")
        return b""
    if not content:
        attachment.problem("document-empty", "data")
    _check_size(attachment, content)
    _check_hash(attachment, content)
    return content


def _check_size(attachment: Node, content: bytes) -> None:
    size = attachment.count("size")
    if size is not None and size != len(content):
        attachment.problem("size-wrong", "size", f"Le document reçu compte {len(content)} octets.")


def _check_hash(attachment: Node, content: bytes) -> None:
    stated = attachment.text("hash")
    if not stated:
        return
    try:
        digest = binascii.a2b_base64(stated, strict_mode=True)
    except ValueError:
        attachment.problem("value-base64", "hash")
        return
    if digest != hashlib.sha1(content, usedforsecurity=False).digest():
        attachment.problem("hash-wrong", "hash")
