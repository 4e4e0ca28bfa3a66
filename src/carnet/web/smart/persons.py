"""An app that a person opens (SMART, standalone): for which of their records, whether it may enter, and the code. It
reads and changes nothing; a carer lets none in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent import letting_in
from carnet.consent.access import Refused
from carnet.formats import smart
from carnet.formats.smart import Scopes
from carnet.kernel.actor import Actor, Purpose
from carnet.people import app_consents, granting
from carnet.people import queries as people
from carnet.web.auth import stepup
from carnet.web.auth.assurance import Deed
from carnet.web.patient import family
from carnet.web.patient.family import Cover
from carnet.web.smart import choosing, giving, scope_words
from carnet.web.smart.asking import Asked, Wrong, faulty

_READS = frozenset("rs")


@dataclass(frozen=True, slots=True)
class _Step:
    asked: Asked
    action: str
    who: Actor


def answered(request: HttpRequest, asked: Asked, query: str, act: str, who: Actor, *, answer: str) -> HttpResponse:
    """`answer` is where the forms are sent."""
    if act == "refuser":
        raise Wrong("access_denied", "La personne a refusé.")
    found = family.of(request, who)
    covers = [each for each in found.covers if letting_in.may(who, each.purpose, each.record_id)] if found else []
    if not covers:
        raise Wrong("access_denied", "Cette personne n'a pas de carnet.")
    step = _Step(asked, f"{answer}?{query}", who)
    # What leaves by an app leaves as by a copy of the record.
    missing = stepup.unproven(request, Deed.COPY)
    if missing is not None:
        if asked.prompt == "none":
            raise Wrong("login_required", "La personne doit prouver à nouveau qui elle est.")
        return missing
    cover = _cover(covers, choosing.chosen(request, asked.mark))
    if act == "choisir" or cover is None:
        return _choose(request, step, covers, act)
    return _agreed(request, step, cover, act)


def _cover(covers: Sequence[Cover], chosen: UUID | None) -> Cover | None:
    if len(covers) == 1:
        return covers[0]
    return next((each for each in covers if each.record_id == chosen), None)


def _choose(request: HttpRequest, step: _Step, covers: Sequence[Cover], act: str) -> HttpResponse:
    if step.asked.prompt == "none":
        raise Wrong("interaction_required", "Le carnet reste à choisir.")
    wanted = request.POST.get("ouvrir", "")
    chosen = next((each for each in covers if str(each.record_id) == wanted), None) if act == "choisir" else None
    if chosen:
        choosing.keep(request, step.asked.mark, chosen.record_id)
        return HttpResponse(status=303, headers={"Location": step.action.replace("/accord?", "/authorize?", 1)})
    context = {"app": step.asked.client.name, "action": step.action, "covers": covers}
    return giving.shown(request, step.asked, "smart/choose_own.html", context)


def _agreed(request: HttpRequest, step: _Step, cover: Cover, act: str) -> HttpResponse:
    scope = narrowed(step.asked.scope, cover.purpose)
    if not scope.within("patient"):
        raise faulty("scope-of-persons")
    if act == "accepter":
        return _let_in(request, step, cover, scope)
    if step.asked.prompt != "consent" and _known(step, cover, scope):
        return _let_in(request, step, cover, scope)
    if step.asked.prompt == "none":
        raise Wrong("consent_required", "L'application n'a pas encore l'accord de la personne.")
    return _consent(request, step, cover, scope)


def narrowed(asked: Scopes, purpose: Purpose) -> Scopes:
    """Of one record, to read. Who represents somebody has no name in FHIR of their own."""
    reads = frozenset(each for each in asked.permissions if each.context == "patient" and each.letter in _READS)
    nameless = {smart.LAUNCH} | ({smart.FHIR_USER} if purpose is not Purpose.SELF else set())
    return Scopes(reads, asked.words - nameless)


def _known(step: _Step, cover: Cover, scope: Scopes) -> bool:
    """Of one's own record alone it is remembered, and not from before one came of age."""
    given = app_consents.given(step.who, step.asked.client.id) if cover.purpose is Purpose.SELF else None
    if given is None or letting_in.before_of_age(step.who, cover.record_id, given.at):
        return False
    return scope.within_all(smart.known(given.scope))


def _let_in(request: HttpRequest, step: _Step, cover: Cover, scope: Scopes) -> HttpResponse:
    client = step.asked.client
    try:
        ends = letting_in.let_in(step.who, cover.purpose, cover.record_id, client.id)
    except Refused:
        raise Wrong("access_denied", "Ce carnet ne peut pas être lu.") from None
    if cover.purpose is Purpose.SELF and not _known(step, cover, scope):
        app_consents.agree(step.who, client.id, str(scope))
    return giving.code(
        request,
        step.asked,
        step.who,
        purpose=cover.purpose,
        record_id=cover.record_id,
        scope=str(scope),
        ends=ends,
    )


def _consent(request: HttpRequest, step: _Step, cover: Cover, scope: Scopes) -> HttpResponse:
    client = step.asked.client
    given = app_consents.given(step.who, client.id) if cover.own else None
    context = {
        "app": client.name,
        "house": people.organisation_names([client.organisation_id]).get(client.organisation_id, ""),
        "cover": cover,
        "grown": bool(given and letting_in.before_of_age(step.who, cover.record_id, given.at)),
        "reads": scope_words.reads(scope, whole=scope_words.EVERYTHING),
        "names_you": smart.OPENID in scope.words,
        "offline": step.asked.offline,
        "days": granting.OFFLINE_LIVES.days,
        "action": step.action,
    }
    return giving.shown(request, step.asked, "smart/consent_own.html", context)
