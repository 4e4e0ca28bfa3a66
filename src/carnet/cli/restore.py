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
    parser.add_argument(
        "--erasures", type=Path, metavar="FICHIER", help="copie de erasures.log gardée ailleurs, plus récente"
    )


def run(args: Namespace, config: Config) -> int:
    if args.erasures and not args.erasures.is_file():
        raise CommandError(f"Le fichier {args.erasures} n'existe pas.")
    try:
        summary = restore(config, args.folder.absolute(), erasures=args.erasures)
    except BackupError as error:
        raise CommandError(str(error)) from None
    print(f"Restauration terminée : base et {summary.contents} contenus. Lancez maintenant `carnet check --deep`.")
    if not summary.with_keys:
        print("Cette sauvegarde ne portait pas les clés : celles de cette installation ont été vérifiées.")
    if summary.erased:
        print(f"Carnets effacés depuis cette sauvegarde, effacés de nouveau : {summary.erased}.")
    for name in summary.lacking:
        print(f"Contenu déjà absent ou altéré lors de la sauvegarde : {name}", file=sys.stderr)
    return 1 if summary.lacking else 0
