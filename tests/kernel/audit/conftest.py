from __future__ import annotations

import os
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
        return seal.seal_pending(self.config)

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
