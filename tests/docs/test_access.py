"""docs/integrate/access.md, followed literally."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs.generate import ROOT
from tests.docs.typing_in import follow

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="no curl: what the page says to type is NOT tried")


def test_every_step_prints_what_the_page_says(server: str, tmp_path: Path) -> None:
    assert follow(ROOT / "docs/integrate/access.md", server, tmp_path) == 6
