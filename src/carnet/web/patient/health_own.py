"""Whom to call, whom to ask in one's place, and what one wishes: said here by the person alone."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.consent.holders import permit_of_holder
from carnet.documents.changing import NotThere
from carnet.health import profile as health
from carnet.health.profile import LONGEST_NAME, LONGEST_WORDS, Own, Word
from carnet.health.stating import NotYours
from carnet.web.auth import drafts
from carnet.web.i18n import gettext
from carnet.web.patient.family import of_a_minor
from carnet.web.patient.health import HOME
from carnet.web.patient.health_adding import keeps_secret
from carnet.web.patient.health_form import MASKED
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page

KINDS: Final = {
    "prevenir": Own.CONTACT,
    "confiance": Own.TRUSTED,
    "directives": Own.DIRECTIVES,
    "organes": Own.ORGANS,
}
_WORD: Final = {kind: word for word, kind in KINDS.items()}
_PEOPLE: Final = frozenset({Own.CONTACT, Own.TRUSTED})
# Who is of age alone names a person of trust and writes directives (public health code, L. 1111-6 and L. 1111-11).
_OF_AGE: Final = frozenset({Own.TRUSTED, Own.DIRECTIVES})
# What may be answered: advance directives are written or not; of organs, the law takes silence for a yes.
ANSWERS: Final = {Own.DIRECTIVES: ("ecrites", "non"), Own.ORGANS: ("accord", "refus", "indecis")}
_NAMES: Final = ("nom", "lien", "telephone", "reponse", "mots", "qui", "secret")
_LONGEST_PHONE: Final = 30


@patient_form()
def add(request: HttpRequest, visit: Visit, word: str) -> HttpResponse:
    if word not in KINDS:
        raise Http404
    kind = KINDS[word]
    if kind in _OF_AGE and of_a_minor(request):
        raise Http404
    permit_of_holder(visit.actor, visit.purpose, visit.record_id, action="entry-stated")
    # What has one answer is answered anew.
    said = health.told(visit.actor, visit.purpose, visit.record_id, ()).of(kind) if kind in ANSWERS else ()
    return _form(request, visit, kind, said[-1] if said else None)


@patient_form()
def amend(request: HttpRequest, visit: Visit, word_id: UUID) -> HttpResponse:
    told = health.told(visit.actor, visit.purpose, visit.record_id, ())
    found = next((each for each in told.words if each.id == word_id), None)
    if found is None:
        raise NotThere
    try:
        if request.method == "POST" and request.POST.get("acte") == "retirer":
            health.unsay(visit.actor, visit.purpose, record_id=visit.record_id, word_id=word_id)
            return done(f"{HOME}?fait=retire#{_section(found.kind)}")
        return _form(request, visit, found.kind, found)
    except NotYours:
        raise NotThere from None


def _form(request: HttpRequest, visit: Visit, kind: Own, word: Word | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, visit, kind, word, _kept(word))
    said = {name: request.POST.get(name, "").replace("\r\n", "\n").strip() for name in _NAMES}
    errors = faults(kind, said)
    if errors:
        return _page(request, visit, kind, word, said, errors)
    keep(visit, kind, said, word.id if word else None)
    return done(f"{HOME}?fait={'corrige' if word else 'ajoute'}#{_section(kind)}")


def keep(visit: Visit, kind: Own, said: dict[str, str], instead_of: UUID | None) -> None:
    health.say(
        visit.actor,
        visit.purpose,
        record_id=visit.record_id,
        kind=kind,
        name=said.get("nom", ""),
        relation=said.get("lien", ""),
        phone=said.get("telephone", ""),
        answer=said.get("reponse", ""),
        words=said.get("mots", ""),
        masked=said.get("qui") == MASKED,
        secret=keeps_secret(visit, said.get("secret", "")),
        instead_of=instead_of,
    )


def faults(kind: Own, said: dict[str, str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if kind in _PEOPLE:
        if not said["nom"]:
            found.append(("nom", gettext("Écrivez le nom de cette personne")))
        if not said["telephone"]:
            found.append(("telephone", gettext("Écrivez son numéro de téléphone")))
        elif not _phone(said["telephone"]):
            found.append(("telephone", gettext("Écrivez un numéro comme ceci : 06 12 34 56 78")))
    elif said["reponse"] not in ANSWERS[kind]:
        found.append(("reponse", gettext("Choisissez une réponse")))
    for name, most in (("nom", LONGEST_NAME), ("lien", LONGEST_NAME), ("mots", LONGEST_WORDS)):
        if len(said.get(name, "")) > most:
            found.append((name, gettext("Écrivez %(most)s caractères au plus") % {"most": most}))
    return found


def _phone(text: str) -> bool:
    figures = [char for char in text if char.isdigit()]
    return len(text) <= _LONGEST_PHONE and len(figures) > 1 and all(char in "0123456789 +.-()\u00a0" for char in text)


def _kept(word: Word | None) -> dict[str, str]:
    if word is None:
        return dict.fromkeys(_NAMES, "")
    return {
        "nom": word.name,
        "lien": word.relation,
        "telephone": word.phone,
        "reponse": word.answer,
        "mots": word.words,
        "qui": MASKED if word.masked else "",
        "secret": "oui" if word.secret else "",
    }


def _section(kind: Own) -> str:
    return "entourage" if kind in _PEOPLE else "volontes"


def _page(
    request: HttpRequest,
    visit: Visit,
    kind: Own,
    word: Word | None,
    said: dict[str, str],
    errors: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    waiting = drafts.fields(request, visit.actor.id) if request.method != "POST" else None
    context: dict[str, Any] = {
        "section": "health",
        "kind": kind.value,
        "word": word,
        "form": said | {name: waiting.get(name, "") for name in _NAMES} if waiting else said,
        "action": f"{HOME}/proche/{word.id}" if word else f"{HOME}/dire/{_WORD[kind]}",
        "back": f"{HOME}#{_section(kind)}",
        "masked": MASKED,
        "errors": errors or [],
    }
    return page(request, "patient/health_own.html", context, status=422 if errors else 200)
