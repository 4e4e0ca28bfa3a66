"""« Mon carnet »: its state, and what its holder may do with the whole of it. What follows is said before each act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from carnet.documents.changing import NotThere
from carnet.kernel import clock
from carnet.records.life import NotDone, Standing
from carnet.records.rules import ERASED_AFTER, Act, RecordState, fault
from carnet.rights import life
from carnet.web.about import about
from carnet.web.auth.stepup import proof_of_now
from carnet.web.i18n import gettext
from carnet.web.life_words import done_sentence
from carnet.web.patient import asking, welcoming
from carnet.web.patient.first_question import START
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form, patient_page
from carnet.web.render import page
from carnet.web.sent_twice import once
from carnet.web.words import marked

HOME: Final = "/carnet"
ACTS: Final = {
    "fermer": Act.CLOSE,
    "rouvrir": Act.REOPEN,
    "effacer": Act.ASK_ERASING,
    "garder": Act.WITHDRAW_ERASING,
    "creer": Act.CREATE,
    "refuser": Act.OPPOSE,
}
"""Each act by its word in addresses."""


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    button: str
    icon: str
    follows: tuple[str, ...]


_WORDS: Final = {
    "fermer": _Words(
        marked("Fermer mon carnet"),
        marked("Fermer mon carnet"),
        "lock",
        (
            marked("Plus personne ne l'ouvre : ni vous, ni vos soignants, ni les urgences."),
            marked("Plus rien n'y est déposé : ce qui manquera ne sera pas rattrapé."),
            marked("Son contenu est gardé dix ans, illisible, puis effacé."),
            marked("Vous pouvez le rouvrir quand vous voulez pendant ces dix ans, avec son contenu et vos réglages."),
            marked("Vos soins et vos remboursements restent les mêmes."),
        ),
    ),
    "rouvrir": _Words(
        marked("Rouvrir mon carnet"),
        marked("Rouvrir mon carnet"),
        "key",
        (
            marked("Vous retrouvez tout ce qu'il contenait, et vos réglages de confidentialité."),
            marked("Les soignants que vous aviez autorisés le voient de nouveau, si leur autorisation dure encore."),
            marked("Ce qui a été fait pendant qu'il était fermé n'y est pas."),
            marked("Si vous aviez demandé son effacement, cette demande est annulée."),
        ),
    ),
    "effacer": _Words(
        marked("Effacer mon carnet"),
        marked("Demander l'effacement"),
        "trash",
        (
            marked("Votre carnet est fermé aussitôt. Plus personne ne l'ouvre et plus rien n'y est déposé."),
            marked(
                "Il est effacé pour toujours dans trente jours : personne ne pourra le faire revenir, pas même nous."
            ),
            marked("Jusque-là, vous pouvez changer d'avis ici."),
            marked("Vos soignants gardent leurs propres dossiers."),
            marked("Restent, sans rien sur votre santé : qui a ouvert ce carnet et quand, comme la loi le demande."),
        ),
    ),
    "garder": _Words(
        marked("Ne plus effacer mon carnet"),
        marked("Le garder fermé"),
        "arrow-back-up",
        (
            marked("Votre demande d'effacement est annulée."),
            marked("Votre carnet reste fermé et illisible, dix ans après sa fermeture, puis il est effacé."),
            marked("Vous pouvez le rouvrir pendant ce temps."),
        ),
    ),
    "creer": _Words(
        marked("Demander mon carnet"),
        marked("Créer mon carnet"),
        "circle-check",
        (
            marked("Votre carnet est créé, vide. Vos soignants pourront y déposer des documents."),
            marked("Personne ne le lit sans votre accord, sauf en urgence si vous le laissez possible."),
            marked("Vous pourrez le fermer à tout moment."),
        ),
    ),
    "refuser": _Words(
        marked("Refuser mon carnet"),
        marked("Refuser mon carnet"),
        "lock",
        (
            marked("Votre carnet ne s'ouvre pas, et rien sur votre santé n'est conservé ici."),
            marked("Vous n'avez pas à dire pourquoi. Vos soins et vos remboursements restent les mêmes."),
            marked("Vous pouvez changer d'avis quand vous voulez, ici ou à un guichet."),
        ),
    ),
}
_NOW: Final = marked("Ouvrir mon carnet maintenant")
_SAFEST_FIRST: Final = ("rouvrir", "garder", "creer", "refuser", "fermer", "effacer")


@dataclass(frozen=True, slots=True)
class _Way:
    href: str
    text: str
    icon: str


@patient_page()
def record(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = _found(visit)
    said = request.GET.get("fait", "")
    context = _context(found) | {
        "ways": [
            _Way(f"{HOME}/{word}", about(_title(found, word)), _WORDS[word].icon)
            for word in _SAFEST_FIRST
            if _may(found, word, visit)
        ],
        "receipts": [(each, done_sentence(each.act)) for each in found.receipts],
        "done": done_sentence(ACTS[said]) if said in ACTS else "",
        "undo": "rouvrir" if said in {"fermer", "effacer"} and _may(found, "rouvrir", visit) else "",
    }
    return page(request, "patient/life.html", context)


@once
@patient_form(grown=True)
@proof_of_now(lambda word: word)
def act(request: HttpRequest, visit: Visit, word: str) -> HttpResponse:
    """What follows; sent, it is done. An act that is not to be done now leads back to the state."""
    if word not in ACTS:
        raise NotThere
    found = _found(visit)
    if not _may(found, word, visit):
        return done(HOME)
    if request.method != "POST":
        return _asked(request, visit, found, word)
    answer, unsaid = asking.answered(request, visit) if word == "fermer" else (None, [])
    if unsaid:
        return _asked(request, visit, found, word, unsaid)
    if word == "effacer" and "certain" not in request.POST:
        error = gettext("Cochez la case si c'est bien ce que vous voulez")
        return _asked(request, visit, found, word, [("certain", error)])
    asking.note(visit, answer)
    try:
        life.act(visit.actor, record_id=visit.record_id, act=ACTS[word], purpose=visit.purpose)
    except NotDone:
        return done(HOME)
    if word == "creer":
        welcoming.begin(request)
        return done(START)
    return done(f"{HOME}?fait={word}")


def _title(found: Standing, word: str) -> str:
    """What is to open by itself is not asked for, but opened sooner."""
    sooner = word == "creer" and found.life.state is RecordState.INFORMED
    return _NOW if sooner else _WORDS[word].title


def _found(visit: Visit) -> Standing:
    try:
        return life.standing(visit.actor, visit.record_id, purpose=visit.purpose)
    except NotDone:
        raise NotThere from None


def _may(found: Standing, word: str, visit: Visit) -> bool:
    act = ACTS[word]
    mine = act in life.ACTS.get(visit.purpose, frozenset())
    return mine and fault(found.life, act, life.who(visit.purpose), clock.now()) is None


def _asked(
    request: HttpRequest, visit: Visit, found: Standing, word: str, errors: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    words = _WORDS[word]
    context = _context(found) | {
        "word": word,
        "words": words,
        "title": about(_title(found, word)),
        "button": about(words.button),
        "follows": [about(each) for each in words.follows],
        "errors": list(errors),
        "day": clock.now() + ERASED_AFTER,
    }
    asked = asking.context(visit, request.POST.get(asking.FIELD, "")) if word == "fermer" else asking.NOTHING
    context |= asked
    return page(request, "patient/life_act.html", context, status=422 if errors else 200)


def _context(found: Standing) -> dict[str, Any]:
    """A record that cannot be opened is shown without the way to its pages."""
    is_open = found.life.state.open
    left = found.life.erase_at - clock.now() if found.life.erase_at else timedelta()
    return {
        "section": "life",
        "layout": "patient/base.html" if is_open else "plain.html",
        "standing": found,
        "life": found.life,
        "states": RecordState,
        "left": max(left.days, 0),
    }
