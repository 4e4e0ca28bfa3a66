"""`carnet audit`: the trail of a record, the proof that the whole trail is intact, a new era after a restore."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.cli.errors import CommandError
from carnet.kernel import database
from carnet.kernel.config import Config

if TYPE_CHECKING:
    from carnet.consent.trail import TrailLine
    from carnet.kernel.audit.faults import Report

NAME: Final = "audit"
HELP: Final = "montre le journal d'un carnet, vérifie que le journal est entier"
DATABASE: Final = "owner"
DEMO_ONLY: Final = False

_HEADINGS = ("quand", "qui", "qualité", "motif", "porte", "acte", "objet", "issue")
_PARIS = ZoneInfo("Europe/Paris")
_ISSUES = {"done": "fait", "refused": "refusé"}


def add_arguments(parser: ArgumentParser) -> None:
    choices = parser.add_subparsers(dest="act", required=True, metavar="ACTE")
    show = choices.add_parser("show", help="les lignes d'un carnet, de la plus ancienne à la plus récente")
    show.add_argument("record", metavar="CARNET", help="identifiant du carnet, INS, ou clé de la démonstration")
    verify = choices.add_parser("verify", help="recalcule toutes les preuves ; sortie 1 au moindre défaut")
    verify.add_argument("--log", type=Path, metavar="FICHIER", help="copie de seals.log gardée ailleurs")
    verify.add_argument("--public-keys", type=Path, metavar="FICHIER", help="copie de keys/seal.pub gardée ailleurs")
    choices.add_parser("new-era", help="après une restauration faite sans « carnet restore »")


def run(args: Namespace, config: Config) -> int:
    if args.act == "show":
        return _show(args.record, config)
    if args.act == "verify":
        return _verify(config, args.log, args.public_keys)
    return _new_era(config)


def _show(text: str, config: Config) -> int:
    from carnet.people.queries import find_record

    record_id = find_record(text)
    _trace(record_id)
    if record_id is None:
        raise CommandError(f"Aucun carnet ne répond à « {text} ».")
    _print_table(_rows(_lines(record_id, config)))
    return 0


def _trace(record_id: UUID | None) -> None:
    """Before anything is shown: who looks at a trail leaves a line in it."""
    from carnet.kernel import audit, context
    from carnet.kernel.actor import SYSTEM, Purpose

    with context.use("cli"):
        if record_id is None:
            audit.refused(SYSTEM, Purpose.SUPPORT, record_id=None, action="audit-show", reason="unknown")
        else:
            audit.done(SYSTEM, Purpose.SUPPORT, record_id=record_id, capacity="owner", action="audit-show")


def _lines(record_id: UUID, config: Config) -> list[TrailLine]:
    from carnet.consent.trail import named
    from carnet.kernel.audit.show import lines_of

    with database.connect(config, "owner") as connection:
        return named(list(lines_of(connection, record_id)))


def _rows(lines: Iterable[TrailLine]) -> list[Sequence[str]]:
    return [
        (
            f"{line.at.astimezone(_PARIS):%Y-%m-%d %H:%M:%S}",
            f"{line.actor_name} ({line.organisation_name})" if line.organisation_name else line.actor_name,
            line.capacity,
            line.purpose,
            line.door,
            f"{line.action} {line.detail}".strip(),
            f"{line.target_kind} {line.target_id or ''}".strip(),
            _ISSUES[line.outcome],
        )
        for line in lines
    ]


def _print_table(rows: list[Sequence[str]]) -> None:
    table = [_HEADINGS, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEADINGS))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _verify(config: Config, log: Path | None, public_keys: Path | None) -> int:
    from carnet.kernel.audit.verify import verify

    for path in filter(None, (log, public_keys)):
        if not path.is_file():
            raise CommandError(f"Le fichier {path} n'existe pas.")
    with database.connect(config, "owner", autocommit=True) as connection:
        report = verify(connection, config, log=log, public_keys=public_keys)
    _print_report(report)
    return 0 if report.whole else 1


def _print_report(report: Report) -> None:
    print(f"{report.lines} lignes, {report.seals} sceaux, {report.unsealed} lignes attendent leur sceau.")
    for notice in report.notices:
        print(f"À savoir : {notice}.")
    if report.whole:
        print("Le journal est entier.")
        return
    for fault in report.faults:
        print(f"DÉFAUT {fault}")
    hidden = report.found.total() - len(report.faults)
    if hidden:
        print(f"… et {hidden} autres défauts.")
    for kind, count in report.found.most_common():
        print(f"{count} × {kind.value}")


def _new_era(config: Config) -> int:
    from carnet.kernel.audit import keys, seal

    try:
        with database.connect(config, "owner", autocommit=True) as connection:
            era = seal.new_era(connection, config)
    except keys.KeyFault as error:
        raise CommandError(str(error)) from error
    print(f"Le journal commence l'ère {era} ; tout ce qui précède est scellé.")
    return 0
