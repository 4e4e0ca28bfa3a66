"""What the form of a deposit proposes, and from what it knows it: each proposal is told as one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from carnet.documents import writing
from carnet.documents.drafts import Draft
from carnet.documents.proposal import propose
from carnet.documents.text_date import text_date
from carnet.documents.type_proposal import TypeProposal, Why, propose_type
from carnet.formats.terminology import document_types, practice
from carnet.kernel.actor import Actor
from carnet.people import queries as people
from carnet.web import i18n, words
from carnet.web.i18n import gettext
from carnet.web.patient import glimpse
from carnet.web.pro.deposit_form import LONGEST_TITLE, Fields
from carnet.web.words import marked

__all__ = ["pasted_name", "placed", "proposed"]

_WHY: Final = {
    Why.NAME: marked("Proposé d'après le nom du fichier : vérifiez"),
    Why.WORDS: marked("Proposé d'après le texte du fichier : vérifiez"),
    Why.HABIT: marked("Proposé d'après vos dépôts : vérifiez"),
    Why.PROFESSION: marked("Proposé d'après votre profession : vérifiez"),
}
_NAME: Final = marked("Proposé d'après le nom du fichier : vérifiez")
_TYPE: Final = marked("Proposé d'après le type : vérifiez")
# What a date leaves behind: "Ordonnance du".
_HANGING: Final = re.compile(r"(?:\s+(?:du|de|le|la|les|au|en|pour))+$", re.IGNORECASE)
_TODAY: Final = marked("Proposé : aujourd'hui. Vérifiez")


def placed(fields: Fields, actor: Actor) -> Fields:
    """Where they practise, in what is empty."""
    signature = people.signature(actor.id, actor.organisation)
    if signature is None:
        return fields
    code, system = signature.profession
    where = practice.place(system, code, signature.organisation_name)
    return replace(fields, facility=fields.facility or where.facility, setting=fields.setting or where.setting)


def proposed(fields: Fields, draft: Draft, actor: Actor, born: str) -> tuple[Fields, Mapping[str, str]]:
    """The fields with what the file tells in the empty ones, and why each of these says what it does. `born`: the
    holder's birth date, which no document is of."""
    told = propose(_name(draft), "", i18n.today())
    text = glimpse.words(draft.pieces[0]) if not (fields.type_code and fields.day) else ""
    kind = _type(draft, text, actor) if not fields.type_code else TypeProposal()
    chosen = document_types.by_code(kind.code or fields.type_code)
    why: dict[str, str] = {}
    if kind.code:
        why["type"] = gettext(_WHY[kind.why])
    own = _HANGING.sub("", told.title)
    title = own or (words.document_type(chosen.display) if chosen else "")
    if title and not fields.title:
        why["titre"] = gettext(_NAME if own else _TYPE)
    named, written = told.day, text_date(text, i18n.today(), born)
    if not fields.day:
        why["jour"] = gettext(_NAME if named else _WHY[Why.WORDS] if written else _TODAY)
    day = named or written or i18n.today()
    filled = replace(
        fields,
        type_code=fields.type_code or kind.code,
        title=fields.title or title[:LONGEST_TITLE],
        day=fields.day or f"{day.day} {day.month} {day.year}",
    )
    return filled, why


def _name(draft: Draft) -> str:
    """What was pasted has a name of ours, which tells nothing."""
    name = draft.pieces[0].name
    return "" if name == pasted_name() else name


def pasted_name() -> str:
    return gettext("Texte collé") + ".txt"


def _type(draft: Draft, text: str, actor: Actor) -> TypeProposal:
    signature = people.signature(actor.id, actor.organisation)
    code, system = signature.profession if signature else ("", "")
    return propose_type(_name(draft), text, writing.habits(actor), practice.type_of(system, code))
