"""`carnet feed`: what the health insurance tells of people, from a file (docs/operate/feeds.md)."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Final

from carnet.cli import lines
from carnet.cli.errors import CommandError
from carnet.kernel import context
from carnet.kernel.actor import SYSTEM, ActorKind
from carnet.kernel.config import Config

NAME: Final = "feed"
HELP: Final = "reprend ce que l'assurance maladie dit des personnes : médecin traitant, filiation, numéro"
DATABASE: Final = "app"
DEMO_ONLY: Final = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FICHIER", help="des lignes CSV en UTF-8, sous un en-tête")
    parser.add_argument(
        "--from", dest="sender", metavar="CLÉ", help="le logiciel d'où vient le fichier : le journal le nomme"
    )


def run(args: Namespace, config: Config) -> int:
    from carnet.consent import feed

    with context.use(_door(args.sender)):
        return lines.follow(args.file, feed.KINDS, partial(feed.act, SYSTEM))


def _door(sender: str | None) -> str:
    from carnet.people import queries

    if sender is None:
        return "cli"
    actor = queries.actor_by_key(sender)
    if actor is None or actor.kind is not ActorKind.CLIENT:
        raise CommandError(f"Aucun logiciel ne porte la clé « {sender} ».")
    return f"cli:{sender}"
