"""`carnet worker`: the work that can wait, in the foreground."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from carnet.kernel.config import Config

NAME: Final = "worker"
HELP: Final = "fait le travail de fond, jusqu'à Ctrl-C"
DATABASE: Final = "app"
DEMO_ONLY: Final = False


def add_arguments(parser: ArgumentParser) -> None:
    """None: what there is to do stands in the queue."""


def run(_args: Namespace, _config: Config) -> int:
    from carnet.kernel import jobs
    from carnet.serve.foreground import stopping

    with stopping() as stop:
        jobs.work(stop)
    return 0
