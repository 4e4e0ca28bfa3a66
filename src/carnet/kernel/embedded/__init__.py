"""A real PostgreSQL from a wheel, shared by the processes of one data folder.

`running` gives a server to whoever needs one: it makes the cluster at the first need, starts the server or
joins the one that runs, and the last user to leave stops it. A process of its own, the guard, keeps it alive
meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from carnet.kernel import passwords
from carnet.kernel.embedded import cluster
from carnet.kernel.embedded.cluster import Say
from carnet.kernel.embedded.errors import EmbeddedError
from carnet.kernel.embedded.guard import stop
from carnet.kernel.embedded.layout import (
    DATABASE,
    OPEN_PLACE,
    OWNER,
    PORT,
    RUNTIME_DIR,
    Layout,
    binaries,
    binary,
    prepare_socket_dir,
)
from carnet.kernel.embedded.locks import Lock, is_free

__all__ = [
    "DATABASE",
    "OWNER",
    "PORT",
    "EmbeddedError",
    "Server",
    "binary",
    "destroy",
    "running",
    "socket_dir",
]

# Recovery after a crash under load takes its time; a first start waits for another process's.
_READY_WITHIN = 300.0
# A guard that is not there after this time has given up.
_GUARD_STARTS_WITHIN = 10.0
_STOPPED_WITHIN = 90.0
_DESTROYED_WITHIN = 10.0
_LOG_LIMIT = 10 * 1024 * 1024


def _whisper(text: str) -> None:
    sys.stderr.write(f"{text}\n")


@dataclass(frozen=True, slots=True)
class Server:
    layout: Layout

    @property
    def data_dir(self) -> Path:
        return self.layout.data_dir

    @property
    def cluster(self) -> Path:
        return self.layout.cluster

    @property
    def socket_dir(self) -> Path:
        return self.layout.socket_dir

    def watch(self) -> None:
        """To be called from time to time by whoever stays long: a guard that was killed is replaced."""
        if is_free(self.layout.locks, "guard"):
            _start_guard(self.layout)


@contextmanager
def running(data_dir: Path, *, runtime_dir: Path = RUNTIME_DIR, say: Say = _whisper) -> Iterator[Server]:
    layout = Layout(data_dir.absolute(), runtime_dir)
    _prepare(layout)
    with Lock(layout.locks, "users") as users:
        _join(layout, users, say)
        try:
            yield Server(layout)
        finally:
            _leave(layout, users)


def socket_dir(data_dir: Path, runtime_dir: Path = RUNTIME_DIR) -> Path:
    """Where the server of a folder listens, whether it runs or not."""
    return Layout(data_dir.absolute(), runtime_dir).socket_dir


def _prepare(layout: Layout) -> None:
    try:
        # The server's own user passes through this folder when it is not ours; it lists nothing.
        layout.data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        layout.locks.mkdir(mode=0o700, exist_ok=True)
        layout.log.parent.mkdir(mode=0o700, exist_ok=True)
        account = layout.account
    except OSError as error:
        raise EmbeddedError(f"{layout.data_dir} : {error.strerror} (CARNET_DATA_DIR).") from error
    if account.other and os.geteuid() != 0:
        raise EmbeddedError(
            f"La base de {layout.data_dir} appartient à un autre utilisateur (uid {account.uid}) : "
            "lancez Carnet avec le même compte qu'auparavant."
        )


def _join(layout: Layout, users: Lock, say: Say) -> None:
    with Lock(layout.locks, "start") as start:
        # A server that is being stopped is waited for here, too.
        if not (start.take(patience=_READY_WITHIN) and users.take(shared=True, patience=_READY_WITHIN)):
            raise EmbeddedError(f"Un autre processus occupe la base de {layout.data_dir} depuis trop longtemps.")
        account = layout.account
        if not layout.exists:
            cluster.create(layout, account, say)
        cluster.check_version(layout, binaries(account))
        prepare_socket_dir(layout, account)
        _wait_until_ready(layout)


def _start_guard(layout: Layout) -> None:
    account = layout.account
    command = [sys.executable, "-m", "carnet.kernel.embedded.guard"]
    arguments = [str(layout.data_dir), str(layout.runtime_dir), str(account.uid), str(account.gid)]
    with layout.log.open("ab") as log:
        # Its own session: neither Ctrl-C nor the end of a terminal reaches it. What is waited for here ends at once
        # and leaves the guard behind.
        subprocess.run(  # noqa: S603
            [*command, *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={name: value for name, value in os.environ.items() if not name.startswith("CARNET_")},
            start_new_session=True,
        )


def _wait_until_ready(layout: Layout) -> None:
    """Under a guard: one that is found may itself be dying, and ours then takes its place."""
    deadline = time.monotonic() + _READY_WITHIN
    given_up = 0.0
    while True:
        unguarded = is_free(layout.locks, "guard")
        if unguarded and not given_up:
            _rotate(layout.log)
            _start_guard(layout)
            given_up = time.monotonic() + _GUARD_STARTS_WITHIN
        if _answers(layout):
            return
        if time.monotonic() > deadline:
            raise EmbeddedError(f"PostgreSQL ne répond pas ; voir {layout.log}")
        if unguarded and time.monotonic() > given_up:
            raise EmbeddedError(f"PostgreSQL ne démarre pas : {_last_words(layout.log)} ; voir {layout.log}")
        time.sleep(0.03)


def _answers(layout: Layout) -> bool:
    """A real question to the server of this very folder; our database is made at the first answer."""
    try:
        with psycopg.connect(
            host=str(layout.socket_dir),
            port=PORT,
            user=OWNER,
            password=passwords.keep(layout.data_dir, "owner"),
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        ) as connection:
            found = connection.execute("show data_directory").fetchone()
            if found is None or Path(found[0]) != layout.cluster:
                raise EmbeddedError(f"La socket {layout.socket_dir} mène à une autre base : {found}")
            known = connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f"create database {DATABASE}")
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise EmbeddedError(
                f"Le mot de passe gardé dans {layout.locks} n'est pas celui de la base {layout.entry} : "
                "remettez ces deux dossiers de la même sauvegarde."
            ) from None
        return False
    return True


def _leave(layout: Layout, users: Lock) -> None:
    """The last user stops the server and waits for its end; whoever comes meanwhile waits, too."""
    if not users.take():
        return
    with Lock(layout.locks, "guard") as guard:
        deadline = time.monotonic() + _STOPPED_WITHIN
        while not guard.take() and time.monotonic() < deadline:
            # Again and again: a guard that has just been started may not listen yet.
            _ask_to_stop(guard.read())
            if guard.take(patience=1.0):
                break
    stop(layout.cluster)


def _ask_to_stop(guard: int | None) -> None:
    if guard is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(guard, signal.SIGTERM)


def _rotate(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))


def _last_words(log: Path) -> str:
    with contextlib.suppress(OSError):
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        words = [line for line in lines[-20:] if "FATAL" in line or "PANIC" in line] or lines[-1:]
        return words[-1].strip() if words else "?"
    return "?"


def destroy(data_dir: Path, *, runtime_dir: Path = RUNTIME_DIR) -> None:
    """Removes the cluster of a folder that nobody uses any more, wherever it was placed."""
    layout = Layout(data_dir.absolute(), runtime_dir)
    if not layout.locks.is_dir():
        return
    with Lock(layout.locks, "start") as start, Lock(layout.locks, "users") as users:
        if not (start.take(patience=_DESTROYED_WITHIN) and users.take(patience=_DESTROYED_WITHIN)):
            raise EmbeddedError(f"La base de {data_dir} est en service : arrêtez Carnet d'abord.")
        stop(layout.cluster)
        place, sockets = layout.cluster, layout.socket_dir
        if layout.entry.is_symlink() and place.parent.parent == OPEN_PLACE:
            shutil.rmtree(place.parent, ignore_errors=True)
            layout.entry.unlink()
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(sockets, ignore_errors=True)
