"""Passwords of the database log-ins that nobody chose: made once, kept in DATA/database, one file each.

One file each, so that a web process never reads the owner's.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from carnet.kernel import durable

FOLDER = "database"


def folder(data_dir: Path) -> Path:
    return data_dir / FOLDER


def kept(data_dir: Path, login: str) -> str | None:
    try:
        return (folder(data_dir) / login).read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def keep(data_dir: Path, login: str) -> str:
    """The password of this folder, made at the first call; two processes that call at once agree."""
    known = kept(data_dir, login)
    if known is not None:
        return known
    place = folder(data_dir)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place / f".{login}-{secrets.token_hex(8)}"
    durable.write_private(draft, secrets.token_urlsafe(32).encode())
    try:
        # A link never replaces: whoever comes second reads what the first one wrote.
        os.link(draft, place / login)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return keep(data_dir, login)
