"""Whom a verified sign-in is about: somebody we know, a patient whose record is told by their traits, or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from carnet.kernel.actor import Actor, ActorKind
from carnet.people import disowning, identities
from carnet.people import queries as people
from carnet.people.identities import Known, Young
from carnet.people.pivot import Pivot
from carnet.web.auth import oidc, professional
from carnet.web.auth.oidc import Proven
from carnet.web.auth.professional import Claims
from carnet.web.auth.provider import Provider
from carnet.web.auth.providers import PATIENT

_SEXES: Final = {"female": "F", "male": "M"}


@dataclass(frozen=True, slots=True)
class Arrived:
    """`places` are those of ours that the token of a professional names; None when it names none at all."""

    who: Actor
    places: frozenset[UUID] | None = None
    regulates: bool = False


@dataclass(frozen=True, slots=True)
class Unwelcome:
    """`why`: they are unknown, they practise nowhere that their card names, their identity is on hold since somebody
    said that it was not them, they are too young to come in alone, or an operator looks into whose record it is."""

    why: str
    reference: str = ""


def of(chosen: Provider, proven: Proven) -> Arrived | Unwelcome:
    return _patient(chosen, proven) if chosen.name == PATIENT else _professional(chosen, proven)


def on_hold(chosen: Provider, proven: Proven) -> str | None:
    """The reference of the case, which the support is to decide; None for who may come in. A hold that is being put is
    waited for."""
    return disowning.held(chosen.realm, proven.sub) if chosen.name == PATIENT else None


def known(chosen: Provider, proven: Proven) -> UUID | None:
    """The account of an identity, when it has one."""
    if chosen.name == PATIENT:
        who = people.actor_for_identity(chosen.realm, proven.sub)
    else:
        who = _in_the_directory(chosen, professional.read(oidc.told(chosen, proven), chosen.subject))
    return who.id if who else None


def _patient(chosen: Provider, proven: Proven) -> Arrived | Unwelcome:
    """Who is known needs to tell nothing more: their traits are asked for at their first sign-in alone, and as long as
    they have no record."""
    waits = on_hold(chosen, proven)
    if waits is not None:
        return Unwelcome("held", waits)
    who = people.actor_for_identity(chosen.realm, proven.sub)
    if who is None and not people.identity_is_taken(chosen.realm, proven.sub):
        found = identities.arrive(issuer=chosen.realm, subject=proven.sub, pivot=_pivot(oidc.told(chosen, proven)))
        if isinstance(found, Young):
            return Unwelcome("young")
        if not isinstance(found, Known):
            return Unwelcome("waiting", found.reference)
        who = found.actor
    elif who and who.kind is ActorKind.PERSON and people.record_of(who) is None:
        pivot = _pivot(oidc.told(chosen, proven))
        identities.came_to_have_one(account=who, issuer=chosen.realm, subject=proven.sub, pivot=pivot)
    return Arrived(who) if who and who.kind is ActorKind.PERSON else Unwelcome("unknown")


def _pivot(told: dict[str, Any]) -> Pivot:
    """Who was born abroad has no municipality, but a country."""

    def text(name: str) -> str:
        found = told.get(name)
        return found.strip() if isinstance(found, str) else ""

    return Pivot(
        family=text("family_name"),
        givens=text("given_name"),
        birth_date=text("birthdate"),
        sex=_SEXES.get(text("gender"), ""),
        birth_place=text("birthplace") or text("birthcountry"),
    )


def _professional(chosen: Provider, proven: Proven) -> Arrived | Unwelcome:
    claims = professional.read(oidc.told(chosen, proven), chosen.subject)
    who = _in_the_directory(chosen, claims)
    if who is None:
        return Unwelcome("unknown")
    if who.kind is ActorKind.OPERATOR:
        return Arrived(who)
    if not claims.structures:
        return Arrived(who, None, claims.regulates)
    named = people.organisations_named(claims.structures)
    held = people.situations(who.id)
    if held and not any(each.named_by(named) for each in held):
        return Unwelcome("elsewhere")
    return Arrived(who, named, claims.regulates)


def _in_the_directory(chosen: Provider, claims: Claims) -> Actor | None:
    """By what was tied to the national identifier, or by the number in it: the directory need not tie anything."""
    who = people.actor_for_identity(chosen.realm, claims.national)
    if who is None and claims.rpps:
        found = people.professional_of_rpps(claims.rpps)
        who = people.actor_by_id(found) if found else None
    return who if who and who.kind in {ActorKind.PROFESSIONAL, ActorKind.OPERATOR} else None
