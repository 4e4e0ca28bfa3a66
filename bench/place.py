"""The house that is measured: a data folder of its own, its PostgreSQL, and `carnet serve` as users run it."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from carnet.kernel import config, database, embedded, logs
from carnet.kernel.config import Config
from carnet.kernel.embedded import Server

PROCESSES = 2
"""As an installation has; a demonstration has one."""


@dataclass(frozen=True, slots=True)
class Place:
    folder: Path
    port: int

    @property
    def base(self) -> str:
        return f"http://localhost:{self.port}"


@contextmanager
def house(folder: Path) -> Iterator[tuple[Place, Server]]:
    """A fresh, migrated house with the cast of the demonstration; this process has Django in it afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o711)
    place = Place(folder, _free_port())
    _settle(place)
    loaded = config.load()
    try:
        with embedded.running(loaded.data_dir, runtime_dir=loaded.runtime_dir):
            _carnet("migrate")
            _carnet("demo-data")
            _make_room(loaded)
        with embedded.running(loaded.data_dir, runtime_dir=loaded.runtime_dir) as server:
            import django  # noqa: PLC0415  (the settings want the keys that the migration made)

            django.setup()
            # What is recorded in this process is no request of anybody.
            logs.configure("error")
            yield place, server
    finally:
        embedded.destroy(loaded.data_dir, runtime_dir=loaded.runtime_dir)
        shutil.rmtree(folder, ignore_errors=True)


def _make_room(loaded: Config) -> None:
    """For the floors' connections beside Carnet's own; holds from the next start."""
    with database.connect(loaded, "owner", autocommit=True) as owner:
        owner.execute("alter system set max_connections = 120")


def _settle(place: Place) -> None:
    """The test kind of INS is accepted in a demonstration alone."""
    for name in [name for name in os.environ if name.startswith("CARNET_")]:
        del os.environ[name]
    os.environ.update(
        CARNET_DATA_DIR=str(place.folder.absolute()),
        CARNET_DEMO="1",
        CARNET_PORT=str(place.port),
        CARNET_PUBLIC_URL=place.base,
        CARNET_PROCESSES=str(PROCESSES),
        DJANGO_SETTINGS_MODULE="carnet.settings",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _carnet(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "carnet", *arguments], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def served(place: Place) -> Iterator[int]:
    """The number of the process that `carnet serve` is."""
    with (place.folder / "serve.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "carnet", "serve"], stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(process, place)
            yield process.pid
        finally:
            process.terminate()
            process.wait(60)


def _wait(process: subprocess.Popen[bytes], place: Place) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        if _answers(place):
            return
        time.sleep(0.1)
    raise RuntimeError("carnet serve did not become ready; see serve.log.")


def _answers(place: Place) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
