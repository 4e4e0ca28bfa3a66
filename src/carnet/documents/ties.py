"""What ties a document to an act: by it a later document is known to belong to what a minor, or a protected
adult, keeps secret. Pure.

A visit is kept from the parents; the analyses that it ordered come a week later, from a laboratory that knows of no
secret. What refers to the visit, to its order or to its document is held secret by itself; what only names the
professional of the visit as the one who asked for it waits for its depositor to say (R1111-50; L1111-5).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from carnet.formats import rpps
from carnet.formats.entry import DocumentEntry, Identifier

SUSPICION: Final = timedelta(days=90)
"""How long after a secret act what its professional asked for may belong to it."""


def ties(entry: DocumentEntry) -> frozenset[str]:
    """The act, the order and the documents that this one names, itself among them."""
    named = [reference.identifier for reference in entry.references]
    if entry.encounter:
        named.append(entry.encounter)
    documents = (entry.unique_id, *entry.replaces)
    return frozenset({_name("act", each) for each in named} | {f"document {each}" for each in documents})


def asked_by(entry: DocumentEntry) -> frozenset[str]:
    """The professionals who asked for the act."""
    return frozenset(_name("professional", each) for each in entry.referrers)


def written_by(entry: DocumentEntry) -> frozenset[str]:
    """The professionals whose later requests may betray this document."""
    numbers = (author.identifier for author in entry.authors)
    return frozenset(_name("professional", each) for each in numbers if each and each.system == rpps.PROFESSIONAL_OID)


def _name(kind: str, identifier: Identifier) -> str:
    return f"{kind} {identifier.system}|{identifier.value}"
