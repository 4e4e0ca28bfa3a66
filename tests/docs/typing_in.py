"""What a page says to type, as it can be typed into the house of the tests, and whether it says what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.docs.files import text
from tests.docs.generate import ROOT

# A block to type, and what is printed, right below it.
_STEP = re.compile(r"```sh\n(.*?)```(?:\n```text\n(.*?)```)?", re.DOTALL)
_END = "--- end of step ---"


def program(folder: Path) -> Path:
    """`carnet` as a file to run."""
    path = folder / "carnet"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -m carnet "$@"\n')
    path.chmod(0o755)
    return path


def here(page: str, server: str, carnet: Path) -> str:
    """The program and the address that a page names, replaced by those of the tests."""
    page = page.replace(".venv/bin/carnet", str(carnet)).replace(".venv/bin/python", sys.executable)
    return page.replace("http://localhost:8000", server)


def follow(page: Path, server: str, folder: Path) -> int:
    """Every block of a page as it stands, in one shell: each prints what the page says that it prints. Answers how
    many there were."""
    steps = [(typed, printed) for typed, printed in _STEP.findall(text(page)) if typed != "make demo\n"]
    typed = [here(each, server, program(folder)) for each, _ in steps]
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
    said = [_lines(each) for each in done.stdout.split(f"{_END}\n")]
    expected = [_lines(here(each, server, program(folder))) for _, each in steps]
    assert len(said) == len(expected)
    for wanted, found in zip(expected, said, strict=True):
        assert len(wanted) == len(found), f"{found}\n{wanted}"
        assert [pair for pair in zip(wanted, found, strict=True) if not _agrees(*pair)] == []
    return len(steps)


def _lines(said: str) -> list[str]:
    """Columns of a table are as wide as their widest cell."""
    return [re.sub(r"\s+", " ", line).strip() for line in said.strip().splitlines()]


def _agrees(expected: str, said: str) -> bool:
    pattern = ".+".join(map(re.escape, expected.split("…")))
    return re.fullmatch(pattern, said) is not None
