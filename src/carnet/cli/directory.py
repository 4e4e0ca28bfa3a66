"""`carnet directory`: who practises where, for whom and with whom, from a file (docs/operate/directory.md)."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Final

from carnet.cli import lines
from carnet.kernel import context
from carnet.kernel.actor import SYSTEM
from carnet.kernel.config import Config

NAME: Final = "directory"
HELP: Final = "reprend l'annuaire : structures, professionnels, lieux d'exercice, suppléants, équipes de soins"
DATABASE: Final = "app"
DEMO_ONLY: Final = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FICHIER", help="des lignes CSV en UTF-8, sous un en-tête")


def run(args: Namespace, config: Config) -> int:
    from carnet.people import register

    with context.use("cli"):
        return lines.follow(args.file, register.KINDS, partial(register.act, SYSTEM))
