"""A stored DocumentReference or List, read back into what it was written from: as much of it as it is found by."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import orjson

from carnet.formats.entry import Author, DocumentEntry
from carnet.formats.fhir import read_list, read_relations, read_subject
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.read_metadata import MetadataReader
from carnet.formats.fhir.write_people import UNKNOWN_NAME
from carnet.formats.submission import Folder, SubmissionSet

__all__ = ["Stored", "read", "read_folder", "read_set"]


class Stored(NamedTuple):
    """`replaces_id` is the FHIR id of the entry that this one says it replaces. The visibility and the archiving are
    the row's to say."""

    entry: DocumentEntry
    replaces_id: str | None


def read(text: str) -> Stored:
    """`text` is what `write_document` wrote, perhaps of an earlier version of Carnet, so that nothing in it is a
    problem."""
    root = Node(orjson.loads(text), "DocumentReference", Problems())
    reader = MetadataReader.of(root, strict=False)
    identified, literal = read_relations.replaced(root)
    entry = reader.entry(read_subject.read(root, reader.contained), identified)
    authors = tuple(map(_without_filler, entry.authors))
    return Stored(replace(entry, authors=authors), literal[0] if literal else None)


def read_set(text: str) -> SubmissionSet:
    """Of a stored submission set."""
    metadata, _ = read_list.set_metadata(_list(text), strict=False)
    return replace(metadata, author=_without_filler(metadata.author)) if metadata.author else metadata


def read_folder(text: str) -> Folder:
    """Of a stored folder."""
    return read_list.folder_metadata(_list(text), strict=False)[0]


def _list(text: str) -> Node:
    return Node(orjson.loads(text), "List", Problems())


def _without_filler(author: Author) -> Author:
    """What the writer says in the place of an author who is not known is nobody's name."""
    return replace(author, family="") if author.family == UNKNOWN_NAME and not author.identifier else author
