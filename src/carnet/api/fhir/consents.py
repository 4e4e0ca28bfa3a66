"""Consent: what was agreed to or refused in a record, given by the person, declared by a professional at a visit, and
ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import body, moments, parameters, searching
from carnet.api.fhir.face import base_url, json, software
from carnet.api.fhir.ids import identified
from carnet.api.fhir.patients import record_of_identifier
from carnet.consent import articles, consents, giving, own
from carnet.consent.access import Refused
from carnet.consent.asking import Answer
from carnet.consent.declaring import NotExpress, TooLong
from carnet.consent.facts import Reason
from carnet.consent.giving import NotGiven, Why
from carnet.consent.standing import silently_blocked
from carnet.consent.stated import Party, Stated
from carnet.documents.queries import Asked, Found, Position
from carnet.formats.entry import Identifier
from carnet.formats.fhir import consent as fhir_consent
from carnet.formats.fhir import errors
from carnet.formats.fhir import search as fhir_search
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.read_subject import Subject
from carnet.formats.rpps import PROFESSIONAL_OID, STRUCTURE_OID, national_id_of_rpps
from carnet.kernel import clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.http import Audit
from carnet.kernel.ids import fhir_id, from_short, short

_TYPE: Final = "Consent"
_RPPS: Final = national_id_of_rpps("")
_ACTOR: Final = "provision.actor[0].reference"
_NOT_GIVEN: Final = {
    Why.UNKNOWN: ("consent-actor-unknown", _ACTOR),
    Why.ATTENDING: ("consent-attending", _ACTOR),
    Why.BLOCKED: ("consent-blocked", _ACTOR),
    Why.EMPTY: ("consent-opens-nothing", _ACTOR),
    Why.LAW: ("consent-opens-nothing", _ACTOR),
    Why.GROUP: ("consent-block", _ACTOR),
    Why.EXPRESS: ("consent-express", "extension"),
    Why.SECRET: ("consent-secret", "meta.security"),
    Why.UNMASKED: ("consent-unmasked", "provision.provision"),
    Why.SECRETARY: ("consent-opens-nothing", _ACTOR),
    Why.CHILD: ("consent-child-asked", "extension"),
    Why.SETTLING: ("consent-settling", "provision.period.end"),
}
_BY_LAW: Final = {
    Reason.NEVER: "La loi lui interdit d’ouvrir un carnet, même avec l’accord de la personne.",
    Reason.CHILDREN_ONLY: "La protection maternelle et infantile n’ouvre que le carnet d’un enfant.",
    Reason.TEAM_ONLY: "Sa profession ne lit un carnet qu’au sein d’une équipe de soins autorisée.",
}
_OF_A_SECRETARY: Final = "Un secrétariat lit ce que lit le soignant pour qui il travaille : autorisez ce soignant."
POLICY: Final = f"{articles.POLICY}{articles.VERSION}"


@software("GET", "HEAD", "POST", audit=Audit.RECORD_WRITE)
def collection(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    if request.method != "POST":
        return _find(request, actor, purpose)
    return (_given if actor.kind is ActorKind.PERSON else _declared)(request, actor, purpose)


@software("POST", "GET", "HEAD", audit=Audit.RECORD_READ)
def search(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    return _find(request, actor, purpose)


@software("GET", "HEAD", "PATCH", audit=Audit.RECORD_WRITE)
def instance(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    if request.method == "PATCH":
        return _ended(request, actor, purpose, fhir_id)
    record_id, consent_id = identified(fhir_id)
    with _not_yours_is_not_there():
        found = _consents(actor, purpose, record_id)
    known = next((each for each in found if each.id == consent_id), None)
    if known is None:
        raise errors.failure("not-found")
    return json(_written(known, record_id))


def _find(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    asked = fhir_search.consents(parameters.of(request), strict=parameters.strict(request))

    def read(record_id: UUID, wanted: Asked, after: Position | None, limit: int) -> Found:
        stated = sorted(_consents(actor, purpose, record_id), key=_place, reverse=True)
        found = [each for each in stated if _wanted(each, wanted)]
        rest = found if after is None else [each for each in found if _place(each) < (after.key[0], after.id)]
        page = rest[:limit]
        further = Position((_place(page[-1])[0],), page[-1].id) if page and len(rest) > limit else None
        return Found(tuple(_written(each, record_id) for each in page), len(found), further)

    return searching.answer(actor, _TYPE, asked, read)


def _consents(actor: Actor, purpose: Purpose, record_id: UUID) -> list[consents.Consent]:
    """To look at one's own consents tells nothing of a block; to declare one is refused."""
    if _blocked(actor, purpose, record_id):
        return [*own.consents(actor, record_id)]
    return consents.consents(actor, purpose, record_id)


def _blocked(actor: Actor, purpose: Purpose, record_id: UUID) -> bool:
    return actor.kind is ActorKind.PROFESSIONAL and silently_blocked(actor, purpose, record_id)


def _wanted(consent: consents.Consent, asked: Asked) -> bool:
    if asked.ids is not None and consent.id not in asked.ids:
        return False
    return asked.statuses is None or ("active" if _holds(consent) else "inactive") in asked.statuses


def _holds(consent: consents.Consent) -> bool:
    """A choice holds until another is made."""
    return isinstance(consent, consents.Chosen) or consent.holds(clock.now())


def _place(consent: consents.Consent) -> tuple[Decimal, UUID]:
    """Newest first; what the law says by itself comes last."""
    return Decimal(moments.microseconds(consent.since) if consent.since else 0), consent.id


