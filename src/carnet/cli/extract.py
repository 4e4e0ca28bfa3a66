"""`carnet extract`: reads the text of documents for search, where the worker has not, or a better extractor may."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final
from uuid import UUID

from carnet.kernel import context, database
from carnet.kernel.config import Config

NAME: Final = "extract"
HELP: Final = "lit le texte des documents pour la recherche ; après une mise à jour, relit ce qui peut l'être mieux"
DATABASE: Final = "owner"
DEMO_ONLY: Final = False

_TOLD_EVERY = 1000


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="relit tout, même ce que cette version a déjà lu")


def run(args: Namespace, config: Config) -> int:
    from carnet.documents import extracting

    found = _records(config, anew=args.all)
    with context.use("cli"):
        for number, record_id in enumerate(found, 1):
            while extracting.extract(record_id):
                pass
            if number % _TOLD_EVERY == 0:
                print(f"{number} carnets sur {len(found)}", flush=True)
    print(f"Textes lus : {len(found)} {'carnets' if len(found) > 1 else 'carnet'}.", flush=True)
    return 0


def _records(config: Config, *, anew: bool) -> list[UUID]:
    """Only the owner sees which records there are; what is in them is read as the worker reads it."""
    from carnet.documents.texts import EXTRACTOR
    from carnet.kernel.db import statements

    sql = statements("carnet.documents", "text.sql")
    with database.connect(config, "owner") as owner:
        if anew:
            owner.execute(sql["forget"])
            owner.commit()
        return [row[0] for row in owner.execute(sql["outdated"], (EXTRACTOR,)).fetchall()]
