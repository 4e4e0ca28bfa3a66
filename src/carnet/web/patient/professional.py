"""One professional, team or organisation: what they see now, and what the holder may change about it. What an act
means is said before it, and undone with one button after."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent import actions, giving
from carnet.consent.facts import As, Grant
from carnet.consent.giving import NotGiven, Why, Wish
from carnet.consent.seeing import Reader
from carnet.documents import preview
from carnet.documents.mask_models import MaskKind
from carnet.documents.preview import Preview
from carnet.formats.fhir.consent.model import LAST_YEAR
from carnet.kernel import clock
from carnet.people import queries as people
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import settling, unproven, unsettled
from carnet.web.i18n import gettext
from carnet.web.patient import asking
from carnet.web.patient import privacy_words as words
from carnet.web.patient.granting import MOST, footing, hindrance, in_words
from carnet.web.patient.privacy_state import State, state
from carnet.web.patient.standing import done
from carnet.web.patient.standing_in import place_of
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page
from carnet.web.sent_twice import once

_KEPT: Final = ("rendre", "fin", "expres", "secret", "masques")
_UNDOES: Final = "annuler"
"""Sent with the end of a block by the button that undoes it: what the person had put into their hands comes back."""


class _NotDone(Exception):
    """Says why, in words."""


@once
@patient_form()
def professional(request: HttpRequest, visit: Visit, grantee_id: UUID) -> HttpResponse:
    standing = state(visit, grantee_id)
    why = ""
    if request.method == "POST":
        if missing := _unproven(request, standing):
            return missing
        try:
            return done(f"{request.path}?{_act(request, visit, standing)}")
        except _NotDone as refused:
            why = str(refused)
    return page(
        request, "patient/professional.html", _context(request, visit, standing, why), status=422 if why else 200
    )


def _unproven(request: HttpRequest, standing: State) -> HttpResponse | None:
    """What lets somebody in again whom one kept out, or lets them see what is masked."""
    act = request.POST.get("acte", "")
    missing = unproven(request, Deed.UNBLOCK) if act == "debloquer" and standing.blocked else None
    if missing or not (act == "rendre" or _gives_back(request, act)):
        return missing
    if request.POST.get("masques") == "1":
        return unproven(request, Deed.ADMINISTRATOR)
    if Wish(_instant(request.POST.get("fin", ""))).lasts:
        return unsettled(request, Deed.CARER)
    return None


def _gives_back(request: HttpRequest, act: str) -> bool:
    """To undo a block is to give again what it ended, unless that would have ended since."""
    return act == "debloquer" and request.POST.get("rendre") == "1" and not _is_over(request)


def _context(request: HttpRequest, visit: Visit, standing: State, why: str) -> dict[str, Any]:
    who, after, found = Reader(standing.to.id), Reader(standing.to.id, unblocked=True), None
    readers = [who, after] if standing.blocked else [who]
    if standing.professional:
        found = preview.look(visit.actor, visit.purpose, visit.record_id, lambda _: readers, action="preview-counts")
    seen = found.previews.get(who) if found else None
    unblocked = found.previews.get(after) if found else None
    return {
        "section": "accesses",
        "standing": standing,
        "sees": words.sees(seen) if seen else "",
        "rule": words.rule(seen) if seen else None,
        "place": place_of(standing.to.id, found.seers) if found and _stands_in(seen) else "",
        "reads": _reads(seen),
        "unblocked": words.sees(unblocked) if unblocked and _reads(unblocked) else "",
        "unblocked_attending": words.unblocked(standing.attending.unblocked_at) if standing.attending else "",
        "began": words.began(standing.given),
        "lasts": words.lasts(standing.given),
        "members": people.members(standing.to.id, limit=MOST) if standing.group else [],
        "done": _stands(request.GET.get("fait", ""), standing),
        "kept": {name: request.GET.get(name, "") for name in _KEPT} | {_UNDOES: "1"},
        "in_hands": _in_hands(seen),
        "back_in_hands": _in_hands(seen) and "remis" in request.GET,
        "asks_child": asking.applies(visit),
        "errors": [("voit", why)] if why else [],
    }


def _stands_in(seen: Preview | None) -> bool:
    decision = seen.decision if seen else None
    return isinstance(decision, Grant) and decision.capacity is As.DEPUTY


def _in_hands(seen: Preview | None) -> bool:
    """They hold something that the person put into their hands."""
    return seen is not None and any(MaskKind.HANDED in line.masked_by for line in seen.shown)


def _reads(seen: Preview | None) -> bool:
    """More than their own documents, or what was put into their hands."""
    decision = seen.decision if seen else None
    return isinstance(decision, Grant) and decision.capacity not in {As.AUTHOR, As.RECIPIENT}


def _act(request: HttpRequest, visit: Visit, standing: State) -> str:
    """What the address then says was done. Raises `_NotDone`."""
    act = request.POST.get("acte", "")
    own: dict[str, Any] = {"record_id": visit.record_id}
    asked = (visit.actor, visit.purpose)
    why = _why_not(request, visit, standing, act)
    if why:
        raise _NotDone(why)
    match act:
        case "retirer":
            actions.withdraw(*asked, **own, grantee=standing.to)
            return _withdrawn(standing)
        case "rendre":
            return _restored(request, visit, standing)
        case "bloquer":
            actions.block(*asked, **own, professional_id=standing.to.id)
            return _blocked(standing)
    return _unblocked(request, visit, standing, act)


def _why_not(request: HttpRequest, visit: Visit, standing: State, act: str) -> str:
    """What keeps an act from being done here, in words; "" for nothing."""
    match act:
        case "retirer":
            return "" if standing.given else gettext("Il n'y a pas d'autorisation à retirer.")
        case "rendre":
            return _why_not_again(request, visit, standing)
        case "bloquer":
            return _why_not_blocked(visit, standing)
        case "debloquer":
            return "" if standing.blocked else gettext("L'accès n'est pas bloqué : il n'y a rien à débloquer.")
    return gettext("Ce geste n'existe pas ici.")


def _why_not_again(request: HttpRequest, visit: Visit, standing: State) -> str:
    """As for an authorisation that is given for the first time."""
    if standing.given:
        return gettext("L'autorisation vaut déjà.")
    if _is_over(request):
        return gettext("L'autorisation d'avant a pris fin entre-temps.")
    return hindrance(visit, standing)


def _is_over(request: HttpRequest) -> bool:
    """What lasted until a day that has passed, or until none that can be read."""
    end = request.POST.get("fin", "")
    until = _instant(end)
    return bool(end) and (until is None or until <= clock.now())


def _why_not_blocked(visit: Visit, standing: State) -> str:
    found = footing(visit, standing).to_block
    match found.why if found else None:
        case Why.GROUP:
            return gettext("Un établissement ou une équipe ne se bloque pas : retirez l'autorisation.")
        case Why.ATTENDING:
            return gettext("C'est votre médecin traitant : la loi lui donne accès, cela ne se bloque pas ici.")
        case Why.BLOCKED:
            return gettext("L'accès est déjà bloqué.")
    return ""


def _withdrawn(standing: State) -> str:
    """With what undoes it."""
    return urlencode({"fait": "retire"} | _kept(standing))


def _blocked(standing: State) -> str:
    """With what undoes it: that something ended with it, and what."""
    return urlencode({"fait": "bloque"} | ({"rendre": "1"} | _kept(standing) if standing.given else {}))


def _kept(standing: State) -> dict[str, str]:
    """Until when it lasted; if it was given in so many words, in secret, with what is masked."""
    kept = {
        "fin": standing.until.isoformat() if standing.until else "",
        "expres": "1" if standing.express else "",
        "secret": "1" if standing.secret else "",
        "masques": "1" if standing.unmasked else "",
    }
    return {name: value for name, value in kept.items() if value}


def _unblocked(request: HttpRequest, visit: Visit, standing: State, act: str) -> str:
    """With what the block ended, where that is given back; what keeps it from being given leaves them unblocked."""
    back = actions.unblock(
        visit.actor,
        visit.purpose,
        record_id=visit.record_id,
        professional_id=standing.to.id,
        undo=request.POST.get(_UNDOES) == "1",
    )
    handed = f"&remis={back}" if back else ""
    if not _gives_back(request, act):
        return f"fait=debloque{handed}"
    try:
        _restored(request, visit, standing)
    except _NotDone:
        return f"fait=debloque{handed}"
    return f"fait=revenu{handed}"


def _restored(request: HttpRequest, visit: Visit, standing: State) -> str:
    """A parent says anew what the child says of it: that is asked where they authorise. Raises `_NotDone`."""
    wish = Wish(
        until=_instant(request.POST.get("fin", "")),
        express=request.POST.get("expres") == "1",
        secret=request.POST.get("secret") == "1",
        unmasked=request.POST.get("masques") == "1",
        proven=settling(request, visit.actor) is None,
    )
    try:
        giving.open_to(visit.actor, visit.purpose, record_id=visit.record_id, to=standing.to, wish=wish)
    except NotGiven as refused:
        raise _NotDone(in_words(refused.hindrance)) from None
    return "fait=rendu"


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and found.year <= LAST_YEAR else None


def _stands(said: str, standing: State) -> str:
    """What the address says was done, so far as it is so."""
    holds = {
        "autorise": bool(standing.given),
        "rendu": bool(standing.given),
        "retire": not standing.given and not standing.blocked,
        "revenu": bool(standing.given) and standing.blocked is None,
        "bloque": standing.blocked is not None,
        "debloque": standing.blocked is None,
    }
    return said if holds.get(said) else ""
