from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from carnet.kernel import config
from carnet.kernel.audit import seal, verify
from carnet.kernel.audit.faults import Report
from carnet.kernel.config import Config
from tests.kernel.own_database import as_owner, emptied, own_database, served_by

WRITE = (
    "select trail.write(%s, 'professional', %s, null, 'care', 'treating', 'api', 'open', 'done',"
    " 'document', %s, %s, 0, null)"
)


_BUSY = "select exists (select from pg_stat_activity where backend_xid is not null and datname <> current_database())"
_PATIENCE = 300


@dataclass(frozen=True)
class Trail:
    """A trail of one's own: its database, its owner (who can do anything) and its data folder."""

    name: str
    owner: psycopg.Connection[Any]
    config: Config

    def write(self, count: int = 1, detail: str = "") -> None:
        for _ in range(count):
            self.owner.execute(WRITE, (uuid4(), uuid4(), uuid4(), detail))

    def write_and_seal(self) -> None:
        """From any thread."""
        with as_owner(self.name) as writer:
            writer.execute(WRITE, (uuid4(), uuid4(), uuid4(), ""))
        self.seal()

    def seal(self) -> list[int]:
        self._wait_for_the_house()
        return seal.seal_pending(self.config)

    def _wait_for_the_house(self) -> None:
        """A seal ends where the oldest open transaction began, whichever database of this server it is in."""
        with as_owner(self.name) as watcher:
            for _ in range(_PATIENCE):
                if not (watcher.execute(_BUSY).fetchone() or (False,))[0]:
                    return
                time.sleep(0.05)

    def verify(self) -> Report:
        with as_owner(self.name) as fresh:
            return verify.verify(fresh, self.config)

    def faults(self) -> list[tuple[str, int | None, str | None]]:
        return sorted(((f.kind.name, f.seal, f.line) for f in self.verify().faults), key=str)

    def lines(self) -> list[UUID]:
        return [row[0] for row in self.owner.execute("select id from trail.line order by xid, id").fetchall()]

    @property
    def log(self) -> Path:
        return self.config.data_dir / "seals.log"


@pytest.fixture(scope="session")
def trail_database() -> Iterator[str]:
    with own_database(f"carnet_trail_{os.getpid()}") as name:
        yield name


@pytest.fixture
def trail(trail_database: str, tmp_path: Path) -> Iterator[Trail]:
    emptied(trail_database)
    with served_by(trail_database), as_owner(trail_database) as owner:
        yield Trail(trail_database, owner, replace(config.load(), data_dir=tmp_path))
