"""`carnet serve`: a small parent that starts web and worker, watches over them, and stops everything in order."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from carnet.kernel.config import Config
from carnet.kernel.embedded import Server
from carnet.serve.children import Child
from carnet.serve.environment import for_child
from carnet.serve.errors import ServeError

_TICK = 0.1
# The web process finishes what it has begun; the worker what it can (its job comes back otherwise).
_WEB_PATIENCE = 15.0
_WORKER_PATIENCE = 10.0
_TOO_MANY_FAILURES = 5
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; nothing is torn in the middle."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def check_port(host: str, port: int) -> None:
    """Asked without sharing: the web process shares its port among its workers, and would share it with ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServeError(
                f"Le port {port} de {host} n'est pas libre ({error.strerror}) : "
                "arrêtez le programme qui l'occupe, ou choisissez-en un autre par --port."
            ) from None


def serve(config: Config, *, host: str, worker: bool, server: Server | None, stop: threading.Event) -> int:
    environment = for_child(config, os.environ)
    web = Child("carnet.serve.web", host, environment=environment)
    children = [web, *([Child("carnet.serve.worker", environment=environment)] if worker else [])]
    try:
        return _watch(config, host, children, server, stop)
    finally:
        for child in children:
            child.stop(_WEB_PATIENCE if child is web else _WORKER_PATIENCE)


def _watch(config: Config, host: str, children: list[Child], server: Server | None, stop: threading.Event) -> int:
    announced = False
    while not stop.wait(_TICK):
        for child in children:
            child.tend()
        if server is not None:
            server.watch()
        if not announced and _is_ready(config, host):
            announced = True
            _announce(config)
        if not announced and any(child.failures >= _TOO_MANY_FAILURES for child in children):
            raise ServeError("Carnet ne démarre pas ; les lignes de journal ci-dessus disent pourquoi.")
    return 0


def _is_ready(config: Config, host: str) -> bool:
    connection = http.client.HTTPConnection(_ANYWHERE.get(host, host), config.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers=_as_proxy(config))
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _as_proxy(config: Config) -> dict[str, str]:
    """As the proxy in front would ask, so that neither the host name nor the missing TLS is refused."""
    return {"Host": config.public_host, **({"X-Forwarded-Proto": "https"} if config.secure else {})}


def _announce(config: Config) -> None:
    lines = [f"Carnet is ready: {config.public_url}"]
    if config.demo:
        lines += [
            f"Connexion de démonstration, sans mot de passe : {config.public_url}/demo/connexion",
            "  dominique, jean, paul, nadia (patients) · dr-martin, dr-nguyen, pharm-leroy (professionnels)",
        ]
    sys.stdout.write("\n".join([*lines, "Ctrl-C arrête tout.", ""]))
    sys.stdout.flush()


def prepare_database(config: Config, *, demo_data: bool, stop: threading.Event) -> None:
    """A demonstration is brought up to date by itself; elsewhere an operator decides when."""
    if not config.demo:
        failed = "La base n'est pas à jour : lancez « carnet migrate », puis « carnet serve »."
        _run("carnet.serve.up_to_date", environment=for_child(config, os.environ), failed=failed, stop=stop)
        return
    # In processes of their own: the owner's log-in, which the first one uses, ends with it.
    environment = dict(os.environ)
    commands = ["migrate", *(["demo-data"] if demo_data else [])]
    for command in commands:
        failed = f"La démonstration n'a pas pu être préparée (carnet {command})."
        _run("carnet.cli", command, environment=environment, failed=failed, stop=stop)


def _run(module: str, *arguments: str, environment: dict[str, str], failed: str, stop: threading.Event) -> None:
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", module, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
    )
    while process.poll() is None:
        if stop.wait(_TICK):
            process.terminate()
            process.wait()
            return
    if process.returncode != 0:
        raise ServeError(failed)
