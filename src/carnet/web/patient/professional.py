"""One professional, team or organisation: what they see now, and what the holder may change about it. What an act
means is said before it, and undone with one button after."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent import actions
from carnet.consent.seeing import Reader
from carnet.documents import preview
from carnet.kernel import clock
from carnet.web.patient import privacy_words as words
from carnet.web.patient.privacy_state import State, state
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page

WITHDRAW, RESTORE, BLOCK, UNBLOCK = "retirer", "rendre", "bloquer", "debloquer"


@patient_form()
def professional(request: HttpRequest, visit: Visit, grantee_id: UUID) -> HttpResponse:
    standing = state(visit, grantee_id)
    if request.method == "POST":
        said = _act(request, visit, standing)
        if said:
            return done(f"{request.path}?{said}")
    found = None
    if standing.professional:
        found = preview.look(
            visit.actor, visit.purpose, visit.record_id, lambda _: [Reader(grantee_id)], action="preview-counts"
        )
    seen = found.previews.get(Reader(grantee_id)) if found else None
    context: dict[str, Any] = {
        "section": "accesses",
        "standing": standing,
        "sees": words.sees(seen) if seen else "",
        "rule": words.rule(seen) if seen else None,
        "lasts": words.lasts(standing.given),
        "done": _stands(request.GET.get("fait", ""), standing),
        "kept": {name: request.GET.get(name, "") for name in ("fin", "expres", "secret")},
    }
    return page(request, "patient/professional.html", context, status=422 if request.method == "POST" else 200)


def _act(request: HttpRequest, visit: Visit, standing: State) -> str:
    """What the address then says was done; "" for what cannot be done here."""
    act = request.POST.get("acte", "")
    own: dict[str, Any] = {"record_id": visit.record_id}
    asked = (visit.actor, visit.purpose)
    if act == WITHDRAW and standing.given:
        actions.withdraw(*asked, **own, grantee=standing.to)
        return _withdrawn(standing)
    if act == RESTORE and not standing.given and not standing.blocked:
        return _restored(request, visit, standing)
    if act == BLOCK and standing.professional and not standing.attending and not standing.blocked:
        actions.block(*asked, **own, professional_id=standing.to.id)
        return "fait=bloque"
    if act == UNBLOCK and standing.blocked:
        actions.unblock(*asked, **own, professional_id=standing.to.id)
        return "fait=debloque"
    return ""


def _withdrawn(standing: State) -> str:
    """With what undoes it: until when it lasted, whether it was given in so many words, and whether in secret."""
    kept = {
        "fin": standing.until.isoformat() if standing.until else "",
        "expres": "1" if standing.express else "",
        "secret": "1" if standing.secret else "",
    }
    return urlencode({"fait": "retire"} | {name: value for name, value in kept.items() if value})


def _restored(request: HttpRequest, visit: Visit, standing: State) -> str:
    end = request.POST.get("fin", "")
    until = _instant(end)
    if end and (until is None or until <= clock.now()):
        return ""
    actions.authorise(
        visit.actor,
        visit.purpose,
        record_id=visit.record_id,
        grantee=standing.to,
        until=until,
        express=request.POST.get("expres") == "1",
        secret=standing.has_secrets and request.POST.get("secret") == "1",
    )
    return "fait=rendu"


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _stands(said: str, standing: State) -> str:
    """What the address says was done, so far as it is so."""
    holds = {
        "autorise": bool(standing.given),
        "rendu": bool(standing.given),
        "retire": not standing.given and not standing.blocked,
        "bloque": standing.blocked is not None,
        "debloque": standing.blocked is None,
    }
    return said if holds.get(said) else ""
