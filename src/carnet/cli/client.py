"""`carnet client`: registered software, its rights and its public keys."""

from __future__ import annotations

import re
from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from carnet.cli.errors import CommandError
from carnet.kernel.config import Config

if TYPE_CHECKING:
    from carnet.people.client_queries import RegisteredClient, RegisteredKey

NAME: Final = "client"
HELP: Final = "enregistre un logiciel et ses clés publiques, change ses droits, le désactive"
DATABASE: Final = "app"
DEMO_ONLY: Final = False

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_MOST = 64 * 1024
_LONGEST_NAME = 200
_LONGEST_IDENTIFIER = 40
_SCOPE_HELP = "portée SMART la plus large, par exemple « system/*.cruds user/DocumentReference.rs »"
_PROVIDER_HELP = "son client_id chez Pro Santé Connect, dont il échange les jetons contre les nôtres ; vide : aucun"
_REDIRECT_HELP = "application ouverte dans un navigateur : où va sa réponse, à la lettre ; plusieurs fois s'il le faut"
_LAUNCH_HELP = "où elle est lancée avec le patient choisi"
_PUBLIC_HELP = "elle ne garde pas de clé (elle tourne dans le navigateur)"
_TRUSTED_HELP = "application de la maison : aucun professionnel n'a à la laisser entrer"
_OPENS_HELP = "ses liens ouvrent la session du professionnel dont il a échangé le jeton"
_PERSONS_HELP = "application que des patients ouvrent, pour leur carnet ou celui d'un enfant ; aucun professionnel"
_ACTS_HELP = "peut agir pour un professionnel de sa structure"


