"""FHIR JSON that nobody has checked: what stands at a place, or nothing of its kind."""

from __future__ import annotations

from typing import Any


def as_object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def tellers(document: Any) -> list[dict[str, Any]]:
    """The resources whose narratives tell the document: its compositions, or all when it has none. Never empty."""
    root = as_object(document)
    resources = [root, *(as_object(as_object(entry).get("resource")) for entry in as_list(root.get("entry")))]
    return [each for each in resources if each.get("resourceType") == "Composition"] or resources
