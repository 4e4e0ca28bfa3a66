"""`carnet keys rotate|rewrap`: a new master key, and the data keys wrapped with it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from carnet.cli.errors import CommandError
from carnet.kernel import vault
from carnet.kernel.config import Config
from carnet.kernel.vault.keys import add_key
from carnet.kernel.vault.place import here

NAME = "keys"
HELP = "ajoute une clé maîtresse (rotate), ou en enveloppe de nouveau les clés des dossiers (rewrap)"
DATABASE = "app"
DEMO_ONLY = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", choices=("rotate", "rewrap"))


def run(args: Namespace, config: Config) -> int:
    try:
        return _rotate(config) if args.action == "rotate" else _rewrap()
    except vault.KeyFault as error:
        raise CommandError(str(error)) from None


def _rotate(config: Config) -> int:
    if config.key_vault_url:
        raise CommandError("La clé est tenue par le coffre (CARNET_KEY_VAULT_URL) : c'est lui qui la renouvelle.")
    print(f"Nouvelle clé maîtresse : {add_key(config.key_file)}. Copiez le fichier {config.key_file} en lieu sûr,")
    print("relancez les services de chaque machine avec ce fichier, puis lancez `carnet keys rewrap`.")
    return 0


def _rewrap() -> int:
    print(f"Clés de dossier enveloppées de nouveau : {here().data_keys.rewrap()}.")
    return 0
