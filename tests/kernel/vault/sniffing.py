"""A good file of each accepted type, and what the check says of a bad one."""

from __future__ import annotations

import pytest

from carnet.kernel import vault
from tests.kernel.vault import samples

LIMIT = 25 * 1024 * 1024


GOOD = {
    "text/xml": samples.XML,
    "application/xml": samples.XML,
    "application/xslt+xml": b"<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform' version='1.0'/>",
    "application/pdf": samples.pdf(),
    "image/jpeg": samples.image("JPEG"),
    "image/png": samples.image("PNG"),
    "image/tiff": samples.pages("TIFF"),
    "application/rtf": samples.RTF,
    "text/rtf": samples.RTF,
    "text/plain": samples.TEXT,
    "application/fhir+json": samples.FHIR,
}


def refusal(data: bytes, declared: str | None, limit: int = LIMIT) -> str:
    with pytest.raises(vault.Refused) as caught:
        vault.check(data, declared, limit=limit)
    assert caught.value.message.endswith((".", "tard"))
    return caught.value.code
