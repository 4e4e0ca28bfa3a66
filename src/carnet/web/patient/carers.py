"""« Mes aidants »: who helps, with what and until when; changed or ended at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict

from carnet.consent import inviting
from carnet.consent.caring import Right
from carnet.consent.inviting import Asked, Carer, CareRefused, Channel, Fault, Given
from carnet.documents.changing import NotThere
from carnet.formats.text.tidy import one_line
from carnet.kernel.actor import Purpose
from carnet.notify import inviting as mailing
from carnet.notify.contacts import BadAddress
from carnet.web import shown_again
from carnet.web.auth import drafts
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import proof_of_now, unproven
from carnet.web.i18n import gettext, language
from carnet.web.patient import care_words, family
from carnet.web.patient.adding_form import as_day
from carnet.web.patient.granting import beyond, midnight_after
from carnet.web.patient.privacy_words import as_typed, last_day
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Helps, Visit, patient_form, patient_page
from carnet.web.render import page
from carnet.web.sent_twice import once
from carnet.web.words import marked

HOME: Final = "/aidants"
_CODE: Final = "code"
Errors = list[tuple[str, str]]
FAULTS: Final = {
    Fault.NO_NAME: ("nom", marked("Écrivez son prénom ou son nom, en 60 caractères au plus")),
    Fault.NO_RIGHT: ("quoi", marked("Choisissez au moins une chose")),
    Fault.PAST: ("jour", marked("Écrivez une date à venir : celle-ci est passée")),
    Fault.TOO_LONG: ("jour", marked("Choisissez une date plus proche : le %(day)s au plus tard")),
    Fault.TOO_MANY: (
        "nom",
        marked(
            "Vous avez déjà le plus grand nombre d'aidants et d'invitations possible. Mettez fin à l'un d'eux, ou"
            " annulez une invitation."
        ),
    ),
    Fault.TOO_OFTEN: ("nom", marked("Vous avez fait beaucoup d'invitations aujourd'hui : réessayez demain.")),
    Fault.MINOR: ("nom", marked("L'aidant d'un mineur n'est pas possible : ses parents le représentent.")),
}


@dataclass(frozen=True, slots=True)
class Form:
    """As it stands on the page."""

    name: str = ""
    why: str = ""
    what: tuple[str, ...] = ()
    mode: str = ""
    day: str = ""
    channel: str = ""
    address: str = ""

    @classmethod
    def sent(cls, post: QueryDict) -> Form:
        text = {name: one_line(str(post.get(name, ""))) for name in ("nom", "pourquoi", "jour", "courriel")}
        return cls(
            text["nom"][: inviting.LONGEST_NAME + 1],
            text["pourquoi"][: inviting.LONGEST_WHY + 1],
            tuple(right for right in post.getlist("quoi") if right in set(Right)),
            post.get("mode", ""),
            text["jour"],
            post.get("comment", ""),
            text["courriel"],
        )

    def given(self) -> tuple[Given, Errors]:
        """What is to be given, and what to mend."""
        until, errors = _until(self.day)
        if not self.what:
            errors.insert(0, told(Fault.NO_RIGHT))
        if self.mode not in {"lire", "agir"}:
            errors.append(("mode", gettext("Choisissez ce que cette personne pourra faire")))
        return Given(frozenset(self.what), self.mode == "agir", until), errors


def _until(typed: str) -> tuple[datetime | None, Errors]:
    if not typed:
        return None, []
    last = as_day(typed)
    if last is None:
        return None, [("jour", gettext("Écrivez la date comme ceci : 12 3 2027"))]
    fault = beyond(last)
    return (None, [("jour", fault)]) if fault else (midnight_after(last), [])


def told(fault: Fault) -> tuple[str, str]:
    field, words = FAULTS.get(fault, FAULTS[Fault.NO_NAME])
    end = inviting.longest()
    return field, gettext(words) % {"day": last_day(end) if end else ""}


def named() -> Mapping[str, tuple[str, str]]:
    return {right: (gettext(words), gettext(care_words.HINTS[right])) for right, words in care_words.RIGHTS.items()}


def limits() -> dict[str, Any]:
    """What the fields of a help say: what each right lets be read and added, and the latest day, where there is one."""
    end = inviting.longest()
    added = [gettext(words) for words in care_words.ADDED.values()]
    return {"rights": named(), "added": added, "latest": last_day(end) if end else ""}


def kept(given: Given) -> Given:
    """As it is kept: without an end it lasts for the longest that is allowed."""
    return replace(given, until=given.until or inviting.longest())


def lasts(given: Given) -> str:
    adds = given.acts and not given.rights.isdisjoint(care_words.ADDED)
    mode = gettext("Peut lire et ajouter.") if adds else gettext("Peut lire.")
    until = gettext("Jusqu'au %(day)s.") % {"day": last_day(given.until)} if given.until else gettext("Sans limite.")
    rights = care_words.rights(given.rights)
    return f"{rights[:1].upper()}{rights[1:]}. {mode} {until}"


@patient_page()
def carers(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = inviting.around(visit.actor, visit.purpose, visit.record_id)
    context = {
        "section": "accesses",
        "around": found,
        "told": {each.id: lasts(each.given) for each in found.carers}
        | {each.id: lasts(each.given) for each in found.invitations},
        "states": {state: gettext(words) for state, words in _STATES.items()},
        "done": request.GET.get("fait", ""),
    }
    return page(request, "patient/carers.html", context)


_STATES: Final = {
    "pending": marked("En attente"),
    "accepted": marked("Acceptée"),
    "refused": marked("Refusée"),
    "cancelled": marked("Annulée"),
    "expired": marked("Dépassée"),
}


@once
@patient_form()
@proof_of_now(lambda: Deed.CARER)
def invite(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method != "POST":
        return _before(request, visit)
    form = Form.sent(request.POST)
    given, errors = form.given()
    if not form.name or len(form.name) > inviting.LONGEST_NAME:
        errors.insert(0, told(Fault.NO_NAME))
    if len(form.why) > inviting.LONGEST_WHY:
        errors.append(("pourquoi", gettext("Écrivez 200 caractères au plus")))
    if form.channel not in _channels():
        errors.append(("comment", gettext("Choisissez comment l'inviter")))
    if errors:
        return _invite(request, form, errors)
    asked = Asked(form.name, form.why, given)
    try:
        if form.channel == Channel.MAIL:
            mailing.invite(
                visit.actor,
                visit.purpose,
                record_id=visit.record_id,
                asked=asked,
                address=form.address,
                language=language(),
            )
            return done(f"{HOME}?fait=invite")
        _, code = inviting.invite(
            visit.actor, visit.purpose, record_id=visit.record_id, asked=asked, channel=Channel.PAPER
        )
    except BadAddress:
        text = gettext("Écrivez une adresse complète, par exemple nom@exemple.fr")
        return _invite(request, form, [("courriel", text)])
    except CareRefused as refused:
        return _invite(request, form, [told(refused.fault)])
    _keep(request, visit, form.name, given, code)
    return done(f"{HOME}/inviter?{_CODE}")


def _before(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form, unless the code that it led to is still shown. Who may not invite here is told so before anything is
    written."""
    made = shown_again.held(request, visit.record_id) if _CODE in request.GET else None
    if made:
        return page(request, "patient/carer_code.html", {"section": "accesses", **made})
    found = inviting.around(visit.actor, visit.purpose, visit.record_id)
    if found.minor:
        return done(HOME)
    form = Form.sent(drafts.fields(request, visit.actor.id))
    return _invite(request, form, [told(Fault.TOO_MANY)] if found.full else [])


