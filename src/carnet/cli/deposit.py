"""`carnet deposit`: files into records, through the same path as the interface."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from carnet.cli.errors import CommandError
from carnet.kernel import context
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.config import Config

if TYPE_CHECKING:
    from carnet.documents.actions import Deposited

NAME: Final = "deposit"
HELP: Final = "dépose des documents (CDA, PDF, images, texte) au nom d'un acteur"
DATABASE: Final = "app"
DEMO_ONLY: Final = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--as", dest="actor", required=True, metavar="ACTEUR", help="clé de l'acteur")
    parser.add_argument("--record", metavar="CARNET", help="clé, INS ou identifiant du carnet (sauf CDA)")
    parser.add_argument("--type", dest="type_code", metavar="CODE", help="code du type de document (sauf CDA)")
    parser.add_argument("--title", metavar="TITRE", help="titre du document (sauf CDA)")
    parser.add_argument(
        "--open-records",
        action="store_true",
        help="ouvre un carnet pour un INS encore inconnu (démonstration seulement)",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FICHIER")


def run(args: Namespace, config: Config) -> int:
    from carnet.people import queries

    actor = queries.actor_by_key(args.actor)
    if actor is None:
        raise CommandError(f"Aucun acteur ne porte la clé « {args.actor} ».")
    if not config.demo and actor.kind is not ActorKind.CLIENT:
        raise CommandError("Hors démonstration, seul un logiciel dépose par cette commande.")
    if args.open_records and not config.demo:
        raise CommandError("--open-records n'existe qu'en démonstration : posez CARNET_DEMO=1.")
    with context.use("cli"):
        results = [_one(actor, path, args, config) for path in args.files]
    return 0 if all(results) else 1


def _one(actor: Actor, path: Path, args: Namespace, config: Config) -> bool:
    """One line of result per file; True unless it was refused."""
    from carnet.consent.access import Refused
    from carnet.documents.rules import DepositRefused

    try:
        done = _deposit(actor, path, args, config)
    except DepositRefused as refused:
        print(f"refused {refused.code} {path.name}: {refused.message}", flush=True)
        return False
    except Refused as refused:
        print(f"refused {refused.reason.value} {path.name}: le carnet n'accepte pas ce dépôt.", flush=True)
        return False
    except OSError as error:
        print(f"refused unreadable {path.name}: {error.strerror}", flush=True)
        return False
    print(f"{'deposited' if done.new else 'duplicate'} {done.fhir_id} {path.name}", flush=True)
    for warning in done.warnings:
        print(f"  avertissement : {warning}", flush=True)
    return True


def _deposit(actor: Actor, path: Path, args: Namespace, config: Config) -> Deposited:
    from carnet.documents import intake

    data = path.read_bytes()
    purpose = {ActorKind.CLIENT: Purpose.DEPOSIT, ActorKind.PERSON: Purpose.SELF}.get(actor.kind, Purpose.CARE)
    if intake.is_cda(data):
        if args.open_records:
            intake.open_record_of(data)
        return intake.deposit_cda(actor, purpose, data=data, limit=config.max_cli_bytes)
    record_id = _record(args.record)
    if not args.type_code:
        raise CommandError(f"{path.name} : donnez --type CODE, le document ne dit pas son type.")
    return intake.deposit_file(
        actor,
        purpose,
        record_id=record_id,
        data=data,
        type_code=args.type_code,
        title=args.title or path.stem,
        limit=config.max_cli_bytes,
    )


def _record(text: str | None) -> UUID:
    from carnet.people.queries import find_record

    if not text:
        raise CommandError("Donnez --record CARNET : le document ne dit pas de quel patient il est.")
    record_id = find_record(text)
    if record_id is None:
        raise CommandError(f"Aucun carnet ne correspond à « {text} ».")
    return record_id
