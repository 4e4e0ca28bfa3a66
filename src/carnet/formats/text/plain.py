"""Text files in the encodings that a deposit may have."""

from __future__ import annotations

import codecs


def read(data: bytes) -> str:
    """UTF-16 by its mark, UTF-8, or Windows-1252 for everything else."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
