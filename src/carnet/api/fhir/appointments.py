"""Appointment: the software of a professional lays out their day. Of a record nothing is looked up here, and nothing
told: the same answer, whether the person has one, is opposed, or has blocked who asks."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import body, parameters
from carnet.api.fhir.face import base_url, client_of, json, software
from carnet.formats.fhir import appointment as fhir
from carnet.formats.fhir import bundle, errors
from carnet.formats.fhir.appointment import Asked, Practitioner, Told
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.http import Audit
from carnet.kernel.ids import from_short, short
from carnet.people import appointments
from carnet.people import queries as people
from carnet.people.appointments import Appointment, NotThatDay, TooMany, Wish

_TYPE: Final = "Appointment"


@software("GET", "HEAD", "POST", audit=Audit.NONE)
def collection(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    client_id, own = _who(request, actor, purpose)
    if request.method != "POST":
        return _found(request, actor, client_id, own)
    asked = fhir.read(body.small(request), own, any_key=settings.CARNET.demo)
    if asked.cancelled:
        raise errors.failure("appointment-status", expression="Appointment.status")
    try:
        laid, new = appointments.lay(actor, client_id, _wish(asked))
    except (NotThatDay, TooMany) as wrong:
        raise _failure(wrong) from None
    response = _told(laid, own, status=201 if new else 200)
    response["Location"] = f"{base_url()}/{_TYPE}/{short(laid.id)}"
    return response


@software("GET", "HEAD", "POST", audit=Audit.NONE)
def search(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    client_id, own = _who(request, actor, purpose)
    return _found(request, actor, client_id, own)


@software("GET", "HEAD", "PUT", "DELETE", audit=Audit.NONE)
def instance(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    client_id, own = _who(request, actor, purpose)
    appointment_id = from_short(fhir_id)
    known = appointments.one(actor, client_id, appointment_id) if appointment_id else None
    if known is None:
        raise errors.failure("not-found")
    if request.method == "PUT":
        return _changed(request, actor, client_id, own, known)
    if request.method == "DELETE":
        appointments.cancel(actor, client_id, known.id)
        return HttpResponse(status=204)
    return _told(known, own)


def _who(request: HttpRequest, actor: Actor, purpose: Purpose) -> tuple[UUID, Practitioner]:
    """Software for a professional whom its token names; not an app that was launched for one patient."""
    client_id = actor.app or client_of(request)
    signed = people.signature(actor.id) if actor.kind is ActorKind.PROFESSIONAL else None
    if signed is None or client_id is None or actor.only is not None or purpose is not Purpose.CARE:
        raise errors.failure("appointment-actor")
    return client_id, Practitioner(short(actor.id), signed.rpps)


def _changed(
    request: HttpRequest, actor: Actor, client_id: UUID, own: Practitioner, known: Appointment
) -> HttpResponse:
    asked = fhir.read(body.small(request), own, any_key=settings.CARNET.demo)
    if asked.cancelled:
        appointments.cancel(actor, client_id, known.id)
        return _told(known, own, cancelled=True)
    try:
        return _told(appointments.change(actor, client_id, known, _wish(asked)), own)
    except (NotThatDay, TooMany) as wrong:
        raise _failure(wrong) from None


def _wish(asked: Asked) -> Wish:
    return Wish(asked.ins, asked.name, asked.start, asked.end)


def _failure(wrong: NotThatDay | TooMany) -> Exception:
    if isinstance(wrong, TooMany):
        return errors.failure("appointment-many", expression=_TYPE)
    return errors.failure("appointment-day", expression=f"{_TYPE}.start")


def _told(known: Appointment, own: Practitioner, *, status: int = 200, cancelled: bool = False) -> HttpResponse:
    response = json(_written(known, own, cancelled=cancelled), status=status)
    response["ETag"] = f'W/"{known.version}"'
    return response


def _written(known: Appointment, own: Practitioner, *, cancelled: bool = False) -> bytes:
    wish = known.wish
    asked = Asked(cancelled, wish.ins, wish.name, wish.start, wish.end)
    return fhir.write(Told(short(known.id), known.version, known.changed_at, asked, own))


def _found(request: HttpRequest, actor: Actor, client_id: UUID, own: Practitioner) -> HttpResponse:
    """One's own of today and tomorrow, or of the one day that is asked for."""
    days = [value for name, value in parameters.of(request) if name == "date"]
    found = [each for each in appointments.own(actor, client_id) if not days or each.wish.day.isoformat() in days]
    asked = urlencode([("date", each) for each in days])
    address = f"{base_url()}/{_TYPE}{'?' + asked if asked else ''}"
    written = [_written(each, own) for each in found]
    return json(bundle.searchset(written, total=len(written), self_url=address, base=base_url()))
