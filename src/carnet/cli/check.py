"""`carnet check`: is the whole installation well? One line each, exit 1 on a fault."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from carnet.kernel import checks
from carnet.kernel.config import Config

NAME: Final = "check"
HELP: Final = "vérifie configuration, base, contenus, clés et horloge"
DATABASE: Final = "app"
DEMO_ONLY: Final = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--deep", action="store_true", help="relit aussi chaque contenu et chaque sceau (long)")


def run(args: Namespace, config: Config) -> int:
    well = True
    for name, result in checks.run(config, deep=args.deep):
        print(f"{'ok    ' if result.ok else 'DÉFAUT'} {name} : {result.text}", flush=True)
        well = well and result.ok
    return 0 if well else 1
