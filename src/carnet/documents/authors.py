"""The author of a document as the house knows him, and as a list shows him."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from carnet.formats import rpps
from carnet.formats.entry import Author
from carnet.people import queries as people

RELATIONS: Final = {"parent": "parent", "guardian": "tuteur", "carer": "aidant"}
_ADDED: Final = re.compile(rf"(.+) \(({'|'.join(RELATIONS.values())})\)")
_TITLES = {"DR": "Dr", "DOCTEUR": "Dr", "PR": "Pr", "PROFESSEUR": "Pr"}


def author_of(authors: Sequence[Author]) -> UUID | None:
    """The first author whom the directory knows: a professional keeps sight of what he wrote."""
    for author in authors:
        if author.identifier and author.identifier.system == rpps.PROFESSIONAL_OID:
            try:
                national = rpps.professional(author.identifier.value)
            except rpps.RppsError:
                continue
            known = people.professional_of_rpps(national.number) if national.kind == "RPPS" else None
            if known:
                return known
    return None


def label_of(author: Author) -> str:
    """ "Dr Charles Boileau": the title if there is one, never the civility. "Paul Durand (parent)", who added it."""
    if author.relation:
        return f"{author.family} ({RELATIONS[author.relation]})"
    title = _TITLES.get(author.suffix.upper().rstrip("."), "")
    name = " ".join(part for part in (title, author.given, author.family) if part)
    return name or author.device


def added_by(label: str) -> tuple[str, str] | None:
    """Name and relation, of the label of who added something for the patient; None for any other author's."""
    found = _ADDED.fullmatch(label)
    if found is None:
        return None
    return found[1], next(name for name, said in RELATIONS.items() if said == found[2])
