"""Who represents the holder; and the other parent of a child, invited by the one who does already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.consent import parents
from carnet.consent.inviting import LONGEST_NAME, LONGEST_WHY, WAITS, Channel
from carnet.consent.parents import Fault, ParentRefused
from carnet.formats.text.tidy import one_line
from carnet.kernel.actor import Purpose
from carnet.notify import inviting as mailing
from carnet.notify.contacts import BadAddress
from carnet.web import shown_again
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import unsettled
from carnet.web.i18n import gettext, language
from carnet.web.patient import asking
from carnet.web.patient.privacy_words import last_day
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form, patient_page
from carnet.web.render import page
from carnet.web.sent_twice import once
from carnet.web.words import marked

HOME: Final = "/parents"
_CODE: Final = "code"
Errors = list[tuple[str, str]]
_FAULTS: Final = {
    Fault.NO_NAME: ("nom", marked("Écrivez son prénom ou son nom, en 60 caractères au plus")),
    Fault.GROWN: ("nom", marked("Seul un parent invite l'autre, dans le carnet d'une personne mineure.")),
    Fault.BOTH: ("nom", marked("Deux personnes représentent déjà cet enfant.")),
    Fault.UNDER_WAY: ("nom", marked("Une invitation ou une demande est déjà en cours : attendez, ou annulez-la.")),
    Fault.TOO_OFTEN: ("nom", marked("Vous avez fait beaucoup d'invitations aujourd'hui : réessayez demain.")),
}
STATES: Final = {
    "pending": marked("En attente de réponse"),
    "waiting": marked("Preuve à examiner par l'équipe de Carnet"),
    "accepted": marked("Acceptée"),
    "refused": marked("Refusée"),
    "cancelled": marked("Annulée"),
    "expired": marked("Dépassée"),
}
_ANSWERED: Final = marked("Répondue")


@dataclass(frozen=True, slots=True)
class Form:
    """As it stands on the page."""

    name: str = ""
    why: str = ""
    channel: str = ""
    address: str = ""

    @classmethod
    def sent(cls, request: HttpRequest) -> Form:
        text = {name: one_line(request.POST.get(name, "")) for name in ("nom", "pourquoi", "courriel")}
        return cls(
            text["nom"][: LONGEST_NAME + 1],
            text["pourquoi"][: LONGEST_WHY + 1],
            request.POST.get("comment", ""),
            text["courriel"],
        )

    @property
    def errors(self) -> Errors:
        found: Errors = []
        if not self.name or len(self.name) > LONGEST_NAME:
            found.append(_told(Fault.NO_NAME))
        if len(self.why) > LONGEST_WHY:
            found.append(("pourquoi", gettext("Écrivez 200 caractères au plus")))
        if self.channel not in channels():
            found.append(("comment", gettext("Choisissez comment l'inviter")))
        return found


def _told(fault: Fault) -> tuple[str, str]:
    field, words = _FAULTS[fault]
    return field, gettext(words)


def channels() -> set[str]:
    return {each.value for each in Channel if each is not Channel.MAIL or settings.CARNET.smtp_url}


@patient_page()
def representatives(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = parents.around(visit.actor, visit.purpose, visit.record_id)
    guardians = [each for each in found.representatives if each.kind == "guardian"]
    states = {state: gettext(words) for state, words in STATES.items()}
    context = {
        "section": "accesses",
        "around": found,
        "guardians": guardians,
        "parents": [each for each in found.representatives if each not in guardians],
        "mine": visit.actor.id,
        "invites": visit.purpose is Purpose.REPRESENTATIVE and not guardians,
        "asked": {each.id: _state(each.state) for each in found.invitations},
        "states": states,
        "last_day": last_day,
        "done": request.GET.get("fait", ""),
    }
    return page(request, "patient/parents.html", context)


def _state(of_invitation: str) -> str:
    """Who said yes to an invitation has only given a proof by that."""
    words = _ANSWERED if of_invitation == "accepted" else STATES[of_invitation]
    return gettext(words)


@once
@patient_form()
def invite(request: HttpRequest, visit: Visit) -> HttpResponse:
    if waits := unsettled(request, Deed.CARER):
        return waits
    made = shown_again.held(request, visit.record_id) if request.method != "POST" and _CODE in request.GET else None
    if made:
        return page(request, "patient/parent_code.html", {"section": "accesses", **made})
    if request.method != "POST":
        # Who may not invite here is told so before anything is written.
        found = parents.around(visit.actor, visit.purpose, visit.record_id)
        hindered = Fault.BOTH if found.full else Fault.UNDER_WAY if found.under_way else None
        return _form(request, visit, Form(), [_told(hindered)] if hindered else [])
    form = Form.sent(request)
    answer, unsaid = asking.answered(request, visit)
    errors = form.errors + unsaid
    if errors:
        return _form(request, visit, form, errors)
    try:
        code = _invited(visit, form)
    except BadAddress:
        text = gettext("Écrivez une adresse complète, par exemple nom@exemple.fr")
        return _form(request, visit, form, [("courriel", text)])
    except ParentRefused as refused:
        return _form(request, visit, form, [_told(refused.fault)])
    asking.note(visit, answer)
    if not code:
        return done(f"{HOME}?fait=invite")
    made = {
        "name": form.name,
        "code": "-".join(code[at : at + 4] for at in range(0, len(code), 4)),
        "address": f"{settings.CARNET.public_url}{HOME}/repondre",
        "days": WAITS[Channel.PAPER].days,
        "minutes": shown_again.MINUTES,
    }
    shown_again.keep(request, visit.record_id, made)
    return done(f"{HOME}/inviter?{_CODE}")


def _invited(visit: Visit, form: Form) -> str:
    """The code to be copied; "" when it goes by mail."""
    of = visit.actor, visit.purpose
    if form.channel == Channel.MAIL:
        mailing.invite_parent(
            *of,
            record_id=visit.record_id,
            name=form.name,
            why=form.why,
            address=form.address,
            language=language(),
        )
        return ""
    return parents.invite(*of, record_id=visit.record_id, name=form.name, why=form.why, channel=Channel.PAPER)[1]


def _form(request: HttpRequest, visit: Visit, form: Form, errors: Errors) -> HttpResponse:
    context = {
        "section": "accesses",
        "form": form,
        "errors": errors,
        "mails": Channel.MAIL in channels(),
        "waits": {channel.value: span.days for channel, span in WAITS.items()},
    } | asking.context(visit, request.POST.get(asking.FIELD, ""))
    return page(request, "patient/parent_invite.html", context, status=422 if request.method == "POST" else 200)


@patient_form()
def cancel(request: HttpRequest, visit: Visit, invitation_id: UUID) -> HttpResponse:
    if request.method == "POST":
        of = visit.actor, visit.purpose
        shown_again.forget(request)
        if not parents.cancel(*of, record_id=visit.record_id, invitation_id=invitation_id):
            states = {each.id: each.state for each in parents.around(*of, visit.record_id).invitations}
            return done(f"{HOME}?fait={'accepte' if states.get(invitation_id) == 'accepted' else 'annule'}")
        return done(f"{HOME}?fait=annule")
    return done(HOME)