def add_arguments(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTE")
    add = acts.add_parser("add", help="enregistre un logiciel")
    add.add_argument("key", metavar="CLÉ", help="son identifiant (client_id) : minuscules, chiffres et tirets")
    add.add_argument("--name", required=True, help="le nom que lisent les patients")
    add.add_argument("--organisation", required=True, metavar="ID", help="identifiant national, par exemple 1 + FINESS")
    add.add_argument("--organisation-name", metavar="NOM", help="enregistre aussi la structure, encore inconnue")
    add.add_argument("--scope", required=True, help=_SCOPE_HELP)
    add.add_argument("--acts-for-professionals", action="store_true", help=_ACTS_HELP)
    _app_arguments(add, switch={"action": "store_true"})
    acts.add_parser("list", help="les logiciels et leurs clés")
    change = acts.add_parser("set", help="change les droits d'un logiciel ; ses jetons finissent aussitôt")
    change.add_argument("key", metavar="CLÉ")
    change.add_argument("--scope", help=_SCOPE_HELP)
    change.add_argument("--acts-for-professionals", action=BooleanOptionalAction, help=_ACTS_HELP)
    change.add_argument("--provider-client-id", metavar="ID", help=_PROVIDER_HELP)
    _app_arguments(change, switch={"action": BooleanOptionalAction})
    change.add_argument("--trusted", action=BooleanOptionalAction, help=_TRUSTED_HELP)
    change.add_argument("--opens-sessions", action=BooleanOptionalAction, help=_OPENS_HELP)
    key_add = acts.add_parser("key-add", help="ajoute une clé publique, à côté de celles qui servent")
    key_add.add_argument("key", metavar="CLÉ")
    key_add.add_argument("file", type=Path, metavar="FICHIER", help="la clé publique, en JWK")
    key_add.add_argument("--until", metavar="AAAA-MM-JJ", help="fin de la clé, ce jour à 0 h UTC")
    revoke = acts.add_parser("key-revoke", help="révoque une clé et les jetons demandés avec elle")
    revoke.add_argument("key", metavar="CLÉ")
    revoke.add_argument("kid", metavar="KID")
    receiver = acts.add_parser("receiver-add", help="ajoute une adresse où il se laisse prévenir des changements")
    receiver.add_argument("key", metavar="CLÉ")
    receiver.add_argument(
        "address", metavar="ADRESSE", help="https://… ; ses abonnements la donnent, ou au-dessous d'elle"
    )
    forget = acts.add_parser("receiver-remove", help="retire une de ces adresses : plus rien n'y part")
    forget.add_argument("key", metavar="CLÉ")
    forget.add_argument("address", metavar="ADRESSE")
    disable = acts.add_parser("disable", help="désactive un logiciel : plus aucun jeton ne vaut")
    disable.add_argument("key", metavar="CLÉ")


def _app_arguments(parser: ArgumentParser, switch: dict[str, Any]) -> None:
    parser.add_argument("--redirect-uri", action="append", metavar="ADRESSE", help=_REDIRECT_HELP)
    parser.add_argument("--launch-uri", action="append", metavar="ADRESSE", help=_LAUNCH_HELP)
    parser.add_argument("--public", help=_PUBLIC_HELP, **switch)
    parser.add_argument("--for-persons", help=_PERSONS_HELP, **switch)


def run(args: Namespace, config: Config) -> int:
    from carnet.formats.app_address import AppAddressError
    from carnet.formats.rpps import RppsError
    from carnet.formats.smart import ScopeError
    from carnet.kernel.db.constraints import Violation

    if args.act == "list":
        _list()
        return 0
    acts = {
        "add": _add,
        "set": _set,
        "key-add": _key_add,
        "key-revoke": _key_revoke,
        "disable": _disable,
        "receiver-add": _receiver_add,
        "receiver-remove": _receiver_remove,
    }
    try:
        acts[args.act](args)
    except ScopeError as error:
        raise CommandError(f"{error} Exemple : system/DocumentReference.rs") from None
    except (RppsError, AppAddressError) as error:
        raise CommandError(str(error)) from None
    except Violation as violation:
        raise CommandError(violation.message) from None
    _trace(_client(args.key), args.act)
    return 0


def _receiver_add(args: Namespace) -> None:
    from carnet.apps import receivers

    client = _client(args.key)
    try:
        receivers.add(client_id=client.id, address=args.address)
    except receivers.NotAnAddress:
        raise CommandError(
            "Cette adresse n'en est pas une : attendu https://machine/chemin, sans question ni nom."
        ) from None
    except receivers.TooManyReceivers:
        raise CommandError(f"Ce logiciel a déjà {receivers.MOST} adresses : retirez-en une.") from None


def _receiver_remove(args: Namespace) -> None:
    from carnet.apps import receivers

    if not receivers.remove(client_id=_client(args.key).id, address=args.address):
        raise CommandError("Ce logiciel n'a pas cette adresse.")


def _trace(client: RegisteredClient, act: str) -> None:
    from carnet.kernel import audit, context
    from carnet.kernel.actor import SYSTEM, Purpose

    with context.use("cli"):
        audit.done(
            SYSTEM,
            Purpose.SUPPORT,
            record_id=None,
            capacity="owner",
            action=f"client-{act}",
            target_kind="client",
            target_id=client.id,
        )


def _add(args: Namespace) -> None:
    from carnet.formats import rpps
    from carnet.kernel.ids import uuid7
    from carnet.people import actions, queries

    if not _KEY.fullmatch(args.key):
        raise CommandError("L'identifiant d'un logiciel a 40 caractères au plus : minuscules, chiffres et tirets.")
    if max(len(args.name), len(args.organisation_name or "")) > _LONGEST_NAME:
        raise CommandError(f"Un nom a {_LONGEST_NAME} caractères au plus.")
    if queries.actor_by_key(args.key):
        raise CommandError(f"La clé « {args.key} » est déjà prise.")
    identifier = rpps.structure(args.organisation).value
    if len(identifier) > _LONGEST_IDENTIFIER:
        raise CommandError(f"L'identifiant d'une structure a {_LONGEST_IDENTIFIER} caractères au plus.")
    organisation = queries.organisation_of(identifier)
    if organisation is None:
        if not args.organisation_name:
            raise CommandError("Cette structure est inconnue : donnez aussi --organisation-name pour l'enregistrer.")
        organisation = actions.add_organisation(
            organisation_id=uuid7(), identifier=identifier, name=args.organisation_name
        )
    actions.add_client(
        actor_id=uuid7(),
        key=args.key,
        name=args.name,
        organisation_id=organisation,
        acts_for_professionals=args.acts_for_professionals,
        scope=args.scope,
        public=args.public,
        redirect_uris=_checked(args.redirect_uri) or (),
        launch_uris=_checked(args.launch_uri) or (),
        for_persons=args.for_persons,
    )
    print(f"Logiciel « {args.key} » enregistré. Donnez-lui une clé : carnet client key-add {args.key} FICHIER.jwk")


def _checked(given: list[str] | None) -> list[str] | None:
    from carnet.formats import app_address

    return None if given is None else [app_address.checked(each) for each in given]


def _list() -> None:
    from carnet.people.client_queries import clients, keys_of

    known = clients()
    keys = keys_of(client.id for client in known)
    for client in known:
        rights = ", agit pour les professionnels" if client.acts_for_professionals else ""
        state = "" if client.active else ", désactivé"
        print(f"{client.key}  {client.name} ({client.organisation}){rights}{state}  {client.scope or 'aucune portée'}")
        for line in _app(client):
            print(f"  {line}")
        for key in (each for each in keys if each.client_id == client.id):
            print(f"  {key.kid}  depuis {key.since:%Y-%m-%d}, {_state(key)}")


def _app(client: RegisteredClient) -> list[str]:
    if not client.redirect_uris:
        return ["ses liens ouvrent des sessions"] if client.opens_sessions else []
    kind = "application sans clé" if client.public else "application"
    kind += " de patients" if client.for_persons else ""
    return [
        f"{kind}{', de la maison' if client.trusted else ''}, répond à {' '.join(client.redirect_uris)}",
        *([f"lancée à {' '.join(client.launch_uris)}"] if client.launch_uris else []),
    ]


def _state(key: RegisteredKey) -> str:
    if key.revoked_at:
        return f"révoquée le {key.revoked_at:%Y-%m-%d}"
    end = f" jusqu'au {key.until:%Y-%m-%d}" if key.until else ""
    return f"en cours{end}" if key.holds else f"finie{end}"


def _set(args: Namespace) -> None:
    from carnet.people import clients

    changes = {
        "scope": args.scope,
        "acts_for_professionals": args.acts_for_professionals,
        "provider_client_id": args.provider_client_id,
        "opens_sessions": args.opens_sessions,
        "trusted": args.trusted,
        "for_persons": args.for_persons,
        "public": args.public,
        "redirect_uris": _checked(args.redirect_uri),
        "launch_uris": _checked(args.launch_uri),
    }
    if all(each is None for each in changes.values()):
        raise CommandError("Donnez --scope, ou ce qui change d'autre : carnet client set -h le dit.")
    if len(args.provider_client_id or "") > _LONGEST_NAME:
        raise CommandError(f"Un identifiant a {_LONGEST_NAME} caractères au plus.")
    clients.change(client_id=_client(args.key).id, **changes)
    print(f"Droits de « {args.key} » changés ; ses jetons finissent, il en demande de nouveaux.")


def _key_add(args: Namespace) -> None:
    from carnet.kernel import jwk
    from carnet.people import clients

    client = _client(args.key)
    try:
        with args.file.open(encoding="utf-8") as file:
            key = jwk.read(file.read(_MOST))
    except jwk.JwkError as error:
        raise CommandError(str(error)) from None
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"Le fichier {args.file} ne se lit pas.") from None
    clients.add_key(client_id=client.id, key=key, until=_end(args.until))
    print(f"Clé {key.kid} ajoutée à « {args.key} ».")


def _end(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        end = datetime.combine(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC), time(), UTC)
    except ValueError:
        raise CommandError("La fin d'une clé s'écrit AAAA-MM-JJ.") from None
    if end <= datetime.now(UTC):
        raise CommandError("La fin de la clé est déjà passée.")
    return end


def _key_revoke(args: Namespace) -> None:
    from carnet.people import clients

    if not clients.revoke_key(client_id=_client(args.key).id, kid=args.kid):
        raise CommandError(f"« {args.key} » n'a pas de clé {args.kid} en cours.")
    print(f"Clé {args.kid} révoquée ; les jetons demandés avec elle ne valent plus.")


def _disable(args: Namespace) -> None:
    from carnet.people import clients

    clients.disable(client_id=_client(args.key).id)
    print(f"Logiciel « {args.key} » désactivé ; ses jetons ne valent plus.")


def _client(key: str) -> RegisteredClient:
    from carnet.people.client_queries import client_by_key

    client = client_by_key(key)
    if client is None:
        raise CommandError(f"Aucun logiciel ne porte la clé « {key} ».")
    return client
