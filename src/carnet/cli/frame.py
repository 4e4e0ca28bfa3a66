"""What every command shares: settings, the database it needs, and errors said in one line."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

import structlog

from carnet.cli.errors import CommandError
from carnet.kernel import config as settings
from carnet.kernel import database, embedded, logs, passwords, vault
from carnet.kernel.audit.keys import KeyFault
from carnet.kernel.config import Config, ConfigError
from carnet.serve.errors import ServeError

# What a command needs: nothing, the application's two log-ins, or the owner's besides.
DatabaseNeed = Literal["none", "app", "owner"]

KNOWN = (
    CommandError,
    ConfigError,
    ServeError,
    embedded.EmbeddedError,
    database.DatabaseError,
    vault.VaultError,
    KeyFault,
)
INTERRUPTED = 130


class Command(Protocol):
    """One module of `carnet.cli` is one command."""

    @property
    def NAME(self) -> str: ...  # noqa: N802 - constants of a module
    @property
    def HELP(self) -> str: ...  # noqa: N802
    @property
    def DATABASE(self) -> DatabaseNeed: ...  # noqa: N802
    @property
    def DEMO_ONLY(self) -> bool: ...  # noqa: N802

    def add_arguments(self, parser: ArgumentParser) -> None: ...
    def run(self, args: Namespace, config: Config) -> int: ...


def run(command: Command, args: Namespace) -> int:
    try:
        return _run(command, args)
    except KNOWN as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough of it; nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - nobody is shown a traceback, which may hold a person's data
        structlog.get_logger("carnet.cli").error("command-failed", exc_info=error)
        return _fail(_unforeseen(error))


def _run(command: Command, args: Namespace) -> int:
    if command.DATABASE == "owner":
        os.environ["CARNET_ROLE"] = "owner"
    else:
        os.environ.pop("CARNET_ROLE", None)
    config = settings.load()
    logs.configure(config.log_level)
    if command.DEMO_ONLY and not config.demo:
        raise CommandError(f"« carnet {command.NAME} » n'existe qu'en démonstration : posez CARNET_DEMO=1.")
    if command.DATABASE == "none":
        return command.run(args, config)
    with served(config):
        _ready_passwords(config)
        set_up_django()
        return command.run(args, config)


@contextmanager
def served(config: Config) -> Iterator[embedded.Server | None]:
    """The database answers: the embedded one is started or joined, a server of one's own is expected to run."""
    if not config.embedded:
        yield None
        return
    with embedded.running(config.data_dir, runtime_dir=config.runtime_dir) as server:
        yield server


def _ready_passwords(config: Config) -> None:
    """Before Django reads its settings, which are read once."""
    for login in database.SERVING:
        if database.given_password(config, login) is not None:
            continue
        if config.owner:
            passwords.keep(config.data_dir, login)
        elif passwords.kept(config.data_dir, login) is None:
            raise CommandError("La base n'est pas encore préparée : lancez « carnet migrate ».")


def set_up_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"
    import django

    django.setup()


def _unforeseen(error: Exception) -> str:
    state = getattr(error.__cause__, "sqlstate", None)
    if state in {"42P01", "42883", "3F000"}:
        return "La base n'est pas à jour : lancez « carnet migrate »."
    return f"Erreur inattendue ({type(error).__name__}) ; la ligne de journal ci-dessus dit où."


def _fail(text: str) -> int:
    sys.stdout.flush()
    print(f"carnet : {text}", file=sys.stderr, flush=True)
    return 1
