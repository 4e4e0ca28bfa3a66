"""pg_dump and pg_restore: those of the server's own version when the machine has them, else the embedded
ones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import make_conninfo

from carnet.kernel import database, embedded
from carnet.kernel.backup.errors import BackupError
from carnet.kernel.config import Config


def run(config: Config, program: Path, *arguments: str) -> str:
    """As the owner. The password goes through the environment: a command line can be read by all."""
    facts = database.conninfo(config, "owner")
    password = facts.pop("password", "")
    command = [str(program), *arguments]
    if "--list" not in arguments:
        command += ["--no-password", f"--dbname={make_conninfo(**facts)}"]
    done = subprocess.run(  # noqa: S603  (a program of PostgreSQL, with arguments of ours)
        command,
        env={**_environment(), "PGPASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["?"])[0]
        raise BackupError(f"{program.name} a échoué : {reason}")
    return done.stdout


def find(name: str, server: int) -> Path:
    """`server` is the major version. A program may be newer than the server, never older."""
    candidates = [path for path in (_on_path(name), _embedded(name)) if path]
    versions = {path: _major(path) for path in candidates}
    for path in candidates:
        if versions[path] == server:
            return path
    for path in candidates:
        if versions[path] > server:
            return path
    raise BackupError(f"{name} de PostgreSQL {server} ou plus récent manque sur cette machine.")


def _on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _embedded(name: str) -> Path | None:
    try:
        path = embedded.binary(name)
    except embedded.EmbeddedError:
        return None
    return path if path.is_file() else None


def _major(program: Path) -> int:
    done = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found[1]) if found else 0


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "CARNET_"))}
