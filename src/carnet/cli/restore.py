"""`carnet restore FOLDER`: a backup into an empty installation."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from carnet.cli.errors import CommandError
from carnet.kernel.backup import BackupError, restore
from carnet.kernel.config import Config

NAME = "restore"
HELP = "restaure une sauvegarde dans une installation vide"
DATABASE = "owner"
DEMO_ONLY = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DOSSIER", type=Path)


def run(args: Namespace, config: Config) -> int:
    try:
        summary = restore(config, args.folder.absolute())
    except BackupError as error:
        raise CommandError(str(error)) from None
    print(f"Restauration terminée : base et {summary.contents} contenus. Lancez maintenant `carnet check --deep`.")
    if not summary.with_keys:
        print("Cette sauvegarde ne portait pas les clés : celles de cette installation ont été vérifiées.")
    for name in summary.lacking:
        print(f"Contenu déjà absent ou altéré lors de la sauvegarde : {name}", file=sys.stderr)
    return 1 if summary.lacking else 0
