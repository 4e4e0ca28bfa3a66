"""`carnet reindex`: what stored documents are found by, made anew from their metadata."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from carnet.cli.errors import CommandError
from carnet.kernel import context
from carnet.kernel.config import Config

NAME: Final = "reindex"
HELP: Final = "refait l'index de recherche des documents (après une mise à jour qui le demande)"
DATABASE: Final = "app"
DEMO_ONLY: Final = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "record", nargs="?", metavar="CARNET", help="identifiant du carnet, INS, ou clé ; tous les carnets par défaut"
    )


def run(args: Namespace, config: Config) -> int:
    from carnet.documents.reindexing import reindex

    records = documents = changed = 0
    with context.use("cli"):
        for record_id in _records(args.record):
            done = reindex(record_id)
            records, documents, changed = records + 1, documents + done.documents, changed + done.changed
    print(f"Carnets : {records} ; documents : {documents} ; index refaits : {changed}.")
    return 0


def _records(text: str | None) -> Iterable[UUID]:
    from carnet.documents.reindexing import records
    from carnet.people.queries import find_record

    if text is None:
        return records()
    record_id = find_record(text)
    if record_id is None:
        raise CommandError(f"Aucun carnet ne répond à « {text} ».")
    return (record_id,)
