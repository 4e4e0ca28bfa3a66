"""The AuditEvent of a line. The trail keeps no address in the network, so that none is told here: it has the shapes of
BALP without it, and so names none of its profiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from carnet.formats.entry import Identifier
from carnet.formats.fhir import identifiers, times
from carnet.formats.fhir.audit_event.acts import DCM, Act, Coding, act_of
from carnet.formats.fhir.consent.model import PURPOSE_SYSTEM
from carnet.formats.fhir.writing import pruned

__all__ = ["ACTION_SYSTEM", "CAPACITY_SYSTEM", "Agent", "Event", "write"]

ACTION_SYSTEM: Final = "urn:carnet:action"
CAPACITY_SYSTEM: Final = "urn:carnet:capacity"
_SYSTEM_NAME: Final = "Carnet"
_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_PARTICIPATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_ROLE_CLASS: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleClass"
_ENTITY: Final = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_ROLE: Final = "http://terminology.hl7.org/CodeSystem/object-role"
_SOURCE: Final = "http://terminology.hl7.org/CodeSystem/security-source-type"

_SUCCESS, _MINOR_FAILURE = "0", "4"
# HL7's PurposeOfUse for each of ours, where there is one.
_PURPOSES: Final = {
    "self": Coding(_REASON, "PATRQT", "patient requested"),
    "representative": Coding(_REASON, "FAMRQT", "family requested"),
    "carer": Coding(_REASON, "FAMRQT", "family requested"),
    "care": Coding(_REASON, "TREAT", "treatment"),
    "emergency": Coding(_REASON, "BTG", "break the glass"),
    "deposit": Coding(_REASON, "TREAT", "treatment"),
    "support": Coding(_REASON, "HSYSADMIN", "health system administration"),
    "system": Coding(_REASON, "HSYSADMIN", "health system administration"),
}
_TYPES: Final = {"person": "Person", "professional": "Practitioner", "client": "Device", "system": "Device"}
_SOURCE_ROLE: Final = Coding(DCM, "110153", "Source Role ID")
_DESTINATION_ROLE: Final = Coding(DCM, "110152", "Destination Role ID")


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acted: `kind` is person, professional, client, operator or system; `own`: the patient of the record."""

    kind: str
    name: str
    number: Identifier | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """`organisation` and `software` are names, "" for none; `document` is an id and a title, of one that this reader
    may see; `reason` the words with which a glass was broken; `policy` the rule that decided, "" where none did."""

    at: datetime
    agent: Agent
    purpose: str
    capacity: str
    action: str
    refused: bool = False
    organisation: str = ""
    software: str = ""
    document: tuple[str, str] | None = None
    reason: str = ""
    policy: str = ""


def outcome(*, refused: bool) -> str:
    return _MINOR_FAILURE if refused else _SUCCESS


def write(event: Event, *, fhir_id: str, patient_id: str) -> bytes:
    """The text begins with resourceType and id, on which the searchset bundle relies."""
    act = act_of(event.action)
    return orjson.dumps(
        pruned(
            {
                "resourceType": "AuditEvent",
                "id": fhir_id,
                "type": act.type._asdict(),
                "subtype": [act.subtype._asdict(), {"system": ACTION_SYSTEM, "code": event.action}],
                "action": act.action,
                "recorded": times.instant(event.at),
                "outcome": outcome(refused=event.refused),
                "outcomeDesc": "Accès refusé : rien n’a été montré." if event.refused else "",
                "purposeOfEvent": [_purpose(event.purpose)],
                "agent": _agents(event, act, patient_id),
                "source": {
                    "observer": {"type": "Device", "display": _SYSTEM_NAME},
                    "type": [{"system": _SOURCE, "code": "4", "display": "Application Server"}],
                },
                "entity": _entities(event, patient_id),
            }
        )
    )


def _purpose(purpose: str) -> dict[str, Any]:
    known = _PURPOSES.get(purpose)
    own = {"system": PURPOSE_SYSTEM, "code": purpose}
    return {"coding": [known._asdict(), own] if known else [own]}


def _agents(event: Event, act: Act, patient_id: str) -> list[dict[str, Any]]:
    """Who acted, for which house, through which software; and this one, which answered."""
    # What is read goes from here to them.
    theirs, ours = (_DESTINATION_ROLE, _SOURCE_ROLE) if act.action == "R" else (_SOURCE_ROLE, _DESTINATION_ROLE)
    agents = [_who(event, act, theirs, patient_id)]
    if event.organisation:
        house = Coding(_ROLE_CLASS, "PROV", "healthcare provider")
        agents.append(_agent(house, {"type": "Organization", "display": event.organisation}))
    if event.software:
        agents.append(_agent(theirs, {"type": "Device", "display": event.software}))
    if event.agent.kind != "system":
        agents.append(_agent(ours, {"type": "Device", "display": _SYSTEM_NAME}))
    return agents


def _who(event: Event, act: Act, theirs: Coding, patient_id: str) -> dict[str, Any]:
    if event.agent.kind in {"client", "system"}:
        role = theirs
    elif act.action in {"C", "U", "D"}:
        role = Coding(_PARTICIPATION, "AUT", "author")
    else:
        role = Coding(_PARTICIPATION, "IRCP", "information recipient")
    capacity = [{"coding": [{"system": CAPACITY_SYSTEM, "code": event.capacity}]}]
    more = {"role": capacity, "policy": [event.policy] if event.policy else []}
    return pruned(_agent(role, _reference(event.agent, patient_id), requestor=True) | more)


def _agent(role: Coding, who: dict[str, Any], *, requestor: bool = False) -> dict[str, Any]:
    return {"type": {"coding": [role._asdict()]}, "who": who, "requestor": requestor}


def _reference(agent: Agent, patient_id: str) -> dict[str, Any]:
    if agent.own:
        return {"reference": f"Patient/{patient_id}", "display": agent.name}
    number = identifiers.to_fhir(agent.number) if agent.number else None
    return pruned({"type": _TYPES.get(agent.kind, ""), "identifier": number, "display": agent.name})


def _entities(event: Event, patient_id: str) -> list[dict[str, Any]]:
    patient = {
        "what": {"reference": f"Patient/{patient_id}"},
        "type": {"system": _ENTITY, "code": "1", "display": "Person"},
        "role": {"system": _ROLE, "code": "1", "display": "Patient"},
        "detail": [{"type": "reason", "valueString": event.reason}] if event.reason else [],
    }
    if event.document is None:
        return [pruned(patient)]
    fhir_id, title = event.document
    document = {
        "what": {"reference": f"DocumentReference/{fhir_id}"},
        "type": {"system": _ENTITY, "code": "2", "display": "System Object"},
        "role": {"system": _ROLE, "code": "3", "display": "Report"},
        "name": title,
    }
    return [pruned(patient), pruned(document)]