def _keep(request: HttpRequest, visit: Visit, name: str, given: Given, code: str) -> None:
    made = {
        "name": name,
        "told": lasts(kept(given)),
        "code": "-".join(code[at : at + 4] for at in range(0, len(code), 4)),
        "address": f"{settings.CARNET.public_url}{HOME}/repondre",
        "days": inviting.WAITS[Channel.PAPER].days,
        "minutes": shown_again.MINUTES,
    }
    shown_again.keep(request, visit.record_id, made)


def _channels() -> set[str]:
    return {each.value for each in Channel if each is not Channel.MAIL or settings.CARNET.smtp_url}


def _invite(request: HttpRequest, form: Form, errors: Errors) -> HttpResponse:
    context = {
        "section": "accesses",
        "form": form,
        "errors": errors,
        **limits(),
        "mails": Channel.MAIL in _channels(),
        "waits": {channel.value: span.days for channel, span in inviting.WAITS.items()},
    }
    return page(request, "patient/carer_invite.html", context, status=422 if request.method == "POST" else 200)


@patient_form()
def carer(request: HttpRequest, visit: Visit, link_id: UUID) -> HttpResponse:
    """What somebody may do, changed or ended."""
    found = inviting.around(visit.actor, visit.purpose, visit.record_id)
    one = next((each for each in found.carers if each.id == link_id), None)
    if one is None and request.method == "POST":
        return done(f"{HOME}?fait=deja")
    if one is None:
        raise NotThere
    link = {"record_id": visit.record_id, "link_id": link_id}
    if request.method != "POST":
        kept = drafts.fields(request, visit.actor.id)
        return _carer(request, one, Form.sent(kept) if kept else _form_of(one), [])
    if request.POST.get("acte") == "finir":
        inviting.end(visit.actor, visit.purpose, **link)
        return done(f"{HOME}?fait=fini")
    # To end is open to whoever is there; to give more is asked of the holder alone.
    if missing := unproven(request, Deed.CARER):
        return missing
    form = Form.sent(request.POST)
    given, errors = form.given()
    if errors:
        return _carer(request, one, form, errors)
    try:
        inviting.change(visit.actor, visit.purpose, **link, given=given)
    except CareRefused as refused:
        return _carer(request, one, form, [told(refused.fault)])
    return done(f"{HOME}?fait=change")


def _form_of(one: Carer) -> Form:
    last = as_typed(one.given.until) if one.given.until else ""
    return Form(what=tuple(one.given.rights), mode="agir" if one.given.acts else "lire", day=last)


def _carer(request: HttpRequest, one: Carer, form: Form, errors: Errors) -> HttpResponse:
    context = {"section": "accesses", "carer": one, "form": form, "errors": errors, **limits()}
    return page(request, "patient/carer.html", context, status=422 if errors else 200)


@patient_form()
def cancel(request: HttpRequest, visit: Visit, invitation_id: UUID) -> HttpResponse:
    if request.method == "POST":
        of = visit.actor, visit.purpose
        shown_again.forget(request)
        if not inviting.cancel(*of, record_id=visit.record_id, invitation_id=invitation_id):
            states = {each.id: each.state for each in inviting.around(*of, visit.record_id).invitations}
            return done(f"{HOME}?fait={'accepte' if states.get(invitation_id) == 'accepted' else 'annule'}")
        return done(f"{HOME}?fait=annule")
    return done(HOME)


@once
@patient_form(helps=Helps.ANY)
def leave(request: HttpRequest, visit: Visit) -> HttpResponse:
    """By the carer, in the record of whom they help."""
    if visit.purpose is not Purpose.CARER:
        inviting.around(visit.actor, visit.purpose, visit.record_id)
        raise NotThere
    if request.method != "POST":
        return page(request, "patient/carer_leave.html", {"section": "home"})
    inviting.leave(visit.actor, visit.record_id)
    family.close(request)
    return done("/carnets?fait=quitte")
