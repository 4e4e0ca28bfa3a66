"""The examples of docs/operate, followed literally."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import House
from tests.docs.generate import ROOT
from tests.docs.typing_in import follow

pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.long
def test_the_directory_and_the_feed(house: House, tmp_path: Path) -> None:
    """In this order: the feed names doctors of the directory."""
    assert follow(ROOT / "docs/operate/directory.md", house.base, tmp_path) == 3
    assert follow(ROOT / "docs/operate/feeds.md", house.base, tmp_path) == 2


@pytest.mark.long
def test_the_switches(house: House, tmp_path: Path) -> None:
    assert follow(ROOT / "docs/operate/switches.md", house.base, tmp_path) == 1
