"""The corpus of real documents, when it lies beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "corpus"

CORPUS: Path | None = _BESIDE if (_BESIDE / "manifest.json").is_file() else None

needs_corpus = pytest.mark.skipif(CORPUS is None, reason="../shared/corpus is not here: corpus tests NOT run")


def manifest() -> dict[str, Any]:
    assert CORPUS is not None
    facts: dict[str, Any] = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))
    return facts


def cda_facts() -> list[dict[str, Any]]:
    """One dictionary of facts per CDA file; empty without the corpus."""
    return list(manifest()["cda"]) if CORPUS else []


def cda_bytes(facts: dict[str, Any]) -> bytes:
    assert CORPUS is not None
    data: bytes = (CORPUS / facts["file"]).read_bytes()
    return data
