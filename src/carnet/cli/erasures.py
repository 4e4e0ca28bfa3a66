"""`carnet erasures`: what had been erased, and a restoration made without `carnet restore` brought back, is erased
again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from carnet.cli.errors import CommandError
from carnet.kernel import database
from carnet.kernel.config import Config

NAME: Final = "erasures"
HELP: Final = "efface de nouveau ce qu'une restauration faite sans « carnet restore » a ramené"
DATABASE: Final = "owner"
DEMO_ONLY: Final = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--log", type=Path, metavar="FICHIER", help="copie de erasures.log gardée ailleurs")


def run(args: Namespace, config: Config) -> int:
    from carnet.kernel import erasing
    from carnet.kernel.erasing import journal
    from carnet.kernel.vault.store import open_store

    others = [args.log] if args.log else []
    if args.log and not args.log.is_file():
        raise CommandError(f"Le fichier {args.log} n'existe pas.")
    with database.connect(config, "owner", autocommit=True) as owner:
        again = erasing.replay(owner, open_store(config.store_url), journal.place(config), others)
    print(f"Carnets revenus, effacés de nouveau : {again}.")
    return 0
