"""A decision is one screen, numbered in the order in which it was taken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.files import name
from tests.docs.generate import ROOT

_SCREEN = 60
_WIDTH = 130
DECISIONS = sorted((ROOT / "docs/decisions").iterdir())


def test_numbers_have_no_gap() -> None:
    numbers = [re.fullmatch(r"(\d{4})-[a-z0-9-]+\.md", path.name) for path in DECISIONS]
    assert [found and int(found[1]) for found in numbers] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_one_screen(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= _SCREEN
    assert [line for line in lines if len(line) > _WIDTH and " " in line] == []
    assert re.match(rf"# {int(path.name[:4])}\. [A-Z]", lines[0])
    parts = {line.split("**")[1] for line in lines if line.startswith("**")}
    assert {"Decided.", "Why."} <= parts <= {"Decided.", "Why.", "So.", "Limits."}
