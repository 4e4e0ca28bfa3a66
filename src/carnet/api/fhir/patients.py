"""TD0.2: does this person have a record? Told to an authenticated professional or software that gives a full INS,
and traced; a stranger's software learns here that a record exists, and nothing of what is in it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import parameters
from carnet.api.fhir.face import base_url, json, software
from carnet.api.fhir.ids import unaddressed
from carnet.consent.access import permit_to_read
from carnet.consent.standing import looked_up
from carnet.documents.writing import patient_of
from carnet.formats.fhir import bundle, errors, patient, search
from carnet.formats.ins import InsError, parse
from carnet.kernel import audit
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.http import Audit
from carnet.kernel.ids import from_short, short
from carnet.records.queries import Holder, existence, record_of_ins
from carnet.records.rules import Identity

_FULL, _MATRICULE = 15, 13


_MAY_KNOW = frozenset({ActorKind.PROFESSIONAL, ActorKind.CLIENT})


def record_of_identifier(actor: Actor, system: str, value: str) -> UUID | None:
    """The record of a full INS, key included; None when there is none, or when this is no full INS. In the
    demonstration a wrong key passes, as public samples have it."""
    try:
        ins = parse(value, system)
    except InsError:
        return None
    if len(value) != _FULL or not (ins.key_ok or settings.CARNET.demo):
        return None
    found = record_of_ins(ins.oid, ins.value15, remembered=actor.kind in _MAY_KNOW)
    return None if found is None or actor.confined_from(found) else found


@software("GET", "POST", "HEAD", audit=Audit.RECORD_READ, scope="Patient.s")
def exists(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    if actor.kind not in _MAY_KNOW:
        audit.refused(actor, purpose, record_id=None, action="record-existence", reason="purpose")
        raise errors.failure("forbidden")
    asked = parameters.of(request)
    tokens = search.patients(asked, strict=parameters.strict(request))
    if len(tokens) > 1:
        raise errors.failure("search-value", expression="http.identifier", detail="Une personne à la fois.")
    entries = [text for token in tokens if (text := _patient(actor, purpose, token))]
    address = f"{base_url()}/Patient"
    return json(
        bundle.searchset(
            entries,
            total=len(entries),
            self_url=f"{address}?{urlencode([pair for pair in asked if pair[0] == 'identifier'])}",
            base=base_url(),
        )
    )


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def read(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    """By id: for who may read the record now. Whoever else names an id learns nothing."""
    record_id = from_short(fhir_id)
    if record_id is None:
        raise errors.failure("not-found")
    with unaddressed():
        permit_to_read(actor, purpose, record_id, action="record-existence")
    found = existence(actor, record_id)
    if found is None or not found.state.exists:
        raise errors.failure("not-found")
    looked_up(actor, purpose, record_id)
    return json(written(found))


def _mistyped(holder: Identity, number: str) -> bool:
    """The number they bear, with another key. One that they bore before leads here too, and is told the new one."""
    return holder.ins != number and holder.ins[:_MATRICULE] == number[:_MATRICULE]


def _patient(actor: Actor, purpose: Purpose, token: search.Token) -> bytes | None:
    record_id = record_of_identifier(actor, token.system or "", token.code or "")
    found = existence(actor, record_id)
    looked_up(actor, purpose, record_id)
    if found is None or not found.state.exists or _mistyped(found.identity, token.code or ""):
        return None
    return written(found)


def written(found: Holder) -> bytes:
    """The Patient of a record."""
    return patient.write(
        patient_of(found.identity),
        fhir_id=short(found.record_id),
        active=found.state.fed,
        version=1,
        last_updated=found.state_since,
    )
