"""`carnet backup FOLDER`: the whole installation into an empty folder."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from carnet.cli.errors import CommandError
from carnet.kernel.backup import BackupError, backup
from carnet.kernel.config import Config

NAME = "backup"
HELP = "sauvegarde la base, les contenus et les clés dans un dossier vide"
DATABASE = "owner"
DEMO_ONLY = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DOSSIER", type=Path)
    parser.add_argument("--without-keys", action="store_true", help="laisse les clés de côté, à conserver ailleurs")


def run(args: Namespace, config: Config) -> int:
    try:
        summary = backup(config, args.folder.absolute(), with_keys=not args.without_keys)
    except BackupError as error:
        raise CommandError(str(error)) from None
    keys = "avec les clés" if summary.with_keys else "SANS les clés : conservez-les à part"
    print(f"Sauvegarde terminée dans {args.folder} : base, {summary.contents} contenus, {keys}.")
    for name in summary.lacking:
        print(f"Contenu absent ou altéré dans le dépôt : {name}", file=sys.stderr)
    return 1 if summary.lacking else 0
