"""What the tests of the documentation read: tracked files, pages, and the code that stands in the pages."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.docs.generate import ROOT

_FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"(?:^|(?<=\n))(?:    \S.*(?:\n|$))+")
_SPAN = re.compile(r"`([^`\n]+)`")


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the repository, and those about to be; in a copy without git, what stands in folders of ours."""
    return tuple(sorted(path for path in (_listed() or _walked()) if path.is_file()))


def _listed() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return []
    return [ROOT / each for each in done.stdout.split("\0") if each] if done.returncode == 0 else []


def _walked() -> list[Path]:
    folders = (ROOT / each for each in ("src", "tests", "docs", ".ci"))
    found = [*ROOT.iterdir(), *(path for folder in folders for path in folder.rglob("*"))]
    return [path for path in found if "__pycache__" not in path.parts]


@cache
def pages() -> tuple[Path, ...]:
    return tuple(path for path in tracked() if path.suffix == ".md")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    """The empty text for what is none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def prose(page: Path) -> str:
    """The page without its code."""
    return _SPAN.sub("", _INDENTED.sub("", _FENCE.sub("", text(page))))


def code(page: Path) -> Iterator[str]:
    """Each line of code of a page, and each span in its sentences; units of systemd are code altogether."""
    whole = text(page)
    if page.suffix != ".md":
        yield from whole.splitlines()
        return
    for block in [*_FENCE.findall(whole), *_INDENTED.findall(whole)]:
        yield from block.splitlines()
    yield from spans(page)


def spans(page: Path) -> Iterator[str]:
    yield from _SPAN.findall(_FENCE.sub("", text(page)))
