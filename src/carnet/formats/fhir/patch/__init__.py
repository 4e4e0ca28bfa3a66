"""Metadata updates (TD3.3a to TD3.3d): `read` a PATCH, `apply` it to what is there, write the `updated` text."""

from __future__ import annotations

from carnet.formats.fhir.patch.apply import apply
from carnet.formats.fhir.patch.model import IS_ARCHIVED, Change, Current, Patch
from carnet.formats.fhir.patch.reader import FORMATS, read
from carnet.formats.fhir.patch.rewrite import current, updated

__all__ = ["FORMATS", "IS_ARCHIVED", "Change", "Current", "Patch", "apply", "current", "read", "updated"]
