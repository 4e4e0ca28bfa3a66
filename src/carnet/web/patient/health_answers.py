"""One question of a section of « Ma santé », answered: that there is none, that one does not know, or which of them.
Kept at once, as the person's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from carnet.formats.clinical.model import Entry
from carnet.health import profile as health
from carnet.health import stating
from carnet.health.sections import KINDS, Section
from carnet.health.standing import told_unknown
from carnet.health.treatments import entry_of
from carnet.web.i18n import gettext
from carnet.web.patient.health import answer_line, own_answer, step_question
from carnet.web.patient.health_adding import keeps_secret
from carnet.web.patient.health_form import LONGEST, absence, simple
from carnet.web.patient.visit import Visit

NONE: Final = "aucun"
UNSURE: Final = "inconnu"
SOME: Final = "oui"
_MOST: Final = 20
_BETWEEN: Final = re.compile(r"\n|[,;]\s+(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Answer:
    """As it stands in the form: `said` is NONE, UNSURE, SOME, or "" where nothing was chosen."""

    said: str = ""
    which: str = ""
    secret: str = ""


def answers_before(visit: Visit, sections: Sequence[Section]) -> dict[Section, str]:
    """Where the person said that there is none, or that they do not know; "" for the others."""
    kinds = [kind for each in sections for kind in KINDS[each]]
    told = health.told(visit.actor, visit.purpose, visit.record_id, kinds)
    found: dict[Section, str] = dict.fromkeys(sections, "")
    for each in sections:
        line = answer_line(told, each)
        entry = entry_of(line) if line else None
        if entry is not None:
            found[each] = UNSURE if told_unknown(entry) else NONE
    return found


def wrong(answer: Answer) -> str:
    """What to mend in the lines; "" for an answer that can be kept."""
    if answer.said in {NONE, UNSURE} and answer.which.strip():
        return gettext("Choisissez « Oui », ou effacez ces lignes : votre réponse dit le contraire")
    if answer.said != SOME:
        return ""
    names = names_in(answer.which)
    if not names:
        return gettext("Écrivez au moins une ligne")
    if len(names) > _MOST or any(len(each) > LONGEST for each in names):
        return gettext("Écrivez %(most)s lignes au plus, chacune courte") % {"most": _MOST}
    return ""


def keep(visit: Visit, section: Section, answer: Answer) -> None:
    """Of an answer that is not wrong."""
    if answer.said == SOME:
        named = {each: simple(section, each) for each in names_in(answer.which)}
        _state(visit, section, named.items(), answer.secret)
    elif answer.said in {NONE, UNSURE}:
        _state(visit, section, [("", absence(section, unsure=answer.said == UNSURE))], answer.secret)


def answered(visit: Visit, steps: Sequence[str], *, secret: str) -> None:
    """The first filling asks these no more. What was answered in secret is known by a key that says nothing to
    others."""
    asked = {"record_id": visit.record_id}
    if not keeps_secret(visit, secret):
        health.answered(visit.actor, visit.purpose, **asked, steps=steps)
        return
    for each in steps:
        health.dismiss(visit.actor, visit.purpose, **asked, question=step_question(each), secret=True)


def _state(visit: Visit, section: Section, entries: Iterable[tuple[str, Entry]], secret: str) -> None:
    """In the place of what was answered before: of that, the mask and the secret last.
    What is named is said once, however often the form is sent."""
    told = health.told(visit.actor, visit.purpose, visit.record_id, KINDS[section])
    before = own_answer(told, section)
    was = told.said.get(before) if before else None
    for name, entry in entries:
        stating.state(
            visit.actor,
            visit.purpose,
            record_id=visit.record_id,
            entry=entry,
            masked=bool(was and was.masked),
            secret=keeps_secret(visit, secret) or bool(was and was.secret),
            instead_of=before,
            sending=uuid5(NAMESPACE_URL, f"urn:carnet:answer:{section.value}:{name}") if name else None,
        )
        before = None


def names_in(text: str) -> list[str]:
    """One a line, or several on one, apart by « , » or « ; ». What a number follows is of the same: « 37,5 » is a
    dose, « Infarctus, 2010 » a year."""
    return list(dict.fromkeys(filter(None, (" ".join(each.split()) for each in _BETWEEN.split(text)))))
