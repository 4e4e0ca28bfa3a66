"""AuditEvent: one line of a record's trail, in the shapes of IHE BALP (basic audit: read, query, create, update)."""

from __future__ import annotations

from carnet.formats.fhir.audit_event.acts import Act, act_of
from carnet.formats.fhir.audit_event.write import ACTION_SYSTEM, CAPACITY_SYSTEM, Agent, Event, outcome, write

__all__ = ["ACTION_SYSTEM", "CAPACITY_SYSTEM", "Act", "Agent", "Event", "act_of", "outcome", "write"]
