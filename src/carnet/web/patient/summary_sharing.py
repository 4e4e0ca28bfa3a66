"""Putting one's summary into the hands of chosen professionals, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict

from carnet.consent.rules import may_be_handed
from carnet.documents import adding, handing
from carnet.documents.handing import Fault, HandRefused, InHands
from carnet.formats.entry import replace
from carnet.kernel import typeset
from carnet.kernel.ids import uuid7
from carnet.people import queries as people
from carnet.people.queries import Professional
from carnet.web import i18n
from carnet.web.about import about
from carnet.web.errors import busy
from carnet.web.i18n import day, gettext, today
from carnet.web.patient import summary_content as content
from carnet.web.patient.granting import ALWAYS, UNTIL, ending
from carnet.web.patient.privacy_state import settings
from carnet.web.patient.standing import done
from carnet.web.patient.summary import HOME, asked, choices
from carnet.web.patient.summary_content import Choice, Wanted
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page
from carnet.web.words import marked

_SHARE: Final = f"{HOME}/partager"
_MOST: Final = 20
_LONGEST: Final = 100
_RETRY: Final = 5
_FAULTS: Final = {
    Fault.NOBODY: marked("Choisissez au moins un soignant"),
    Fault.TOO_MANY: marked("Choisissez au plus vingt soignants"),
    Fault.UNKNOWN: marked("Un des soignants choisis n'exerce plus : décochez-le"),
    Fault.BLOCKED: marked("Vous avez bloqué %(who)s : débloquez ce soignant, ou décochez-le"),
    Fault.NOT_THEIRS: marked("Dans sa fonction, %(who)s ne reçoit pas de document de cette façon : décochez-le"),
}
_LANGUAGES: Final = {"fr": "fr-FR", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Pick:
    """Somebody who may be chosen; `why` they stand in the list; `no`: why they cannot be."""

    who: Professional
    why: str
    chosen: bool
    no: str = ""


@dataclass(frozen=True, slots=True)
class _Sent:
    wanted: Wanted
    readers: tuple[UUID, ...]
    words: str
    lasts: str
    typed: str
    before: InHands | None


@patient_form()
def share(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """POST with « chercher » looks for a name, and keeps what was chosen."""
    offered = choices(visit)
    sent = _sent(request.POST if request.method == "POST" else request.GET, visit, offered)
    if request.method != "POST" or request.POST.get("acte") != "partager":
        return _page(request, visit, offered, sent, [])
    until, errors = ending(sent.lasts, sent.typed)
    if errors:
        return _page(request, visit, offered, sent, errors, status=422)
    try:
        _hand(visit, sent, until)
    except typeset.Busy:
        return busy(request, _RETRY)
    except HandRefused as refused:
        words = gettext(_FAULTS[refused.fault]) % {"who": refused.who}
        return _page(request, visit, offered, sent, [("soignants", words)], status=422)
    return done(f"{HOME}?fait=partage#partages")


@patient_form()
def take_back(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    if request.method == "POST":
        handing.take_back(visit.actor, visit.purpose, record_id=visit.record_id, document_id=document_id)
        return done(f"{HOME}?fait=repris#partages")
    return done(f"{HOME}#partages")


def _hand(visit: Visit, sent: _Sent, until: datetime | None) -> None:
    made = content.printed_of(visit, sent.wanted)
    title = gettext("%(title)s du %(day)s") % {"title": made.title, "day": day(today())}
    if sent.wanted.language != i18n.FRENCH:
        title = f"{made.title}, {today():%Y-%m-%d}"
    entry = adding.of_profile(
        visit.actor, visit.record_id, key=uuid7(), title=title, day=today(), media_type="application/pdf"
    )
    handing.hand(
        visit.actor,
        visit.purpose,
        record_id=visit.record_id,
        entry=replace(entry, language=_LANGUAGES[sent.wanted.language]),
        content=made.pdf,
        readers=sent.readers,
        until=until,
        instead_of=sent.before.id if sent.before and sent.before.mine else None,
        about=" ".join((sent.wanted.language, *sorted(sent.wanted.parts))),
    )


def _sent(form: QueryDict, visit: Visit, offered: Sequence[Choice]) -> _Sent:
    """What is shared holds nothing that is masked, whatever was asked."""
    before = _before(form.get("remplace", ""), visit)
    wanted = asked(form, list(offered))
    readers = _ids(form.getlist("soignant"))
    lasts, typed = form.get("duree", ALWAYS), form.get("jour", "")[:_LONGEST]
    if before and "choix" not in form:
        language, *parts = before.about.split(" ") if before.about else (i18n.language(),)
        wanted = Wanted(frozenset(parts) & {each.name for each in offered}, language)
        readers = tuple(each.professional.id for each in before.readers)
    words = " ".join(form.get("q", "")[:_LONGEST].split())
    return _Sent(Wanted(wanted.parts, wanted.language), readers, words, lasts, typed, before)


def _before(text: str, visit: Visit) -> InHands | None:
    known = _ids([text])
    found = handing.in_hands(visit.actor, visit.purpose, visit.record_id) if known else ()
    return next((each for each in found if each.id in known), None)


def _ids(texts: Sequence[str]) -> tuple[UUID, ...]:
    found: list[UUID] = []
    for text in texts[:_LONGEST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


def _page(
    request: HttpRequest,
    visit: Visit,
    offered: Sequence[Choice],
    sent: _Sent,
    errors: list[tuple[str, str]],
    *,
    status: int = 200,
) -> HttpResponse:
    picks, found = _picks(visit, sent)
    context: dict[str, Any] = {
        "section": "health",
        "choices": offered,
        "sent": sent,
        "wanted": sent.wanted,
        "picks": picks,
        "found": found,
        "languages": i18n.LANGUAGES,
        "errors": errors,
        "wrong": {field for field, _ in errors},
        "home": HOME,
        "address": _SHARE,
        "until": UNTIL,
        "always": ALWAYS,
    }
    return page(request, "patient/summary_share.html", context, status=status)


def _picks(visit: Visit, sent: _Sent) -> tuple[list[Pick], list[Pick]]:
    """Those whom the person knows or has chosen already, then those whom the directory knows by the words."""
    known = settings(visit)
    blocked = {each.professional.id for each in known.blocked}
    rows: dict[UUID, tuple[Professional, str]] = {
        each.professional.id: (each.professional, gettext("Médecin traitant")) for each in known.attending
    }
    for each in known.given:
        if each.professional:
            rows.setdefault(each.to.id, (each.professional, about("A déjà accès à votre carnet")))
    chosen = people.professionals(sent.readers) if sent.readers else {}
    for who in chosen.values():
        rows.setdefault(who.id, (who, ""))
    long = any(len(word) > 1 for word in sent.words.split())
    found = people.directory(sent.words, limit=_MOST) if long else []
    others = {each.id: (each, "") for each in found if each.id not in rows}
    return _pick(rows, sent, blocked), _pick(others, sent, blocked)


def _pick(rows: Mapping[UUID, tuple[Professional, str]], sent: _Sent, blocked: set[UUID]) -> list[Pick]:
    found = []
    for who, why in rows.values():
        no = gettext("Bloqué : il ne peut pas être choisi") if who.id in blocked else ""
        if not no and not may_be_handed(who.capacity):
            no = gettext("Sa fonction ne reçoit pas de document de cette façon")
        found.append(Pick(who, why, who.id in sent.readers and not no, no))
    return found
