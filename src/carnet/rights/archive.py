"""The export of a record: the originals byte for byte, what is known of them as FHIR, the trail, what the person
chose, and a page that leads through it without a network."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

import orjson
from django.conf import settings
from django.utils.module_loading import import_string

from carnet.consent.trail import TrailLine
from carnet.kernel import clock, vault
from carnet.kernel.db import Permit
from carnet.kernel.ids import fhir_id
from carnet.rights import chosen, guide, reading
from carnet.rights.names import Names
from carnet.rights.reading import Document
from carnet.rights.zipping import File, Zip

_FORMAT: Final = "carnet-export-1"
_PHOTOS: Final = "photos/"
_CHUNK: Final = 64 * 1024
_COLUMNS: Final = (
    "quand",
    "en clair",
    "qui",
    "organisation",
    "logiciel",
    "qualité",
    "motif",
    "acte",
    "issue",
    "objet",
    "document",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A document in the export; `path` is "" when its file is missing from the store, `masked` says from professionals
    by what (`rights.reading.Document`)."""

    id: str
    path: str
    title: str
    type: str
    status: str
    masked: tuple[str, ...]
    date: str
    size: int
    sha256: str


@dataclass(slots=True)
class Archive:
    """Streams once; `documents` and `lacking` are known when the stream has ended. `reader` is whose copy it is, when
    somebody else makes it for them."""

    permit: Permit
    reader: UUID | None = None
    at: datetime = field(default_factory=clock.now)
    kept: list[Kept] = field(default_factory=list)
    copied: list[UUID] = field(default_factory=list)
    lost: int = 0
    _zip: Zip = field(default_factory=Zip)

    @property
    def lacking(self) -> int:
        """How many files are missing from the store."""
        return sum(not each.path for each in self.kept) + self.lost

    def stream(self) -> Iterator[bytes]:
        return self._zip.stream(self._files())

    def _files(self) -> Iterator[File]:
        name, patient = reading.holder(self.permit)
        yield File("fhir/Patient.json", self.at, [patient])
        names = Names()
        for document in reading.documents(self.permit):
            yield from self._document(document, names)
        yield from self._pictures()
        for identifier, text in reading.lists(self.permit):
            yield File(f"fhir/List-{identifier}.json", self.at, [text])
        yield from self._entries()
        yield File("journal.csv", self.at, _journal_csv(self._lines()))
        yield File("journal.json", self.at, _journal_json(self._lines()))
        yield File("choix.json", self.at, [chosen.choices(self.permit)])
        photos = any(each.path.startswith(_PHOTOS) for each in self._zip.written)
        yield File("LISEZMOI.html", self.at, [guide.page(name, self.at, self.kept, photos=photos)])
        yield File("manifest.json", self.at, [self._manifest()])

    def _document(self, document: Document, names: Names) -> Iterator[File]:
        identifier = fhir_id(self.permit.record_id, document.id)
        yield File(f"fhir/DocumentReference-{identifier}.json", document.deposited_at, [document.fhir.encode()])
        path = f"originals/{names.of(document.title, document.at, document.media_type)}"
        try:
            parts = vault.open(document.blob_id, self.permit.record_id)
        except vault.ContentFault:
            path = ""
        else:
            yield File(path, document.deposited_at, parts)
        self.copied.append(document.id)
        self.kept.append(
            Kept(
                id=identifier,
                path=path,
                title=document.title,
                type=document.type_label,
                status=document.status,
                masked=document.masked,
                date=document.at.isoformat(),
                size=document.size,
                sha256=document.sha256,
            )
        )

    def _pictures(self) -> Iterator[File]:
        names = Names()
        for picture in reading.pictures(self.permit):
            path = f"{_PHOTOS}{names.of(picture.title, picture.at, picture.media_type)}"
            try:
                parts = vault.open(picture.blob_id, self.permit.record_id)
            except vault.ContentFault:
                self.lost += 1
            else:
                yield File(path, picture.deposited_at, parts)

    def _entries(self) -> Iterator[File]:
        """One line for each entry, a file for each type, and where they are from."""
        for name, lines in reading.entries(self.permit):
            first = next(lines, None)
            if first is not None:
                yield File(f"fhir/{name}.ndjson", self.at, chain([first], lines))

    def _lines(self) -> Iterator[dict[str, str]]:
        in_words = import_string(settings.TRAIL_IN_WORDS)
        own = self.reader or self.permit.actor.id
        for line in reading.lines(self.permit, self.at):
            yield {"quand": line.at.isoformat(), "en clair": in_words(line, own)} | _told(line)

    def _manifest(self) -> bytes:
        return orjson.dumps(
            {
                "format": _FORMAT,
                "made_at": self.at,
                "documents": [asdict(each) for each in self.kept],
                "files": [asdict(each) for each in self._zip.written],
            },
            option=orjson.OPT_INDENT_2,
        )


def _told(line: TrailLine) -> dict[str, str]:
    return {
        "qui": line.actor_name or "Un logiciel de soins",
        "organisation": line.organisation_name,
        "logiciel": line.software,
        "qualité": line.capacity,
        "motif": line.purpose,
        "acte": line.action,
        "issue": line.outcome,
        "objet": line.target_kind,
        "document": line.title or "",
    }


def _journal_csv(lines: Iterator[dict[str, str]]) -> Iterator[bytes]:
    """As spreadsheets of France open it: semicolons, and a mark that says UTF-8."""
    yield b"\xef\xbb\xbf"
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, delimiter=";")
    writer.writeheader()
    for line in lines:
        writer.writerow({name: _harmless(value) for name, value in line.items()})
        if out.tell() >= _CHUNK:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _harmless(value: str) -> str:
    """A title that begins as a formula does must not be one where the file is opened."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t"} else value


def _journal_json(lines: Iterator[dict[str, str]]) -> Iterator[bytes]:
    yield b"["
    for number, line in enumerate(lines):
        yield (b",\n" if number else b"\n") + orjson.dumps(line)
    yield b"\n]\n"
