"""`carnet withdraw`: the support takes out a document that is not of this patient, and learns who had read it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.cli.errors import CommandError
from carnet.kernel import context
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.config import Config
from carnet.kernel.ids import from_fhir_id

if TYPE_CHECKING:
    from carnet.documents.changing import Changed
    from carnet.documents.queries import Reader

NAME: Final = "withdraw"
HELP: Final = "retire d'un carnet un document qui n'a pas à y être, et nomme les professionnels qui l'avaient ouvert"
DATABASE: Final = "app"
DEMO_ONLY: Final = False

_PARIS = ZoneInfo("Europe/Paris")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("record", metavar="CARNET", help="identifiant du carnet, INS, ou clé de la démonstration")
    parser.add_argument("document", metavar="DOCUMENT", help="identifiant du document : FHIR, ou celui du journal")
    parser.add_argument("--as", dest="actor", required=True, metavar="ACTEUR", help="clé d'un opérateur du support")
    parser.add_argument(
        "--reason",
        required=True,
        choices=("wrong-patient", "error"),
        help="wrong-patient : le document est d'un autre patient ; error : il n'aurait pas dû être déposé",
    )


def run(args: Namespace, config: Config) -> int:
    actor = _operator(args.actor)
    record_id = _record(args.record)
    document_id = _document(args.document, record_id)
    with context.use("cli"):
        done = _withdraw(actor, record_id, document_id, args.reason)
        readers = _readers(actor, record_id, done.covered)
    print(f"Document {document_id} retiré{_with_earlier(len(done.covered) - 1)}.")
    _print(readers)
    return 0


def _operator(key: str) -> Actor:
    from carnet.people import queries

    actor = queries.actor_by_key(key)
    if actor is None or actor.kind is not ActorKind.OPERATOR:
        raise CommandError(f"Aucun opérateur ne porte la clé « {key} ».")
    return actor


def _record(text: str) -> UUID:
    from carnet.people.queries import find_record

    record_id = find_record(text)
    if record_id is None:
        raise CommandError(f"Aucun carnet ne répond à « {text} ».")
    return record_id


def _document(text: str, record_id: UUID) -> UUID:
    pair = from_fhir_id(text)
    if pair is None:
        try:
            return UUID(text)
        except ValueError:
            raise CommandError(f"« {text} » n'est pas l'identifiant d'un document.") from None
    if pair[0] != record_id:
        raise CommandError("Ce document est d'un autre carnet : vérifiez le premier argument.")
    return pair[1]


def _withdraw(actor: Actor, record_id: UUID, document_id: UUID, reason: str) -> Changed:
    from carnet.consent.access import Refused
    from carnet.documents.changing import NotThere, withdraw
    from carnet.documents.powers import Cause

    cause = {"wrong-patient": Cause.WRONG_PATIENT, "error": Cause.WITHDRAWN}[reason]
    try:
        return withdraw(actor, Purpose.SUPPORT, record_id=record_id, document_id=document_id, cause=cause)
    except NotThere:
        raise CommandError("Ce carnet n'a pas ce document, ou il en a déjà été retiré.") from None
    except Refused:
        raise CommandError("Cet opérateur ne retire pas de document de ce carnet : il faut le rôle support.") from None


def _readers(actor: Actor, record_id: UUID, documents: Iterable[UUID]) -> Sequence[Reader]:
    """Each once, with the last time, whichever version was opened."""
    from carnet.documents import queries

    found = [reader for each in documents for reader in queries.readers(actor, record_id, each)]
    last = {reader.id: reader for reader in sorted(found, key=lambda reader: reader.opened_at)}
    return sorted(last.values(), key=lambda reader: reader.opened_at, reverse=True)


def _with_earlier(versions: int) -> str:
    if not versions:
        return ""
    return ", avec la version qu'il remplaçait" if versions == 1 else f", avec les {versions} versions qu'il remplaçait"


def _print(readers: Sequence[Reader]) -> None:
    if not readers:
        print("Aucun professionnel ne l'avait ouvert.")
        return
    print("À prévenir, car ils l'avaient ouvert :")
    for reader in readers:
        print(f"  {reader.name}, le {reader.opened_at.astimezone(_PARIS):%Y-%m-%d à %H:%M}")
