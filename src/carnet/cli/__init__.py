"""The program `carnet`. A command is one module here, listed in COMMANDS in the order of the help."""

from __future__ import annotations

import importlib
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import NoReturn, cast

from carnet.cli import frame

COMMANDS = (
    "serve",
    "worker",
    "migrate",
    "check",
    "demo_data",
    "inform",
    "deposit",
    "withdraw",
    "reindex",
    "extract",
    "token",
    "client",
    "directory",
    "feed",
    "switch",
    "audit",
    "export",
    "backup",
    "restore",
    "erasures",
    "keys",
    "dsn",
)


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.format_usage()}{self.prog} : commande mal écrite ({message})\n")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _Parser(prog="carnet", description="Carnet, le dossier médical partagé libre.")
    choices = parser.add_subparsers(title="commandes", metavar="COMMANDE")
    for name in COMMANDS:
        command = cast("frame.Command", importlib.import_module(f"carnet.cli.{name}"))
        entry = choices.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(entry)
        entry.set_defaults(chosen=command)
    args = _read(parser, arguments)
    if "chosen" not in args:
        parser.print_help()
        return 2
    return frame.run(args.chosen, args)


def _read(parser: ArgumentParser, arguments: Sequence[str] | None) -> Namespace:
    """Options stand before the files, between them or behind: `carnet directory import --difference FILE`. By itself
    argparse takes the files of one place alone."""
    args, more = parser.parse_known_args(arguments)
    files = getattr(args, "file", None)
    if isinstance(files, list) and not any(each.startswith("-") for each in more):
        files += more
    elif more:
        parser.error(f"inconnu : {' '.join(more)}")
    return args