def _declared(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    read = fhir_consent.read(_body(request), strict=parameters.strict(request), now=clock.now())
    number = consents.numbers([actor.id]).get(actor.id, "")
    if read.actor is not None and read.actor != _number(number):
        raise errors.failure("consent-actor", expression="Consent.provision.actor[0].reference")
    record_id = _record_of(actor, read.subject)
    try:
        made = consents.declare(
            actor, purpose, record_id=record_id, until=read.until, express=read.express, secret=read.secret
        )
    except TooLong:
        raise errors.failure("consent-period", expression="Consent.provision.period.end") from None
    except NotExpress:
        raise errors.failure("consent-express", expression="Consent.extension") from None
    return _made(request, _written(made, record_id), f"{base_url()}/{_TYPE}/{fhir_id(record_id, made.id)}")


def _given(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    read = fhir_consent.read_given(_body(request), strict=parameters.strict(request), now=clock.now())
    record_id = _record_of(actor, read.subject)
    to = _named(read.actor)
    try:
        if read.permitted:
            made = consents.give(actor, purpose, record_id=record_id, to=to, wish=_wish(read))
        else:
            made = consents.keep_out(actor, purpose, record_id=record_id, to=to)
    except NotGiven as refused:
        raise _not_given(refused.hindrance) from None
    return _made(request, _written(made, record_id), f"{base_url()}/{_TYPE}/{fhir_id(record_id, made.id)}")


def _named(number: Identifier) -> giving.Number:
    """A professional's number is that of their profession without its prefix; any other is nobody's here."""
    if number.system == STRUCTURE_OID:
        return giving.Number("organisation", number.value)
    return giving.Number("professional", number.value[1:] if number.value.startswith(_RPPS) else "")


def _wish(read: fhir_consent.Given) -> giving.Wish:
    answer = Answer(read.child_answer) if read.child_answer in set(Answer) else None
    return giving.Wish(read.until, express=read.express, secret=read.secret, answer=answer)


def _not_given(hindrance: giving.Hindrance) -> FhirError:
    code, place = _NOT_GIVEN[hindrance.why]
    detail = _BY_LAW.get(hindrance.reason, "") if hindrance.reason else ""
    detail = _OF_A_SECRETARY if hindrance.why is Why.SECRETARY else detail
    return errors.failure(code, expression=f"{_TYPE}.{place}", detail=detail)


def _body(request: HttpRequest) -> bytes:
    return body.resource(request, limit=0)


def _record_of(actor: Actor, subject: Subject) -> UUID:
    """The record of the one person who is named; without it the refusal is that of no record."""
    named = set()
    if subject.reference is not None:
        named.add(from_short(subject.reference))
    if subject.ins is not None:
        named.add(record_of_identifier(actor, subject.ins.system, subject.ins.value))
    return (named.pop() if len(named) == 1 else None) or searching.NOWHERE


def _made(request: HttpRequest, text: bytes, location: str) -> HttpResponse:
    minimal = parameters.preferred(request) == "minimal"
    response = HttpResponse(status=201) if minimal else json(text, status=201)
    response["Location"] = location
    return response


def _ended(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    fhir_consent.check_end(request.headers.get("Content-Type", ""), body.small(request))
    record_id, consent_id = identified(fhir_id)
    with _not_yours_is_not_there():
        try:
            if _blocked(actor, purpose, record_id):
                return json(_written(_ended_already(actor, record_id, consent_id), record_id))
            ended = consents.end(actor, purpose, record_id=record_id, consent_id=consent_id)
        except consents.NotThere:
            raise errors.failure("not-found") from None
        except consents.NotToEnd:
            raise errors.failure("consent-not-ended-here") from None
    return json(_written(ended, record_id))


def _ended_already(actor: Actor, record_id: UUID, consent_id: UUID) -> consents.Consent:
    """The block ended whatever was theirs; to end it again changes nothing."""
    found = next((each for each in own.consents(actor, record_id) if each.id == consent_id), None)
    if found is None:
        raise consents.NotThere
    if found.declared_by is None or found.declared_by.id != actor.id:
        raise consents.NotToEnd
    return found


@contextmanager
def _not_yours_is_not_there() -> Iterator[None]:
    """Who names a consent by its id learns neither of a record nor of a right."""
    try:
        yield
    except Refused:
        raise errors.failure("not-found") from None


def _written(consent: consents.Consent, record_id: UUID) -> bytes:
    return fhir_consent.write(
        _chosen(consent) if isinstance(consent, consents.Chosen) else _stated(consent),
        fhir_id=fhir_id(record_id, consent.id),
        patient_id=short(record_id),
        policy=POLICY,
    )


def _chosen(choice: consents.Chosen) -> fhir_consent.Consent:
    return fhir_consent.Consent(
        mode=choice.mode, permitted=choice.permitted, active=True, since=choice.since, masked=choice.masked
    )


def _stated(consent: Stated) -> fhir_consent.Consent:
    return fhir_consent.Consent(
        mode="care",
        permitted=consent.permitted,
        active=consent.holds(clock.now()),
        since=consent.since,
        until=consent.until,
        to=_party(consent.to),
        declared_by=_party(consent.declared_by) if consent.declared_by else None,
        express=consent.express,
        masked=consent.unmasked,
        secret=consent.secret,
    )


def _party(party: Party) -> fhir_consent.Party:
    match party.kind:
        case "professional":
            return fhir_consent.Party("Practitioner", party.name, _number(party.number))
        case "organisation":
            number = Identifier(STRUCTURE_OID, party.number) if party.number else None
            return fhir_consent.Party("Organization", party.name, number)
        case _:
            return fhir_consent.Party("CareTeam", party.name)


def _number(rpps: str) -> Identifier | None:
    return Identifier(PROFESSIONAL_OID, national_id_of_rpps(rpps)) if rpps else None
