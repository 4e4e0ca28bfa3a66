"""The text of a document, as it is kept for search: pages, cut into passages, and their folded words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from carnet.formats import folding
from carnet.formats.cda.body import attachments, read_file
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.xml import Source, parse
from carnet.formats.terminology import document_types
from carnet.formats.text import MOST, TextError, extract, of_cda
from carnet.kernel import render

EXTRACTOR: Final = 2
"""To be raised with every change of what is read or of what a word is: `carnet extract` then reads everything again."""

_KNOWN_RUNS: Final = 20_000
_PDF: Final = "application/pdf"
_MOST_ATTACHED: Final = 5
_CDA: Final = frozenset({"text/xml", "application/xml", "application/xslt+xml"})
# Some 1000 characters that end before a blank, lest a word be cut; or one longer run.
_PASSAGE: Final = re.compile(r"\S(?:.{0,998}\S)?(?=\s|\Z)|\S+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Read:
    """`fault`: the stable code of why there is no text, of `formats.text` or `kernel.render`."""

    pages: tuple[str, ...] = ()
    fault: str = ""


def read(data: bytes, media_type: str) -> Read:
    """A CDA of level 1 is read in the file that it carries; after the text of level 3 comes that of the PDF files
    inside it, on the one page that it is. Raises `render.Busy`."""
    try:
        return Read(_pages(data, media_type))
    except (TextError, CdaError, render.Unreadable) as error:
        return Read(fault=error.code)


def _pages(data: bytes, media_type: str) -> tuple[str, ...]:
    if media_type == _PDF:
        return render.texts(data)
    if media_type in _CDA:
        root = parse(data)
        file = read_file(root)
        if file:
            return _pages(file.data, file.media_type)
        return ("\n".join(filter(None, (of_cda(root), *_attached(root))))[:MOST],)
    return (extract(data, media_type),)


def _attached(document: Source) -> Iterator[str]:
    """One that cannot be read takes nothing from the others."""
    files = (each.data for each in attachments(document) if each.media_type == _PDF)
    for file in islice(files, _MOST_ATTACHED):
        with suppress(render.Unreadable):
            yield render.text(file)


def unread(document: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a document of which only the metadata are known, from its columns."""
    lock = {column: document[column] for column in (*_LOCK, *_HANDED) if column in document}
    return lock | _found_by(document, Read(), extractor=0)


def row(document: Mapping[str, Any], found: Read) -> dict[str, Any]:
    """What a reading changes in the row of a document. A title that the text begins with is in the heading already."""
    pages = (found.pages[0].removeprefix(f"{document['title']}\n"), *found.pages[1:]) if found.pages else ()
    return _found_by(document, Read(pages, found.fault), extractor=EXTRACTOR)


_LOCK: Final = ("record_id", "type_ordinal", "labels", "status", "depositor_id", "author_id")
_HANDED: Final = ("readers", "readers_until", "standing")


def _found_by(document: Mapping[str, Any], found: Read, *, extractor: int) -> dict[str, Any]:
    heading = words_of(heading_of(document))
    cut = [(number, passage) for number, page in enumerate(found.pages, 1) for passage in passages(page)]
    by_passage = [words_of([passage]) for _, passage in cut]
    return {
        "document_id": document["id"],
        "heading": line(heading),
        "words": line(heading.union(*by_passage)),
        "passages": [passage for _, passage in cut],
        "passage_words": [line(each) for each in by_passage],
        "passage_pages": [number for number, _ in cut],
        "extractor": extractor,
        "fault": found.fault,
    }


def heading_of(document: Mapping[str, Any]) -> Sequence[str]:
    kind = document_types.by_ordinal(document["type_ordinal"])
    about = (kind.display, kind.category_label) if kind else ()
    return (document["title"], document["author_label"], document["organisation_label"], *about)


def passages(page: str) -> list[str]:
    return _PASSAGE.findall(page)


def words_of(texts: Iterable[str]) -> set[str]:
    """No word goes over a blank: each run without one is folded by itself, and once."""
    runs = {run for text in texts for run in text.split()}
    return set[str]().union(*map(_words_of_run, runs))


@lru_cache(_KNOWN_RUNS)
def _words_of_run(run: str) -> frozenset[str]:
    """Documents say much with the same words."""
    return frozenset(word.folded for word in folding.words(run))


def line(words: Iterable[str]) -> str:
    """Each word between blanks, so that the whole word is found by looking for it between blanks."""
    return f" {' '.join(sorted(words))} "
