"""What the form of a deposit proposes, and from what it knows it: each proposal is told as one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from carnet.documents import writing
from carnet.documents.drafts import Draft
from carnet.documents.proposal import propose
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


def proposed(fields: Fields, draft: Draft, actor: Actor) -> tuple[Fields, Mapping[str, str]]:
    """The fields with what the file tells in the empty ones, and why each of these says what it does."""
    told = propose(_name(draft), "", i18n.today())
    kind = _type(draft, actor) if not fields.type_code else TypeProposal()
    chosen = document_types.by_code(kind.code or fields.type_code)
    why: dict[str, str] = {}
    if kind.code:
        why["type"] = gettext(_WHY[kind.why])
    own = _HANGING.sub("", told.title)
    title = own or (words.document_type(chosen.display) if chosen else "")
    if title and not fields.title:
        why["titre"] = gettext(_NAME if own else _TYPE)
    if not fields.day:
        why["jour"] = gettext(_NAME if told.day else _TODAY)
    day = told.day or i18n.today()
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


def _type(draft: Draft, actor: Actor) -> TypeProposal:
    signature = people.signature(actor.id, actor.organisation)
    code, system = signature.profession if signature else ("", "")
    return propose_type(
        _name(draft), glimpse.words(draft.pieces[0]), writing.habits(actor), practice.type_of(system, code)
    )
