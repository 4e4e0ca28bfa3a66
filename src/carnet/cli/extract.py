"""`carnet extract`: reads documents, their text for search and their entries for the structured record, where the
worker has not, or a better extractor may."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from carnet.kernel import context, database
from carnet.kernel.config import Config

NAME: Final = "extract"
HELP: Final = "lit les documents (texte et données structurées) ; après une mise à jour, relit ce qui peut l'être mieux"
DATABASE: Final = "owner"
DEMO_ONLY: Final = False

_TOLD_EVERY = 1000


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="relit tout, même ce que cette version a déjà lu")


def run(args: Namespace, config: Config) -> int:
    from carnet.documents import extracting
    from carnet.health import reading

    with context.use("cli"):
        texts = _each(_texts(config, anew=args.all), extracting.extract)
        print(f"Textes lus : {_so_many(texts)}.", flush=True)
        entries = _each(_entries(config, anew=args.all), reading.read_record)
        print(f"Données structurées lues : {_so_many(entries)}.", flush=True)
    return 0


def _each(found: list[UUID], read: Callable[[UUID], bool]) -> int:
    for number, record_id in enumerate(found, 1):
        while read(record_id):
            pass
        if number % _TOLD_EVERY == 0:
            print(f"{number} carnets sur {len(found)}", flush=True)
    return len(found)


def _so_many(records: int) -> str:
    return f"{records} {'carnets' if records > 1 else 'carnet'}"


def _texts(config: Config, *, anew: bool) -> list[UUID]:
    from carnet.documents.texts import EXTRACTOR

    return _outdated(config, "carnet.documents", "text.sql", (EXTRACTOR,), anew=anew)


def _entries(config: Config, *, anew: bool) -> list[UUID]:
    from carnet.health.reading import CDA, EXTRACTOR, FHIR

    return _outdated(config, "carnet.health", "queries.sql", ([*CDA, *FHIR], EXTRACTOR), anew=anew)


def _outdated(config: Config, package: str, file: str, asked: tuple[Any, ...], *, anew: bool) -> list[UUID]:
    """Only the owner sees which records there are; what is in them is read as the worker reads it."""
    from carnet.kernel.db import statements

    sql = statements(package, file)
    with database.connect(config, "owner") as owner:
        if anew:
            owner.execute(sql["forget"])
            owner.commit()
        return [row[0] for row in owner.execute(sql["outdated"], asked).fetchall()]
