"""Lines of the trail that a test moves into the past: sealed meanwhile by the worker, they are found to be changed."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from carnet.kernel.database import Connection


def move_lines(owner: Connection, column: Literal["record_id", "actor_id"], of: UUID, by: timedelta) -> None:
    moved = owner.execute(f"update trail.line set at = at - %s where {column} = %s returning id", (by, of)).fetchall()
    with _known().open("a") as file:
        file.writelines(f"{line}\n" for (line,) in moved)


def moved_lines() -> set[str]:
    return set(_known().read_text().split()) if _known().exists() else set()


def _known() -> Path:
    return Path(os.environ["CARNET_DATA_DIR"]) / "moved-lines"
