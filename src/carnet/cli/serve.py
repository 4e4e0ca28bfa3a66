"""`carnet serve`: web and worker in the foreground, until Ctrl-C."""

from __future__ import annotations

import dataclasses
from argparse import ArgumentParser, Namespace
from typing import Final

from carnet.cli.errors import CommandError
from carnet.cli.frame import served
from carnet.kernel.config import Config

NAME: Final = "serve"
HELP: Final = "lance le site, l'interface et le travail de fond, jusqu'à Ctrl-C"
DATABASE: Final = "none"
DEMO_ONLY: Final = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="port d'écoute (CARNET_PORT)")
    parser.add_argument("--host", default="127.0.0.1", help="adresse d'écoute (127.0.0.1)")
    parser.add_argument("--processes", type=int, help="nombre de processus web (CARNET_PROCESSES)")
    parser.add_argument("--no-worker", action="store_true", help="sans le travail de fond")
    parser.add_argument("--with-demo-data", action="store_true", help="charge d'abord la population de démonstration")


def run(args: Namespace, config: Config) -> int:
    from carnet.serve import foreground

    if args.with_demo_data and not config.demo:
        raise CommandError("--with-demo-data n'existe qu'en démonstration : posez CARNET_DEMO=1.")
    config = _with_options(config, args)
    # Taken before anything else starts, so that a second `carnet serve` fails at once.
    foreground.check_port(args.host, config.port)
    with foreground.stopping() as stop, served(config) as server:
        foreground.prepare_database(config, demo_data=args.with_demo_data, stop=stop)
        return foreground.serve(config, host=args.host, worker=not args.no_worker, server=server, stop=stop)


def _with_options(config: Config, args: Namespace) -> Config:
    port = config.port if args.port is None else args.port
    unset = config.public_url == f"http://localhost:{config.port}"
    processes = config.processes if args.processes is None else max(1, args.processes)
    public_url = f"http://localhost:{port}" if unset else config.public_url
    return dataclasses.replace(config, port=port, processes=processes, public_url=public_url)
