"""The guard: a small process that keeps the embedded PostgreSQL alive while anybody uses it.

It starts PostgreSQL (or adopts one that is running), starts it again when it dies, and stops it when the last
user has gone, killed users included, since their locks vanish with them. Standard library only: it starts in
milliseconds and stays small.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from carnet.kernel.embedded.cluster import forget_dead_server, postmaster, still_at_work
from carnet.kernel.embedded.layout import PORT, Account, Layout, binaries, environment, identity
from carnet.kernel.embedded.locks import Lock

_TICK = 0.1
# What lives shorter than this has failed to start.
_STEADY = 5.0
_ATTEMPTS = 3
# Processes of a killed server hold its memory until they notice: at the latest when their question ends.
_LINGERS_AT_MOST = 120.0
_PATIENCE = 60.0

# Given at each start, so that nothing in the folder can open the server to others or make its log tell.
_FIRM = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_line_prefix": "%m [%p] ",
    "fsync": "on",
}


class Guard:
    def __init__(self, layout: Layout, account: Account) -> None:
        self._layout = layout
        self._account = account
        self._cluster = layout.cluster
        self._child: subprocess.Popen[bytes] | None = None
        self._asked_to_stop = threading.Event()

    def run(self) -> int:
        with Lock(self._layout.locks, "guard") as guard, Lock(self._layout.locks, "users") as users:
            # Whoever looks whether a guard lives holds this lock for an instant.
            if not guard.take(patience=1.0):
                return 0
            signal.signal(signal.SIGTERM, self._on_signal)
            signal.signal(signal.SIGINT, self._on_signal)
            guard.write(os.getpid())
            return self._keep_alive(users)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop.set()

    def _keep_alive(self, users: Lock) -> int:
        failures = 0
        while True:
            if postmaster(self._cluster) is None:
                self._wait_for_the_last()
                self._start()
            born = time.monotonic()
            if self._watch(users):
                stop(self._cluster, self._child)
                return 0
            failures = 0 if time.monotonic() - born > _STEADY else failures + 1
            if failures >= _ATTEMPTS:
                self._log("PostgreSQL does not start")
                return 1
            self._log("PostgreSQL has ended; starting it again")
            time.sleep(0.2)

    def _watch(self, users: Lock) -> bool:
        """True when the server is no longer wanted, False when it has died."""
        while self._alive():
            if self._asked_to_stop.wait(_TICK) or users.take():
                return True
        return self._asked_to_stop.is_set()

    def _alive(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return postmaster(self._cluster) is not None

    def _wait_for_the_last(self) -> None:
        deadline = time.monotonic() + _LINGERS_AT_MOST
        while still_at_work(self._cluster) and time.monotonic() < deadline:
            if self._asked_to_stop.wait(_TICK):
                return

    def _start(self) -> None:
        forget_dead_server(self._cluster, self._layout.socket_dir)
        settings = {**_FIRM, "unix_socket_directories": str(self._layout.socket_dir), "port": str(PORT)}
        with self._layout.log.open("ab") as log:
            self._child = subprocess.Popen(  # noqa: S603
                [
                    str(binaries(self._account) / "postgres"),
                    "-D",
                    str(self._cluster),
                    *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment(),
                **identity(self._account),
            )

    def _log(self, text: str) -> None:
        with self._layout.log.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC [guard] {text}\n")


def stop(cluster: Path, child: subprocess.Popen[bytes] | None = None) -> None:
    """Fast: open transactions are rolled back, nothing committed is lost. Firmer only when that hangs."""
    for order, patience in ((signal.SIGINT, _PATIENCE), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
        pid = child.pid if child is not None and child.poll() is None else postmaster(cluster)
        if pid is None:
            return
        os.kill(pid, order)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            gone = child.poll() is not None if child is not None else postmaster(cluster) is None
            if gone:
                return
            time.sleep(0.02)


def main() -> int:
    data_dir, runtime_dir, uid, gid = sys.argv[1:]
    # Nobody's child: whoever started it may go, and has no dead process to bury in the end.
    if os.fork():
        os._exit(0)
    return Guard(Layout(Path(data_dir), Path(runtime_dir)), Account(int(uid), int(gid))).run()


if __name__ == "__main__":
    sys.exit(main())
