"""`carnet directory`: who practises where, for whom and with whom, from a file (docs/operate/directory.md)."""

from __future__ import annotations

import csv
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from carnet.cli import lines
from carnet.cli.errors import CommandError
from carnet.kernel import context
from carnet.kernel.actor import SYSTEM
from carnet.kernel.config import Config

if TYPE_CHECKING:
    from carnet.formats.annuaire import Refused

NAME: Final = "directory"
HELP: Final = "reprend l'annuaire : structures, professionnels, lieux d'exercice, suppléants, équipes de soins"
DATABASE: Final = "app"
DEMO_ONLY: Final = False

_IMPORT: Final = "import"
_SERVICES: Final = "services"
_HEAD: Final = ("fichier", "ligne", "colonne", "règle", "remède")
_MOST_PERCENT: Final = 100


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="+",
        metavar="FICHIER",
        help="des lignes CSV en UTF-8, sous un en-tête ; « import FICHIER… » reprend l'extraction nationale, "
        "« services FICHIER… » les services des structures et qui y exerce",
    )
    parser.add_argument(
        "--difference", action="store_true", help="import, services : ce que le fichier ne nomme pas reste comme il est"
    )
    parser.add_argument(
        "--allow-withdrawals",
        type=float,
        metavar="POURCENT",
        help="import, services : part qui peut être retirée d'un coup (2 sans cette option)",
    )
    parser.add_argument(
        "--rejects", type=Path, metavar="FICHIER", help="import, services : où écrire les lignes refusées (CSV)"
    )


def run(args: Namespace, config: Config) -> int:
    from carnet.people import register

    if args.file[0] in {_IMPORT, _SERVICES} and len(args.file) > 1:
        with context.use("cli"):
            return _whole(args.file[0], [Path(name) for name in args.file[1:]], args)
    if len(args.file) > 1 or args.difference or args.allow_withdrawals is not None or args.rejects:
        raise CommandError(
            "Plusieurs fichiers et ces options vont avec « import » ou « services » : carnet directory import FICHIER…"
        )
    with context.use("cli"):
        return lines.follow(Path(args.file[0]), register.KINDS, partial(register.act, SYSTEM))


def _whole(word: str, paths: list[Path], args: Namespace) -> int:
    from carnet.people import extract, services

    take, tell = (extract.take, _tell) if word == _IMPORT else (services.take, _tell_services)
    rejects = _Rejects(args.rejects or paths[0].with_name(f"{paths[0].name}.rejets.csv"))
    with ExitStack() as stack:
        stack.callback(rejects.close)
        try:
            taken = take(
                SYSTEM,
                _opened(paths),
                whole=not args.difference,
                most_withdrawn=_percent(args.allow_withdrawals),
                refuse=rejects.add,
            )
        except extract.FileRefused as refused:
            raise CommandError(str(refused)) from None
        except extract.NothingSaid:
            raise CommandError("Aucune ligne n'a pu être lue : rien n'est changé.") from None
        except extract.TooManyLeave as many:
            raise CommandError(_too_many(many, word)) from None
        except OSError as error:
            raise CommandError(f"Un fichier ne se lit pas ou ne s'écrit pas ({error.strerror}).") from None
    tell(taken)
    if taken.refused:
        print(f"Lignes refusées : {taken.refused}, dites dans {rejects.path}.")
    return 1 if taken.refused else 0


def _percent(given: float | None) -> float:
    from carnet.people.extract import MOST_WITHDRAWN

    if given is None:
        return MOST_WITHDRAWN
    if not 0 <= given <= _MOST_PERCENT:
        raise CommandError("--allow-withdrawals est un pourcentage, de 0 à 100.")
    return given


def _opened(paths: list[Path]) -> Iterator[tuple[str, BinaryIO]]:
    for path in paths:
        with path.open("rb") as file:
            yield path.name, file


def _too_many(many: Any, word: str) -> str:
    what = "professionnels" if word == _IMPORT else "exercices dans un service"
    return (
        f"Ce fichier retirerait {many.leaving} {what} sur {many.listed} : rien n'est changé. Est-il entier ? "
        "S'il l'est, recommencez avec --allow-withdrawals POURCENT."
    )


def _tell_services(taken: Any) -> None:
    print(
        f"Lignes : {taken.lines}. Services ajoutés : {taken.services_added} ; renommés : {taken.services_renamed}."
        f" Exercices dans un service commencés : {taken.situations_begun} ; finis : {taken.situations_ended}."
    )


def _tell(taken: Any) -> None:
    print(
        f"Lignes : {taken.lines}. Professionnels ajoutés : {taken.added} ; changés : {taken.changed}, dont revenus :"
        f" {taken.returned} ; retirés : {taken.withdrawn} ; déjà connus : {taken.same}."
    )
    print(
        f"Structures ajoutées : {taken.organisations_added} ; renommées : {taken.organisations_changed}."
        f" Lieux d'exercice commencés : {taken.situations_begun} ; finis : {taken.situations_ended}."
    )


class _Rejects:
    """Written at the first refused line; it repeats no value of the extract."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stack = ExitStack()
        self._writer: Any = None

    def add(self, name: str, number: int, refused: Refused) -> None:
        if self._writer is None:
            file = self._stack.enter_context(self.path.open("w", encoding="utf-8", newline=""))
            self._writer = csv.writer(file, delimiter=";")
            self._writer.writerow(_HEAD)
        self._writer.writerow((name, number, refused.column, refused.rule, refused.message))

    def close(self) -> None:
        self._stack.close()
