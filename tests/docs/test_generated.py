"""Pages that say what the code says are what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnet.kernel.config import SETTINGS
from tests.docs.files import name
from tests.docs.generate import PAGES, settings_page


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_is_what_the_code_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path](), f"{name(path)} is stale: run `make docs`"


def test_every_setting_stands_in_a_group() -> None:
    head, *groups = settings_page().split("\n## ")
    assert "| `CARNET_" not in head
    assert sum(group.count("\n| `CARNET_") for group in groups) == len(SETTINGS)
