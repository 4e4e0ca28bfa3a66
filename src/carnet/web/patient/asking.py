"""« Qu'en dit votre enfant ? »: asked of a parent before an act that weighs, from the age of `records.ages` on."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest

from carnet.consent import asking
from carnet.consent.asking import Answer
from carnet.kernel.actor import Purpose
from carnet.web.i18n import gettext, today
from carnet.web.patient.visit import Visit
from carnet.web.words import marked

FIELD: Final = "enfant"
NOTHING: Final[dict[str, Any]] = {"child_answers": {}}
"""The context of a form in which nothing is asked."""
_WORDS: Final = {
    Answer.AGREES: marked("Il ou elle est d'accord"),
    Answer.AGAINST: marked("Il ou elle n'est pas d'accord"),
    Answer.UNASKED: marked("Je n'ai pas pu le lui demander"),
}


def context(visit: Visit, sent: str = "") -> dict[str, Any]:
    """For the template `patient/child_asked.html`; nothing to ask where it does not apply."""
    if not applies(visit):
        return NOTHING
    return {"child_answers": {each.value: gettext(words) for each, words in _WORDS.items()}, "child_said": sent}


def applies(visit: Visit) -> bool:
    cover = visit.cover
    if visit.purpose is not Purpose.REPRESENTATIVE or cover is None:
        return False
    return asking.is_asked(cover.birth_date, today())


def answered(request: HttpRequest, visit: Visit) -> tuple[Answer | None, list[tuple[str, str]]]:
    """What was sent, and what to mend."""
    if not applies(visit):
        return None, []
    said = request.POST.get(FIELD, "")
    if said not in set(Answer):
        return None, [(FIELD, gettext("Dites ce qu'en dit votre enfant, ou que vous n'avez pas pu le lui demander"))]
    return Answer(said), []


def note(visit: Visit, answer: Answer | None) -> None:
    if answer is not None:
        asking.note_answer(visit.actor, visit.purpose, record_id=visit.record_id, answer=answer)
