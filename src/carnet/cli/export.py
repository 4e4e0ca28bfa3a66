"""`carnet export`: the complete copy of a record, to be handed to whom it belongs to."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from carnet.cli.errors import CommandError
from carnet.kernel import context
from carnet.kernel.config import Config

NAME: Final = "export"
HELP: Final = "copie un carnet entier dans un fichier zip, à remettre à son titulaire"
DATABASE: Final = "app"
DEMO_ONLY: Final = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("record", metavar="CARNET", help="identifiant du carnet, INS, ou clé de la démonstration")
    parser.add_argument("file", metavar="FICHIER", type=Path, help="zip à écrire ; il ne doit pas exister")


def run(args: Namespace, config: Config) -> int:
    from carnet.consent.access import Refused
    from carnet.people.queries import find_record
    from carnet.rights.actions import copy

    target: Path = args.file
    record_id = find_record(args.record)
    if record_id is None:
        raise CommandError(f"Aucun carnet ne répond à « {args.record} ».")
    if target.exists():
        raise CommandError(f"Le fichier {target} existe déjà : donnez un autre nom.")
    with context.use("cli"):
        try:
            archive = copy(record_id)
        except Refused:
            raise CommandError("Cette personne n'a pas de carnet.") from None
        _write(target, archive.stream)
    print(f"{target} : {len(archive.kept)} documents. Ce fichier n'est pas chiffré : remettez-le, puis effacez-le.")
    if archive.lacking:
        print(f"{archive.lacking} fichiers manquent dans le dépôt ; la copie le dit.")
    return 1 if archive.lacking else 0


def _write(target: Path, stream: Callable[[], Iterator[bytes]]) -> None:
    """For its owner's eyes; what is not whole does not bear the name."""
    unfinished = target.with_name(f".{target.name}.part")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"Le fichier {target} ne peut pas être écrit ({error.strerror}).") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(stream())
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
