"""docs/integrate/first-document.md, followed literally: every block as it stands, in one shell; what it prints is what
the page says that it prints."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.docs.files import text
from tests.docs.generate import ROOT
from tests.docs.typing_in import follow

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="no curl: what the page says to type is NOT tried")

PAGE = ROOT / "docs/integrate/first-document.md"


def test_every_step_prints_what_the_page_says(server: str, tmp_path: Path) -> None:
    assert follow(PAGE, server, tmp_path) > 15


def test_every_file_that_is_sent_is_shown() -> None:
    """Each has a link, so that who follows can look into it."""
    files = {path.name for path in (ROOT / "docs/integrate/first").iterdir()}
    shown = set(re.findall(r"\]\(first/([\w.-]+)\)", text(PAGE)))
    used = set(re.findall(r"\$FIRST/([\w.-]+)", text(PAGE)))
    assert used == files
    assert files - shown == {"report.txt"}
