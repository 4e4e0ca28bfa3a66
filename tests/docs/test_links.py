"""Links lead somewhere, and paths that the pages name are there."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.files import name, pages, prose, spans, text
from tests.docs.generate import ROOT

_LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
# Where a path of a page may start: the repository, the program, the page itself.
_STARTS = (ROOT, ROOT / "src/carnet")


def _anchors(page: Path) -> set[str]:
    """As forges make them: lower case, no punctuation, hyphens for spaces."""
    headings = (re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in _HEADING.findall(text(page)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _broken(page: Path, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return False
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return True
    return bool(parts.fragment) and parts.fragment not in _anchors(target)


@pytest.mark.parametrize("page", pages(), ids=name)
def test_links(page: Path) -> None:
    assert [link for link in _LINK.findall(prose(page)) if _broken(page, link)] == []


@pytest.mark.parametrize("page", pages(), ids=name)
def test_paths(page: Path) -> None:
    """A span like `kernel/config.py` whose first part exists exists altogether."""
    starts = (*_STARTS, page.parent)
    named = [span for span in spans(page) if "/" in span and _PATH.fullmatch(span)]
    ours = [path for path in named if any((start / path.split("/")[0]).is_dir() for start in starts)]
    assert [path for path in ours if not any((start / path).exists() for start in starts)] == []


def test_the_eye_for_links() -> None:
    page = ROOT / "docs/operate/install.md"
    assert "6-a-new-version" in _anchors(page)
    assert not _broken(page, "keys.md#rotation")
    assert _broken(page, "keys.md#no-such-heading")
    assert _broken(page, "no-such-page.md")
    assert not _broken(page, "https://carnet.example/anything")
