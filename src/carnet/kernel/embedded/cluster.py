"""Making a cluster, and telling whether one is there, ours, and alive."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from carnet.kernel import durable, passwords
from carnet.kernel.embedded.errors import EmbeddedError
from carnet.kernel.embedded.layout import (
    OWNER,
    Account,
    Layout,
    binaries,
    enters,
    environment,
    identity,
    open_place,
    prepare_socket_dir,
)

Say = Callable[[str], None]

# Written to postgresql.conf once: an operator may change them there.
_TUNING = {
    "shared_buffers": "128MB",
    "max_connections": "60",
    "jit": "off",
    # /dev/shm is small in containers, and these questions are short.
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def check_version(layout: Layout, programs: Path) -> None:
    ours = _major(programs)
    theirs = (layout.entry / "PG_VERSION").read_text(encoding="ascii").strip()
    if theirs != ours:
        raise EmbeddedError(
            f"Le dossier {layout.entry} vient de PostgreSQL {theirs}, cette version de Carnet apporte "
            f"PostgreSQL {ours} : sauvegardez avec la version précédente (carnet backup), "
            "puis restaurez dans un dossier neuf (carnet restore)."
        )


def _major(programs: Path) -> str:
    answer = subprocess.run(  # noqa: S603
        [str(programs / "postgres"), "--version"],
        check=True,
        capture_output=True,
        text=True,
        env=environment(),
    )
    return answer.stdout.split()[-1].split(".")[0]


def create(layout: Layout, account: Account, say: Say) -> None:
    """Whole or not at all: made beside its place, then renamed into it."""
    _sweep(layout)
    if layout.entry.is_symlink():
        layout.entry.unlink()
    elif layout.entry.exists():
        raise EmbeddedError(f"{layout.entry} existe mais n'est pas un dossier de PostgreSQL : déplacez-le.")
    parent = _parent(layout, account, say)
    draft = Path(tempfile.mkdtemp(dir=parent, prefix="postgres.new-"))
    os.chown(draft, account.uid, account.gid)
    _initdb(layout, account, draft)
    place = parent / "postgres"
    draft.rename(place)
    if place != layout.entry:
        layout.entry.symlink_to(place)
    durable.sync(layout.data_dir)


def _parent(layout: Layout, account: Account, say: Say) -> Path:
    if enters(account, layout.data_dir):
        return layout.data_dir
    parent = Path(tempfile.mkdtemp(dir=open_place(), prefix="data-"))
    parent.chmod(0o711)
    say(
        f"Le dossier {layout.data_dir} est fermé à l'utilisateur de PostgreSQL : "
        f"la base est placée dans {parent}, et {layout.entry} y mène."
    )
    return parent


def _initdb(layout: Layout, account: Account, draft: Path) -> None:
    password = prepare_socket_dir(layout, account) / f"password-{secrets.token_hex(8)}"
    descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            os.fchown(descriptor, account.uid, account.gid)
            file.write(passwords.keep(layout.data_dir, "owner"))
        done = subprocess.run(  # noqa: S603
            [str(binaries(account) / "initdb"), *_initdb_options(draft, password)],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env=environment(),
            **identity(account),
        )
    finally:
        password.unlink()
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise EmbeddedError(f"La base n'a pas pu être créée dans {draft.parent} : {reason}")


def _initdb_options(draft: Path, password: Path) -> list[str]:
    return [
        f"--pgdata={draft}",
        f"--username={OWNER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # Code points decide the order, everywhere the same; upper and lower case still know accents.
        "--no-locale",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        *(f"--set={name}={value}" for name, value in _TUNING.items()),
    ]


def _sweep(layout: Layout) -> None:
    """What a creation left that was interrupted."""
    for draft in layout.data_dir.glob("postgres.new-*"):
        shutil.rmtree(draft, ignore_errors=True)


def postmaster(cluster: Path) -> int | None:
    """The process that serves this very folder, if one does: the number in postmaster.pid may be anyone's."""
    try:
        pid = int((cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if _works_in(Path(f"/proc/{pid}"), cluster) else None


def still_at_work(cluster: Path) -> bool:
    """Whether any process of any server works in this folder; each of them has it as its working directory."""
    return any(_works_in(process, cluster) for process in Path("/proc").glob("[0-9]*"))


def _works_in(process: Path, cluster: Path) -> bool:
    try:
        here = (process / "cwd").readlink()
        name, _, state = (process / "stat").read_text(encoding="utf-8").partition("(")[2].rpartition(")")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
    return here == cluster and name == "postgres" and state.split()[0] not in {"Z", "X"}


def forget_dead_server(cluster: Path, sockets: Path) -> None:
    """PostgreSQL would refuse to start when the number of its dead process is another program's, or a zombie's.

    Only once nobody works here any more: the file is also what keeps two servers out of one memory."""
    if still_at_work(cluster):
        return
    for file in (cluster / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        file.unlink(missing_ok=True)
