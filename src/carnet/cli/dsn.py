"""`carnet dsn reader|writer`: how the application's own log-ins reach the database, for whoever tests it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from carnet.kernel import database
from carnet.kernel.config import Config

NAME: Final = "dsn"
HELP: Final = "donne l'adresse de la base pour un des deux rôles de l'application"
DATABASE: Final = "none"
DEMO_ONLY: Final = True


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("login", choices=database.SERVING)


def run(args: Namespace, config: Config) -> int:
    print(database.dsn(config, args.login))
    return 0
