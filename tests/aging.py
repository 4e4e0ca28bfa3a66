"""Lines of the trail that a test moves into the past: sealed before by the worker, they are found to be changed."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from carnet.kernel.audit.verify import verify
from carnet.kernel.database import Connection

_MICROSECOND = timedelta(microseconds=1)


def move_lines(owner: Connection, column: Literal["record_id", "actor_id"], of: UUID, by: timedelta) -> None:
    moved = owner.execute(f"update trail.line set at = at - %s where {column} = %s returning id", (by, of)).fetchall()
    with _known().open("a") as file:
        file.writelines(f"{line} {by // _MICROSECOND}\n" for (line,) in moved)


def moved_lines() -> set[str]:
    return set(_moved())


def put_back(owner: Connection) -> None:
    """For whoever wants the whole trail to be as it was sealed; what was sealed after it was moved stays there."""
    moved = _moved()
    for line in {str(fault.line) for fault in verify(owner).faults} & set(moved):
        owner.execute("update trail.line set at = at + %s where id = %s", (moved.pop(line) * _MICROSECOND, line))
    _known().write_text("".join(f"{line} {by}\n" for line, by in moved.items()))


def _moved() -> Counter[str]:
    """By how many microseconds each was, in all."""
    moved: Counter[str] = Counter()
    for each in _known().read_text().splitlines() if _known().exists() else ():
        line, by = each.split()
        moved[line] += int(by)
    return moved


def _known() -> Path:
    return Path(os.environ["CARNET_DATA_DIR"]) / "moved-lines"
