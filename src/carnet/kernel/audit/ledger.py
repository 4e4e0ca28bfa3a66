"""The seals once more, in a file outside the database: who rewrites the database cannot rewrite this.

One JSON object a line, only ever appended, each append made durable. A line torn by a crash is followed by the
same line in full.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from carnet.kernel import durable
from carnet.kernel.audit.canonical import EraMark, Seal, Signed

_TAIL_BYTES = 65536


class Torn(str):
    """A line that is no entry."""

    __slots__ = ()


def append(path: Path, entries: Iterable[Signed]) -> None:
    """Only what comes after the last entry of the file is added."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        tail = _tail(file.fileno())
        known = _last_order(tail)
        lines = [_line(entry) for entry in entries if entry.order > known]
        if not lines:
            return
        opening = b"" if tail.endswith(b"\n") or not tail else b"\n"
        file.seek(0, os.SEEK_END)
        file.write(opening + b"".join(lines))
        file.flush()
        os.fsync(file.fileno())
    if new:
        durable.sync(path.parent)


def last_order(path: Path) -> tuple[int, int]:
    """The place of the file's last entry; (0, 0) when it has none."""
    if not path.exists():
        return (0, 0)
    with path.open("rb") as file:
        return _last_order(_tail(file.fileno()))


def read(path: Path) -> Iterator[Signed | Torn]:
    """Every line in its order. No fault and left out: a torn line that its successor repeats in full, and one at
    the end, which is being written or will be repeated."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        torn: str | None = None
        for line in file:
            if torn is not None and not line.startswith(torn):
                yield Torn(torn)
            entry = _parsed(line)
            torn = line.rstrip("\n") if entry is None else None
            if entry is not None:
                yield entry
        if torn is not None and line.endswith("\n"):
            yield Torn(torn)


def _tail(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    start = max(0, size - _TAIL_BYTES)
    return os.pread(descriptor, size - start, start)


def _last_order(tail: bytes) -> tuple[int, int]:
    for line in reversed(tail.decode("utf-8", errors="replace").splitlines()):
        entry = _parsed(line)
        if entry is not None:
            return entry.order
    return (0, 0)


def _line(entry: Signed) -> bytes:
    content: dict[str, Any] = {"under": entry.under, "key": entry.key_id, "signature": entry.signature.hex()}
    body = entry.body
    if isinstance(body, Seal):
        content |= {
            "seal": body.id,
            "era": body.era,
            "from": body.from_xid,
            "to": body.to_xid,
            "lines": body.lines,
            "root": body.root.hex(),
            "previous": body.previous_root.hex(),
        }
    else:
        content |= {"mark": body.era, "after": body.after_seal}
    return json.dumps(content | {"at": body.at.isoformat()}).encode() + b"\n"


def _parsed(line: str) -> Signed | None:
    try:
        content = json.loads(line)
        body = _seal(content) if "seal" in content else _mark(content)
        return Signed(body, int(content["under"]), str(content["key"]), bytes.fromhex(content["signature"]))
    except (ValueError, KeyError, TypeError):
        return None


def _seal(content: dict[str, Any]) -> Seal:
    return Seal(
        id=int(content["seal"]),
        era=int(content["era"]),
        from_xid=int(content["from"]),
        to_xid=int(content["to"]),
        lines=int(content["lines"]),
        root=bytes.fromhex(content["root"]),
        previous_root=bytes.fromhex(content["previous"]),
        at=datetime.fromisoformat(content["at"]),
    )


def _mark(content: dict[str, Any]) -> EraMark:
    return EraMark(int(content["mark"]), int(content["after"]), datetime.fromisoformat(content["at"]))
