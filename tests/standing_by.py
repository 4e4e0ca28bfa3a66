"""The program `carnet` with everything loaded, waiting to be told what to run: each command runs in a process of its
own that is made from this one, which spares it the start."""

from __future__ import annotations

import atexit
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).resolve().parents[1]


class StandingBy:
    """Of one environment: settings are read once."""

    def __init__(self, environ: Mapping[str, str], more: Mapping[str, str]) -> None:
        self.settings = settings_in(environ)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.standing_by"],
            cwd=ROOT,
            env={**environ, **more},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        process = self.process
        assert process.stdin
        assert process.stdout
        with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
            asked = {"arguments": [*arguments], "cwd": str(Path.cwd()), "out": out.name, "err": err.name}
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            code = int(process.stdout.readline())
            return subprocess.CompletedProcess([*arguments], code, out.read(), err.read())

    def leave(self) -> None:
        self.process.communicate(timeout=30)


def as_asked(arguments: Sequence[str]) -> StandingBy | None:
    """The one for this command; None for what is to begin from nothing: `migrate`, and settings of its own."""
    command = importlib.import_module(f"carnet.cli.{arguments[0].replace('-', '_')}") if arguments else None
    if command is None or command.NAME == "migrate" or command.DATABASE == "none":
        return None
    found = _standing_by(command.DATABASE == "owner")
    return found if found.settings == settings_in(os.environ) else None


@cache
def _standing_by(owner: bool) -> StandingBy:
    found = StandingBy(os.environ, {"CARNET_ROLE": "owner"} if owner else {})
    atexit.register(found.leave)
    return found


def settings_in(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith("CARNET_")}


def _serve(asked_for: IO[str], told: IO[str]) -> None:
    import django

    from carnet import cli

    django.setup()
    for line in asked_for:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _become(asked)
            code = 1
            try:
                code = cli.main(asked["arguments"])
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        told.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        told.flush()


def _become(asked: Mapping[str, str]) -> None:
    os.chdir(asked["cwd"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(asked[name], os.O_WRONLY | os.O_TRUNC), number)


if __name__ == "__main__":
    _serve(sys.stdin, os.fdopen(os.dup(1), "w"))
