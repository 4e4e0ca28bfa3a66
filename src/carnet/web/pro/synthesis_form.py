"""One chapter of a summary as a form: what stands in it, what was sent, every fault told at its field. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from django.http import QueryDict

from carnet.formats.cda.build.vsm import Nothing, Part
from carnet.formats.cda.build.vsm import words as said
from carnet.formats.clinical.model import Entry, Treatment
from carnet.formats.entry import Coded
from carnet.health.synthesis_choices import ADDED, Added, Choices, Edit, dose_of, edited, entry_of
from carnet.health.synthesis_rules import Proposal
from carnet.web.i18n import gettext
from carnet.web.patient.health_words import WHOSE
from carnet.web.patient.moments import as_moment
from carnet.web.pro.synthesis_words import KEPT_FROM, VOICES

__all__ = ["LONGEST", "Row", "Typed", "entries_of", "read", "rows", "text_of", "typed_of"]

LONGEST: Final = 300
_LONGEST_REMARK: Final = 4000
_MOST_ADDED: Final = 100
_WORD: Final = re.compile(r"[^\W_]{2}")
Wrong = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A line that is proposed, as the form shows it. `text`: all that it says, in French, which is its source's."""

    key: str
    text: str
    kept: bool
    words: str
    note: str
    code: str
    coded: bool
    voice: str
    who: str
    restricted: tuple[str, ...]
    dose: str = ""
    has_dose: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """The line that is being added, as it stands in the form."""

    what: str = ""
    since: str = ""
    more: str = ""
    relation: str = ""


def rows(part: Part, proposed: Sequence[Proposal], choices: Choices) -> list[Row]:
    return [_row(each, choices.edits.get(each.fact)) for each in proposed if each.part is part]


def _row(proposal: Proposal, edit: Edit | None) -> Row:
    entry = edited(proposal.entry, edit)
    code = _code(proposal.entry)
    return Row(
        key=proposal.fact.hex,
        text=text_of(entry),
        kept=proposal.kept if edit is None else edit.kept,
        words=_name(entry),
        note=entry.note,
        code=f"{code.code} ({code.display})" if code and code.display else code.code if code else "",
        coded=edit.coded if edit else True,
        voice=gettext(VOICES[proposal.said_by]),
        who=said.source(proposal.entry),
        restricted=tuple(gettext(KEPT_FROM[each]) for each in sorted(proposal.restricted)),
        dose=dose_of(entry),
        has_dose=isinstance(entry, Treatment),
        changed=entry != proposal.entry,
    )


def entries_of(added: Sequence[Added]) -> list[Entry]:
    return [entry_of(each) for each in added]


def text_of(entry: Entry) -> str:
    """All that it says, in French."""
    return said.line(_named(entry))


def _named(entry: Entry) -> Entry:
    """A medicine by its product."""
    if isinstance(entry, Treatment) and entry.product.code:
        return replace(entry, code=entry.product.code)
    return entry


def _name(entry: Entry) -> str:
    return said.name(_named(entry))


def _code(entry: Entry) -> Coded | None:
    return next(iter(_named(entry).code.codings), None)


def read(
    part: Part, sent: QueryDict, proposed: Sequence[Proposal], choices: Choices, today: date
) -> tuple[Choices, Typed, list[Wrong]]:
    """The choices with what was sent, and what was typed of a line that cannot be added yet."""
    faults: list[Wrong] = []
    edits = {**choices.edits, **dict(_edits(part, sent, proposed, faults))}
    gone = {int(text) for text in sent.getlist("retirer") if text.isdecimal() and len(text) < len("1000")}
    own = [each for number, each in enumerate(choices.of(part)) if number not in gone]
    typed = typed_of(sent)
    added = _added(part, typed, today, faults)
    if added is not None and len(own) >= _MOST_ADDED:
        faults.append(
            ("quoi", gettext("Vous avez déjà écrit %(most)s lignes dans ce chapitre") % {"most": _MOST_ADDED})
        )
    elif added is not None:
        own.append(added)
        typed = Typed()
    remark = _lines(str(sent.get("remarque", "")))
    if len(remark) > _LONGEST_REMARK:
        faults.append(("remarque", _too_long(_LONGEST_REMARK)))
    others = tuple(each for each in choices.added if each.part is not part)
    made = Choices(
        edits,
        (*others, *own),
        {**choices.nothing, part: _nothing(sent)},
        {**choices.remarks, part: remark[:_LONGEST_REMARK]},
    )
    return made, typed, faults


def _edits(
    part: Part, sent: QueryDict, proposed: Sequence[Proposal], faults: list[Wrong]
) -> Iterator[tuple[UUID, Edit]]:
    """Of the lines that stood in the form, and are proposed still."""
    shown, kept = set(sent.getlist("ligne")), set(sent.getlist("garder"))
    for each in proposed:
        key = each.fact.hex
        if each.part is not part or key not in shown:
            continue
        words, note = _line(sent.get(f"mots-{key}", "")), _line(sent.get(f"note-{key}", ""))
        dose = _line(sent.get(f"dose-{key}", ""))
        for name, text in (("mots", words), ("note", note), ("dose", dose)):
            if len(text) > LONGEST:
                faults.append((f"{name}-{key}", _too_long(LONGEST)))
        if not _WORD.search(words):
            faults.append((f"mots-{key}", gettext("Écrivez quelques mots")))
            words = _name(each.entry)
        yield (
            each.fact,
            Edit(
                kept=key in kept,
                words=None if words == _name(each.entry) else words[:LONGEST],
                dose=None if dose == dose_of(each.entry) else dose[:LONGEST],
                note=None if note == _line(each.entry.note) else note[:LONGEST],
                coded=not _code(each.entry) or bool(sent.get(f"code-{key}", "")),
            ),
        )


def typed_of(sent: QueryDict) -> Typed:
    return Typed(*(_line(sent.get(name, "")) for name in ("quoi", "depuis", "plus", "lien")))


def _added(part: Part, typed: Typed, today: date, faults: list[Wrong]) -> Added | None:
    if part not in ADDED or typed == Typed():
        return None
    since = as_moment(typed.since, today)
    wrong = [
        ("quoi", "" if _WORD.search(typed.what) else gettext("Écrivez ce que vous ajoutez")),
        ("quoi", _too_long(LONGEST) if len(typed.what) > LONGEST else ""),
        ("plus", _too_long(LONGEST) if len(typed.more) > LONGEST else ""),
        (
            "depuis",
            "" if since is not None else gettext("Écrivez une date passée comme ceci : 2010, mars 2010 ou 12 3 2010"),
        ),
        ("lien", gettext("Choisissez de qui il s'agit") if part is Part.FAMILY and typed.relation not in WHOSE else ""),
    ]
    found = [(name, text) for name, text in wrong if text]
    faults += found
    if found or since is None:
        return None
    return Added(part, typed.what, since, typed.more, typed.relation, WHOSE.get(typed.relation, ""))


def _nothing(sent: QueryDict) -> Nothing | None:
    found = str(sent.get("rien", ""))
    return Nothing(found) if found in {each.value for each in Nothing} else None


def _too_long(most: int) -> str:
    return gettext("Écrivez %(most)s caractères au plus") % {"most": most}


def _line(text: object) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in str(text)).split())


def _lines(text: str) -> str:
    """A remark is one paragraph: CDA has no line in it."""
    return _line(text)
