"""`carnet token`: a bearer token for one of the cast, where the demonstration runs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from carnet.cli.errors import CommandError
from carnet.kernel.actor import ActorKind, Purpose
from carnet.kernel.config import Config

NAME: Final = "token"
HELP: Final = "donne un jeton d'accès à un acteur de la démonstration"
DATABASE: Final = "app"
DEMO_ONLY: Final = True

_USUAL = {
    ActorKind.PERSON: Purpose.SELF,
    ActorKind.PROFESSIONAL: Purpose.CARE,
    ActorKind.CLIENT: Purpose.DEPOSIT,
    ActorKind.OPERATOR: Purpose.SUPPORT,
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--as", dest="actor", required=True, metavar="ACTEUR", help="clé de l'acteur")
    parser.add_argument("--purpose", choices=[purpose.value for purpose in Purpose], help="motif d'accès")
    parser.add_argument("--scope", help="portée SMART, par exemple « user/*.rs » ; toute celle de l'acteur par défaut")


def token_for(key: str, purpose: str | None = None, scope: str | None = None) -> str:
    from carnet.formats import smart
    from carnet.people import actions, queries
    from carnet.people.rules import Capacity
    from carnet.people.scopes import full

    actor = queries.actor_by_key(key)
    if actor is None:
        raise CommandError(f"Aucun acteur ne porte la clé « {key} ».")
    wanted = Purpose(purpose) if purpose else _USUAL[actor.kind]
    try:
        granted = str(smart.parse(full(actor.kind) if scope is None else scope))
    except smart.ScopeError as error:
        raise CommandError(f"{error} Exemple : user/DocumentReference.rs") from None
    known = queries.professionals([actor.id]).get(actor.id)
    # As the demonstration's provider says it of them when they sign in.
    regulates = known is not None and known.capacity is Capacity.REGULATION
    return actions.issue_token(actor_id=actor.id, purpose=wanted, scope=granted, regulates=regulates)


def run(args: Namespace, config: Config) -> int:
    print(token_for(args.actor, args.purpose, args.scope))
    return 0
