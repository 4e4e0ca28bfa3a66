"""The bytes of a published document, and what is said of them."""

from __future__ import annotations

import binascii
import hashlib

from carnet.formats.fhir import body
from carnet.formats.fhir.node import Node

__all__ = ["check", "decode", "read"]


def read(attachment: Node, parsed: body.Body) -> bytes:
    """The bytes of `attachment.data`, checked against size and hash; b"" when there is a problem."""
    content = decode(attachment, parsed)
    if content is None:
        return b""
    check(attachment, content)
    return content


def decode(holder: Node, parsed: body.Body) -> bytes | None:
    """The bytes of `data`, of an attachment or a Binary; None when they cannot be read."""
    literal = holder.fields.get("data")
    if literal is None:
        if not holder.absent:
            holder.problem("required", "data", xds="XDSMissingDocument")
        return None
    if not isinstance(literal, str):
        holder.problem("value-type", "data", "Un texte en base64 est attendu.")
        return None
    try:
        content = parsed.content(literal)
    except ValueError:
        holder.problem("value-base64", "data")
        return None
    if not content:
        holder.problem("document-empty", "data")
    return content


def check(attachment: Node, content: bytes) -> None:
    """Compare the size and the hash that are stated with the bytes."""
    size = attachment.count("size")
    if size is not None and size != len(content):
        attachment.problem("size-wrong", "size", f"Le document reçu compte {len(content)} octets.")
    _check_hash(attachment, content)


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
