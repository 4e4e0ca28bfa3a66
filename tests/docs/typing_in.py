"""What a page says to type, as it can be typed into the house of the tests."""

from __future__ import annotations

import sys
from pathlib import Path


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
