"""For whom a professional acts, in words."""

from __future__ import annotations

from typing import Final

from carnet.kernel.actor import Actor
from carnet.people import queries as people
from carnet.people.queries import Principal
from carnet.web.i18n import gettext
from carnet.web.patient.privacy_words import last_day
from carnet.web.words import marked

_ENDLESS: Final = {
    "locum": marked("Vous remplacez : %(who)s."),
    "resident": marked("Vous êtes interne auprès de : %(who)s."),
    "assistant": marked("Vous assistez : %(who)s."),
    "secretary": marked("Vous travaillez pour : %(who)s."),
}
_DATED: Final = {
    "locum": marked("Vous remplacez : %(who)s, jusqu'au %(day)s."),
    "resident": marked("Vous êtes interne auprès de : %(who)s, jusqu'au %(day)s."),
    "assistant": marked("Vous assistez : %(who)s, jusqu'au %(day)s."),
    "secretary": marked("Vous travaillez pour : %(who)s, jusqu'au %(day)s."),
}


def of(actor: Actor) -> list[str]:
    return [_sentence(each) for each in people.principals(actor.id)]


def _sentence(principal: Principal) -> str:
    sentences = _DATED if principal.until else _ENDLESS
    day = last_day(principal.until) if principal.until else ""
    return gettext(sentences.get(principal.kind, sentences["assistant"])) % {"who": principal.name, "day": day}
