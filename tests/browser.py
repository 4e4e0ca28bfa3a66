"""A real browser: Debian's Chromium, found on the PATH or named by CARNET_CHROMIUM. One for the whole process."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

_COMMANDS = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    found = (shutil.which(name) for name in (os.environ.get("CARNET_CHROMIUM", ""), *_COMMANDS) if name)
    return next((path for path in found if path), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("NO CHROMIUM: what needs a browser is NOT run (install it, or set CARNET_CHROMIUM)")
    with warnings.catch_warnings(), sync_playwright() as playwright:
        warnings.simplefilter("ignore")
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()
