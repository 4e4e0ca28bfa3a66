from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from carnet.kernel import vault
from carnet.kernel.config import load
from carnet.kernel.vault.folder import FolderStore
from carnet.kernel.vault.place import here


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FolderStore]:
    """A store of the test's own; keys and database are the suite's."""
    vault.configure(replace(load(), store_url=(tmp_path / "store").as_uri()))
    opened = here().store
    assert isinstance(opened, FolderStore)
    yield opened
    vault.configure(None)
