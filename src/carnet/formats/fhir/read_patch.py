"""The one change that a bundle may make to a stored document: its status becomes superseded (FHIRPath Patch)."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.node import Node

__all__ = ["check"]

_EXPECTED: Final = {"type": "replace", "path": "DocumentReference.status", "value": "superseded"}


def check(parameters: Node) -> None:
    operation = parameters.only("parameter", required=True)
    if operation.absent:
        return
    stated = [(part.text("name"), _value(part)) for part in operation.children("part")]
    if operation.text("name") != "operation" or sorted(stated) != sorted(_EXPECTED.items()):
        operation.problem("patch-form")


def _value(part: Node) -> str:
    # MHD writes codes and texts; a text or a code says the same here.
    return next((part.text(name) for name in ("valueCode", "valueString") if part.has(name)), "")
