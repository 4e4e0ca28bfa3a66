"""docs/integrate/first-document.md, followed literally: every block as it stands, in one shell; what it prints is what
the page says that it prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.files import text
from tests.docs.generate import ROOT
from tests.docs.typing_in import here, program

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="no curl: what the page says to type is NOT tried")

PAGE = ROOT / "docs/integrate/first-document.md"
# A block to type, and what is printed, right below it.
_STEP = re.compile(r"```sh\n(.*?)```(?:\n```text\n(.*?)```)?", re.DOTALL)
_END = "--- end of step ---"


def steps() -> list[tuple[str, str]]:
    """What is typed, and what the page says that it prints."""
    return [(typed, printed) for typed, printed in _STEP.findall(text(PAGE)) if typed != "make demo\n"]


def lines(said: str) -> list[str]:
    """Columns of a table are as wide as their widest cell."""
    return [re.sub(r"\s+", " ", line).strip() for line in said.strip().splitlines()]


def agrees(expected: str, said: str) -> bool:
    pattern = ".+".join(map(re.escape, expected.split("…")))
    return re.fullmatch(pattern, said) is not None


def test_every_step_prints_what_the_page_says(server: str, tmp_path: Path) -> None:
    typed = [here(each, server, program(tmp_path)) for each, _ in steps()]
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", f"\necho; echo '{_END}'\n".join(typed)],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = [lines(each) for each in done.stdout.split(f"{_END}\n")]
    expected = [lines(here(each, server, program(tmp_path))) for _, each in steps()]
    assert len(said) == len(expected) > 15
    for wanted, found in zip(expected, said, strict=True):
        assert len(wanted) == len(found), f"{found}\n{wanted}"
        assert [pair for pair in zip(wanted, found, strict=True) if not agrees(*pair)] == []


def test_every_file_that_is_sent_is_shown() -> None:
    """Each has a link, so that who follows can look into it."""
    files = {path.name for path in (ROOT / "docs/integrate/first").iterdir()}
    shown = set(re.findall(r"\]\(first/([\w.-]+)\)", text(PAGE)))
    used = set(re.findall(r"\$FIRST/([\w.-]+)", text(PAGE)))
    assert used == files
    assert files - shown == {"report.txt"}
