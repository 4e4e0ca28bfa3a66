"""What a stored document or list can be found by (`formats.fhir.search.index`)."""

from __future__ import annotations
