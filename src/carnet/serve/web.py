"""The web process: Granian's master, and under it the workers that hold Django.

python -m carnet.serve.web PARENT HOST
"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from importlib import import_module
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from carnet.kernel import config, heap, logs
from carnet.serve.lifeline import die_with

# Long enough to finish a document of 25 MB on a slow line, short enough for a restart.
_DRAIN_SECONDS = 10


def main(parent: int, host: str) -> None:
    die_with(parent)
    settings = config.load()
    logs.configure(settings.log_level)
    logs.catch_the_uncaught()
    server = Server(
        "carnet.wsgi:application",
        address=host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.processes,
        blocking_threads=settings.threads,
        # The longest that Granian allows: a thread that ends closes its connections, and the next one opens others.
        blocking_threads_idle_timeout=600,
        runtime_threads=1,
        loop=Loops.asyncio,
        # Behind a proxy nobody speaks HTTP/2 to us, and a request has one connection at most to hold.
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=dict(logs.granian_config()),
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=_DRAIN_SECONDS,
    )
    server.serve(target_loader=partial(_application, os.getpid()), wrap_loader=False)


def _application(master: int) -> Any:
    """Runs in the worker process."""
    die_with(master)
    # The master's way of stopping, which came with the fork, would be deaf here until Granian sets its own.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Here and not above: the master holds no Django.
    from carnet.wsgi import application  # noqa: PLC0415

    import_module("carnet.urls")
    heap.settle()
    logs.catch_the_uncaught()
    return application


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
