"""`erasures.log`: one JSON object a line, only ever appended, each append durable when it returns. No name, no number
of a person: a record's id alone."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from carnet.kernel import durable
from carnet.kernel.config import Config

NAME: Final = "erasures.log"


def place(config: Config) -> Path:
    return config.data_dir / NAME


def append(path: Path, erased: Iterable[tuple[UUID, datetime]]) -> None:
    """What the file tells already is not told again. A line torn by a crash is left, and followed by a whole one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        content = file.read()
        known = {record_id for line in content.splitlines() if (record_id := _parsed(line))}
        lines = [_line(record_id, at) for record_id, at in erased if record_id not in known]
        if lines:
            file.write((b"" if not content or content.endswith(b"\n") else b"\n") + b"".join(lines))
        file.flush()
        os.fsync(descriptor)
    if new:
        durable.sync(path.parent)


def read(path: Path) -> list[UUID]:
    if not path.is_file():
        return []
    return [record_id for line in path.read_bytes().splitlines() if (record_id := _parsed(line))]


def _line(record_id: UUID, at: datetime) -> bytes:
    return json.dumps({"erased": str(record_id), "at": at.isoformat()}).encode() + b"\n"


def _parsed(line: bytes) -> UUID | None:
    try:
        return UUID(json.loads(line)["erased"])
    except (ValueError, KeyError, TypeError):
        return None
